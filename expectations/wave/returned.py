"""Whether interviews of the wave before came again, as some of this wave's."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.bounded import Figure
from expectations.outcomes import first_serials
from expectations.wave.figures import Examined
from transforms.fieldwork.questions import questions
from transforms.fieldwork.returned import returned
from transforms.validation import Severity
from transforms.wording import number, percent

RULE = "return.interviews_sent_before"
FEWEST = 30
"""Interviews of each wave from which on they are compared."""

SLIP = 0.01
"""Share of the interviews from which on it is no slip."""

TIMES = 3.0
"""Times as many as stand in one another by chance that are no surprise."""


def returned_figures(examined: Examined) -> Iterator[Figure]:
    """Yield how many interviews stand in the wave before almost whole, by all questions of both.

    Nothing where respondents of the wave before are not kept, or answers tell too few apart.
    """
    pair = examined.compared()
    if pair is None or (given := pair[0].given) is None or (earlier := pair[1].given) is None:
        return
    known = [str(n) for n in given if n in earlier and n in examined.survey.items]
    shared = [*questions(examined.survey, known)]
    if not shared or min(len(given), len(earlier)) < FEWEST:
        return
    rule = examined.survey.about.interviews
    found = returned(given[shared], earlier[shared], rule.alike)
    if found is None:
        return
    count, rows = int(found.rows.sum()), len(given)
    surprising = count > TIMES * found.by_chance
    serials = pair[0].serials
    yield Figure(
        rule=RULE,
        title=f"The return: hardly any interview of {pair[1].wave} again",
        value=count / rows if surprising else 0.0,
        highest=rule.copies,
        finding=f"{number(count)} of {number(rows)} interviews stand almost whole in the return of "
        f"{pair[1].wave}: {percent(rule.alike)} or more of what was answered, the rarer an answer "
        "the more it counts.",
        expected=f"Interviews of this wave: at most {percent(rule.copies)} of them so alike.",
        remedy=f"Ask the supplier whether interviews of {pair[1].wave} were put into this wave "
        "under new serial numbers, and for those of this wave. If the same people were asked "
        "again on purpose, accept the finding.",
        severity=Severity.CRITICAL if count / rows > SLIP else Severity.WARNING,
        judged=True,
        failing_rows=count,
        serials=() if serials is None else first_serials(serials[found.rows].tolist()),
    )
