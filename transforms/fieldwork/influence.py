"""What each interviewer's respondents add to an area's figures: so that one can be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from transforms.arrays import Floats, floats
from transforms.catalogue import Survey
from transforms.classify import classify
from transforms.indicators import indicators
from transforms.responses import Responses

CELL = ["measure", "domain", "domain_value"]
NAMES = [*CELL, "interviewer", "y", "x", "respondents", "serials"]

SERIALS = 20
"""Serial numbers that a finding names at most."""


def interviewer_totals(
    responses: Responses, tables: Mapping[str, pd.DataFrame], survey: Survey
) -> pd.DataFrame:
    """Return one row a measure × area × interviewer: weighted sums y and x, and whose they are.

    `tables`: what `process_wave` made of the responses; their weights are used. `serials`: the
    first SERIALS of the `respondents` in the base. Without interviewers, no row.
    """
    if "interviewer" not in responses.respondents:
        return pd.DataFrame(columns=NAMES)
    weights = floats(tables["survey.respondent"]["calibration_weight"])
    measured, classified = indicators(responses, survey), classify(responses, survey)
    rows = [
        _totals(responses.respondents, measured[name], classified[domain], weights).assign(
            measure=name, domain=domain
        )
        for name, domain in _areas_of_measures(measured, classified, survey)
    ]
    return pd.concat(rows, ignore_index=True)[NAMES] if rows else pd.DataFrame(columns=NAMES)


def _areas_of_measures(
    measured: pd.DataFrame, classified: pd.DataFrame, survey: Survey
) -> Iterator[tuple[str, str]]:
    for measure in map(str, measured):
        for domain in survey.measures[measure].by:
            if domain in classified and survey.domains[domain].is_geographic:
                yield measure, domain


def _totals(
    people: pd.DataFrame, counted: pd.Series, area: pd.Series, weights: Floats
) -> pd.DataFrame:
    asked = counted.notna().to_numpy() & area.notna().to_numpy()
    frame = pd.DataFrame(
        {
            "domain_value": area[asked].astype("str").to_numpy(),
            "interviewer": people["interviewer"][asked].fillna("").to_numpy(),
            "serial": people["serial"][asked].to_numpy(),
            "y": (counted.to_numpy() * weights)[asked],
            "x": weights[asked],
        }
    )
    groups = frame.groupby(["domain_value", "interviewer"], sort=True)
    sums = groups[["y", "x"]].sum().assign(respondents=groups.size())
    first = frame[groups.cumcount() < SERIALS].groupby(["domain_value", "interviewer"])["serial"]
    return sums.assign(serials=first.agg(tuple)).reset_index()


def beside_others(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with how far each interviewer is from the others of the area.

    `totals`: of one measure. `others`: the share or mean without the interviewer, NaN where less
    than half of the area is left. `errors`: the distance in standard errors, from all other
    interviewers' distances. `deviating`: the respondents, or sums of scores, that the interviewer
    has too many or too few.
    """
    held = totals[totals["interviewer"] != ""]
    of_area = held.groupby("domain_value")[["y", "x"]].transform("sum")
    left = of_area["x"] - held["x"]
    held, left = held[left > 0], left[left > 0]
    others = (of_area["y"].loc[held.index] - held["y"]) / left
    away = held["y"] - others * held["x"]
    scaled = away / np.sqrt(held["x"])
    rest = ((scaled**2).sum() - scaled**2) / max(len(held) - 1, 1)
    return held.assign(
        others=others.where(left >= held["x"]),
        errors=scaled.abs() / np.sqrt(rest.where(rest > 0)),
        deviating=(away * held["respondents"] / held["x"]).abs(),
    )
