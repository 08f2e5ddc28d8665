"""The study's report: its tables as Markdown, and every figure as one row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.proof.coverage import (
    coverage_by_band,
    coverage_by_base_and_share,
    coverage_targets,
    single_cells,
    standard_errors,
)
from transforms.proof.figures import Rate
from transforms.proof.power import false_findings, power, power_targets
from transforms.proof.runs import Run
from transforms.proof.size import (
    areas_by_share,
    size_by_count,
    size_of_families,
    size_of_slopes,
    size_of_tests_made,
    size_targets,
)
from transforms.proof.tables import ALLOWED_ERRORS, Table, Target


@dataclass(frozen=True, slots=True)
class Report:
    """What the study found. `made_by`: lines that say how to make it again."""

    made_by: tuple[str, ...]
    targets: tuple[Target, ...]
    tables: tuple[Table, ...]


INTRODUCTION = """\
Surveys with a known truth, put through the code that publishes figures. A simulated survey is eight
quarterly waves under the West Midlands design of `surveys/west_midlands/simulation.yaml`: seven
areas by three levels of deprivation as strata, sampling points of about ten interviews, one adult
of each household, response by area, age, sex and NS-SEC, raking to all margins. Fourteen outcomes
(shares from 2% to 98%) differ by age, NS-SEC and deprivation, are correlated within sampling points
and with each other, and are exactly as frequent in every area, in both sexes and in every wave. In
half of the surveys the population drifts from wave to wave. Further surveys have outcomes that
change. Results are sorted by what could be *expected*, never by what was seen. ± is a Monte Carlo
standard error over independent surveys: what a survey's waves and tests share is allowed for."""


def report_of(still: Sequence[Run], shifted: Run, made_by: tuple[str, ...]) -> Report:
    """Return what the surveys say of intervals, standard errors and tests.

    `still`: runs in which nothing changes. `shifted`: the one of `shifted_outcomes`.
    """
    return Report(
        made_by,
        (*coverage_targets(still), *size_targets(still), *power_targets(shifted)),
        (
            coverage_by_band(still),
            coverage_by_base_and_share(still),
            single_cells(still),
            standard_errors(still),
            size_by_count(still),
            size_of_tests_made(still),
            size_of_families(still),
            areas_by_share(still),
            size_of_slopes(still),
            power(shifted),
            false_findings(shifted),
        ),
    )


def report_markdown(report: Report) -> str:
    """Return the report; the same report is the same text."""
    parts = [
        "# Simulation study",
        INTRODUCTION,
        "\n".join(f"* {line}" for line in report.made_by),
        "## Targets",
        _verdict_sentence(report.targets),
        _summary(report.targets),
        *_missed(report.targets),
        *(_section(table) for table in report.tables),
    ]
    return "\n\n".join(parts) + "\n"


def report_figures(report: Report) -> pd.DataFrame:
    """Return one row a figure: table, row, column, value, monte_carlo_error, count.

    The targets' figures come first, with their range and whether they are met.
    """
    rows = [
        {
            **{"table": "targets", "row": target.where, "column": target.what},
            **{"value": target.figure.value, "monte_carlo_error": target.figure.error},
            **{"count": target.figure.count, "low": target.low, "high": target.high},
            "met": "yes" if target.met else "no",
        }
        for target in report.targets
    ]
    columns = ("table", "row", "column", "value", "monte_carlo_error", "count")
    rows += [
        dict(zip(columns, entry, strict=True))
        for table in report.tables
        for entry in table.entries()
    ]
    return pd.DataFrame(rows, columns=[*columns, "low", "high", "met"])


def _verdict_sentence(targets: Sequence[Target]) -> str:
    missed = sum(not target.met for target in targets)
    return (
        f"{len(targets) - missed} of {len(targets)} targets are met, {ALLOWED_ERRORS:g} Monte "
        "Carlo standard errors allowed. Each is in the CSV file beside this one."
    )


def _summary(targets: Sequence[Target]) -> str:
    """Return one row for each kind of target and range: how many are met, and what was found."""
    grouped: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        grouped.setdefault((target.what, _range(target)), []).append(target)
    lines = ["| target | should be | met | lowest | highest |", "|---|---|---|---|---|"]
    for (what, wanted), group in grouped.items():
        met = sum(target.met for target in group)
        ordered = sorted((target.figure for target in group), key=lambda figure: figure.value)
        lines.append(
            f"| {what} | {wanted} | {met} of {len(group)} "
            f"| {_cell(ordered[0])} | {_cell(ordered[-1])} |"
        )
    return "\n".join(lines)


def _missed(targets: Sequence[Target]) -> list[str]:
    missed = [target for target in targets if not target.met]
    if not missed:
        return []
    lines = ["| not met | where | found | should be |", "|---|---|---|---|"]
    lines += [
        f"| {target.what} | {target.where} | {_cell(target.figure)} | {_range(target)} |"
        for target in missed
    ]
    return ["\n".join(lines)]


def _range(target: Target) -> str:
    if target.high >= 1:
        return f"at least {target.low:.1%}"
    if target.low <= 0:
        return f"at most {target.high:.1%}"
    return f"{target.low:.1%} to {target.high:.1%}"


def _section(table: Table) -> str:
    header = (*table.labels, *table.figures)
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    for labels, figures in table.rows:
        cells = [*labels, *(_cell(figure) for figure in figures)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n\n".join([f"## {table.title}", table.note, "\n".join(lines)])


def _cell(figure: Rate | float) -> str:
    if not isinstance(figure, Rate):
        return f"{figure:,.0f}" if figure == int(figure) and figure > 2 else f"{figure:.3f}"
    if not figure.count:
        return "–"
    return f"{figure.value:.1%} ± {figure.error:.1%}"
