"""A supplier's return, read as it is: whole, or refused with one clear message."""

from warehouse.readers.kinds import ACCEPTED
from warehouse.returns.kept import keep_without, read_received, remove_others
from warehouse.returns.process import ReadingProcess
from warehouse.returns.reading import read_return

__all__ = [
    "ACCEPTED",
    "ReadingProcess",
    "keep_without",
    "read_received",
    "read_return",
    "remove_others",
]
