"""Runs of the flow without Prefect, Great Expectations, reading processes and pages: in its order.

For tests of what becomes of files and figures; what is left out here has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import flows.quarterly
from expectations.wave.figures import Examined
from flows.outcomes import RunSummary
from transforms.responses import RawReturn
from transforms.validation import CheckResult, Severity, Validation
from warehouse.builds import Build
from warehouse.published import write_published
from warehouse.readers import worker
from warehouse.readers.handover import ReadFile, as_table, read_file_in
from warehouse.readers.reading import Notation

TASKS = (
    *("finish", "receive", "settle", "check", "compute"),
    *("examine_waves", "examine_next", "compare"),
    *("set_aside", "remove_old", "build_all"),
)


class Plain:
    """A task as a function that is done when it is submitted."""

    def __init__(self, work: Any) -> None:
        self.work = work

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.work(*arguments, **named)

    def submit(self, *arguments: Any) -> Done:
        return Done(self.work(*arguments))


class Done:
    """What a task has returned."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def result(self) -> Any:
        return self.value


class InThisProcess:
    """Reads files here: a process for each would take most of the time."""

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, path: Path, notation: Notation) -> ReadFile:
        return read_file_in(as_table(worker.read_file(path, notation)))


def believed(raw: RawReturn, survey: Any, wave: str, sample: str) -> Validation:
    """Every return is believed."""
    named = sample if len(survey.about.samples or {}) > 1 else None
    return Validation(raw.file_name, raw.sha256, wave, len(raw.rows), (), named)


def compared(examined: Examined) -> tuple[CheckResult, ...]:
    """One warning, that says with how many respondents of which wave a wave was compared."""
    if examined.before is None:
        return ()
    people = examined.before.tables["survey.calibration"]["respondents"].iloc[0]
    told = f"{examined.now.wave} beside {examined.before.wave} of {people}"
    return (CheckResult("made.up", "Made up", Severity.WARNING, passed=False, finding=told),)


def without_pages(making: Build) -> None:
    write_published(making.connection, making.published)
    (making.folder / "site").mkdir()


@contextmanager
def plain_runs() -> Iterator[pytest.MonkeyPatch]:
    """Let `run` and commands in this process leave out what takes long."""
    with pytest.MonkeyPatch.context() as patch:
        for name in TASKS:
            patch.setattr(flows.quarterly, name, Plain(getattr(flows.quarterly, name).fn))
        patch.setattr(flows.quarterly, "link", lambda _: None)
        patch.setattr("flows.checking.validate", believed)
        for reads in ("reading", "kept"):
            patch.setattr(f"warehouse.returns.{reads}.ReadingProcess", InThisProcess)
        patch.setattr("flows.examining.wave_checks", compared)
        patch.setattr("flows.examining.wave_charts", lambda _: ())
        patch.setattr("flows.building.publish_build", without_pages)
        yield patch


def run(survey: Path, root: Path, *files: Path) -> RunSummary:
    """One run, in the order of the flow."""
    named = [str(path) for path in files] or None
    summary: RunSummary = flows.quarterly.quarterly_run.fn(str(survey), named, str(root))
    return summary
