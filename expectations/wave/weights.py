"""Of the weights: how far they reach, what they cost, and whether the margins are met."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.bounded import Figure
from expectations.wave.figures import Examined
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import series
from transforms.ties import WEIGHT
from transforms.validation import Severity
from transforms.wording import number, percent

MET = 1e-6
"""Relative distance from a control total within which it is met."""

SCALE_KEPT = 2.0
"""Factor by which the mean design weight may differ from the wave before's."""

ANOTHER_SCALE = 100.0
"""Factor from which on it is no design that changed: the numbers are something else."""


def weight_figures(examined: Examined) -> Iterator[Figure]:
    """Yield the largest weight, the efficiency, and the margins after weighting."""
    rule = examined.rule
    row = examined.now.tables["survey.calibration"].iloc[0]
    efficiency = float(row["effective_base"] / row["respondents"])
    ask = "Look at the margins' categories with few respondents and at the supplier's weights; "
    yield Figure(
        rule="weights.largest",
        title="Weights: none far above the others",
        value=float(row["largest_weight"]),
        highest=rule.largest_weight,
        finding=f"The largest weight is {row['largest_weight']:.1f} times the mean.",
        expected=f"At most {rule.largest_weight:g} times.",
        remedy=f"{ask}merge categories, or declare `trim` under calibration in survey.yaml.",
    )
    yield Figure(
        rule="weights.efficiency",
        title="Weights: they keep enough of the sample's worth",
        value=efficiency,
        lowest=rule.efficiency,
        finding=f"{number(row['respondents'])} interviews are worth "
        f"{number(row['effective_base'])} after weighting: {percent(efficiency)}.",
        expected=f"At least {percent(rule.efficiency)}.",
        remedy=f"{ask}ask the supplier why the sample differs so from the population.",
    )
    yield from _margins_met(examined)
    yield from _scale_kept(examined)
    yield from _still_differ(examined)


def _margins_met(examined: Examined) -> Iterator[Figure]:
    rows = examined.now.tables["survey.margin_check"]
    for margin, of_margin in rows.groupby("margin", sort=False):
        gap = (of_margin["calibrated"] / of_margin["control_total"] - 1).abs().max()
        yield Figure(
            rule=f"margin.{margin}.met",
            title=f"The margin {margin}: met after weighting",
            value=float(gap),
            highest=MET,
            finding=f"The margin {margin} is missed by {gap:.2%} after weighting.",
            expected="Weights that add up to the control totals.",
            remedy="Report this to the maintainers: such weights should not have been returned.",
            severity=Severity.CRITICAL,
        )


def _scale_kept(examined: Examined) -> Iterator[Figure]:
    """Yield whether design weights are in the unit that they were in: a weight of another kind."""
    pair = examined.compared()
    if pair is None:
        return
    new, old = (float(facts.tables["survey.calibration"]["mean_design"].iloc[0]) for facts in pair)
    ratio = max(new / old, old / new)
    yield Figure(
        rule="weights.unit",
        title=f"Design weights: in the unit of {pair[1].wave}",
        value=ratio,
        highest=SCALE_KEPT,
        finding=f"The mean design weight is {new:,.4g}, and was {old:,.4g} in {pair[1].wave}.",
        expected=f"No more than {SCALE_KEPT:g} times as much, or as little.",
        remedy="Ask the supplier whether this is the same weight: one that is already calibrated, "
        "or scaled to a mean of 1, is not the design weight.",
        severity=Severity.CRITICAL if ratio > ANOTHER_SCALE else Severity.WARNING,
        judged=True,
    )


def _still_differ(examined: Examined) -> Iterator[Figure]:
    """Yield whether design weights, that differed between respondents, still do."""
    pair = examined.compared()
    if pair is None or pair[0].given is None or pair[1].given is None:
        return
    now, before = pair[0].given, pair[1].given
    survey = examined.survey
    parts = [n for n in (*survey.about.design.weight, WEIGHT) if n in now and n in before]
    known = [name for name in parts if before[name].nunique() > 1]
    if not known:
        return
    level = [name for name in known if now[name].nunique() < 2]
    told = series(_label(name, survey) for name in level)
    yield Figure(
        rule="weights.differ",
        title=f"Design weights: different between respondents, as in {pair[1].wave}",
        value=float(len(level)),
        highest=0,
        finding=f"One number stands for every respondent in {told}; in "
        f"{pair[1].wave} they differed.",
        expected="Design weights that say how likely each respondent was to be chosen.",
        remedy="Ask the supplier for the weights: a column of ones stands where they should be. If "
        "everybody was equally likely to be chosen in this wave, accept the finding.",
        severity=Severity.CRITICAL,
        judged=True,
    )


def _label(name: str, survey: Survey) -> str:
    return name if name == WEIGHT else survey.items[name].label
