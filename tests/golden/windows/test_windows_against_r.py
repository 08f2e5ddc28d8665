"""Windows, their differences, domains against the rest, slopes and families against R.

sample.csv and reference.csv are made by make_sample.py and reference.R (R 4.2.2, survey 4.1-1).
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import MEASURES, margin, small_survey

from transforms.catalogue import Calibration
from transforms.estimation import estimates_from_totals, sample_design, wave_totals
from transforms.families import benjamini_hochberg, holm
from transforms.trend import trends
from transforms.weighting import Calibrated, margin_cells, weights_by_rule
from transforms.windows import (
    Differences,
    WaveTotals,
    Window,
    against_rest,
    difference,
    pooled_weights,
    wave_by_wave,
    window_factors,
    window_totals,
)

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE / "sample.csv")
REFERENCE = pd.read_csv(HERE / "reference.csv", skipinitialspace=True)
WAVES = sorted(SAMPLE["wave"].unique())
POPULATION = dict(zip(WAVES, [10000, 10100, 10250, 10200, 10500, 10400], strict=True))
WINDOWS = {
    **{"first": WAVES[:4], "second": WAVES[1:5], "third": WAVES[2:]},
    **{"early": WAVES[:2], "late": WAVES[4:], "single": WAVES[2:3]},
}
CELLS = {"all": ("all", "all"), "north": ("area", "north"), "male": ("sex", "male")}
SURVEY = small_survey({"measured": {"measures": {"trusts": MEASURES["confident"]}}})


def calibrated(wave: str) -> tuple[pd.DataFrame, Calibrated]:
    """The wave's respondents, raked to its own totals."""
    people = SAMPLE[SAMPLE["wave"] == wave].reset_index(drop=True)
    size = POPULATION[wave]
    margins = [
        margin("area", ["area"], {"east": size * 0.3, "north": size * 0.45, "south": size * 0.25}),
        margin("sex", ["sex"], {"female": size * 0.52, "male": size * 0.48}),
    ]
    cells = margin_cells(people[["area", "sex"]].astype("category"), margins)
    rule = Calibration.model_validate({"margins": ["area", "sex"], "tolerance": 1e-13})
    weight = people["weight"].to_numpy()
    found = weights_by_rule(weight, cells, rule)
    return people, Calibrated(weight, found.weights, cells, "raking", found.iterations, 0.0)


def totals_of(wave: str) -> pd.DataFrame:
    people, weights = calibrated(wave)
    trusts = people["trusts"].where(people["asked"] == 1)
    design = sample_design(people["stratum"], people["point"])
    # R's calibrate() does not scale residuals by their leverage.
    totals = wave_totals(
        trusts.to_frame().astype(float),
        people[["area", "sex"]].astype("category"),
        weights,
        design,
        {"trusts": ["area", "sex"]},
        leverage=False,
    )
    return totals.assign(wave=wave)


@cache
def by_wave() -> WaveTotals:
    return wave_by_wave(pd.concat(map(totals_of, WAVES), ignore_index=True), WAVES)


def window(name: str) -> Window:
    waves = tuple(WINDOWS[name])
    factors = window_factors(by_wave().of_waves(waves).control_totals.tolist(), "equal")
    return Window(waves, factors)


def row_of(cells: pd.DataFrame, domain: str) -> int:
    chosen = (cells["domain"] == CELLS[domain][0]) & (cells["domain_value"] == CELLS[domain][1])
    return int(np.flatnonzero(chosen)[0])


def r(what: str, window: str, domain: str, statistic: str) -> float:
    chosen = REFERENCE[
        (REFERENCE.what == what) & (REFERENCE.window == window) & (REFERENCE.domain == domain)
    ]
    return float(chosen.set_index("statistic")["value"][statistic])


def assert_is_rs(found: Differences, what: str, name: str, domain: str) -> None:
    row = row_of(found.cells, domain)
    wanted = [r(what, name, domain, statistic) for statistic in ("estimate", "se")]
    assert (found.difference[row], np.sqrt(found.variance[row])) == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("domain", CELLS)
@pytest.mark.parametrize("name", WINDOWS)
def test_the_share_of_a_window_and_its_error_are_rs(name, domain):
    found = estimates_from_totals(
        window_totals(by_wave(), window(name)), SURVEY.about.estimation
    ).iloc[[row_of(by_wave().cells, domain)]]
    assert found["estimate"].item() == pytest.approx(
        r("window", name, domain, "estimate"), rel=1e-8
    )
    assert found["standard_error"].item() == pytest.approx(
        r("window", name, domain, "se"), rel=1e-8
    )


@pytest.mark.parametrize("domain", CELLS)
@pytest.mark.parametrize(
    ("now", "before"),
    [
        *(("third", "first"), ("second", "first"), ("third", "second"), ("late", "early")),
        ("late", "single"),
    ],
)
def test_differences_of_windows_that_overlap_or_not_are_rs(now, before, domain):
    found = difference(by_wave(), window(now), window(before))
    assert_is_rs(found, "difference", f"{now}-{before}", domain)


@pytest.mark.parametrize("name", ["first", "single"])
@pytest.mark.parametrize("domain", ["north", "male"])
def test_a_domain_against_the_rest_is_rs(name, domain):
    """Sexes share sampling points, so their totals are correlated; areas are tied by raking."""
    assert_is_rs(against_rest(window_totals(by_wave(), window(name))), "rest", name, domain)


@pytest.mark.parametrize("domain", CELLS)
def test_the_slope_over_waves_is_rs(domain):
    found = trends(by_wave(), SURVEY)
    row = found.iloc[row_of(found, domain)]
    wanted = [r("slope", "plain", domain, statistic) for statistic in ("estimate", "se")]
    assert (row["slope"], row["standard_error"]) == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(("adjust", "name"), [(holm, "holm"), (benjamini_hochberg, "BH")])
def test_families_are_adjusted_as_r_does(adjust, name):
    p_values = REFERENCE[(REFERENCE.what == "p.adjust") & (REFERENCE.window == name)]
    raw = p_values["statistic"].astype(float).to_numpy()
    assert adjust(raw) == pytest.approx(p_values["value"].to_numpy(), rel=1e-12)


def test_pooled_weights_add_up_to_the_windows_totals():
    weights = np.concatenate([calibrated(wave)[1].weights for wave in WAVES])
    first = window("first")
    pooled = pooled_weights(weights, SAMPLE["wave"].tolist(), first) * SAMPLE["asked"]
    totals = window_totals(by_wave(), first).iloc[0]
    assert pooled.sum() == pytest.approx(totals["x"], rel=1e-12)
    assert (pooled * SAMPLE["trusts"]).sum() == pytest.approx(totals["y"], rel=1e-12)
    assert (pooled[SAMPLE["wave"] == WAVES[4]] == 0).all()
