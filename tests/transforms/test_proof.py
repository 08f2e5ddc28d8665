"""The simulation study: its truth, what it counts, and what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.estimation import sample_design
from transforms.proof import Outcomes, collected, examined, headline_outcomes, study_of
from transforms.proof.drawing import draw_wave, outcomes_of
from transforms.proof.figures import Rate, mean_of, rate
from transforms.proof.outcomes import SHARES, chances
from transforms.proof.tables import bands, meets
from warehouse.declaration import load_survey

WAVES, AREAS = 2, 7


@pytest.fixture(scope="module")
def study():
    return study_of(load_survey("west_midlands"), headline_outcomes(WAVES, AREAS))


@pytest.fixture(scope="module")
def drifting():
    outcomes = headline_outcomes(WAVES, AREAS)
    return study_of(load_survey("west_midlands"), outcomes, drifting=True)


@pytest.fixture(scope="module")
def found(study):
    seeds = np.random.SeedSequence(1).spawn(30)
    return collected(examined(study, seeds[first : first + 10]) for first in (0, 10, 20))


def test_chances_give_each_group_its_truth():
    """Two groups of three cells: Σ adults × chance / Σ adults is the truth, with any effects."""
    adults = np.array([100.0, 500.0, 300.0, 250.0, 600.0, 250.0])
    group = np.array([0, 1, 0, 1, 0, 1])
    truth = np.array([[0.02, 0.5], [0.3, 0.98]])
    effects = np.repeat([[-1.0, 0.0], [0.0, 0.5], [1.0, 2.0]], 2, axis=0)
    chance = chances(adults, group, effects, truth)
    for place in (0, 1):
        here = group == place
        held = adults[here] @ chance[here] / adults[here].sum()
        assert held == pytest.approx(truth[place], abs=1e-12)
    assert chance[4, 0] / (1 - chance[4, 0]) == pytest.approx(
        np.e * chance[2, 0] / (1 - chance[2, 0])
    )


@pytest.mark.parametrize("which", ["study", "drifting"])
def test_every_outcome_is_exactly_as_frequent_in_every_area_sex_and_wave(which, request):
    study = request.getfixturevalue(which)
    places = study.cells["domain"].isin(["all", "area", "sex", "scattered"]).to_numpy()
    truth = study.truth[:, places].reshape(WAVES, len(study.outcomes.names), -1)
    assert truth == pytest.approx(
        np.broadcast_to(study.outcomes.shares[:, None], truth.shape), abs=1e-12
    )


def test_a_drifting_population_has_other_control_totals_and_its_own_margins(study, drifting):
    still, later = study.waves[1].margins, drifting.waves[1].margins
    assert still.target == pytest.approx(study.waves[0].margins.target)
    assert np.abs(later.target / still.target - 1).max() > 0.01
    assert later.targets[0].sum() == pytest.approx(later.targets[1].sum(), rel=1e-12)


def test_expected_counts_are_what_is_drawn_on_average(study):
    """Forty waves: the mean counts lie within four standard errors of what is expected."""
    rng = np.random.default_rng(4)
    drawn = [draw_wave(study, study.waves[0], rng) for _ in range(40)]
    counts = np.array([wave.indicators.sum().to_numpy() for wave in drawn])
    error = counts.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    assert (np.abs(counts.mean(axis=0) - study.waves[0].expected[:, 0]) < 4 * error).all()
    bases = np.array([(wave.classified["scattered"] == "150").sum() for wave in drawn])
    assert abs(bases.mean() - 150) < 4 * bases.std(ddof=1) / np.sqrt(len(drawn))


def test_outcomes_are_alike_within_a_person_and_within_a_sampling_point(study):
    """Thresholds of 0: each half the time; the tetrachoric correlation r gives phi = 2/π·asin r."""
    psu = np.repeat(np.arange(20000), 2)
    thresholds = np.zeros((len(psu), len(study.outcomes.names)))
    has = outcomes_of(thresholds, psu, study, np.random.default_rng(2)).astype(float)
    assert has.mean() == pytest.approx(0.5, abs=0.01)
    of_person = np.corrcoef(has[:, 0], has[:, 1])[0, 1]
    assert of_person == pytest.approx(2 / np.pi * np.arcsin(0.3), abs=0.02)
    of_neighbours = np.corrcoef(has[::2, 0], has[1::2, 0])[0, 1]
    assert of_neighbours == pytest.approx(2 / np.pi * np.arcsin(study.correlation), abs=0.02)


def test_a_survey_is_the_same_from_the_same_seed_and_no_other(study):
    first, again, other = (
        examined(study, [np.random.SeedSequence(seed)]).sums["error"] for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_surveys_side_by_side_are_what_they_are_alone(study):
    seeds = np.random.SeedSequence(8).spawn(3)
    together = examined(study, seeds).counts
    alone = [examined(study, [seed]).counts for seed in seeds]
    for name, counts in together.items():
        assert (counts == np.concatenate([one[name] for one in alone])).all(), name


def test_the_design_is_what_the_estimating_code_makes_of_it(study):
    drawn = draw_wave(study, study.waves[0], np.random.default_rng(5)).design
    made = sample_design(pd.Series(drawn.stratum[drawn.psu]), pd.Series(drawn.psu))
    for name in ("stratum", "psus_in_stratum", "population_psus"):
        assert (getattr(drawn, name) == getattr(made, name)).all()
    assert made.psus == drawn.psus == len(np.unique(drawn.psu))
    assert drawn.psus_in_stratum.min() > 1


def test_surveys_drawn_once_more_keep_their_streams():
    """Survey 3 is the same in a study of four and in one of four thousand."""
    few, many = (np.random.SeedSequence(7).spawn(n)[3] for n in (4, 4000))
    assert few.generate_state(4).tolist() == many.generate_state(4).tolist()


def test_a_rate_and_its_error_between_surveys():
    """Two surveys: 9 of 10 and 6 of 10. 15/20 = 0.75; deviations 9 − 7.5 and 6 − 7.5.

    Error √(2/(2 − 1) · (1.5² + 1.5²)) / 20 = 3/20.
    """
    counted = rate(np.array([[4, 5], [3, 3]]), np.array([[5, 5], [5, 5]]))
    assert counted == Rate(0.75, pytest.approx(3 / 20), 20)
    assert np.isnan(rate(np.array([[0]]), np.array([[0]])).value)
    assert mean_of(np.array([0.1, 0.3])) == Rate(0.2, pytest.approx(0.1), 2)


def test_a_target_allows_two_monte_carlo_errors():
    assert meets(0.930, 0.0025, 0.935, 0.97)
    assert not meets(0.929, 0.0025, 0.935, 0.97)
    assert meets(0.975, 0.0025, 0.935, 0.97)
    assert not meets(0.976, 0.0025, 0.935, 0.97)
    assert not meets(float("nan"), float("nan"), 0.0, 1.0)


def test_bands_divide_the_numbers():
    under, inner, over = bands((10, 100))
    assert [under.label, inner.label, over.label] == ["under 10", "10 to under 100", "100 or more"]
    values = np.array([9.999, 10.0, 99.999, 100.0])
    held = np.array([band.holds(values) for band in (under, inner, over)])
    assert held.sum(axis=0).tolist() == [1, 1, 1, 1]
    assert held[1].tolist() == [False, True, True, False]


def test_intervals_of_a_small_study_hold_the_truth(study, found):
    """30 surveys of two waves, all outcomes and places: what no correct code would miss."""
    default = rate(found.counts["holding"][:, 0], found.counts["estimates"])
    assert default.count > 30 * WAVES * len(study.cells) * 0.99
    assert 0.95 <= default.value <= 0.985
    ratio = np.sqrt(found.sums["variance"] / found.sums["squared_error"])
    assert 0.93 < np.median(ratio) < 1.07


def test_replicates_and_linearisation_agree(found):
    """Three waves of 500 replicates: standard errors within a tenth of each other, on average."""
    known = found.sums["with_leverage"] > 0
    ratio = np.sqrt(found.sums["bootstrap"][known] / found.sums["with_leverage"][known])
    assert found.sums["replicated"].max() == 3
    assert np.mean(ratio) == pytest.approx(1, abs=0.02)
    without = np.sqrt(found.sums["without_leverage"][known] / found.sums["with_leverage"][known])
    assert 0.96 < np.mean(without) < 0.995


def test_an_interval_lies_below_the_truth_holds_it_or_lies_above(found):
    parts = sum(found.counts[name].astype(int) for name in ("below", "holding", "above"))
    assert (parts == found.counts["formed"]).all()


def test_a_study_of_wrong_truth_is_found_out(study):
    """The truth taken five points too high: most intervals of common outcomes must miss it."""
    wrong = study_of(load_survey("west_midlands"), headline_outcomes(WAVES, AREAS))
    force = (wrong.cells["domain"] == "all").to_numpy()
    half = force & (wrong.cells["measure"] == study.outcomes.names[SHARES.index(0.5)]).to_numpy()
    wrong.__dict__["truth"] = wrong.truth + 0.05  # in the place of the cached property
    figures = examined(wrong, np.random.SeedSequence(3).spawn(5))
    assert figures.counts["holding"][:, 0][:, half].sum() <= 2
    assert figures.counts["estimates"][:, half].sum() == 5 * WAVES


def test_outcomes_can_change_between_waves_and_areas():
    truth = np.full((WAVES, AREAS, 1), 0.3)
    truth[1, 2] = 0.4
    study = study_of(load_survey("west_midlands"), Outcomes(("stepping",), truth, np.zeros(1)))
    areas = (study.cells["domain"] == "area").to_numpy()
    assert study.truth[:, areas] == pytest.approx(truth[:, :, 0], abs=1e-12)
    assert isinstance(study.cells, pd.DataFrame)
