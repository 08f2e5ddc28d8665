"""The public page of a survey: one static HTML file, made only from `published.duckdb`."""

from warehouse.site.page import write_site

__all__ = ["write_site"]
