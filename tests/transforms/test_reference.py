from datetime import date

import pytest
from builders import small_survey

from transforms.reference import declaration_tables


@pytest.fixture(scope="module")
def tables():
    return declaration_tables(small_survey())


def rows(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    frame = frame.astype("object")
    return frame.where(frame.notna(), None).to_dict(orient="records")


def test_every_ref_table_is_there(tables):
    assert set(tables) == {
        *(f"record.{name}" for name in ("series", "break", "figure", "change")),
        *(
            f"ref.{name}"
            for name in (
                *("survey", "wave", "period", "item", "code", "measure", "chain", "domain"),
                *("margin", "kpi"),
            )
        ),
    }


def test_the_survey_carries_the_rules_a_page_must_state(tables):
    (row,) = rows(tables["ref.survey"])
    assert (row["survey"], row["whole"], row["simulated"]) == ("small", "Force", False)
    assert (row["confidence"], row["significance_level"]) == (0.95, 0.05)
    assert (row["minimum_count"], row["minimum_base"]) == (5, 50)
    assert row["sources"] == ()
    assert row["survey_version"] == "0" * 64


def test_waves_are_in_the_order_of_time(tables):
    waves = tables["ref.wave"]
    assert list(waves["wave_order"]) == list(range(1, 9))
    assert rows(waves)[0] == {
        "wave": "2026-Q2",
        "wave_order": 1,
        "period_start": date(2026, 4, 1),
        "period_end": date(2026, 6, 30),
        "cases_issued": None,
        "cases_not_eligible": None,
    }
    assert waves["wave"].iloc[-1] == "2028-Q1"


def test_periods_are_waves_and_the_rolling_years_that_end_with_them():
    survey = small_survey({"about": {"rolling_year": {}}})
    periods = declaration_tables(survey)["ref.period"].set_index("period")
    year = periods.loc["2026-Q2/2027-Q1"]
    assert (year["kind"], year["wave"], year["label"]) == (
        *("rolling_year", "2027-Q1", "the year to March 2027"),
    )
    assert year["waves"] == ("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1")
    assert (year["period_start"], year["period_end"]) == (date(2026, 4, 1), date(2027, 3, 31))
    # The year that ends with the first wave begins before the survey did, and is listed too.
    assert periods.loc["2025-Q3/2026-Q2", "period_start"] == date(2025, 7, 1)
    assert list(periods.index[:2]) == ["2026-Q2", "2025-Q3/2026-Q2"]


def test_a_code_has_a_row_in_every_wave_that_asks_its_item_with_name_or_reason(tables):
    # chat_aware: yes, no, don't know and refused, in eight quarters.
    assert len(rows(tables["ref.code"], item="chat_aware")) == 4 * 8
    here = rows(tables["ref.code"], item="chat_aware", wave="2026-Q2")
    assert [(row["code"], row["name"], row["missing_reason"]) for row in here] == [
        ("1", "yes", None),
        ("2", "no", None),
        ("97", None, "dont_know"),
        ("98", None, "refused"),
    ]
    assert {row["variable"] for row in here} == {"Q2"}


def test_a_wave_that_does_not_ask_an_item_has_none_of_its_codes():
    late = {"questionnaire": {"items": {"chat_aware": {"first_asked": "2026-Q4"}}}}
    codes = declaration_tables(small_survey(late))["ref.code"]
    assert set(codes.loc[codes["item"] == "chat_aware", "wave"].head(4)) == {"2026-Q4"}
    assert len(rows(codes, item="chat_aware")) == 4 * 6


def test_an_item_coded_otherwise_in_a_wave_has_that_waves_codes():
    change = {
        "in_wave": {"2026-Q3": {"variable": "Q2b", "codes": {5: {"name": "yes", "label": "Y"}}}}
    }
    codes = declaration_tables(small_survey({"questionnaire": {"items": {"chat_aware": change}}}))
    here = rows(codes["ref.code"], item="chat_aware", wave="2026-Q3")
    assert [(row["code"], row["variable"]) for row in here] == [
        ("5", "Q2b"),
        ("97", "Q2b"),
        ("98", "Q2b"),
    ]


def test_the_whole_population_is_the_first_domain_under_its_own_name(tables):
    domains = tables["ref.domain"]
    assert rows(domains)[0] == {
        "domain": "all",
        "domain_value": "all",
        "domain_order": 0,
        "value_order": 1,
        "domain_label": "Force",
        "value_label": "Force",
        "area_code": None,
    }
    assert [row["area_code"] for row in rows(domains, domain="area")] == ["E00000001", "E00000002"]
    assert [row["domain_value"] for row in rows(domains, domain="age_band")] == [
        "16-34",
        "35-64",
        "65+",
    ]


def test_a_measure_says_what_counts_and_who_leaves_the_base(tables):
    (row,) = rows(tables["ref.measure"], measure="confident")
    assert row["counts"] == ("strongly_agree", "tend_to_agree")
    assert "refused" in row["leaves_base"]
    assert "dont_know" not in row["leaves_base"]
    assert row["domains"] == ("area", "sex", "age_band")


def test_a_crossed_margins_category_joins_its_values():
    crossed = {
        "name": "area",
        "variables": ["area", "sex"],
        "control_totals": [
            {
                "category": ["north", "male"],
                "population": 10_000,
                "source": "made up",
                "reference_date": "2022-06-30",
            }
        ],
    }
    margins = declaration_tables(small_survey({"margins": {"area": crossed}}))["ref.margin"]
    assert rows(margins, margin="area") == [
        {
            "margin": "area",
            "from_wave": "2026-Q2",
            "category": "north × male",
            "variables": ("area", "sex"),
            "population": 10_000.0,
            "source": "made up",
            "reference_date": date(2022, 6, 30),
        }
    ]


def test_a_margin_that_is_not_calibrated_to_is_not_a_control_total():
    only_sex = {"about": {"calibration": {"margins": ["sex"]}}}
    assert set(declaration_tables(small_survey(only_sex))["ref.margin"]["margin"]) == {"sex"}


def test_without_calibration_measures_or_kpis_the_tables_keep_their_columns(tables):
    bare = small_survey({"about": {"calibration": None}})
    bare = bare.model_copy(
        update={
            "plan": bare.plan.model_copy(update={"kpis": {}}),
            "measured": bare.measured.model_copy(update={"measures": {}}),
        }
    )
    emptied = declaration_tables(bare)
    for name in ("ref.margin", "ref.kpi", "ref.measure", "ref.chain"):
        assert len(emptied[name]) == 0
        assert list(emptied[name].columns) == list(tables[name].columns)


def test_a_kpi_has_its_sections_title_and_place(tables):
    (row,) = rows(tables["ref.kpi"])
    assert (row["section"], row["section_order"], row["section_title"]) == ("trust", 1, "Trust")
    assert (row["judged"], row["required_direction"]) == ("same_quarter_year_before", "increase")
