"""What is withheld and marked, on totals small enough to check by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import small_survey
from totals_rows import published, total

from transforms.catalogue import Survey
from transforms.disclosure import withhold_estimates
from transforms.estimation import estimates_from_totals

SURVEY = small_survey()
AGES = {"16-34": [16, 34], "35-64": [35, 64], "65+": [65, 79], "80+": [80, 110]}
NOW, BEFORE = "2027-Q2", "2026-Q2"


def withheld(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.DataFrame:
    totals = pd.DataFrame(rows)
    estimates = estimates_from_totals(totals, survey.about.estimation)
    return withhold_estimates(estimates, totals, survey, NOW)


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
    assert "worked out" in rows["suppression_reason"].iloc[2]


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


def test_a_year_with_a_confidential_quarter_has_no_figure():
    """The year's count less the other three quarters' would be the three people of 2026-Q4."""
    counts = {"2026-Q2": 40, "2026-Q3": 50, "2026-Q4": 3, "2027-Q1": 45, "2027-Q2": 48}
    survey = small_survey({"about": {"rolling_year": {}, "comparisons": ["previous_year"]}})
    rows = [total(wave, n_y) for wave, n_y in counts.items()]
    estimates, _, _ = published(rows, survey)
    years = estimates.set_index("period").loc[["2026-Q2/2027-Q1", "2026-Q3/2027-Q2"]]
    assert years["estimate"].isna().all()
    assert years["marker"].tolist() == ["[c]", "[c]"]
    assert (
        years["suppression_reason"] == "another withheld figure could be worked out from it"
    ).all()


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


def test_an_area_hidden_over_time_takes_another_with_it():
    """Else the force's year less the other areas' years would be the hidden area's."""
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
    year = estimates[estimates["period"] == "2026-Q2/2027-Q1"].set_index("domain_value")
    assert year["estimate"].isna().to_dict() == {"all": False, "north": True, "south": True}
