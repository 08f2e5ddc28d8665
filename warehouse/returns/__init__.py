"""A supplier's return, read as it is: whole, or refused with one clear message."""

from warehouse.readers.kinds import ACCEPTED
from warehouse.returns.process import ReadingProcess
from warehouse.returns.reading import read_return

__all__ = ["ACCEPTED", "ReadingProcess", "read_return"]
