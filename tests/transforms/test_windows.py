"""Windows and differences of windows: worked by hand, and what must hold for any totals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.linalg import block_diag
from totals_rows import total

from transforms.catalogue import EstimationRule
from transforms.errors import ContractError, EstimationError
from transforms.estimation import estimates_from_totals, share_variances, shares
from transforms.windows import (
    WaveTotals,
    Window,
    difference,
    satterthwaite,
    wave_by_wave,
    window_factors,
    window_totals,
)

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WAVES = [f"W{number}" for number in range(1, 9)]
CELLS = [("all", "all"), ("area", "north"), ("area", "south")]


def random_wave(wave: str, rng: np.random.Generator) -> list[dict[str, object]]:
    """Rows of estimate.total of two areas that add up to the force, with any covariances."""
    rows = []
    for domain, value in CELLS[1:]:
        n = int(rng.integers(20, 400))
        n_y = int(rng.integers(5, n - 5))
        weight = rng.uniform(5, 30)
        root = rng.normal(size=(2, 3)) * np.sqrt(n) * weight / 3
        covariance = root @ root.T
        figures = {
            **{"y": n_y * weight, "x": n * weight, "sum_w2": n * weight**2 * 1.3},
            **{"var_y": covariance[0, 0], "var_x": covariance[1, 1], "cov_yx": covariance[0, 1]},
        }
        df = int(rng.integers(2, 60))
        rows.append({**total(wave, n_y, n, domain, value, df=df), **figures})
    sums = {
        name: rows[0][name] + rows[1][name]  # type: ignore[operator]
        for name in ("y", "x", "var_y", "var_x", "cov_yx", "sum_w2", "n", "n_y", "df")
    }
    control_total = float(rng.uniform(8000, 12000))
    return [{**row, "control_total": control_total} for row in ({**total(wave, 1), **sums}, *rows)]


@st.composite
def histories(draw: st.DrawFn) -> WaveTotals:
    """Two to eight waves of random totals."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    waves = WAVES[: draw(st.integers(2, 8))]
    rows = [row for wave in waves for row in random_wave(wave, rng)]
    return wave_by_wave(pd.DataFrame(rows), WAVES)


@st.composite
def windowed(draw: st.DrawFn) -> tuple[WaveTotals, Window, Window]:
    """A history and any two windows of it, overlapping or not."""
    history = draw(histories())
    return history, draw(window_in(history)), draw(window_in(history))


@st.composite
def window_in(draw: st.DrawFn, history: WaveTotals) -> Window:
    chosen = draw(st.sets(st.sampled_from(history.waves), min_size=1))
    waves = tuple(wave for wave in history.waves if wave in chosen)
    control_totals = history.of_waves(waves).control_totals.tolist()
    return Window(
        waves, window_factors(control_totals, draw(st.sampled_from(["equal", "population"])))
    )


def by_delta_method(history: WaveTotals, now: Window, before: Window, cell: int) -> float:
    """The variance of r_S − r_T from its gradient in every wave's (Y, X), written out in full."""
    figures = {name: values[:, cell] for name, values in history.figures.items()}
    gradient = np.zeros(2 * len(history.waves))
    for window, sign in ((now, 1.0), (before, -1.0)):
        a = window.over(history.waves)
        y, x = a @ figures["y"], a @ figures["x"]
        gradient[0::2] += sign * a / x
        gradient[1::2] -= sign * a * y / x**2
    covariance = block_diag(
        *(
            [
                [figures["var_y"][q], figures["cov_yx"][q]],
                [figures["cov_yx"][q], figures["var_x"][q]],
            ]
            for q in range(len(history.waves))
        )
    )
    return float(gradient @ covariance @ gradient)


# By hand ------------------------------------------------------------------------------------


def test_equal_factors_make_every_wave_count_alike():
    """Populations 9,000 and 11,000: the mean is 10,000, so 10/9 and 10/11."""
    assert window_factors([9000.0, 11000.0], "equal") == pytest.approx((10 / 9, 10 / 11))
    assert window_factors([9000.0, 11000.0], "population") == (1.0, 1.0)


def test_a_window_is_a_combined_ratio_not_a_mean_of_percentages():
    """100 of 200 and 30 of 300, unit weights and equal populations: 130/500, not (50% + 10%)/2."""
    history = wave_by_wave(pd.DataFrame([total("W1", 100, 200), total("W2", 30, 300)]), WAVES)
    found = window_totals(history, Window(("W1", "W2"), (1.0, 1.0))).iloc[0]
    assert shares(pd.DataFrame([found]))[0] == pytest.approx(130 / 500)
    # V(Y) = 64 in each wave and V(X) = C = 0: SE = √128/500; base and Kish base add up.
    variance = share_variances(pd.DataFrame([found]), np.array([130 / 500]))
    assert variance[0] == pytest.approx(128 / 500**2)
    assert (found["n"], found["n_y"], found["sum_w2"]) == (500, 130, 500.0)


def test_a_windows_degrees_of_freedom_are_satterthwaites():
    """Variances 2² and 4² with 10 and 40 df: (4 + 16)²/(16/10 + 256/40) = 50."""
    rows = [total("W1", 100, deviation=2, df=10), total("W2", 100, deviation=4, df=40)]
    found = window_totals(wave_by_wave(pd.DataFrame(rows), WAVES), Window(("W1", "W2"), (1.0, 1.0)))
    assert found["df"].item() == pytest.approx(400 / (16 / 10 + 256 / 40))


def test_a_wave_whose_variance_is_rounding_error_takes_no_degrees_of_freedom_away():
    """Two respondents make up a margin category, so V is 0: 1e-24 of it is left, and no df."""
    rows = [
        total("W1", 30, 100, deviation=2, df=10),
        {**total("W2", 2, 2, deviation=1e-12, df=0), "cov_yx": 1e-24, "var_x": 1e-24},
    ]
    found = window_totals(wave_by_wave(pd.DataFrame(rows), WAVES), Window(("W1", "W2"), (1.0, 1.0)))
    assert found["df"].item() == pytest.approx(10)
    assert estimates_from_totals(found, EstimationRule())["ci_lower"].notna().all()


def test_equal_variances_and_df_double_the_degrees_of_freedom():
    assert satterthwaite(np.full((2, 1), 2.0), np.full((2, 1), 10.0)) == pytest.approx([20])


def test_a_part_without_variance_adds_no_uncertainty_to_the_df():
    found = satterthwaite(np.array([[2.0], [0.0]]), np.array([[10.0], [0.0]]))
    assert found == pytest.approx([10])


def test_a_variance_without_degrees_of_freedom_leaves_none():
    assert satterthwaite(np.array([[2.0], [1.0]]), np.array([[10.0], [0.0]])) == pytest.approx([0])


def test_nobody_or_everybody_in_all_waves_has_no_variance_and_all_degrees_of_freedom():
    rows = [total(wave, 0, deviation=0, df=12) for wave in ("W1", "W2")]
    found = window_totals(wave_by_wave(pd.DataFrame(rows), WAVES), Window(("W1", "W2"), (1.0, 1.0)))
    assert found["df"].item() == 24
    figure = estimates_from_totals(found, EstimationRule()).iloc[0]
    assert (figure["estimate"], figure["standard_error"], figure["ci_lower"]) == (0, 0, 0)
    assert 0 < figure["ci_upper"] < 0.02


def test_uncalibrated_waves_cannot_count_alike():
    with pytest.raises(EstimationError, match="factors: population"):
        window_factors([10000.0, np.nan], "equal")


def test_a_wave_that_is_not_held_is_named():
    history = wave_by_wave(pd.DataFrame([total("W1", 100)]), WAVES)
    with pytest.raises(ContractError, match="no totals of W2"):
        window_totals(history, Window(("W1", "W2"), (1.0, 1.0)))


def test_a_cell_that_one_wave_lacks_is_in_no_window_with_it():
    rows = [total("W1", 100), total("W1", 50, 100, "sex", "male"), total("W2", 100)]
    found = window_totals(wave_by_wave(pd.DataFrame(rows), WAVES), Window(("W1", "W2"), (1.0, 1.0)))
    assert found["domain"].tolist() == ["all"]


# For any totals -----------------------------------------------------------------------------


@FEW
@given(histories())
def test_a_window_of_one_wave_is_that_wave(history):
    wave = history.waves[-1]
    found = window_totals(history, Window((wave,), window_factors([1e4], "equal")))
    place = history.waves.index(wave)
    for name, values in history.figures.items():
        assert found[name].to_numpy().tolist() == values[place].tolist()


@FEW
@given(histories(), st.data())
def test_a_window_does_not_differ_from_itself(history, data):
    window = data.draw(window_in(history))
    found = difference(history, window, window)
    assert (found.difference == 0).all()
    assert (found.variance == 0).all()


@FEW
@given(windowed())
def test_any_two_windows_have_the_variance_that_the_delta_method_gives(drawn):
    history, now, before = drawn
    found = difference(history, now, before)
    for cell in range(len(history.cells)):
        wanted = by_delta_method(history, now, before, cell)
        assert found.variance[cell] == pytest.approx(wanted, rel=1e-8, abs=1e-13)


@FEW
@given(histories())
def test_windows_without_a_common_wave_add_their_variances(history):
    half = len(history.waves) // 2
    windows = [
        Window(waves, (1.0,) * len(waves)) for waves in (history.waves[:half], history.waves[half:])
    ]
    each = [window_totals(history, window) for window in windows]
    added = sum(share_variances(totals, shares(totals)) for totals in each)
    assert difference(history, windows[1], windows[0]).variance == pytest.approx(added, rel=1e-9)


@FEW
@given(histories(), st.data())
def test_areas_add_up_to_the_force_in_any_window(history, data):
    totals = window_totals(history, data.draw(window_in(history))).set_index("domain_value")
    for name in ("y", "x", "n", "n_y", "sum_w2"):
        assert totals.loc[["north", "south"], name].sum() == pytest.approx(totals.loc["all", name])


@FEW
@given(windowed(), st.floats(0.001, 1000))
def test_the_unit_of_the_weights_changes_no_share_and_no_error(drawn, unit):
    history, now, before = drawn
    plain = difference(history, now, before)
    powers = {"y": 1, "x": 1, "n": 0, "n_y": 0, "psus": 0, "strata": 0, "df": 0}
    scaled = WaveTotals(
        waves=history.waves,
        cells=history.cells,
        figures={n: v * unit ** powers.get(n, 2) for n, v in history.figures.items()},
        present=history.present,
        control_totals=history.control_totals * unit,
    )
    found = difference(scaled, now, before)
    assert found.difference == pytest.approx(plain.difference, abs=1e-12)
    assert np.sqrt(found.variance) == pytest.approx(np.sqrt(plain.variance), rel=1e-6, abs=1e-9)


@FEW
@given(histories(), st.data())
def test_the_order_of_rows_changes_nothing(history, data):
    rows = [row for wave in history.waves for row in random_wave(wave, np.random.default_rng(7))]
    shuffled = data.draw(st.permutations(rows))
    window = Window(history.waves, (1.0,) * len(history.waves))
    one, other = (
        window_totals(wave_by_wave(pd.DataFrame(each), WAVES), window)
        .sort_values(["domain", "domain_value"])
        .reset_index(drop=True)
        for each in (rows, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)
