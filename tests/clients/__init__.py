"""The databases read by another version of DuckDB, in an environment of its own."""
