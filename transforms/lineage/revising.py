"""Which published figures differ between two builds or releases, and by what that came about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.releasing import FIGURE, revisions_of
from transforms.wording import number, table

BY_OTHERS = (
    "its own waves are made of the same: it is withheld, or shown again, because of other figures"
)
UNKNOWN = "what it was made of was not recorded"


@dataclass(frozen=True, slots=True)
class Made:
    """A return that a wave was computed from, and by which declaration and code."""

    wave: str
    sample: str
    sha256: str
    file_name: str
    survey_version: str
    code_version: str


@dataclass(frozen=True, slots=True)
class State:
    """What was published at a time: rows of estimate.estimate, the waves of each period, sources.

    `made`: None where it was not recorded what the waves were computed from.
    """

    estimates: pd.DataFrame
    waves: Mapping[str, tuple[str, ...]]
    made: tuple[Made, ...] | None


def differences(before: State, after: State) -> pd.DataFrame:
    """Return one row a figure of `before` that `after` changes, withholds or lacks.

    Columns: the figure's key, `before` and `after` (missing where withheld; a figure that is
    withheld now is not said again), and `cause` in words.
    """
    found = revisions_of(before.estimates, after.estimates, 0, "")
    causes = causes_by_wave(before.made, after.made)
    waves = {**before.waves, **after.waves}
    cause = found["period"].map(lambda period: _cause(waves.get(period, ()), causes)).astype("str")
    rows = found[[*FIGURE, "before", "after"]].assign(cause=cause)
    return rows.sort_values(FIGURE, ignore_index=True)


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that differs; None where it was or is withheld."""

    period: str
    measure: str
    domain: str
    domain_value: str
    before: float | None
    after: float | None
    cause: str


@dataclass(frozen=True, slots=True)
class Revised:
    """What differs between two states, each in words."""

    first: str
    second: str
    revisions: tuple[Revision, ...]


def revised(first: str, second: str, rows: pd.DataFrame, measure: str | None) -> Revised:
    """Return rows of `differences` as values, of one measure where one is named."""
    kept = rows if measure is None else rows[rows["measure"] == measure]
    held = kept.astype(object).where(kept.notna(), None).to_dict("records")
    return Revised(
        first, second, tuple(Revision(**{str(k): v for k, v in row.items()}) for row in held)
    )


def revised_text(found: Revised) -> str:
    """Return the revisions under their causes."""
    counted = f"Published figures that differ: {number(len(found.revisions))}."
    lines = [f"Before: {found.first}.", f"After: {found.second}.", counted]
    for cause in dict.fromkeys(one.cause for one in found.revisions):
        under = [one for one in found.revisions if one.cause == cause]
        lines += ["", f"{cause[:1].upper()}{cause[1:]} ({number(len(under))}):", _table(under)]
    return "\n".join(lines)


def _table(revisions: Sequence[Revision]) -> str:
    rows = [
        [
            one.period,
            one.measure,
            f"{one.domain}={one.domain_value}",
            *map(_shown, (one.before, one.after)),
        ]
        for one in revisions
    ]
    return table(["Period", "Measure", "Group", "Before", "After"], rows, right=(3, 4))


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def causes_by_wave(
    before: Collection[Made] | None, after: Collection[Made] | None
) -> dict[str, str] | None:
    """Return by wave what became other, in words; None where one side is not recorded."""
    if before is None or after is None:
        return None
    waves = sorted({one.wave for one in (*before, *after)})
    found = {
        wave: "; ".join(_differing(wave, _of(wave, before), _of(wave, after))) for wave in waves
    }
    return {wave: text for wave, text in found.items() if text}


def _cause(waves: Collection[str], causes: Mapping[str, str] | None) -> str:
    if causes is None:
        return UNKNOWN
    return "; ".join(dict.fromkeys(causes[wave] for wave in waves if wave in causes)) or BY_OTHERS


def _of(wave: str, made: Collection[Made]) -> dict[str, Made]:
    return {one.sample: one for one in made if one.wave == wave}


def _differing(wave: str, before: Mapping[str, Made], after: Mapping[str, Made]) -> Iterator[str]:
    """Yield what differs in a wave: returns by sample, then declaration and code."""
    for sample in sorted({*before, *after}):
        old, new = before.get(sample), after.get(sample)
        if old is None and new is not None:
            yield f"{wave}: {_file(new)} was added"
        elif new is None and old is not None:
            yield f"{wave}: {_file(old)} is no longer there"
        elif old and new and old.sha256 != new.sha256:
            yield f"{wave}: {_file(new)} took the place of {_file(old)}"
    for name, words in (("survey_version", "declaration"), ("code_version", "program")):
        held = [{getattr(one, name) for one in side.values()} for side in (before, after)]
        if all(held) and held[0] != held[1]:
            yield f"the {words} changed ({_short(held[0])} to {_short(held[1])})"


def _file(one: Made) -> str:
    return f"{one.file_name} ({one.sha256[:12]})"


def _short(versions: Collection[str]) -> str:
    """Return versions; of a digest its first letters."""
    return " and ".join(sorted(one if "+" in one else one[:12] for one in versions))
