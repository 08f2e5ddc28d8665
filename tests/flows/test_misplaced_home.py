"""A home that is not where it was thought to be, or cannot be written in."""

import errno
import os

import pytest

from flows.settings import prepare_prefect
from transforms.errors import StorageError


@pytest.mark.parametrize(
    "command",
    [
        ["sql", "SELECT 1"],
        ["explain", "confidence"],
        ["export", "given"],
        ["builds"],
        ["restore", "1"],
        ["backup", "."],
        ["retain"],
        ["new-key"],
        ["publish"],
        ["publish", "--due"],
        ["accept", "2026-Q2", "measure.jump", "--reason", "It may stand."],
        ["withdraw", "1", "--wave", "2026-Q2", "--yes"],
    ],
    ids=" ".join,
)
def test_it_is_said_that_nothing_came_in_there_and_nothing_is_made(command, empty_office):
    ended = empty_office.call(*command)
    assert ended.status == 2
    assert f"There is no {empty_office.survey()}: nothing of the survey has come in" in ended.err
    assert "PERCEPTIONS_HOME" in ended.err
    assert not any(empty_office.root.iterdir())


def test_status_says_where_returns_are_to_be_put_when_it_has_made_the_folder(empty_office):
    assert "It was made just now, empty." in empty_office.call("status").err
    assert empty_office.call("status").err == ""


def test_a_home_that_cannot_be_written_in_is_said_before_prefect_starts(tmp_path, monkeypatch):
    def read_only(**_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("flows.settings.TemporaryFile", read_only)
    with pytest.raises(StorageError, match="cannot be used") as told:
        prepare_prefect(tmp_path)
    assert "choose a PERCEPTIONS_HOME on a disk that can be written" in told.value.remedy
