"""Who has been withdrawn: a list of keyed hashes, so that no later return brings anybody back.

Whoever has the home's key and a list of serial numbers can undo the hashes, as the pseudonyms; the
list alone names nobody.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.catalogue import Survey
from transforms.errors import StorageError
from transforms.identify import Placed
from transforms.responses import RawReturn
from transforms.samples import as_sampled, samples_in
from transforms.variables import as_recognised, column_of, decode_item
from warehouse.disk import disk_errors, write_private
from warehouse.home import Home
from warehouse.pseudonyms import SEPARATOR, secret_key

LIST = "withdrawn.json"
PURPOSE = "withdrawn"
"""Sets these hashes apart from the pseudonyms: neither says anything of the other."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A respondent withdrawn: `number` as in ops.withdrawal, `digest` in the place of the serial.

    `done`: nothing holds the respondent any more.
    """

    number: int
    digest: str
    wave: str
    sample: str
    withdrawn_at: datetime
    reason: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawnList:
    """Everybody withdrawn of a survey, and the key that their hashes are made with."""

    survey: str
    key: bytes = b""
    entries: tuple[Withdrawn, ...] = field(default=())

    @property
    def unfinished(self) -> tuple[Withdrawn, ...]:
        """The withdrawals that were interrupted, or that a restored backup has undone."""
        return tuple(one for one in self.entries if not one.done)

    def digest(self, placed: Placed, serial: str) -> str:
        """Return what stands for a serial number of a wave's sample in the list.

        One that a supplier writes in another way is the same: a resent return must not bring
        somebody back because a spreadsheet took the zeros off its serial numbers.
        """
        parts = (PURPOSE, self.survey, placed.wave, placed.sample, as_recognised(serial))
        return hmac.digest(self.key, SEPARATOR.join(parts).encode(), "sha256").hex()

    def found(self, placed: Placed, serial: str) -> Withdrawn | None:
        """Return the withdrawal of a serial number; None where there was none."""
        digest = self.digest(placed, serial) if self.entries else ""
        return next((one for one in self.entries if one.digest == digest), None)

    def rows(self, serials: pd.Series, placed: Placed) -> npt.NDArray[np.bool_]:
        """Return, for each serial number of a wave's sample, whether it is withdrawn."""
        wanted = {one.digest for one in self.entries if Placed(one.wave, one.sample) == placed}
        if not wanted:
            return np.zeros(len(serials), dtype=np.bool_)
        listed = (pd.notna(one) and self.digest(placed, one) in wanted for one in serials)
        return np.fromiter(listed, dtype=np.bool_, count=len(serials))

    def places(self, survey: Survey) -> tuple[Placed, ...]:
        """Return the waves' samples that somebody was withdrawn from, as far as still declared."""
        found = dict.fromkeys(Placed(one.wave, one.sample) for one in self.entries)
        waves = survey.wave_names
        declared = [one for one in found if one.wave in waves]
        return tuple(one for one in declared if one.sample in samples_in(survey, one.wave))


def serials_in(raw: RawReturn, survey: Survey, placed: Placed) -> pd.Series | None:
    """Return the serial numbers of a return as its wave declares them; None where it has none."""
    seen = as_sampled(survey, placed.sample)
    item = seen.item_in(seen.about.design.serial, placed.wave)
    column = column_of(raw, item.variable)
    return None if column is None else decode_item(column, item).answers


def serials_meant(raw: RawReturn, survey: Survey, placed: Placed, serial: str) -> frozenset[str]:
    """Return the serial numbers of a return that `serial` is recognised as, as they stand there."""
    serials = serials_in(raw, survey, placed)
    distinct = () if serials is None else serials.dropna().unique()
    wanted = as_recognised(serial)
    return frozenset(one for one in distinct if as_recognised(one) == wanted)


def withdrawn_rows(
    raw: RawReturn, listed: WithdrawnList, survey: Survey, placed: Placed | None
) -> npt.NDArray[np.bool_]:
    """Return, for each row of a return, whether its respondent is withdrawn.

    `placed`: None where nobody can tell what it holds; then whoever may be one is.
    """
    gone = np.zeros(len(raw.rows), dtype=np.bool_)
    for place in listed.places(survey):
        serials = serials_in(raw, survey, place) if placed in (place, None) else None
        if serials is not None:
            gone |= listed.rows(serials, place)
    return gone


def without_rows(raw: RawReturn, gone: npt.NDArray[np.bool_]) -> RawReturn:
    """Return a return without the rows where `gone` is true; itself where there is none."""
    return replace(raw, rows=raw.rows[~gone].reset_index(drop=True)) if gone.any() else raw


def without_withdrawn(
    raw: RawReturn, listed: WithdrawnList, survey: Survey, placed: Placed
) -> RawReturn:
    """Return a return of a wave's sample without whoever was withdrawn from it."""
    return without_rows(raw, withdrawn_rows(raw, listed, survey, placed))


def withdrawn_list(home: Home) -> WithdrawnList:
    """Return the home's list; an empty one, and no key, where nobody has been withdrawn.

    StorageError where it cannot be read, or was made with another key: nobody would be recognised.
    """
    path = home.folder / LIST
    with disk_errors(f"{path} cannot be read."):
        content = path.read_bytes() if path.exists() else None
    if content is None:
        return WithdrawnList(home.survey)
    listed = _listed(home, content)
    if listed is not None:
        return listed
    raise StorageError(
        f"The list of withdrawn respondents, {path}, cannot be used: it is damaged, or "
        f"{home.secret_key} is not the key it was made with.",
        expected="the list and the key as they were: without them a return that is sent again "
        "would bring back whoever asked to be withdrawn.",
        remedy="restore both from where you keep copies. If the key is lost, remove the list and "
        "withdraw the same respondents again, should a return bring them back.",
    )


def opened_list(home: Home) -> WithdrawnList:
    """Return the home's list, with the key to add to it."""
    listed = withdrawn_list(home)
    return replace(listed, key=secret_key(home))


def write_list(home: Home, listed: WithdrawnList) -> None:
    """Write the list whole, in the place of the earlier one."""
    entries = [
        asdict(one) | {"withdrawn_at": one.withdrawn_at.isoformat()} for one in listed.entries
    ]
    content = {"key": _key_check(listed.key), "withdrawn": entries}
    with disk_errors(f"{home.folder / LIST} cannot be written."):
        write_private(home.folder / LIST, (json.dumps(content, indent=2) + "\n").encode())


def with_done(listed: WithdrawnList, numbers: Iterable[int]) -> WithdrawnList:
    """Return the list with these withdrawals marked as done."""
    done = set(numbers)
    entries = [replace(one, done=one.done or one.number in done) for one in listed.entries]
    return replace(listed, entries=tuple(entries))


def all_to_do_again(home: Home) -> None:
    """Mark every withdrawal as not done: a backup may have brought somebody back.

    It takes no key: that is put back after the backup.
    """
    path = home.folder / LIST
    with disk_errors(f"{path} cannot be written."):
        if path.exists():
            content = path.read_bytes().replace(b'"done": true', b'"done": false')
            write_private(path, content)


def _listed(home: Home, content: bytes) -> WithdrawnList | None:
    """Return the list as written; None where it is damaged or was made with another key."""
    try:
        held: dict[str, Any] = json.loads(content)
        entries = tuple(_entry(one) for one in held["withdrawn"])
        key = home.secret_key.read_bytes() if home.secret_key.exists() else b""
        same_key = held["key"] == _key_check(key)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return WithdrawnList(home.survey, key, entries) if same_key else None


def _entry(held: Mapping[str, Any]) -> Withdrawn:
    return Withdrawn(
        **{**held, "withdrawn_at": datetime.fromisoformat(held["withdrawn_at"])},
    )


def _key_check(key: bytes) -> str:
    """Return what tells one key from another, and nothing of the key."""
    return hmac.digest(key, f"{PURPOSE}{SEPARATOR}key".encode(), "sha256").hex()
