"""Everything that is published, made from a published.duckdb alone."""

from warehouse.publication.write import write_publication

__all__ = ["write_publication"]
