"""A wave's answers to an item as totals with their covariance: what later tests need of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.catalogue import Survey
from transforms.distribution.crosstab import CategoryTotals
from transforms.estimation import SampleDesign, totals_with_covariance
from transforms.responses import Responses
from transforms.weighting import Calibrated

COLUMNS = ["item", "answer", "answer_order", "total", "covariance", "n", "df"]


def answer_totals(
    responses: Responses, calibrated: Calibrated, design: SampleDesign, survey: Survey
) -> pd.DataFrame:
    """Return one row an item × valid answer, of the items with codes that measures are taken from.

    The columns of estimate.answer_total but `wave`: the answer's weighted total, its covariance
    with each of the item's answers in order, its respondents, and the item's degrees of freedom.
    The base is whoever gave a valid answer.
    """
    rows = [
        row
        for item in items_tested(survey, responses.wave)
        for row in _rows_of(item, responses, calibrated, design, survey)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def items_tested(survey: Survey, wave: str) -> list[str]:
    """Return the items with codes that measures are taken from and the wave asks."""
    named = dict.fromkeys(measure.item for measure in survey.measures.values())
    return [name for name in named if survey.items[name].codes and survey.asks(name, wave)]


def category_totals(rows: pd.DataFrame) -> CategoryTotals:
    """Return the sufficient statistics that an item's rows of one wave hold, answers in order."""
    ordered = rows.sort_values("answer_order")
    return CategoryTotals(
        totals=ordered["total"].to_numpy(dtype=np.float64),
        covariance=np.stack([np.asarray(row, dtype=np.float64) for row in ordered["covariance"]]),
        counts=ordered["n"].to_numpy(dtype=np.int64),
        df=float(ordered["df"].iloc[0]),
    )


def _rows_of(
    item: str, responses: Responses, calibrated: Calibrated, design: SampleDesign, survey: Survey
) -> Iterator[tuple[object, ...]]:
    codes = survey.item_in(item, responses.wave).codes
    names = list(dict.fromkeys(code.name for code in codes.values()))
    by_code = {value: names.index(code.name) for value, code in codes.items()}
    answer = responses.codes[item].map(by_code).fillna(-1).to_numpy(dtype=np.int64)
    given = (answer[:, None] == np.arange(len(names))).astype(np.float64)
    found = totals_with_covariance(
        given, calibrated, design, leverage=survey.about.estimation.leverage
    )
    df = _degrees_of_freedom(answer >= 0, design)
    for place, name in enumerate(names):
        covariance = tuple(float(value) for value in found.covariance[place])
        count = int(given[:, place].sum())
        yield item, name, place + 1, float(found.totals[place]), covariance, count, df


def _degrees_of_freedom(answered: np.ndarray, design: SampleDesign) -> int:
    """Return the sampling units with a valid answer minus the strata with one."""
    psus = np.unique(design.psu[answered])
    return len(psus) - len(np.unique(design.stratum[psus]))
