"""The published values as a reader meets them: one view for each kind of page."""
