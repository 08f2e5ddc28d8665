"""A supplier's return, read as it is: whole, or refused with one clear message."""

from warehouse.returns.reading import ACCEPTED, file_sha256, read_return

__all__ = ["ACCEPTED", "file_sha256", "read_return"]
