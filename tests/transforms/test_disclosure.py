"""What is withheld and marked, on totals small enough to check by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import small_survey
from totals_rows import published, published_alone, releases_of, side_by_side, total

from transforms.catalogue import Survey
from transforms.disclosure import withhold_tests
from transforms.estimation import estimates_from_totals

SURVEY = small_survey()
AGES = {"16-34": [16, 34], "35-64": [35, 64], "65+": [65, 79], "80+": [80, 110]}
NOW, BEFORE = "2027-Q2", "2026-Q2"


def withheld(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.DataFrame:
    totals = pd.DataFrame(rows)
    estimates = estimates_from_totals(totals, survey.about.estimation)
    return published_alone(estimates, totals, survey, NOW)


@pytest.mark.parametrize(
    ("n_y", "n", "marker"),
    [
        *((4, 100, "[c]"), (1, 100, "[c]"), (96, 100, "[c]"), (99, 100, "[c]")),
        *((5, 100, None), (95, 100, None), (0, 100, None), (100, 100, None)),
        *((20, 49, "[u]"), (20, 50, None), (3, 49, "[c]")),
    ],
)
def test_small_counts_and_small_bases_are_withheld(n_y, n, marker):
    row = withheld(total(NOW, n_y, n, deviation=3)).iloc[0]
    assert row["marker"] == marker or (marker is None and pd.isna(row["marker"]))
    assert pd.isna(row["estimate"]) == (marker is not None)
    assert pd.isna(row["suppression_reason"]) == (marker is None)


def test_everything_that_would_give_a_withheld_figure_away_goes_with_it():
    row = withheld(total(NOW, 3, 100, deviation=3)).iloc[0]
    given = ["standard_error", "ci_lower", "ci_upper", "weighted_base", "effective_base", "df"]
    assert row[given].isna().all()
    assert row["unweighted_base"] == 100


def test_a_base_of_a_few_people_is_withheld_itself():
    row = withheld(total(NOW, 0, 3, deviation=1)).iloc[0]
    assert pd.isna(row["unweighted_base"])


def test_one_withheld_area_takes_the_smallest_other_with_it():
    rows = withheld(
        total(NOW, 130, 400),
        total(NOW, 3, 100, "area", "north", deviation=3),
        total(NOW, 127, 300, "area", "south"),
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]"]
    assert rows["suppression_reason"].iloc[1] == rows["suppression_reason"].iloc[2]


def test_two_withheld_values_that_are_five_together_protect_each_other():
    rows = withheld(
        total(NOW, 130, 400),
        total(NOW, 3, 100, "age_band", "16-34", deviation=3),
        total(NOW, 2, 100, "age_band", "35-64", deviation=3),
        total(NOW, 125, 200, "age_band", "65+"),
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]", ""]


def test_values_are_withheld_until_together_they_are_no_small_count():
    """One and two people hidden are three together: the third value goes too, not the fourth."""
    survey = small_survey(
        {
            "measured": {
                "domains": {
                    "age_band": {
                        "values": {"80+": {"label": "80 and over"}},
                        "source": [{"item": "age", "bands": AGES}],
                    }
                }
            }
        }
    )
    rows = withheld(
        total(NOW, 200, 700),
        total(NOW, 1, 100, "age_band", "16-34", deviation=3),
        total(NOW, 2, 100, "age_band", "35-64", deviation=3),
        total(NOW, 97, 200, "age_band", "65+"),
        total(NOW, 100, 300, "age_band", "80+"),
        survey=survey,
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]", "[c]", ""]


def test_a_hidden_base_takes_another_withheld_one_with_it():
    rows = withheld(
        total(NOW, 60, 153),
        total(NOW, 1, 3, "age_band", "16-34", deviation=1),
        total(NOW, 9, 20, "age_band", "35-64", deviation=2),
        total(NOW, 50, 130, "age_band", "65+"),
    )
    assert rows["unweighted_base"].isna().tolist() == [False, True, True, False]


def test_nobody_asked_is_not_available():
    row = withheld(total(NOW, 0, 0, deviation=0)).iloc[0]
    assert (row["marker"], row["unweighted_base"]) == ("[x]", 0)


@pytest.mark.parametrize(("deviation", "df"), [(8.0, 7), (70.0, 40)])
def test_an_unreliable_figure_is_published_and_marked(deviation, df):
    row = withheld(total(NOW, 200, deviation=deviation, df=df)).iloc[0]
    assert row["marker"] == "[u]"
    assert row["estimate"] == 0.5


@pytest.mark.parametrize(("n_y", "marker"), [(200, "[b]"), (3, "[b][c]")])
def test_the_first_wave_after_a_break_says_so(n_y, marker):
    breaks = [{"wave": NOW, "reason": "new order"}]
    broken = small_survey({"measured": {"measures": {"confident": {"breaks": breaks}}}})
    row = withheld(total(NOW, n_y), survey=broken).iloc[0]
    assert row["marker"] == marker
    assert pd.isna(row["estimate"]) == (n_y == 3)


def test_a_change_with_a_withheld_side_is_withheld():
    _, shown, _ = published([total(BEFORE, 3), total(NOW, 200)], SURVEY)
    row = shown.iloc[0]
    assert row[["difference", "standard_error", "ci_lower", "p_value", "verdict"]].isna().all()
    assert row["marker"] == "[c]"


# Over time ----------------------------------------------------------------------------------


def test_a_year_with_a_confidential_quarter_takes_another_quarter_of_it():
    """40 + 50 + 3 + 45 = 138: the year less three quarters would be the three people of 2026-Q4.

    With 2027-Q1 withheld the year leaves 48 for both. The next year, 50 + 3 + 45 + 48 = 146, less
    50 and 48 leaves the same 48 again.
    """
    counts = {"2026-Q2": 40, "2026-Q3": 50, "2026-Q4": 3, "2027-Q1": 45, "2027-Q2": 48}
    survey = small_survey({"about": {"rolling_year": {}, "comparisons": ["previous_year"]}})
    estimates, _, _ = published([total(wave, n_y) for wave, n_y in counts.items()], survey)
    shown = estimates[estimates["marker"] != "[x]"].set_index("period")
    assert shown["estimate"].dropna().to_dict() == pytest.approx(
        {
            **{"2026-Q2": 40 / 400, "2026-Q3": 50 / 400, "2027-Q2": 48 / 400},
            **{"2026-Q2/2027-Q1": 138 / 1600, "2026-Q3/2027-Q2": 146 / 1600},
        }
    )
    assert shown.loc[["2026-Q4", "2027-Q1"], "marker"].tolist() == ["[c]", "[c]"]
    # The same words for both: else they would tell which of the two is small.
    assert shown.loc["2026-Q4", "suppression_reason"] == shown.loc["2027-Q1", "suppression_reason"]


def test_a_year_that_comes_after_its_quarters_is_withheld_itself():
    """40 + 50 + 45 are known when the year is complete: it would leave 3."""
    counts = {"2026-Q2": 40, "2026-Q3": 50, "2026-Q4": 45, "2027-Q1": 3}
    survey = small_survey({"about": {"rolling_year": {}, "comparisons": ["previous_year"]}})
    estimates, _, _ = published([total(wave, n_y) for wave, n_y in counts.items()], survey)
    shown = estimates[estimates["marker"] != "[x]"].set_index("period")
    assert shown["estimate"].isna().to_dict() == {
        **dict.fromkeys(["2026-Q2", "2026-Q3", "2026-Q4"], False),
        **dict.fromkeys(["2027-Q1", "2026-Q2/2027-Q1"], True),
    }


def test_what_a_confidential_quarter_costs_comes_to_an_end():
    """2027-Q1 is small, the three quarters before are known: the year to 2027-Q1 would tell it.

    2027-Q2 is withheld for the three other years with 2027-Q1 in them: they tell 3 + 45 = 48 only.
    The year 2027-Q2/2028-Q1 would tell the 45 and so the 3: withheld itself, it ends the matter.
    """
    quarters = [f"{year}-Q{quarter}" for year in (2026, 2027, 2028) for quarter in (1, 2, 3, 4)][1:]
    waves = {"quarters": {"first": "2026-Q2", "last": "2028-Q4"}}
    about = {"rolling_year": {}, "comparisons": ["previous_year"], "waves": waves}
    rows = [total(wave, {"2027-Q1": 3, "2027-Q2": 45}.get(wave, 40)) for wave in quarters]
    estimates, _, _ = published(rows, small_survey({"about": about}))
    hidden = estimates.loc[estimates["marker"] == "[c]", "period"]
    assert sorted(hidden) == ["2026-Q2/2027-Q1", "2027-Q1", "2027-Q2", "2027-Q2/2028-Q1"]


def test_a_year_with_a_base_too_small_for_a_quarter_is_shown():
    """[u] is about reliability: what it withholds need not be protected."""
    survey = small_survey({"about": {"rolling_year": {}, "comparisons": ["previous_year"]}})
    rows = [
        total(wave, 20, 45, deviation=3) for wave in ("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1")
    ]
    estimates, _, _ = published(rows, survey)
    assert estimates.set_index("period").loc["2026-Q2/2027-Q1", "estimate"] == pytest.approx(
        80 / 180
    )


def test_a_quarter_hidden_over_time_takes_another_area_with_it():
    """The north's year, 30 + 3 + 30 + 30 = 93, less 2 × 30 leaves 33 for two quarters.

    The south's quarters are withheld with the north's: the force's, 130, less 100 would be 30, and
    33 − 30 the three.
    """
    survey = small_survey({"about": {"rolling_year": {}, "comparisons": ["previous_year"]}})
    quarters = ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]
    rows = [
        row
        for wave in quarters
        for row in (
            total(wave, 130, 400),
            total(wave, 3 if wave == "2026-Q3" else 30, 100, "area", "north", deviation=3),
            total(wave, 127 if wave == "2026-Q3" else 100, 300, "area", "south"),
        )
    ]
    estimates, _, _ = published(rows, survey)
    hidden = estimates[estimates["marker"] == "[c]"]
    assert hidden[["period", "domain_value"]].to_numpy().tolist() == [
        [wave, area] for wave in ("2026-Q3", "2027-Q1") for area in ("north", "south")
    ]
    year = estimates[estimates["period"] == "2026-Q2/2027-Q1"].set_index("domain_value")
    assert year["estimate"].to_dict() == pytest.approx(
        {"all": 520 / 1600, "north": 93 / 400, "south": 427 / 1200}
    )


# What was published before ------------------------------------------------------------------


def areas(north: int, south: int, east: int) -> list[dict[str, object]]:
    return [
        total(NOW, north + south + east, 1000),
        total(NOW, north, 100, "area", "north", deviation=3),
        total(NOW, south, 500, "area", "south"),
        total(NOW, east, 400, "area", "east"),
    ]


THREE_AREAS = small_survey(
    {"measured": {"domains": {"area": {"values": {"east": {"label": "East"}}}}}}
)


def hidden_areas(rows: list[dict[str, object]], shown: pd.DataFrame | None = None) -> list[str]:
    (release,) = releases_of(side_by_side(rows, THREE_AREAS), THREE_AREAS, shown)
    hidden = release.estimates["suppression_reason"].notna()
    return release.estimates.loc[hidden, "domain_value"].tolist()


def test_what_was_published_before_a_correction_goes_on_being_published():
    """The north is confidential now: east would go with it (400 < 500 people), but is out already.

    Withholding it with the north would leave the south: 303 − 200 − 100 = 3 to whoever kept it.
    """
    assert hidden_areas(areas(3, 200, 100)) == ["north", "east"]
    east = pd.DataFrame(
        [[NOW, "confident", "area", "east"]],
        columns=["period", "measure", "domain", "domain_value"],
    )
    assert hidden_areas(areas(3, 200, 100), east) == ["north", "south"]


def test_deciding_again_decides_the_same():
    (first,) = releases_of(side_by_side(areas(3, 200, 100), THREE_AREAS), THREE_AREAS)
    shown = first.estimates[first.estimates["estimate"].notna()]
    (again,) = releases_of(side_by_side(areas(3, 200, 100), THREE_AREAS), THREE_AREAS, shown)
    pd.testing.assert_frame_equal(again.estimates, first.estimates)


def test_no_test_of_all_answers_is_published_beside_a_confidential_share_of_them():
    tests = pd.DataFrame(
        {
            **{"period": [NOW, NOW], "compared_with": [BEFORE, BEFORE]},
            **{"item": ["confidence", "chat_aware"], "f": 2.0, "ndf": 3.0, "ddf": 90.0},
            **{"p_value": 0.1, "no_test_reason": pd.Series([pd.NA, pd.NA], dtype="str")},
        }
    )
    estimates, _, _ = published([total(BEFORE, 3), total(NOW, 200)], SURVEY)
    shown = withhold_tests(tests, estimates, SURVEY).set_index("item")
    assert shown.loc["confidence", ["f", "ndf", "ddf", "p_value"]].isna().all()
    assert shown.loc["confidence", "no_test_reason"].startswith("a share of the same answers")
    assert shown.loc["chat_aware", "p_value"] == 0.1
