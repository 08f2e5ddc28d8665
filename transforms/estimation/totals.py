"""Sufficient statistics of a wave: everything later estimates need, and no respondent.

For each measure and domain value: Y = Σwy and X = Σwx with their variances and covariance, the
sums for bases, and the covariances with the force's totals (methods §4). Of a proportion y is 1 or
0, of a mean a score, so that r = Y/X is a share or a mean. All measures and all
values of a classification are formed in one pass; rows outside a domain stay in the variance as
zeros.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.arrays import Floats, Ints, sum_rows_by
from transforms.estimation.design import SampleDesign, deviations, stratum_sums
from transforms.estimation.residuals import Residualiser, residualiser
from transforms.weighting import Calibrated

FORCE = ("all", "all")
"""Domain and domain value of the whole population."""

LARGEST_PASS = 2000000
"""A pass takes as many measures as keep its array over PSUs below this many numbers."""

FIGURES = (
    *("y", "x", "var_y", "var_x", "cov_yx", "sum_wy2", "sum_w2"),
    *("n", "n_y", "psus", "strata", "df"),
    *("cov_y_force_y", "cov_y_force_x", "cov_x_force_y", "cov_x_force_x"),
)
COUNTS = ("n", "psus", "strata", "df")

Columns = Mapping[str, npt.NDArray[np.generic]]
"""Columns by name, one entry a measure × domain value."""


@dataclass(frozen=True, slots=True)
class _Classification:
    """One way to divide the respondents, and the measures broken down by it.

    `code`: (respondents,) the index of the value; `len(values)` where there is none. `measures`:
    their indices. `place`: the classification's place among those of each of them.
    """

    domain: str
    values: tuple[str, ...]
    code: Ints
    measures: Ints
    place: Ints

    @property
    def groups(self) -> int:
        """The values, and one more for respondents without a value, which is then dropped."""
        return len(self.values) + 1


@dataclass(frozen=True, slots=True)
class _Wave:
    """What every classification shares.

    `answers`: (respondents × 2 × measures) y and x. `force`: deviations of the force's Y and X,
    each (PSUs × 1 × measures).
    """

    answers: Floats
    weights: Floats
    force: tuple[Floats, Floats]
    design: SampleDesign
    residualiser: Residualiser

    def force_in(self, measures: Ints) -> tuple[Floats, Floats]:
        """Return the deviations of the force's Y and X, of some of the measures."""
        y, x = self.force
        return y[:, :, measures], x[:, :, measures]

    def answers_to(self, measures: Ints) -> Floats:
        """Return (respondents × 2·measures) y, then x, of some of the measures."""
        every = len(measures) == self.answers.shape[2]
        chosen = self.answers if every else self.answers[:, :, measures]
        return chosen.reshape(len(chosen), -1)


def wave_totals(
    indicators: pd.DataFrame,
    classified: pd.DataFrame,
    calibrated: Calibrated,
    design: SampleDesign,
    breakdowns: Mapping[str, Sequence[str]],
    leverage: bool = True,
    means: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row a measure × domain value: the columns of estimate.total, but `wave`.

    `indicators`: respondents × measures, 1, 0 or a score, or NaN outside the base. `classified`:
    respondents × domains (categorical). `breakdowns`: for each measure the domains it is broken
    down by; the force is always included. `means`: the measures whose y is a score; nobody counts
    in them, so n_y is NaN. Weights and variances are in the units of the control totals.
    """
    measures = [str(name) for name in indicators]
    whole = _force(len(indicators), len(measures))
    wave = _wave(indicators, calibrated, design, whole, leverage)
    divided = [whole, *_classifications(classified, [breakdowns[name] for name in measures])]
    passes = [_columns(part, wave) for one in divided for part in _passes(one, design)]
    columns = {name: np.concatenate([one[name] for one in passes]) for name in passes[0]}
    totals = _in_order(columns, measures, _control_total(calibrated))
    return totals.assign(n_y=totals["n_y"].mask(totals["measure"].isin(means)))


def _in_order(columns: Columns, measures: Sequence[str], control_total: float) -> pd.DataFrame:
    """Return the rows in the order of the measures, their classifications and the values."""
    keys = ("value_order", "place", "measure_order")
    order = np.lexsort([columns[key] for key in keys])
    measure = np.array(measures, dtype=object)[columns["measure_order"]]
    kept = {name: values[order] for name, values in columns.items() if name not in keys}
    return pd.DataFrame({"measure": measure[order], **kept, "control_total": control_total})


def _control_total(calibrated: Calibrated) -> float:
    return float(calibrated.cells.targets[0].sum()) if calibrated.cells else np.nan


def _wave(
    indicators: pd.DataFrame,
    calibrated: Calibrated,
    design: SampleDesign,
    whole: _Classification,
    leverage: bool,
) -> _Wave:
    measured = indicators.to_numpy(dtype=np.float64)
    x = ~np.isnan(measured)
    answers = np.stack([np.where(x, measured, 0.0), x], axis=1)
    shared = residualiser(calibrated, design, leverage=leverage)
    values = answers.reshape(len(answers), -1)
    return _Wave(
        answers=answers,
        weights=calibrated.weights,
        force=_deviations(whole, values, shared, design),
        design=design,
        residualiser=shared,
    )


def _force(respondents: int, measures: int) -> _Classification:
    everyone = np.zeros(respondents, dtype=np.int64)
    return _Classification(
        FORCE[0], FORCE[1:], everyone, np.arange(measures), np.zeros(measures, dtype=np.int64)
    )


def _classifications(
    classified: pd.DataFrame, breakdowns: Sequence[Sequence[str]]
) -> Iterator[_Classification]:
    """Yield each classification that some measure is broken down by."""
    for domain in dict.fromkeys(domain for domains in breakdowns for domain in domains):
        values = classified[domain].cat
        code = values.codes.to_numpy().astype(np.int64)
        measures = [place for place, domains in enumerate(breakdowns) if domain in domains]
        yield _Classification(
            domain=domain,
            values=tuple(str(value) for value in values.categories),
            code=np.where(code < 0, len(values.categories), code),
            measures=np.array(measures, dtype=np.int64),
            place=np.array([breakdowns[n].index(domain) + 1 for n in measures], dtype=np.int64),
        )


def _passes(one: _Classification, design: SampleDesign) -> Iterator[_Classification]:
    """Yield the classification with as many of its measures at a time as memory should hold."""
    at_once = max(1, LARGEST_PASS // (design.psus * one.groups * 2))
    for first in range(0, len(one.measures), at_once):
        part = slice(first, first + at_once)
        yield replace(one, measures=one.measures[part], place=one.place[part])


def _columns(one: _Classification, wave: _Wave) -> Columns:
    """Return every column of the classification's rows, value by value."""
    values, measures = len(one.values), len(one.measures)
    keys: Columns = {
        "measure_order": np.tile(one.measures, values),
        "place": np.tile(one.place, values),
        "value_order": np.repeat(np.arange(values), measures),
        "domain": np.full(values * measures, one.domain, dtype=object),
        "domain_value": np.repeat(np.array(one.values, dtype=object), measures),
    }
    answers = wave.answers_to(one.measures)
    figures = {**_sums(one, answers, wave), **_moments(one, answers, wave)}
    kinds = {name: np.int64 if name in COUNTS else np.float64 for name in FIGURES}
    typed = {name: figures[name].ravel().astype(kind) for name, kind in kinds.items()}
    return {**keys, **typed}


def _sums(one: _Classification, answers: Floats, wave: _Wave) -> dict[str, Floats]:
    """(values × measures) sums over respondents, and the PSUs and strata they are in."""
    design, w = wave.design, wave.weights
    cells = design.psus * one.groups
    places = np.column_stack(
        [design.psu * one.groups + one.code, cells + one.code, cells + one.groups + one.code]
    )
    sums = sum_rows_by(
        places, np.column_stack([np.ones_like(w), w, w**2]), answers, cells + 2 * one.groups
    )
    # (PSUs, then the weighted and the squared sums) × groups × (y, x) × measures
    by_group = sums.reshape(design.psus + 2, one.groups, 2, len(one.measures))[:, :-1]
    counts, (weighted, squared) = by_group[:-2], by_group[-2:]
    return {
        **{"y": weighted[:, 0], "x": weighted[:, 1], "sum_w2": squared[:, 1]},
        "sum_wy2": _sums_of_squares(one, answers, w),
        **{"n": counts[:, :, 1].sum(axis=0), "n_y": counts[:, :, 0].sum(axis=0)},
        **_units_with_base(counts[:, :, 1], design),
    }


def _sums_of_squares(one: _Classification, answers: Floats, w: Floats) -> Floats:
    """(values × measures) Σwy²: what the spread of the answers is known by."""
    y = answers[:, : len(one.measures)]
    sums = sum_rows_by(one.code[:, None], w[:, None], y**2, one.groups)
    return np.asarray(sums[:-1], dtype=np.float64)


def _units_with_base(counts: Floats, design: SampleDesign) -> dict[str, Floats]:
    """(values × measures) PSUs, strata with a respondent in base and domain, and df.

    `counts`: (PSUs × values × measures) respondents.
    """
    present = (counts > 0).astype(np.float64)
    psus = present.sum(axis=0)
    strata = (stratum_sums(present, design) > 0).sum(axis=0).astype(np.float64)
    return {"psus": psus, "strata": strata, "df": psus - strata}


def _moments(one: _Classification, answers: Floats, wave: _Wave) -> dict[str, Floats]:
    """(values × measures) variances and covariances, among themselves and with the force's."""
    force = wave.force_in(one.measures)
    if one.domain == FORCE[0]:
        y, x = force
    else:
        y, x = _deviations(one, answers, wave.residualiser, wave.design)
    force_y, force_x = (np.broadcast_to(of_force, y.shape) for of_force in force)
    return {
        "var_y": _products(y, y),
        "var_x": _products(x, x),
        "cov_yx": _products(y, x),
        "cov_y_force_y": _products(y, force_y),
        "cov_y_force_x": _products(y, force_x),
        "cov_x_force_y": _products(x, force_y),
        "cov_x_force_x": _products(x, force_x),
    }


def _deviations(
    one: _Classification, answers: Floats, shared: Residualiser, design: SampleDesign
) -> tuple[Floats, Floats]:
    """(PSUs × values × measures) deviations of the residuals' PSU totals, of Y and of X."""
    totals = shared.psu_totals(answers, one.code, one.groups, design)
    spread = deviations(totals.reshape(design.psus, -1), design)
    by_group = spread.reshape(design.psus, one.groups, 2, -1)[:, :-1]
    return by_group[:, :, 0], by_group[:, :, 1]


def _products(one: Floats, other: Floats) -> Floats:
    """(values × measures) sum over PSUs of the products of deviations."""
    return np.asarray(np.einsum("pvm,pvm->vm", one, other), dtype=np.float64)
