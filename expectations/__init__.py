"""May we believe the input? Checks of a return, generated from the survey's declaration."""
