"""From when on a KPI can be judged, if every wave to come brings its measure."""

from __future__ import annotations

from collections.abc import Collection

from transforms.catalogue import Comparison, Survey
from transforms.change import counterpart
from transforms.periods import periods_ending, segment
from transforms.pooled import waves_of_window


def measurable_from(
    measure: str, judged: Comparison, after: str, held: Collection[str], survey: Survey
) -> str | None:
    """Return the first wave after `after` at which the comparison can be made; None: none declared.

    `held`: the waves that have the measure so far.
    """
    order = [wave.name for wave in survey.waves]
    coming = order[order.index(after) + 1 :]
    item = survey.measures[measure].item
    waves = {*held, *(wave for wave in coming if survey.asks(item, wave))}
    return next((wave for wave in coming if _is_made(wave, measure, judged, waves, survey)), None)


def _is_made(
    wave: str, measure: str, judged: Comparison, waves: Collection[str], survey: Survey
) -> bool:
    order = [one.name for one in survey.waves]
    comparable = segment(wave, survey.breaks_of(measure), order)
    for period in periods_ending(wave, survey):
        other = counterpart(period, judged, survey, measure, waves)
        now = waves_of_window(period, measure, waves, survey) if other else None
        if other is None or now is None:
            continue
        if other.period is None:
            return True
        before = waves_of_window(other.period, measure, waves, survey)
        if before is not None and other.period.last in comparable:
            return True
    return False
