"""The public pages of a survey: a small static site, made only from `published.duckdb`."""
