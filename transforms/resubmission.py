"""What a return that is sent again changes: whose rows, and in which variables. Never an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.notation import number_in
from transforms.responses import RawReturn
from transforms.variables import Cell, as_recognised, identifier_text

EMPTY = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A return held against the one that it supersedes, respondent by respondent.

    `added`, `gone`: serial numbers that only the new, or only the earlier return holds, in its
    order. `changed_rows`: respondents in both with another value anywhere. `changed`: by variable
    of both, the respondents with another value; variables without one are left out. `new`,
    `dropped`: variables that only the new, or only the earlier return has.
    """

    supersedes: str
    rows_before: int
    rows_after: int
    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed_rows: int
    changed: Mapping[str, int]
    new: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether both hold the same: only the file is another."""
        return not (self.added or self.gone or self.changed_rows or self.new or self.dropped)


def difference(
    before: RawReturn, serials_before: pd.Series, after: RawReturn, serials_after: pd.Series
) -> Difference:
    """Return what differs. Serial numbers are text, none twice, a row each of their return.

    They are known again without the zeros at their front that a spreadsheet takes off. A value is
    the same however it is written: 1, 1.0 and 01; an empty cell is empty in any format. Variables
    are the same if their names differ by nothing but capitals.
    """
    earlier, later = _by_name(before), _by_name(after)
    known_before, known_after = _known_again(serials_before, serials_after)
    kept, back = known_after.isin(known_before), known_before.isin(known_after)
    shared = [name for name in later if name in earlier]
    both = pd.Index(known_after[kept])
    old_rows = pd.Index(known_before).get_indexer(both)
    new_rows = pd.Index(known_after).get_indexer(both)
    any_change = np.zeros(len(both), dtype=np.bool_)
    changed: dict[str, int] = {}
    for name in shared:
        other = _differ(earlier[name].take(old_rows), later[name].take(new_rows))
        any_change |= other
        if other.any():
            changed[str(later[name].name)] = int(other.sum())
    return Difference(
        supersedes=before.sha256,
        rows_before=len(before.rows),
        rows_after=len(after.rows),
        added=tuple(serials_after[~kept]),
        gone=tuple(serials_before[~back]),
        changed_rows=int(any_change.sum()),
        changed=changed,
        new=tuple(str(later[name].name) for name in later if name not in earlier),
        dropped=tuple(str(earlier[name].name) for name in earlier if name not in later),
    )


def _known_again(before: pd.Series, after: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the serial numbers as they are known again, unless two of a return become one."""
    known = before.map(as_recognised), after.map(as_recognised)
    return known if all(one.is_unique for one in known) else (before, after)


def _by_name(raw: RawReturn) -> dict[str, pd.Series]:
    return {str(name).casefold(): raw.rows[name] for name in raw.rows.columns}


def _differ(before: pd.Series, after: pd.Series) -> npt.NDArray[np.bool_]:
    """Return, respondent by respondent, whether two columns hold another value."""
    return np.asarray(_as_text(before) != _as_text(after), dtype=np.bool_)


def _as_text(column: pd.Series) -> npt.NDArray[np.object_]:
    """Return each cell as one text, however it is written; each distinct cell is looked at once."""
    place, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = np.array([*(_text(cell) for cell in distinct), EMPTY], dtype=object)
    return texts[place]


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat().removesuffix("T00:00:00")
    number = number_in(cell.strip(), "point") if isinstance(cell, str) else float(cell)
    return identifier_text(cell if number is None else number)
