"""Whether an area's change since the wave before is one interviewer's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from expectations.bounded import Figure
from expectations.outcomes import first_serials
from expectations.wave.figures import Examined
from expectations.wave.jumps import comparable, distances
from transforms.catalogue import Survey
from transforms.fieldwork.influence import CELL, beside_others
from transforms.fieldwork.interviewers import FEWEST_INTERVIEWERS
from transforms.fieldwork.shown import Chart, counted_bars
from transforms.scales import scale_of

RULE = "fieldwork.one_interviewer"
TITLE = "Each interviewer beside the others of the area"
FAR = 5.0
"""Standard errors from the others of the area from which on an interviewer is far away."""

FEWEST_DEVIATING = 15.0
"""Respondents, from one end of a scale to the other, that the distance comes to at least.

Few respondents with large weights are far away by chance: in 18 simulated waves 22 of some 60,000
rows were at 5 errors or more, and none by more than 12 respondents.
"""

LEAST_LEFT = 0.5
"""Share of an area's change that is to be left without any one interviewer."""

EDGES = (0.0, 1.0, 2.0, 3.0, 4.0, FAR, np.inf)
LABELS = ("below 1", "1 to 2", "2 to 3", "3 to 4", "4 to 5", "5 or more")


def interviewer_figures(examined: Examined) -> Iterator[Figure]:
    """Yield how many areas' changes hang on one interviewer; nothing where there is no change."""
    pair, found = examined.compared(), beside_each_other(examined)
    if pair is None or found.empty:
        return
    cells = distances(*pair, examined.survey)[[*CELL, "difference"]]
    hanging = _hanging(found.merge(cells, on=CELL), examined)
    serials = {serial for held in hanging["serials"] for serial in held}
    told = "; ".join(_told(row, examined.survey) for _, row in hanging.head(5).iterrows())
    yield Figure(
        rule=RULE,
        title="Changes of areas without any one interviewer: much the same",
        value=float(len(hanging)),
        highest=0,
        finding=f"A change since {pair[1].wave} hangs on one interviewer: {told}.",
        expected="At least half of a change left without any one interviewer's respondents.",
        remedy="Ask the supplier how these interviews were held, for their recordings, and to "
        "call some respondents back. If they are sound, accept the finding.",
        failing_rows=int(hanging["respondents"].sum()),
        serials=first_serials(serials),
    )


def interviewer_chart(examined: Examined) -> Chart | None:
    """Return how far interviewers are from the others of their areas; None: too few of them."""
    found = beside_each_other(examined)
    if found.empty:
        return None
    counts = np.histogram(found["errors"], EDGES)[0]
    return Chart(
        rule=RULE,
        title=TITLE,
        told="How far the answers of each interviewer's respondents are from those of the others "
        "in the area, of every measure, in standard errors. From 5 on it is looked at whether the "
        "area's change since the wave before hangs on them.",
        of="Standard errors from the others",
        counted="Interviewers, by area and measure",
        bars=counted_bars(LABELS, counts.tolist(), [False] * len(counts)),
    )


def beside_each_other(examined: Examined) -> pd.DataFrame:
    """Return one row a measure × area × interviewer, with how far from the others they are."""
    totals = examined.now.interviewers
    if totals is None or totals["interviewer"].nunique() < FEWEST_INTERVIEWERS:
        return pd.DataFrame()
    rows = [beside_others(held) for _, held in totals.groupby(["measure", "domain"], sort=False)]
    return pd.concat(rows, ignore_index=True)


def _hanging(found: pd.DataFrame, examined: Examined) -> pd.DataFrame:
    """Return the interviewers far from the others without whom most of a change is gone."""
    pair = examined.compared()
    assert pair is not None
    totals = examined.now.interviewers
    assert totals is not None
    sums = totals.groupby(CELL)[["y", "x"]].sum()
    now = (sums["y"] / sums["x"]).rename("now").reset_index()
    found = found.merge(now, on=CELL)
    found["without"] = found["others"] - found["now"] + found["difference"]
    held = [m for m in found["measure"].unique() if comparable(m, *pair, examined.survey)]
    widths = found["measure"].map(lambda measure: _width(measure, examined.survey))
    far = (found["errors"] >= FAR) & (found["deviating"] >= FEWEST_DEVIATING * widths)
    gone = found["without"] * np.sign(found["difference"]) < LEAST_LEFT * found["difference"].abs()
    hanging: pd.DataFrame = found[far & gone & found["measure"].isin(held)]
    return hanging


def _width(measure: str, survey: Survey) -> float:
    low, high = survey.means.get(measure, (0.0, 1.0))
    return high - low


def _told(row: pd.Series, survey: Survey) -> str:
    measure = survey.measures[str(row["measure"])]
    area = survey.domains[str(row["domain"])].label_of(str(row["domain_value"]))
    signed = scale_of(measure).signed
    change, without = float(row["difference"]), float(row["without"])
    return f"{measure.label}, {area}: {signed(change)}, and {signed(without)} without one"
