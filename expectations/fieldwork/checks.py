"""From how interviews were held to findings and charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from expectations.bounded import Figure, results_of
from expectations.fieldwork.answering import straight_figures, variety_figures
from expectations.fieldwork.copies import copy_figures
from expectations.fieldwork.heaping import day_figures, rounded_figures
from expectations.fieldwork.held import FEWEST, Interviews, held_interviews
from expectations.fieldwork.timing import overlap_figures, speed_figures, start_figures
from transforms.catalogue import Survey
from transforms.fieldwork.shown import Chart
from transforms.validation import CheckResult
from transforms.variables import DecodedItem

Shown = tuple[Figure, Chart]

FIGURES: tuple[Callable[[Interviews], Iterator[Shown]], ...] = (
    copy_figures,
    straight_figures,
    variety_figures,
    speed_figures,
    start_figures,
    overlap_figures,
    day_figures,
    rounded_figures,
)


def fieldwork_checks(
    items: Mapping[str, DecodedItem], survey: Survey
) -> tuple[tuple[CheckResult, ...], tuple[Chart, ...]]:
    """Return the results and charts of how interviews were held; `items`: readable ones.

    A figure is made of what the survey declares and the return has. All are warnings at most.
    """
    serial = items.get(survey.about.design.serial)
    if serial is None or len(serial.answers) < FEWEST:
        return (), ()
    interviews = held_interviews(items, survey)
    shown = [one for figures in FIGURES for one in figures(interviews)]
    return results_of([figure for figure, _ in shown]), tuple(chart for _, chart in shown)
