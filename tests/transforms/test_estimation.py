"""Totals, variances, intervals and bases: worked by hand, and properties of the whole."""

import numpy as np
import pandas as pd
import pytest
from builders import margin
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from transforms.catalogue import EstimationRule
from transforms.errors import DesignError
from transforms.estimation import (
    estimates_from_totals,
    sample_design,
    totals_with_covariance,
    wave_totals,
    wilson,
)
from transforms.weighting import Calibrated, margin_cells, rake

RULE = EstimationRule()
GROUPS = margin("g", ["g"], {"p": 60, "q": 40})


def uncalibrated(weights: list[float]) -> Calibrated:
    array = np.array(weights, dtype=float)
    return Calibrated(array, array, None, "none", 0, 0.0)


def totals_of(
    y: list[float],
    weights: list[float],
    stratum: list[str],
    psu: list[str],
    domain: list[str] | None = None,
    calibrated: Calibrated | None = None,
    leverage: bool = False,
) -> pd.DataFrame:
    frame = pd.DataFrame({"m": y}, dtype=float)
    classified = pd.DataFrame({"d": pd.Categorical(domain or ["a"] * len(y))})
    design = sample_design(pd.Series(stratum), pd.Series(psu))
    return wave_totals(
        frame,
        classified,
        calibrated or uncalibrated(weights),
        design,
        {"m": ["d"]},
        leverage=leverage,
    )


def force(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["domain"] == "all"].iloc[0]


def test_share_and_bases_by_hand():
    """w = 1, 2, 3, 2 and the last respondent outside the base."""
    totals = totals_of([1, 0, 1, np.nan], [1, 2, 3, 2], ["s"] * 4, list("abcd"))
    row = force(totals)
    assert row["y"] == 1 * 1 + 3 * 1
    assert row["x"] == 1 + 2 + 3
    assert (row["n"], row["n_y"]) == (3, 2)
    estimate = force(estimates_from_totals(totals, RULE))
    assert estimate["estimate"] == pytest.approx(4 / 6)
    assert estimate["effective_base"] == pytest.approx(6**2 / (1 + 4 + 9))
    assert estimate["weighted_base"] == 6
    assert estimate["unweighted_base"] == 3


def test_variance_of_a_share_by_hand():
    """Two strata of two PSUs: linearised PSU totals z = Σw(y − r)/X, Var = Σ 2/1·Σ(z − z̄)²."""
    y, w = [1, 0, 1, 1], [1.0, 1.0, 2.0, 4.0]
    totals = totals_of(y, w, ["s", "s", "t", "t"], list("abcd"))
    r = (1 + 2 + 4) / 8
    z = [1 * (1 - r) / 8, 1 * (0 - r) / 8, 2 * (1 - r) / 8, 4 * (1 - r) / 8]
    variance = 2 * sum((v - (z[0] + z[1]) / 2) ** 2 for v in z[:2])
    variance += 2 * sum((v - (z[2] + z[3]) / 2) ** 2 for v in z[2:])
    estimate = force(estimates_from_totals(totals, RULE))
    assert estimate["standard_error"] == pytest.approx(np.sqrt(variance))
    assert estimate["df"] == 4 - 2


def test_rows_outside_a_domain_stay_in_its_variance():
    """Domain a: PSU totals 1(1 − r), −, … with zeros for the PSUs without it, n_h = 4 not 2."""
    totals = totals_of([1, 0, 1, 0], [1] * 4, ["s"] * 4, list("abcd"), ["a", "a", "b", "b"])
    row = estimates_from_totals(totals, RULE).query("domain_value == 'a'").iloc[0]
    z = np.array([0.5, -0.5, 0, 0]) / 2
    assert row["standard_error"] == pytest.approx(np.sqrt(4 / 3 * ((z - z.mean()) ** 2).sum()))
    assert row["df"] == 2 - 1


def test_calibration_residuals_by_hand():
    """Two post-strata of two: e = y − the weighted mean of y in the post-stratum."""
    y, design = [1.0, 0.0, 1.0, 1.0], np.array([1.0, 3.0, 1.0, 1.0])
    calibrated = post_stratified(design)
    totals = totals_of(y, [], ["s"] * 4, list("abcd"), calibrated=calibrated)
    means = [(1 * 1 + 3 * 0) / 4] * 2 + [1.0] * 2
    e = calibrated.weights * (np.array(y) - means)
    assert force(totals)["var_y"] == pytest.approx(4 / 3 * ((e - e.mean()) ** 2).sum())
    # The population is known, so its size has no variance.
    assert force(totals)["var_x"] == pytest.approx(0, abs=1e-18)


def test_leverage_scales_each_residual():
    """Within a post-stratum h_i = d_i/Σd: residuals are divided by √(1 − h_i)."""
    y, design = [1.0, 0.0, 1.0, 0.0], np.array([1.0, 3.0, 1.0, 1.0])
    calibrated = post_stratified(design)
    totals = totals_of(y, [], ["s"] * 4, list("abcd"), calibrated=calibrated, leverage=True)
    means = np.array([0.25, 0.25, 0.5, 0.5])
    hat = np.array([1 / 4, 3 / 4, 1 / 2, 1 / 2])
    e = calibrated.weights * (np.array(y) - means) / np.sqrt(1 - hat)
    assert force(totals)["var_y"] == pytest.approx(4 / 3 * ((e - e.mean()) ** 2).sum())


def test_a_respondent_alone_in_a_margin_category_has_no_residual():
    """Leverage 1: the margin explains the respondent wholly; 1/√0 must not be formed."""
    classified = pd.DataFrame({"g": pd.Categorical(["p", "p", "p", "q"])})
    cells = margin_cells(classified, [GROUPS])
    raked = rake(np.ones(4), cells)
    calibrated = Calibrated(np.ones(4), raked.weights, cells, "raking", 1, 0.0)
    totals = totals_of(
        [1, 0, 1, 1], [], ["s"] * 4, list("abcd"), calibrated=calibrated, leverage=True
    )
    assert np.isfinite(totals["var_y"]).all()


def post_stratified(design: np.ndarray) -> Calibrated:
    classified = pd.DataFrame({"g": pd.Categorical(["p", "p", "q", "q"])})
    cells = margin_cells(classified, [GROUPS])
    raked = rake(design, cells)
    return Calibrated(design, raked.weights, cells, "raking", raked.iterations, 0.0)


def test_a_lonely_psu_is_refused_by_default():
    with pytest.raises(DesignError, match="Stratum t holds a single sampling point"):
        sample_design(pd.Series(["s", "s", "t"]), pd.Series(list("abc")))


def test_the_same_psu_name_in_two_strata_is_two_psus():
    design = sample_design(pd.Series(["s", "s", "t", "t"]), pd.Series(["1", "2", "1", "2"]))
    assert design.psus == 4


def test_finite_population_correction_by_hand():
    """Two of 4 points in s, two of 2 in t: V(Y) = (1 − 2/4)·2·Σ(z − z̄)² in s, nothing in t."""
    design = sample_design(
        pd.Series(["s", "s", "t", "t"]), pd.Series(list("abcd")), "fail", pd.Series([4, 4, 2, 2])
    )
    y, w = pd.DataFrame({"m": [1.0, 0.0, 1.0, 0.0]}), [3.0, 2.0, 5.0, 7.0]
    totals = wave_totals(y, pd.DataFrame(index=y.index), uncalibrated(w), design, {"m": []})
    z = [3 * 1, 2 * 0]
    expected = (1 - 2 / 4) * 2 * sum((value - (z[0] + z[1]) / 2) ** 2 for value in z)
    assert force(totals)["var_y"] == pytest.approx(expected)


def test_a_large_population_corrects_nothing():
    strata, points = pd.Series(["s"] * 3), pd.Series(list("abc"))
    y, weights = pd.DataFrame({"m": [1.0, 0.0, 1.0]}), uncalibrated([1, 2, 3])
    designs = [
        sample_design(strata, points),
        sample_design(strata, points, population_psus=pd.Series([np.inf] * 3)),
    ]
    plain, infinite = (
        wave_totals(y, pd.DataFrame(index=y.index), weights, design, {"m": []})
        for design in designs
    )
    pd.testing.assert_frame_equal(plain, infinite)


@pytest.mark.parametrize(
    ("population", "found"),
    [
        ([4, 5, 9, 9], "Stratum s has not one and the same number of sampling points"),
        ([4, np.nan, 9, 9], "Stratum s has not one and the same number of sampling points"),
        ([9, 9, 1, 1], "Stratum t has fewer sampling points in the population than were drawn"),
        ([0.5, 0.5, 9, 9], "Stratum s has fewer sampling points in the population"),
    ],
)
def test_populations_of_points_that_cannot_be_are_refused(population, found):
    with pytest.raises(DesignError, match=found):
        sample_design(
            pd.Series(["s", "s", "t", "t"]), pd.Series(list("abcd")), "fail", pd.Series(population)
        )


def test_the_only_point_of_a_stratum_is_not_lonely():
    population = pd.Series([9, 9, 1])
    design = sample_design(pd.Series(["s", "s", "t"]), pd.Series(list("abc")), "fail", population)
    assert not design.lonely.any()


def test_lonely_points_alone_leave_nothing_to_average():
    with pytest.raises(DesignError, match="no variance to average"):
        sample_design(pd.Series(["s", "t"]), pd.Series(["a", "b"]), "average")


def test_totals_with_covariance_by_hand():
    """One stratum of two: V = 2·Σ(z − z̄)², C = 2·Σ(z − z̄)(u − ū); the mean is a ratio."""
    design = sample_design(pd.Series(["s", "s"]), pd.Series(["a", "b"]))
    found = totals_with_covariance(np.array([[4.0, 1], [7, 1]]), uncalibrated([1, 3]), design)
    assert found.totals == pytest.approx([1 * 4 + 3 * 7, 1 + 3])
    z, u = np.array([4, 21.0]), np.array([1, 3.0])
    assert found.covariance == pytest.approx(
        2
        * np.array(
            [
                [((z - 12.5) ** 2).sum(), ((z - 12.5) * (u - 2)).sum()],
                [((z - 12.5) * (u - 2)).sum(), ((u - 2) ** 2).sum()],
            ]
        )
    )
    mean, error = found.ratio(0, 1)
    residual = (z - 25 / 4 * u) / 4
    assert (mean, error) == pytest.approx((25 / 4, np.sqrt(2 * (residual**2).sum())))


def test_wilson_by_hand():
    """11 of one point each: n_e = r(1 − r)/Var = n − 1 = 10, c = t²₁₀/10, as published formula."""
    y = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    totals = totals_of(y, [1] * 11, ["s"] * 11, [str(i) for i in range(11)])
    row = force(estimates_from_totals(totals, EstimationRule(interval="wilson")))
    r, c = 3 / 11, stats.t.ppf(0.975, 10) ** 2 / 10
    middle, half = (r + c / 2) / (1 + c), np.sqrt(c * r * (1 - r) + c * c / 4) / (1 + c)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((middle - half, middle + half))
    # Its ends are where a score test just rejects: (r − p)² = c·p(1 − p).
    assert (r - row["ci_lower"]) ** 2 == pytest.approx(c * row["ci_lower"] * (1 - row["ci_lower"]))


def test_wilson_counts_lost_degrees_of_freedom_once():
    """Six points of two in one stratum: df = 5, c = t²₅·Var/[r(1 − r)], not also t²₁₁."""
    share, variance = np.array([0.3]), np.array([0.03])
    twelve, five = np.array([12.0]), np.array([5.0])
    ends = wilson(share, variance, twelve, twelve, five, 0.95)
    c = stats.t.ppf(0.975, 5) ** 2 * 0.03 / (0.3 * 0.7)
    assert (0.3 - ends.upper[0]) ** 2 == pytest.approx(c * ends.upper[0] * (1 - ends.upper[0]))


def test_wilson_where_nobody_says_yes():
    """r = 0: the ends are 0 exactly and c/(1 + c) at Kish's base 4, c = t²₃/4."""
    totals = totals_of([0, 0, 0, 0], [1] * 4, ["s"] * 4, list("abcd"))
    row = force(estimates_from_totals(totals, EstimationRule(interval="wilson")))
    c = stats.t.ppf(0.975, 3) ** 2 / 4
    assert row["ci_lower"] == 0
    assert row["ci_upper"] == pytest.approx(c / (1 + c))


def test_clopper_pearson_at_a_simple_random_sample():
    """Equal weights and no clusters: the effective base is r(1 − r)/Var = n − 1 = 10."""
    y = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    totals = totals_of(y, [1] * 11, ["s"] * 11, [str(i) for i in range(11)])
    row = force(estimates_from_totals(totals, RULE))
    base = 10  # r(1 − r)/Var = n − 1
    lower = stats.beta.ppf(0.025, base * 3 / 11, base * 8 / 11 + 1)
    upper = stats.beta.ppf(0.975, base * 3 / 11 + 1, base * 8 / 11)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((lower, upper))


def test_nobody_says_yes():
    """r = 0 exactly: no variance, the lower end 0, the upper 1 − (α/2)^(1/n) at Kish's base."""
    totals = totals_of([0, 0, 0, 0], [1] * 4, ["s"] * 4, list("abcd"))
    row = force(estimates_from_totals(totals, RULE))
    assert (row["estimate"], row["standard_error"], row["ci_lower"]) == (0, 0, 0)
    assert row["ci_upper"] == pytest.approx(1 - 0.025 ** (1 / 4))


def test_everybody_says_yes_is_exactly_one_whatever_the_weights():
    totals = totals_of([1, 1, 1], [0.1, 0.2, 0.3], ["s"] * 3, list("abc"))
    row = force(estimates_from_totals(totals, RULE))
    assert (row["estimate"], row["ci_upper"], row["standard_error"]) == (1, 1, 0)
    assert row["ci_lower"] < 1


def test_a_domain_without_respondents_has_no_estimate():
    frame = pd.DataFrame({"m": [1.0, 0.0]})
    classified = pd.DataFrame({"d": pd.Categorical(["a", "a"], categories=["a", "b"])})
    design = sample_design(pd.Series(["s", "s"]), pd.Series(["1", "2"]))
    totals = wave_totals(frame, classified, uncalibrated([1, 1]), design, {"m": ["d"]})
    row = estimates_from_totals(totals, RULE).query("domain_value == 'b'").iloc[0]
    assert row["unweighted_base"] == 0
    assert row[["estimate", "standard_error", "ci_lower", "weighted_base"]].isna().all()


@st.composite
def waves(draw):
    """Answers with some missing, weights, strata, PSUs and a two-way domain."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    psus = draw(st.integers(6, 20))
    psu = np.repeat(np.arange(psus), 3)
    y = np.where(rng.random(len(psu)) < 0.1, np.nan, rng.integers(0, 2, len(psu)))
    people = pd.DataFrame(
        {
            "m": y,
            "psu": psu.astype(str),
            "stratum": np.where(psu < psus // 2, "s", "t"),
            "d": pd.Categorical(rng.choice(["a", "b"], len(psu)), categories=["a", "b"]),
            "w": rng.gamma(2, 1, len(psu)) + 0.1,
        }
    )
    return people


def totals_of_people(people: pd.DataFrame) -> pd.DataFrame:
    return wave_totals(
        people[["m"]],
        people[["d"]],
        uncalibrated(people["w"].tolist()),
        sample_design(people["stratum"], people["psu"]),
        {"m": ["d"]},
    )


def test_measures_and_classifications_in_one_pass_are_as_each_by_itself(monkeypatch):
    """Together, apart, and with an array over PSUs that holds one measure at a time."""
    rng = np.random.default_rng(5)
    answers = np.where(rng.random((60, 3)) < 0.2, np.nan, rng.integers(0, 2, (60, 3)))
    indicators = pd.DataFrame(answers, columns=["m1", "m2", "m3"])
    classified = pd.DataFrame(
        {
            "d": pd.Categorical(rng.choice(["a", "b"], 60)),
            "e": pd.Categorical(rng.choice(["u", "v", None], 60), categories=["v", "u", "w"]),
        }
    )
    by = {"m1": ["e", "d"], "m2": [], "m3": ["d"]}
    design = sample_design(pd.Series(np.arange(60) % 2), pd.Series(np.arange(60) % 12))
    weights = uncalibrated(list(rng.random(60) + 0.1))
    together = wave_totals(indicators, classified, weights, design, by)
    apart = [wave_totals(indicators[[m]], classified, weights, design, by) for m in by]
    pd.testing.assert_frame_equal(together, pd.concat(apart, ignore_index=True), rtol=1e-14)
    assert list(together["measure"] + " " + together["domain_value"]) == [
        *("m1 all", "m1 v", "m1 u", "m1 w", "m1 a", "m1 b", "m2 all", "m3 all", "m3 a", "m3 b"),
    ]
    monkeypatch.setattr("transforms.estimation.totals.LARGEST_PASS", 1)
    piecemeal = wave_totals(indicators, classified, weights, design, by)
    pd.testing.assert_frame_equal(piecemeal, together, rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(waves())
def test_domains_add_up_to_the_force(people):
    totals = totals_of_people(people)
    parts = totals[totals["domain"] == "d"]
    whole = force(totals)
    for column in ["y", "x", "n", "n_y", "sum_w2"]:
        assert parts[column].sum() == pytest.approx(whole[column])
    # Cov(force, force) is the sum of the parts' covariances with the force.
    assert parts["cov_y_force_y"].sum() == pytest.approx(whole["var_y"])
    assert parts["cov_x_force_y"].sum() == pytest.approx(whole["cov_yx"])


@settings(max_examples=50, deadline=None)
@given(waves(), st.floats(1e-3, 1e4))
def test_scaling_weights_and_shuffling_rows_change_no_share(people, scale):
    before = estimates_from_totals(totals_of_people(people), RULE)
    shuffled = people.sample(frac=1, random_state=1).reset_index(drop=True)
    shuffled["w"] *= scale
    after = estimates_from_totals(totals_of_people(shuffled), RULE)
    columns = ["estimate", "standard_error", "ci_lower", "ci_upper", "effective_base", "df"]
    np.testing.assert_allclose(
        after[columns].astype(float), before[columns].astype(float), rtol=1e-7, atol=1e-12
    )


@settings(max_examples=50, deadline=None)
@given(waves())
def test_intervals_hold_their_estimate_and_stay_within_0_and_1(people):
    estimates = estimates_from_totals(totals_of_people(people), RULE).dropna(subset=["ci_lower"])
    assert (estimates["ci_lower"] <= estimates["estimate"] + 1e-12).all()
    assert (estimates["estimate"] <= estimates["ci_upper"] + 1e-12).all()
    assert (
        estimates[["ci_lower", "ci_upper"]].clip(0, 1) == estimates[["ci_lower", "ci_upper"]]
    ).all(axis=None)


def test_a_measure_that_is_a_margin_has_no_standard_error_and_no_interval():
    """The margin fixes it at 60 of 100; what arithmetic leaves of its residuals is no spread."""
    rng = np.random.default_rng(5)
    people = pd.DataFrame({"g": rng.choice(["p", "q"], 40), "h": rng.choice(["r", "s", "t"], 40)})
    weights = rng.gamma(2, 10, 40)
    other = margin("h", ["h"], {"r": 30, "s": 30, "t": 40})
    cells = margin_cells(people.astype("category"), [GROUPS, other])
    calibrated = Calibrated(weights, rake(weights, cells).weights, cells, "raking", 1, 0.0)
    y = (people["g"] == "p").astype(float).tolist()
    names = [str(number) for number in range(40)]
    totals = totals_of(y, list(weights), ["s"] * 40, names, calibrated=calibrated)
    row = force(estimates_from_totals(totals, RULE))
    assert row["estimate"] == pytest.approx(0.6, rel=1e-12)
    assert row["standard_error"] == 0
    assert np.isnan([row["ci_lower"], row["ci_upper"]]).all()


@pytest.mark.parametrize("name", ["stratum", "psu"])
@pytest.mark.parametrize("known", [[1.0, 1.0, 2.0], ["a", "a", "b"]])
def test_a_respondent_without_stratum_or_psu_is_refused(name, known):
    """Those without would otherwise become one sampling point together."""
    columns = {"stratum": pd.Series(["s"] * 4), "psu": pd.Series([1, 2, 3, 4])}
    columns[name] = pd.Series([*known, None])
    with pytest.raises(DesignError, match="1 respondents have no"):
        sample_design(**columns)
