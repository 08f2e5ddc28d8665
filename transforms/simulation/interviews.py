"""How simulated interviews are held: on which day, by whom, when and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from transforms.arrays import Ints
from transforms.simulation.drawing import Drawing
from transforms.simulation.population import declared_simulation

DAYS_AT_POINT: Final = 14
"""A sampling point is worked within two weeks."""

POINTS_PER_INTERVIEWER: Final = 4

FIRST_MINUTE, LAST_MINUTE = 10 * 60, 20 * 60
"""Interviews begin from ten in the morning and are over by eight in the evening."""

MEDIAN_MINUTES, SPREAD, SHORTEST, LONGEST = 15.0, 0.2, 8.0, 40.0
"""The time an interview takes: log-normal, and its limits."""


def interview_dates(drawing: Drawing) -> pd.Series:
    """Return the day of each interview."""
    wave = drawing.survey.wave(drawing.wave)
    rng = drawing.rng("interview dates")
    days = (wave.end - wave.start).days + 1
    opened = rng.integers(0, max(1, days - DAYS_AT_POINT + 1), drawing.points)
    after = rng.integers(0, min(days, DAYS_AT_POINT), drawing.respondents)
    since_start = pd.to_timedelta(opened[drawing.sample.psu] + after, unit="D")
    return pd.Series(pd.Timestamp(wave.start) + since_start)


def interviewers(drawing: Drawing) -> pd.Series:
    """Return who held each interview: a sampling point's are one person's."""
    team = -(-drawing.points // POINTS_PER_INTERVIEWER)
    at_point = drawing.rng("interviewers").integers(1, team + 1, drawing.points)
    return pd.Series([f"I{at_point[point]:03d}" for point in drawing.sample.psu], dtype="str")


def interview_times(drawing: Drawing) -> Mapping[str | None, pd.Series]:
    """Return the items for an interview's beginning and length in minutes, as far as declared.

    An interviewer's day is shared out evenly among the interviews of that day: none overlap.
    """
    fieldwork = declared_simulation(drawing.survey).fieldwork
    if fieldwork.start is None and fieldwork.minutes is None:
        return {}
    rng = drawing.rng("interview times")
    minutes = np.exp(rng.normal(np.log(MEDIAN_MINUTES), SPREAD, drawing.respondents))
    minutes = np.clip(np.round(minutes), SHORTEST, LONGEST)
    days, who = interview_dates(drawing), interviewers(drawing)
    place, of = _places_in_day(days, who, rng.random(drawing.respondents))
    slot = (LAST_MINUTE - FIRST_MINUTE) / of
    within = rng.random(drawing.respondents) * np.maximum(slot - minutes - 1, 0)
    began = np.floor(FIRST_MINUTE + place * slot + within)
    return {
        fieldwork.start: days + pd.to_timedelta(began, unit="m"),
        fieldwork.minutes: pd.Series(minutes),
    }


def _places_in_day(days: pd.Series, who: pd.Series, order: np.ndarray) -> tuple[Ints, Ints]:
    """Return which interview of the interviewer's day each is, from 0, and of how many."""
    frame = pd.DataFrame({"day": days, "who": who, "order": order})
    same = frame.groupby(["day", "who"])["order"]
    place = same.rank(method="first").to_numpy(np.int64) - 1
    return place, same.transform("size").to_numpy(np.int64)
