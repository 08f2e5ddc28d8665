"""The figures of a weighted wave, checked."""

from __future__ import annotations

from expectations.bounded import results_of
from expectations.wave.answers import answer_figures
from expectations.wave.figures import Examined
from expectations.wave.interviewers import interviewer_chart, interviewer_figures
from expectations.wave.jumps import jump_figures
from expectations.wave.people import people_figures
from expectations.wave.returned import returned_figures
from expectations.wave.ties import tie_figures
from expectations.wave.weights import weight_figures
from transforms.fieldwork.shown import Chart
from transforms.validation import CheckResult


def wave_checks(examined: Examined) -> tuple[CheckResult, ...]:
    """Return the result of each expectation of a weighted wave, in the order of the declaration.

    The first call imports Great Expectations, which takes 7 seconds.
    """
    figures = [
        *answer_figures(examined),
        *people_figures(examined),
        *weight_figures(examined),
        *jump_figures(examined),
        *interviewer_figures(examined),
        *tie_figures(examined),
        *returned_figures(examined),
    ]
    return results_of(figures)


def wave_charts(examined: Examined) -> tuple[Chart, ...]:
    """Return what a wave's figures show of how its interviews were held."""
    chart = interviewer_chart(examined)
    return () if chart is None else (chart,)
