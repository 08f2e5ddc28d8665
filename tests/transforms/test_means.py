"""Means of scores, from answers to published figures, each with its sum spelled out."""

import numpy as np
import pandas as pd
import pytest
from builders import WAVE, margin, raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from totals_rows import published_alone

from transforms.catalogue import EstimationRule, MissingReason, Survey
from transforms.change import changes
from transforms.decode import decode
from transforms.errors import DeclarationError, ReturnRejected
from transforms.estimation import estimates_from_totals, sample_design, wave_totals
from transforms.indicators import indicators
from transforms.periods import periods_of
from transforms.weighting import Calibrated, margin_cells, rake
from transforms.windows import Window, against_rest, difference, wave_by_wave, window_totals

RULE = EstimationRule()
SCORES = {
    "strongly_agree": 2,
    "tend_to_agree": 1,
    "neither": 0,
    "tend_to_disagree": -1,
    "strongly_disagree": -2,
}
AGREEMENT = {
    "label": "Mean agreement",
    "item": "confidence",
    "kind": "mean",
    "scores": SCORES,
    "base_label": "adults who gave an opinion",
    "by": ["area"],
}
AGE = {
    "label": "Mean age",
    "item": "age",
    "kind": "mean",
    "scale": [16, 110],
    "unit": "years",
    "base_label": "all adults who told their age",
}
MEANS = {"measured": {"measures": {"agreement": AGREEMENT, "age": AGE}}}
SURVEY = small_survey(MEANS)


def indicated(changes=None, **columns):
    survey = small_survey(changes or MEANS)
    return indicators(decode(raw_return(small_rows(**columns)), survey, WAVE), survey)


def values(column):
    return [None if np.isnan(value) else value for value in column]


def test_an_answer_scores_and_whoever_gave_none_leaves_the_base():
    #         strongly  tend  neither  strongly not  don't know  refused  blank
    scored = indicated(Q1=[1, 2, 3, 5, 97, 98, np.nan, 4])["agreement"]

    assert values(scored) == [2, 1, 0, -2, None, None, None, -1]


def test_every_reason_leaves_the_base_of_a_mean():
    assert set(SURVEY.measures["agreement"].leaves_base) == set(MissingReason)


def test_a_number_is_its_own_score_and_a_refused_one_has_none():
    ages = [16.0, 20, 31, 110, 998, 45, 45, 60]
    assert values(indicated(age=ages)["age"]) == [16, 20, 31, 110, None, 45, 45, 60]


def test_a_number_beyond_the_items_limits_is_refused_before_it_is_averaged():
    with pytest.raises(ReturnRejected, match=r"age .* holds something else in 1 of 8 rows"):
        indicated(age=[16.0, 20, 31, 111, 998, 45, 45, 60])


def test_a_number_beyond_the_scale_is_refused_even_where_the_item_allows_it():
    narrow = {"measured": {"measures": {"age": AGE | {"scale": [16, 60]}}}}
    with pytest.raises(ReturnRejected, match="2 answers to age in 2026-Q2 lie beyond the scale"):
        indicated(narrow, age=[16.0, 20, 31, 110, 998, 45, 61, 60])


def test_an_answer_without_a_score_is_a_mistake_not_a_missing_answer():
    less = {name: score for name, score in SCORES.items() if name != "neither"}
    lacking = {"measured": {"measures": {"agreement": AGREEMENT | {"scores": less}}}}
    with pytest.raises(DeclarationError, match="agreement has no score for some answers"):
        indicated(lacking)


def test_limits_are_those_of_the_scores_or_the_scale_and_0_and_1_of_a_share():
    limits = {name: measure.limits for name, measure in SURVEY.measures.items()}
    assert limits["agreement"] == (-2, 2)
    assert limits["age"] == (16, 110)
    assert limits["confident"] == (0, 1)
    assert SURVEY.means == {"agreement": (-2, 2), "age": (16, 110)}


def uncalibrated(weights):
    w = np.asarray(weights, dtype=float)
    return Calibrated(w, w, None, "none", 0, 0.0)


def totals_of(scores, weights=None, psu=None, stratum=None, group=None, scale=(0.0, 10.0)):
    """Totals and estimates of one mean `m` of respondents who are each a PSU unless `psu` says."""
    rows = len(scores)
    weights = np.ones(rows) if weights is None else weights
    design = sample_design(
        pd.Series(["s"] * rows if stratum is None else stratum),
        pd.Series(range(rows) if psu is None else psu),
    )
    classified = pd.DataFrame({"group": pd.Categorical(group or ["g"] * rows)})
    totals = wave_totals(
        pd.DataFrame({"m": np.asarray(scores, dtype=float)}),
        classified,
        uncalibrated(weights),
        design,
        {"m": ["group"]},
        means=["m"],
    )
    return totals, estimates_from_totals(totals, RULE, {"m": scale})


def test_a_mean_by_hand():
    """Scores 4, 6, 9 with weights 1, 2, 1: Y = 4 + 12 + 9 = 25, X = 4, r = 6.25.

    Each a PSU: z = w(y − r)/X = −0.5625, −0.125, 0.6875, whose sum is 0; Var = 3/2·Σz².
    """
    totals, estimates = totals_of([4, 6, 9], [1.0, 2.0, 1.0])
    row, total = estimates.iloc[0], totals.iloc[0]

    assert (total["y"], total["x"]) == (25, 4)
    assert total["sum_wy2"] == 1 * 16 + 2 * 36 + 1 * 81
    assert np.isnan(total["n_y"])
    assert row["estimate"] == 6.25
    variance = 3 / 2 * (0.5625**2 + 0.125**2 + 0.6875**2)
    assert row["standard_error"] == pytest.approx(np.sqrt(variance))
    assert row["df"] == 2
    half = stats.t.ppf(0.975, 2) * np.sqrt(variance)
    assert half > 3.75
    # 6.25 + 3.9 would lie beyond the scale's 10, so it is cut there; 6.25 − 3.9 does not.
    assert row["ci_upper"] == 10
    assert row["ci_lower"] == pytest.approx(6.25 - half)
    assert row["interval_method"] == "t"


def test_the_design_effect_of_a_mean_by_hand():
    """As above: weighted variance of the scores (16 + 72 + 81)/4 − 6.25² = 3.1875, over n − 1."""
    _, estimates = totals_of([4, 6, 9], [1.0, 2.0, 1.0])
    row = estimates.iloc[0]
    assert row["deff_design"] == pytest.approx(row["standard_error"] ** 2 / (3.1875 / 2))


def test_a_simple_random_sample_has_a_design_effect_of_1():
    _, estimates = totals_of([0, 3, 5, 6, 6, 8, 10])
    assert estimates.iloc[0]["deff_design"] == pytest.approx(1.0)


@pytest.mark.parametrize("score", [0.0, 1.0, 7.0])
def test_who_all_answered_alike_have_a_mean_and_no_interval(score):
    _, estimates = totals_of([score] * 6, np.arange(1.0, 7.0))
    row = estimates.iloc[0]
    assert row["estimate"] == pytest.approx(score)
    assert row["standard_error"] == 0
    assert np.isnan([row["ci_lower"], row["ci_upper"], row["deff_design"]]).all()


def test_a_single_sampling_point_gives_no_interval():
    _, estimates = totals_of([4, 6, 9, 2], psu=[1, 1, 2, 2], group=["a", "a", "b", "b"])
    part = estimates[estimates["domain_value"] == "a"].iloc[0]
    assert part["df"] == 0
    assert np.isnan(part["ci_lower"])


@pytest.mark.parametrize("scores", [[0, 1, 1, 0, 2, 2], [2, 0, 2, 0, 1, 1]])
def test_a_mean_of_exactly_1_is_not_taken_for_a_share_of_1(scores):
    """Both average (0 + 1 + 1 + 0 + 2 + 2)/6 = 1, and 1 is no end of the scale."""
    _, estimates = totals_of(scores, scale=(0.0, 2.0))
    row = estimates.iloc[0]
    assert row["estimate"] == 1
    assert row["standard_error"] > 0.3
    assert row["ci_lower"] < 1 < row["ci_upper"]


def test_a_mean_of_exactly_0_has_its_variance():
    _, estimates = totals_of([-2, 2, -1, 1, 0, 0], scale=(-2.0, 2.0))
    row = estimates.iloc[0]
    assert row["estimate"] == 0
    assert row["standard_error"] == pytest.approx(np.sqrt(10 / 5 / 6))


@pytest.mark.parametrize("women", [5100, 5000])
def test_a_mean_that_the_margins_explain_wholly_has_no_error_even_at_0(women):
    """Women score 1, men −1, and both are control totals: (5100 − 4900)/10000, or exactly 0."""
    rng = np.random.default_rng(3)
    people = pd.DataFrame(
        {
            "sex": pd.Categorical(rng.choice(["female", "male"], 300)),
            "age": pd.Categorical(rng.choice(["old", "young"], 300)),
        }
    )
    margins = [
        margin("sex", ["sex"], {"female": women, "male": 10000 - women}),
        margin("age", ["age"], {"old": 3700, "young": 6300}),
    ]
    weight, cells = rng.uniform(20, 80, 300), margin_cells(people, margins)
    calibrated = Calibrated(weight, rake(weight, cells).weights, cells, "raking", 1, 0.0)
    design = sample_design(pd.Series(["s"] * 300), pd.Series(range(300)))
    scores = pd.DataFrame({"m": np.where(people["sex"] == "female", 1.0, -1.0)})
    totals = wave_totals(scores, people, calibrated, design, {"m": []}, means=["m"])
    assert totals.iloc[0]["var_y"] > 0  # what rounding leaves
    row = estimates_from_totals(totals, RULE, {"m": (-1.0, 1.0)}).iloc[0]
    assert row["estimate"] == pytest.approx((2 * women - 10000) / 10000, abs=1e-12)
    assert row["standard_error"] == 0


answers = st.lists(st.integers(0, 10), min_size=6, max_size=30).filter(lambda s: len(set(s)) > 1)


@settings(max_examples=30, deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_turning_the_scale_round_turns_the_mean_round(scores, random):
    """10 − y has the mean 10 − r, the same standard error and design effect, and mirrored ends."""
    weights = np.array([random.uniform(1, 5) for _ in scores])
    _, plain = totals_of(scores, weights)
    _, turned = totals_of([10 - score for score in scores], weights)
    one, other = plain.iloc[0], turned.iloc[0]
    assert other["estimate"] == pytest.approx(10 - one["estimate"])
    assert other["standard_error"] == pytest.approx(one["standard_error"])
    assert other["deff_design"] == pytest.approx(one["deff_design"])
    assert other["ci_lower"] == pytest.approx(10 - one["ci_upper"], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=8, max_size=30).filter(lambda s: len(set(s)) > 1))
def test_a_mean_of_noughts_and_ones_is_the_share(scores):
    """The same estimate, standard error and design effect; the interval is another."""
    totals, mean = totals_of(scores, scale=(0.0, 1.0))
    counted = totals.assign(n_y=totals["y"])
    share = estimates_from_totals(counted, RULE)
    for column in ("estimate", "standard_error", "deff_design", "deff_kish", "df"):
        np.testing.assert_allclose(mean[column], share[column], rtol=1e-12)
    assert set(mean["interval_method"]) == {"t"}
    assert set(share["interval_method"]) == {"korn_graubard"}


def test_shares_beside_a_mean_are_what_they_are_alone():
    frame = pd.DataFrame({"s": [1.0, 0, 1, 1, 0, 1], "m": [3.0, 4, 9, 2, np.nan, 7]})
    design = sample_design(pd.Series(["s"] * 6), pd.Series(range(6)))
    weights, nothing = uncalibrated(np.arange(1.0, 7.0)), pd.DataFrame(index=frame.index)
    both = wave_totals(frame, nothing, weights, design, {"s": [], "m": []}, means=["m"])
    alone = wave_totals(frame[["s"]], nothing, weights, design, {"s": []})
    pd.testing.assert_frame_equal(both[:1], alone)
    pd.testing.assert_frame_equal(
        estimates_from_totals(both, RULE, {"m": (0.0, 10.0)})[:1],
        estimates_from_totals(alone, RULE),
    )


def by_wave(*waves):
    """Totals of the mean `m` in waves 2026-Q2 and on, side by side."""
    names = ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"][: len(waves)]
    frames = [
        totals_of(scores, group=group)[0].assign(wave=name, control_total=100.0)
        for name, (scores, group) in zip(names, waves, strict=True)
    ]
    return wave_by_wave(pd.concat(frames), names)


HALVES = ["a", "a", "a", "b", "b", "b"]
FIRST, SECOND = ([1, 4, 5, 6, 9, 10], HALVES), ([2, 2, 5, 7, 8, 9], HALVES)


def test_pooled_waves_have_the_mean_of_all_and_stay_a_mean():
    """(1 + 4 + 5 + 6 + 9 + 10 + 2 + 2 + 5 + 7 + 8 + 9)/12 = 68/12; Σwy² of both waves added."""
    pooled = window_totals(by_wave(FIRST, SECOND), Window(("2026-Q2", "2026-Q3"), (1.0, 1.0)))
    force = pooled.iloc[0]
    assert force["y"] / force["x"] == pytest.approx(68 / 12)
    assert force["sum_wy2"] == sum(y**2 for y in [*FIRST[0], *SECOND[0]])
    assert np.isnan(pooled["n_y"].to_numpy(float)).all()
    row = estimates_from_totals(pooled, RULE, {"m": (0.0, 10.0)}).iloc[0]
    assert row["interval_method"] == "t"
    assert row["ci_lower"] < 68 / 12 < row["ci_upper"]


def test_a_window_with_a_mean_of_exactly_1_keeps_its_degrees_of_freedom():
    """Both waves average 1. Squares about it: 4 of 6 people, then 2 of 10.

    V = 6/5·4 = 4.8 at 5 df and 10/9·2 = 2.22 at 9 df: (4.8 + 2.22)²/(4.8²/5 + 2.22²/9) = 9.56.
    """
    first, second = ([0, 0, 1, 1, 2, 2], HALVES), ([0, *[1] * 8, 2], ["a"] * 10)
    pooled = window_totals(by_wave(first, second), Window(("2026-Q2", "2026-Q3"), (1.0, 1.0)))
    wanted = (4.8 + 20 / 9) ** 2 / (4.8**2 / 5 + (20 / 9) ** 2 / 9)
    assert pooled.iloc[0]["df"] == pytest.approx(wanted)


def test_a_difference_of_means_adds_the_variances_of_both():
    found = difference(
        by_wave(FIRST, SECOND), Window(("2026-Q3",), (1.0,)), Window(("2026-Q2",), (1.0,))
    )
    variances = [totals_of(*one[:1])[1].iloc[0]["standard_error"] ** 2 for one in (FIRST, SECOND)]
    assert found.difference[0] == pytest.approx(33 / 6 - 35 / 6)
    assert found.variance[0] == pytest.approx(sum(variances))
    assert np.isnan(found.fewest).all()


def test_a_part_against_the_rest_is_the_difference_of_two_means():
    """a: (1 + 4 + 5)/3 = 10/3; the rest, b: (6 + 9 + 10)/3 = 25/3."""
    found = against_rest(window_totals(by_wave(FIRST), Window(("2026-Q2",), (1.0,))))
    assert found.difference[0] == pytest.approx(10 / 3 - 25 / 3)
    assert found.variance[0] > 0


def survey_of_m(**rules) -> Survey:
    measure = AGREEMENT | {"label": "M", "item": "age", "scores": {}, "scale": [0, 10]}
    return small_survey({"measured": {"measures": {"m": measure}}, "about": rules})


def test_the_interval_of_a_change_may_be_as_wide_as_the_scale():
    """5.5 − 5.8 with few respondents: the interval reaches beyond ±1, which a share's could not."""
    waves = by_wave(FIRST, SECOND)
    survey = survey_of_m()
    rows = changes(waves, periods_of(survey, waves.waves), survey)
    row = rows[rows["comparison"] == "previous_wave"].iloc[0]
    assert -10 <= row["ci_lower"] < -1 < 1 < row["ci_upper"] <= 10
    assert 0 < row["p_value"] < 1


def withheld(scores, group, **rules):
    totals, estimates = totals_of(scores, group=group, scale=(0.0, 10.0))
    totals, estimates = (
        frame.replace({"domain": {"group": "area"}}) for frame in (totals, estimates)
    )
    return published_alone(estimates, totals, survey_of_m(**rules), WAVE)


def spread(number):
    return [3 + place % 5 for place in range(number)]


def test_a_mean_of_a_small_base_is_withheld_and_a_rare_score_is_not():
    rows = withheld([*spread(49), 0, *spread(60)], ["north"] * 50 + ["south"] * 60)
    assert rows["suppression_reason"].isna().all()
    rows = withheld([*spread(49), *spread(60)], ["north"] * 49 + ["south"] * 60)
    north = rows[rows["domain_value"] == "north"].iloc[0]
    assert north["suppression_reason"] == "fewer than 50 people answered"
    assert north["marker"] == "[u]"
    assert pd.isna(north["estimate"])


def test_a_mean_of_fewer_than_five_is_confidential_and_takes_another_area_with_it():
    """The south's mean and base, with the force's, would give the four people's mean away."""
    rows = withheld(
        [*spread(4), *spread(60)], ["north"] * 4 + ["south"] * 60, reliability={"minimum_base": 1}
    ).set_index("domain_value")
    assert rows.loc["north", "suppression_reason"].startswith("fewer than 5 people answered,")
    assert rows.loc["south", "suppression_reason"] == rows.loc["north", "suppression_reason"]
    assert rows.loc[["north", "south"], "marker"].tolist() == ["[c]", "[c]"]
    assert pd.isna(rows.loc["all", "suppression_reason"])


def test_an_interval_is_wide_by_the_length_of_its_scale():
    """±t·SE of about 0.8 points is narrow on a scale of 10 (30% of it are 3), though not on 0–1."""
    scores = [0, 10, 5, 4, 6] * 12
    _, estimates = totals_of(scores)
    assert 0.3 < estimates.iloc[0]["ci_upper"] - estimates.iloc[0]["ci_lower"] < 3
    shown = withheld(scores, ["north"] * 60)
    assert pd.isna(shown.iloc[0]["marker"])
    narrow = withheld(scores, ["north"] * 60, reliability={"maximum_width": 0.1})
    assert narrow.iloc[0]["marker"] == "[u]"
