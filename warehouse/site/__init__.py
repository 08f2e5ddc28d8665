"""The public pages of a survey: a small static site, made only from `published.duckdb`."""

from warehouse.site.page import write_site

__all__ = ["write_site"]
