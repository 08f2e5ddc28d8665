"""Which waves make up a measure's figure of a period, and the totals pooled over them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from transforms.catalogue import Survey
from transforms.periods import Period, segment
from transforms.windows import WaveTotals, Window, window_factors, window_totals
from transforms.windows.wave_totals import CELL


def waves_of_window(
    period: Period, measure: str, held: Collection[str], survey: Survey
) -> tuple[str, ...] | None:
    """Return the waves that a measure's figure of a period is made of; None: too few.

    A rolling year takes the quarters that have the measure and lie after its last break; a
    baseline needs every wave it names. `held`: the waves that have the measure.
    """
    order = [wave.name for wave in survey.waves]
    if period.last not in order:
        return None
    comparable = segment(period.last, survey.breaks_of(measure), order)
    waves = tuple(wave for wave in period.waves if wave in held and wave in comparable)
    rule = survey.about.rolling_year
    fewest = rule.fewest_waves if rule and period.kind == "rolling_year" else len(period.waves)
    return waves if len(waves) >= fewest else None


def window_of(period: Period, measure: str, by_wave: WaveTotals, survey: Survey) -> Window | None:
    """Return the window of a measure's figure of a period; None where it has too few waves."""
    waves = waves_of_window(period, measure, by_wave.waves_of(measure), survey)
    if waves is None:
        return None
    rule = survey.about.rolling_year
    control_totals = by_wave.of_waves(waves).control_totals.tolist()
    return Window(waves, window_factors(control_totals, rule.factors if rule else "equal"))


def pooling(period: Period, by_wave: WaveTotals, survey: Survey) -> pd.DataFrame:
    """Return one row a wave of a period of several: the factor of its weights in the period.

    None where the period has too few waves. Waves, not measures, decide here: a measure that some
    wave did not ask, or whose series broke, may have no figure of the period all the same.
    """
    held = tuple(wave for wave in period.waves if wave in by_wave.waves)
    rule = survey.about.rolling_year
    fewest = rule.fewest_waves if rule and period.kind == "rolling_year" else len(period.waves)
    waves = held if len(period.waves) > 1 and len(held) >= fewest else ()
    totals = by_wave.of_waves(waves).control_totals.tolist()
    factors = window_factors(totals, rule.factors if rule else "equal") if waves else ()
    return pd.DataFrame(
        {"period": period.name, "wave": list(waves), "factor": list(factors)},
        index=range(len(waves)),
    )


def windows_of(period: Period, by_wave: WaveTotals, survey: Survey) -> Mapping[Window, list[str]]:
    """Return the period's windows, each with its measures: most often all share one."""
    windows: dict[Window, list[str]] = {}
    for measure in measures_in(by_wave):
        window = window_of(period, measure, by_wave, survey)
        if window is not None:
            windows.setdefault(window, []).append(measure)
    return windows


def period_totals(period: Period, by_wave: WaveTotals, survey: Survey) -> pd.DataFrame:
    """Return one row a cell that has a figure in the period: as estimate.total, pooled."""
    return stacked(
        window_totals(by_wave.of_measures(measures), window)
        for window, measures in windows_of(period, by_wave, survey).items()
    )


def cells_without(totals: pd.DataFrame, period: Period, by_wave: WaveTotals) -> pd.DataFrame:
    """Return the cells that some wave of the period has, and the period has no figure of.

    `totals`: those that it has, as `period_totals` gives them.
    """
    present = by_wave.of_waves([wave for wave in by_wave.waves if wave in period.waves])
    some = by_wave.cells.loc[np.flatnonzero(present.present.sum(axis=0))].reset_index(drop=True)
    if totals.empty:
        return some
    have = pd.MultiIndex.from_frame(totals[CELL])
    return some.loc[~pd.MultiIndex.from_frame(some).isin(have)].reset_index(drop=True)


def measures_in(by_wave: WaveTotals) -> list[str]:
    """Return the measures that the waves have, each once."""
    return list(dict.fromkeys(by_wave.cells["measure"]))


def stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return frames of the same columns one below the other; an empty one where none has rows."""
    every = list(frames)
    found = [frame for frame in every if len(frame)]
    if not found:
        return every[0] if every else pd.DataFrame()
    return pd.concat(found, ignore_index=True)
