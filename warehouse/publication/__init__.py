"""Everything that is published, made from a published.duckdb alone."""

from warehouse.publication.write import publish_build, write_publication

__all__ = ["publish_build", "write_publication"]
