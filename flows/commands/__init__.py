"""The commands, in the order in which `perceptions --help` lists them."""

from flows.commands import quarter  # isort: split

from flows.commands import keeping  # isort: split

from flows.commands import answers  # isort: split

from flows.commands import trials
from flows.commands.app import app

__all__ = ["answers", "app", "keeping", "quarter", "trials"]
