"""Main and boost samples combined: by hand, unbiased, and with the population's size kept."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import Survey
from transforms.decode import decode
from transforms.errors import CalibrationError, ReturnRejected
from transforms.identify import Placed, place_return
from transforms.responses import Responses
from transforms.samples import as_sampled, joined, required_in, samples_in
from transforms.wave import process_wave
from transforms.weighting import Sampled, combine_samples, effective_base

WAVE = "2026-Q2"


def of_two(sample: str, north: list[int]) -> Sampled:
    """A main sample m of everybody and a boost b of the north, where those live who are 1."""
    place = np.array(["mb".index(letter) for letter in sample], dtype=np.int64)
    covered = np.column_stack([np.ones(len(north), dtype=bool), np.array(north, dtype=bool)])
    return Sampled(("main", "boost"), place, covered)


def test_a_boost_of_a_part_by_hand():
    """Main: north 10, 10, south 10, 30. Boost of the north: 1, 1, 2 in another unit.

    Scale: main's north adds up to 20, the boost to 4, so the boost is multiplied by 20/4 = 5.
    Effective bases in the north: main (10 + 10)²/(10² + 10²) = 2; boost (1 + 1 + 2)²/(1 + 1 + 4) =
    16/6 = 2.667. λ: main 2/(2 + 16/6) = 3/7, boost 4/7. The south keeps its weights.
    """
    found = combine_samples(
        np.array([10.0, 10, 10, 30, 1, 1, 2]), of_two("mmmmbbb", [1, 1, 0, 0, 1, 1, 1])
    )
    np.testing.assert_allclose(
        found.design_weight,
        [
            *(10 * 3 / 7, 10 * 3 / 7, 10, 30),
            *(1 * 5 * 4 / 7, 1 * 5 * 4 / 7, 2 * 5 * 4 / 7),
        ],
    )
    north = found.design_weight[[0, 1, 4, 5, 6]].sum()
    assert north == pytest.approx(10 + 10)
    assert found.shares.to_dict("list") == {
        "sample": ["main", "main", "boost"],
        "covered_by": ["main", "main + boost", "main + boost"],
        "respondents": [2, 2, 3],
        "effective_base": pytest.approx([40**2 / 1000, 2, 16 / 6]),
        "scale": pytest.approx([1, 1, 5]),
        "share": pytest.approx([1, 3 / 7, 4 / 7]),
    }


def test_two_samples_of_everybody_by_hand():
    """Equal weights: effective bases are 4 and 2, so λ is 4/6 and 2/6; both add up to 40."""
    found = combine_samples(np.array([10.0] * 4 + [1.0] * 2), of_two("mmmmbb", [1] * 6))
    np.testing.assert_allclose(found.design_weight, [10 * 4 / 6] * 4 + [1 * 20 * 2 / 6] * 2)
    assert found.design_weight.sum() == pytest.approx(40)


def test_two_boosts_that_overlap_share_each_part_by_who_covers_it():
    """Parts: nobody's, a's, b's, both's. Equal weights, so effective bases are counts."""
    names = ("main", "a", "b")
    rows = [  # sample, covered by a, covered by b
        *[(0, 0, 0)] * 4,
        *[(0, 1, 0)] * 3,
        *[(0, 0, 1)] * 2,
        *[(0, 1, 1)] * 2,
        *[(1, 1, 0)] * 6,
        *[(1, 1, 1)] * 4,
        *[(2, 0, 1)] * 8,
        *[(2, 1, 1)] * 8,
    ]
    sample, in_a, in_b = (np.array(column) for column in zip(*rows, strict=True))
    covered = np.column_stack([np.ones(len(rows)), in_a, in_b]).astype(bool)
    found = combine_samples(np.ones(len(rows)), Sampled(names, sample.astype(np.int64), covered))
    share = found.shares.set_index(["covered_by", "sample"])["share"]
    assert share["main + a", "a"] == pytest.approx(6 / (3 + 6))
    assert share["main + b", "b"] == pytest.approx(8 / (2 + 8))
    both = share["main + a + b"]
    assert both.to_dict() == pytest.approx({"main": 2 / 14, "a": 4 / 14, "b": 8 / 14})
    assert found.design_weight[:4].tolist() == [1] * 4


@st.composite
def drawn(draw: st.DrawFn) -> tuple[np.ndarray, Sampled]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    main, boost = draw(st.integers(5, 60)), draw(st.integers(1, 60))
    north = np.concatenate([[1], rng.integers(0, 2, main - 1), np.ones(boost, dtype=int)])
    weights = rng.gamma(2, 1, main + boost) * np.where(np.arange(main + boost) < main, 100, 0.3)
    return weights, of_two("m" * main + "b" * boost, north.tolist())


@settings(max_examples=50, deadline=None)
@given(drawn())
def test_the_size_of_every_part_stays_what_the_main_sample_says(wave):
    weights, who = wave
    found = combine_samples(weights, who).design_weight
    main, north = who.sample == 0, who.covered[:, 1]
    for part in (north, ~north):
        assert found[part].sum() == pytest.approx(weights[part & main].sum(), rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(drawn(), st.floats(1e-3, 1e3), st.integers(0, 2**32 - 1))
def test_neither_the_boosts_unit_nor_the_order_of_rows_matters(wave, unit, seed):
    weights, who = wave
    found = combine_samples(weights, who).design_weight
    in_unit = np.where(who.sample == 1, unit * weights, weights)
    np.testing.assert_allclose(combine_samples(in_unit, who).design_weight, found, rtol=1e-10)
    order = np.random.default_rng(seed).permutation(len(weights))
    shuffled = Sampled(who.names, who.sample[order], who.covered[order])
    again = combine_samples(weights[order], shuffled).design_weight
    np.testing.assert_allclose(again, found[order], rtol=1e-10)


def test_a_mean_of_the_overlap_is_the_mix_of_the_samples_means():
    weights, who = np.array([1.0, 2, 3, 4, 1, 5]), of_two("mmmmbb", [1, 1, 1, 0, 1, 1])
    y = np.array([1.0, 0, 1, 1, 0, 1])
    main, boost = (
        (who.sample == 0) & who.covered[:, 1],
        who.sample == 1,
    )
    share = effective_base(weights[main])
    share = share / (share + effective_base(weights[boost]))
    mix = share * np.average(y[main], weights=weights[main]) + (1 - share) * np.average(
        y[boost], weights=weights[boost]
    )
    combined = combine_samples(weights, who).design_weight
    north = who.covered[:, 1]
    assert np.average(y[north], weights=combined[north]) == pytest.approx(mix)


def test_over_all_samples_that_could_be_drawn_the_total_is_right():
    """North of 4 people, south of 3. Main: 2 of each; boost: 3 of the north, weights 1 each.

    All 6 × 3 × 4 = 72 outcomes are equally likely; their mean is the population's total.
    """
    north, south = [5.0, 0.0, 2.0, 9.0], [1.0, 4.0, 4.0]
    totals = []
    for first, second, third in product(
        combinations(north, 2), combinations(south, 2), combinations(north, 3)
    ):
        weights = np.array([4 / 2] * 2 + [3 / 2] * 2 + [1.0] * 3)
        who = of_two("mmmmbbb", [1, 1, 0, 0, 1, 1, 1])
        combined = combine_samples(weights, who).design_weight
        totals.append(combined @ np.array([*first, *second, *third]))
    assert len(totals) == 72
    assert np.mean(totals) == pytest.approx(sum(north) + sum(south))


def test_somebody_whom_the_boost_cannot_have_drawn_is_refused():
    with pytest.raises(CalibrationError, match=r"Sample boost: 1 of 2 respondents") as caught:
        combine_samples(np.ones(4), of_two("mmbb", [1, 0, 1, 0]))
    assert "`covers`" in caught.value.remedy


def test_a_boost_of_whom_the_main_sample_has_nobody_is_refused():
    with pytest.raises(CalibrationError, match=r"nobody in the sample main belongs"):
        combine_samples(np.ones(4), of_two("mmbb", [0, 0, 1, 1]))


def test_a_weight_that_is_not_positive_is_refused():
    with pytest.raises(CalibrationError, match="1 respondents have a design weight"):
        combine_samples(np.array([1.0, 1, 0]), of_two("mmb", [1, 0, 1]))


BOOST = {"file_name": r"boost_(?P<wave>\d{4}-Q[1-4])", "covers": {"area": "north"}}


def boosted(**boost: Any) -> Survey:
    """The small survey with a boost of the north."""
    declared = {"main": {"file_name": r"main_(?P<wave>\d{4}-Q[1-4])"}, "boost": BOOST | boost}
    return small_survey({"about": {"samples": declared}})


SURVEY = boosted()


@pytest.mark.parametrize("sample", ["main", "boost"])
def test_a_return_is_placed_by_the_pattern_that_its_name_fits(sample):
    assert place_return(raw_return(file_name=f"{sample}_{WAVE}.sav"), SURVEY) == Placed(
        WAVE, sample
    )


def test_a_survey_without_samples_places_every_return_in_main():
    assert place_return(raw_return(), small_survey()) == Placed(WAVE, "main")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (f"small_{WAVE}.sav", "does not say in its name which sample it holds"),
        (f"main_{WAVE}_boost_{WAVE}.sav", "fits several samples: main and boost"),
    ],
)
def test_a_name_that_fits_none_or_several_is_refused(name, says):
    with pytest.raises(ReturnRejected, match=says) as caught:
        place_return(raw_return(file_name=name), SURVEY)
    assert "Rename the file" in caught.value.remedy


def test_a_sample_that_a_wave_does_not_have_is_refused():
    survey = boosted(waves=["2026-Q3"])
    with pytest.raises(ReturnRejected, match="sample boost of 2026-Q2, where none was drawn"):
        place_return(raw_return(file_name=f"boost_{WAVE}.sav"), survey)
    assert samples_in(survey, WAVE) == ("main",)
    assert required_in(survey, "2026-Q3") == ("main", "boost")
    assert required_in(boosted(required=False), WAVE) == ("main",)


WEIGHTED = small_survey(
    {
        "about": {
            "samples": {
                "main": {"file_name": r"main_(?P<wave>\d{4}-Q[1-4])"},
                "boost": BOOST | {"weight": ["factor"]},
            }
        },
        "questionnaire": {"items": {"factor": {"label": "Boost factor", "type": "number"}}},
    }
)


def test_a_sample_is_read_without_the_items_of_other_samples_weights():
    main, boost = as_sampled(WEIGHTED, "main"), as_sampled(WEIGHTED, "boost")
    assert "factor" not in main.items
    assert {"dwellings", "adults"} <= set(main.items)
    assert "factor" in boost.items
    assert not {"dwellings", "adults"} & set(boost.items)
    assert boost.about.design.weight == ("factor",)
    assert as_sampled(small_survey(), "main") == small_survey()


def test_an_item_that_a_domain_is_made_of_stays_in_every_sample():
    """A household's size weights the main sample and classifies everybody."""
    household = {
        "label": "Household",
        "values": {"one": {"label": "One"}, "more": {"label": "More"}},
        "source": [{"item": "adults", "bands": {"one": [1, 1], "more": [2, 12]}}],
    }
    survey = WEIGHTED.model_copy(
        update={"measured": small_survey({"measured": {"domains": {"h": household}}}).measured}
    )
    assert "adults" in as_sampled(survey, "boost").items
    assert "dwellings" not in as_sampled(survey, "boost").items


def responses_of(survey: Survey, boost: pd.DataFrame) -> Responses:
    main = decode(raw_return(small_rows(80)), as_sampled(survey, "main"), WAVE, "main")
    extra = decode(raw_return(boost), as_sampled(survey, "boost"), WAVE, "boost")
    return joined([main, extra], survey)


def boost_rows(respondents: int = 40) -> pd.DataFrame:
    """A boost of the north with the main sample's serial numbers and sampling points."""
    rows = small_rows(respondents, area=1.0, stratum=10.0)
    return rows.drop(columns=["dwellings", "adults"]).assign(
        factor=1.0 + np.arange(respondents) % 3
    )


def test_strata_and_points_of_two_samples_are_apart():
    people = responses_of(WEIGHTED, boost_rows()).respondents
    assert sorted(set(people["stratum"])) == ["boost:10", "main:10", "main:20"]
    assert {"main:100", "boost:100"} <= set(people["psu"])
    assert people.groupby("psu")["stratum"].nunique().max() == 1
    assert people["sample"].tolist() == ["main"] * 80 + ["boost"] * 40


def test_an_item_that_a_sample_lacks_is_not_asked_of_it():
    found = responses_of(WEIGHTED, boost_rows())
    assert found.codes["factor"].isna().tolist() == [True] * 80 + [False] * 40
    assert found.reasons["factor"].tolist()[:80] == ["not_asked"] * 80
    assert found.reasons["dwellings"].tolist()[80:] == ["not_asked"] * 40
    assert str(found.codes["sex"].dtype) == "Int64"


def test_a_wave_of_two_samples_is_calibrated_once():
    found = responses_of(WEIGHTED, boost_rows())
    serials = found.respondents["sample"] + found.respondents["serial"]
    tables = process_wave(found, serials, WEIGHTED)
    checks = tables["survey.margin_check"]
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)
    people = tables["survey.respondent"]
    assert people["sample"].value_counts().to_dict() == {"main": 80, "boost": 40}
    shares = tables["survey.sample"].set_index(["covered_by", "sample"])["share"]
    assert shares["main + boost"].sum() == pytest.approx(1)
    main = np.array([(50 + 10 * (n % 3)) * (1 + n % 2) for n in range(80)])
    north = main[(np.arange(80) // 4) % 2 == 0]
    base = (effective_base(north), effective_base(1.0 + np.arange(40) % 3))
    assert shares["main + boost", "boost"] == pytest.approx(base[1] / sum(base))
    assert tables["estimate.total"].query("measure == 'confident'").iloc[0]["n"] == 120


def test_without_its_boost_a_wave_has_the_main_samples_weights():
    main = decode(raw_return(small_rows(80)), as_sampled(SURVEY, "main"), WAVE)
    alone = joined([main], SURVEY)
    serials = alone.respondents["serial"]
    found = process_wave(alone, serials, SURVEY)
    plain = process_wave(main, serials, small_survey())
    for table in ("estimate.total", "survey.margin_check"):
        pd.testing.assert_frame_equal(found[table], plain[table])
    assert found["survey.sample"]["share"].tolist() == [1.0]
    assert plain["survey.sample"].empty
