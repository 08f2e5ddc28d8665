"""Counts of records: comparable stretches, a year beside the last, the size of its test."""

import csv
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from builders import small_survey
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from transforms.catalogue import RecordFigure, RecordSeries
from transforms.catalogue.records import RecordsFile
from transforms.counts import (
    FEWEST_COUNT,
    UsualChange,
    record_tables,
    stretches,
    usual_change,
    year_change,
)
from transforms.counts.stretches import break_between, broken_within
from transforms.counts.words import YearWords, break_words, year_words
from transforms.counts.year_change import critical_ratio, tail_probability
from transforms.record_periods import PER_YEAR, RecordPeriod, record_period

GOLDEN = Path(__file__).parents[1] / "golden" / "counts"


def series(**changes):
    return RecordSeries(
        **{
            **{"title": "Damage", "kind": "recorded", "quantity": "count", "unit": "offences"},
            **{"beside": ("aware",), "supplied_by": "the police", "every": "quarter"},
            **changes,
        }
    )


def quarter(name):
    found = record_period(name, "quarter")
    assert found is not None
    return found


def survey_with(values, first="2019-Q1", **changes):
    """A survey with one series of the whole from `first` on, and no figure where None."""
    start = quarter(first).index
    rows = [
        {"area": "all", "period": RecordPeriod("quarter", start + i).name, "value": value}
        for i, value in enumerate(values)
        if value is not None
    ]
    declared = series(file="series/damage.csv", source="s", licence="l", **changes)
    return small_survey().model_copy(
        update={
            "records": RecordsFile(series={"damage": declared}),
            "record_figures": {"damage": tuple(RecordFigure(**row) for row in rows)},
        }
    )


def changes_of(survey):
    rows = record_tables(survey)["record.change"].astype("object")
    rows = rows.where(rows.notna(), None).to_dict(orient="records")
    return {row["period"]: row for row in rows}


# Periods


@pytest.mark.parametrize(
    ("every", "name", "start", "end", "words"),
    [
        ("quarter", "2023-Q2", "2023-04-01", "2023-06-30", "April to June 2023"),
        ("month", "2023-12", "2023-12-01", "2023-12-31", "December 2023"),
        ("year", "2024", "2024-01-01", "2024-12-31", "the year to December 2024"),
    ],
)
def test_a_period_has_days_and_words(every, name, start, end, words):
    period = record_period(name, every)
    assert (period.name, period.words) == (name, words)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


def test_a_year_of_quarters_ends_with_its_quarter():
    year = quarter("2023-Q2").year()
    assert (year.name, year.words) == ("2022-Q3/2023-Q2", "the year to June 2023")
    assert year.before().name == "2021-Q3/2022-Q2"
    assert year.start.isoformat() == "2022-07-01"


@pytest.mark.parametrize("name", ["2023-Q5", "2023-13", "2023Q1", "Q1 2023", "", "0000-Q1", "23"])
def test_what_is_no_period_is_none(name):
    assert all(record_period(name, every) is None for every in PER_YEAR)


@given(st.sampled_from(tuple(PER_YEAR)), st.integers(120, 5000), st.integers(1, 24))
def test_periods_follow_each_other_without_a_gap(every, index, length):
    period = RecordPeriod(every, index, length)
    assert (period.start - period.before().end).days == 1
    assert record_period(RecordPeriod(every, index).name, every) == RecordPeriod(every, index)


# Stretches


def test_a_gap_and_a_break_divide_a_series():
    declared = series(
        breaks=(
            {"since": "2020-Q2", "until": "2020-Q3", "reason": "a strike"},
            {"since": "2021-Q2", "reason": "another system"},
        )
    )
    start = quarter("2019-Q3").index
    held = {start + i: float(i) for i in range(10) if i != 1}  # 2019-Q4 is missing
    found = stretches(held, declared)
    assert [(one.values, one.set_aside) for one in found] == [
        ((0.0,), None),
        ((2.0,), None),
        ((3.0, 4.0), "a strike"),
        ((5.0, 6.0), None),
        ((7.0, 8.0, 9.0), None),
    ]


def test_years_are_counted_back_and_share_no_quarter():
    start = quarter("2019-Q1").index
    (one,) = stretches({start + i: float(i) for i in range(10)}, series())
    # 0 … 9: the last eight are 2+3+4+5 and 6+7+8+9; to the eighth: 0+1+2+3 and 4+5+6+7
    assert one.years_to(one.last, 4) == (14.0, 30.0)
    assert one.years_to(start + 7, 4) == (6.0, 22.0)


def test_periods_across_a_break_are_not_compared():
    declared = series(breaks=({"since": "2020-Q2", "until": "2021-Q1", "reason": "too low"},))
    spoilt = quarter("2021-Q4").year()  # holds 2021-Q1
    after = quarter("2022-Q4").year()
    assert broken_within(spoilt, declared) == "too low"
    assert broken_within(after, declared) is None
    assert break_between(spoilt, after, declared) == "too low"
    onwards = series(breaks=({"since": "2022-Q1", "reason": "another system"},))
    assert broken_within(after, onwards) is None
    assert break_between(after.before(), after, onwards) == "another system"
    assert break_between(after, RecordPeriod("quarter", after.index + 4, 4), onwards) is None


# One year beside the last


def test_the_usual_change_is_the_mean_of_squared_poisson_changes():
    # ln(110/100)² / (1/110 + 1/100), ln(100/110)² / the same; ln(420/400)² / (1/420 + 1/400)
    first = log(1.1) ** 2 / (1 / 110 + 1 / 100)
    second = log(1.05) ** 2 / (1 / 420 + 1 / 400)
    usual = usual_change([(100, 110, 100), (400, 420), (999,)])
    assert usual is not None
    assert usual.dispersion == pytest.approx((2 * first + second) / 3)
    assert (usual.runs, usual.changes) == ((2, 1), 3)


def test_too_few_earlier_changes_give_no_usual_change():
    assert usual_change([(100, 110, 120), (90,)]) is None
    assert usual_change([(100, 0, 120, 90)]) is None


def test_a_change_s_interval_leaves_out_none_just_where_p_is_below_the_level():
    usual = UsualChange(9.0, (3, 2))
    found = [year_change(now, 1000, usual, 0.95) for now in range(1300, 1600)]
    excludes = [one.ci_lower > 1 for one in found]
    assert excludes == [one.p_value < 0.05 for one in found]
    # √(9 · 7.38578 · (1/1000 + 1/now)) is 0.33746 at 1,402, and ln 1.402 is 0.33790
    assert 1300 + excludes.index(True) == 1402
    assert critical_ratio((3, 2), 0.05) == pytest.approx(7.3857777)


def test_a_steady_count_is_judged_no_more_boldly_than_poisson_counts():
    found = year_change(1090, 1000, UsualChange(0.007, (3,)), 0.95)
    z = log(1.09) / sqrt(1 / 1090 + 1 / 1000)
    assert found.p_value == pytest.approx(2 * norm.sf(z))
    assert found.ci_lower == pytest.approx(exp(log(1.09) - 1.959964 * log(1.09) / z), rel=1e-6)


def test_equal_counts_have_a_ratio_of_one_and_p_one():
    found = year_change(500, 500, UsualChange(3.0, (4,)), 0.95)
    assert (found.ratio, found.p_value) == (1.0, 1.0)


@given(st.floats(0.01, 1000))
def test_one_earlier_change_gives_the_f_distribution(ratio):
    """Of one change z²/w² is F(1, 1): P(F > r) = 1 − 2/π·atan(√r)."""
    assert tail_probability((1,), ratio) == pytest.approx(1 - 2 / np.pi * np.arctan(sqrt(ratio)))


def test_the_exact_distribution_is_that_of_simulated_years():
    generator = np.random.default_rng(20)
    years = generator.standard_normal((400_000, 7))
    squares = [np.diff(part, axis=1) ** 2 / 2 for part in (years[:, :4], years[:, 4:])]
    mean = np.concatenate(squares, axis=1).mean(axis=1)
    judged = generator.standard_normal(400_000) ** 2
    for ratio in (1.0, 7.3857777, 20.0):
        p = tail_probability((3, 2), ratio)
        error = sqrt(p * (1 - p) / 400_000)
        assert abs((judged > ratio * mean).mean() - p) < 3.5 * error


def test_the_golden_cases_are_r_s():
    with (GOLDEN / "counts.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (GOLDEN / "reference.csv").open() as file:
        reference = list(csv.DictReader(file))
    assert len(reference) == 3
    for expected in reference:
        held = [row for row in rows if row["case"] == expected["case"]]
        before, now = (float(row["count"]) for row in held[-2:])
        groups: dict[str, list[float]] = {}
        for row in held[:-2]:
            groups.setdefault(row["stretch"], []).append(float(row["count"]))
        usual = usual_change(list(groups.values()))
        found = year_change(now, before, usual, 0.95)
        error = sqrt(usual.dispersion * (1 / now + 1 / before))
        assert found.ratio == pytest.approx(float(expected["ratio"]), rel=1e-10)
        assert usual.dispersion == pytest.approx(float(expected["dispersion"]), rel=1e-9)
        assert error == pytest.approx(float(expected["standard_error"]), rel=1e-9)
        assert found.p_value == pytest.approx(float(expected["p_value"]), rel=1e-7)


# How often a null is called a change

SEASON = np.array([1.1, 1.0, 1.05, 0.85])
REPEATS = 10_000


def null_rejections(layout, mean, spread, rho, seed, jump=0.0):
    """The share of simulated series whose last year is called changed at the 5% level.

    `layout`: quarters of each stretch, a missing year between them. Counts are Poisson about a
    seasonal intensity whose logarithm is autoregressive (`rho` from quarter to quarter, standard
    deviation `spread`) and does not change, but for `jump` in the last year.
    """
    generator = np.random.default_rng(seed)
    total = sum(layout) + 4 * (len(layout) - 1)
    state = generator.standard_normal((REPEATS, total))
    for i in range(1, total):
        state[:, i] = rho * state[:, i - 1] + sqrt(1 - rho**2) * state[:, i]
    intensity = mean * SEASON[np.arange(total) % 4] * np.exp(spread * state)
    intensity[:, -4:] *= exp(jump)
    counts = generator.poisson(intensity)
    years, start = [], 0
    for quarters in layout:
        whole = counts[:, start + quarters % 4 : start + quarters]
        years.append(whole.reshape(REPEATS, -1, 4).sum(axis=2).astype(float))
        start += quarters + 4
    before, now = years[-1][:, -2], years[-1][:, -1]
    years[-1] = years[-1][:, :-2]
    held = [one for one in years if one.shape[1] > 1]
    squares = [
        np.log(one[:, 1:] / one[:, :-1]) ** 2 / (1 / one[:, 1:] + 1 / one[:, :-1]) for one in held
    ]
    dispersion = np.concatenate(squares, axis=1).mean(axis=1)
    squared = np.log(now / before) ** 2 / (1 / now + 1 / before)
    critical = critical_ratio(tuple(one.shape[1] - 1 for one in held), 0.05)
    return float(((squared > critical * dispersion) & (squared > norm.ppf(0.975) ** 2)).mean())


ERROR = sqrt(0.05 * 0.95 / REPEATS)
WEST_MIDLANDS = (16, 12, 9)


@pytest.mark.parametrize("layout", [WEST_MIDLANDS, (40,), (24,)])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5])
def test_of_unchanged_counts_five_in_a_hundred_are_called_changed(layout, rho):
    """Overdispersed (φ of a year 17 to 35), seasonal, autocorrelated: 5% ± 2 simulation errors."""
    found = null_rejections(layout, 6500, 0.05, rho, seed=7)
    assert abs(found - 0.05) < 2 * ERROR, found


@pytest.mark.parametrize(("mean", "spread"), [(6500, 0.0), (60, 0.0), (60, 0.1), (5, 0.0)])
@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_counts_that_vary_little_more_than_by_chance_are_judged_with_caution(mean, spread, rho):
    assert null_rejections(WEST_MIDLANDS, mean, spread, rho, seed=8) < 0.05 + 2 * ERROR


def test_a_count_that_rises_by_a_third_is_found():
    assert null_rejections(WEST_MIDLANDS, 6500, 0.05, 0.3, seed=9, jump=log(4 / 3)) > 0.95


# Tables

STEADY = [100, 110, 105, 95]


def test_a_year_beside_the_last_is_tested_where_it_can_be():
    rows = changes_of(survey_with(STEADY * 6))
    assert len(rows) == 21  # of 24 quarters, all but the first three end a year
    first, last = rows["2019-Q1/2019-Q4"], rows["2024-Q1/2024-Q4"]
    assert first["no_verdict_reason"] == "figures for the year before are missing"
    assert rows["2023-Q1/2023-Q4"]["no_verdict_reason"].startswith("fewer than 3 changes")
    assert (last["ratio"], last["verdict"], last["family_size"]) == (
        1.0,
        "no significant change",
        1,
    )
    assert last["earlier_changes"] == 3


def test_a_jump_is_a_verdict_on_what_was_recorded():
    rows = changes_of(survey_with([*STEADY * 5, *(2 * value for value in STEADY)]))
    last = rows["2024-Q1/2024-Q4"]
    assert (last["ratio"], last["verdict"]) == (2.0, "increase")
    assert last["ci_lower"] > 1


def test_no_change_is_judged_across_a_break_nor_over_a_gap():
    broken = ({"since": "2023-Q2", "until": "2023-Q3", "reason": "three codes are missing"},)
    rows = changes_of(survey_with(STEADY * 6, breaks=broken))
    for period in ("2023-Q1/2023-Q4", "2024-Q1/2024-Q4"):
        assert rows[period]["ratio"] is None
        assert rows[period]["marker"] == "[b]"
        assert rows[period]["no_verdict_reason"] == "break in series: three codes are missing"
    gap = changes_of(survey_with([*STEADY * 4, None, *STEADY]))
    last = list(gap.values())[-1]
    assert last["no_verdict_reason"] == "figures for the year before are missing"


@pytest.mark.parametrize("year", [[0, 0, 0, 0], [5, 5, 5, FEWEST_COUNT - 16]])
@pytest.mark.parametrize("place", [1, 5])
def test_small_and_zero_counts_are_not_compared(year, place):
    quarters = STEADY * 6
    quarters[4 * place : 4 * place + 4] = year
    last = changes_of(survey_with(quarters))["2024-Q1/2024-Q4"]
    assert last["ratio"] is None
    assert "below 20" in last["no_verdict_reason"]


def test_rates_and_durations_are_shown_without_a_test():
    tables = record_tables(survey_with(STEADY * 6, quantity="duration"))
    assert tables["record.change"].empty
    assert set(tables["record.figure"]["kind"]) == {"single"}


def test_areas_are_adjusted_together_and_the_whole_is_not():
    labels = {"a": "A", "b": "B"}
    last = [1.2 * value for value in STEADY]
    survey = survey_with([*STEADY * 5, *last], area="area", other_areas=labels)
    figures = survey.record_figures["damage"]
    split = [figure.model_copy(update={"area": one}) for one in labels for figure in figures]
    both = survey.model_copy(update={"record_figures": {"damage": (*figures, *split)}})
    found = record_tables(both)["record.change"].query("period == '2024-Q1/2024-Q4'")
    whole, *areas = found.itertuples(index=False)
    assert (whole.area, whole.family_size, whole.adjusted_p) == ("all", 1, whole.p_value)
    for one in areas:
        assert one.family_size == 2
        assert one.adjusted_p == pytest.approx(min(1, 2 * one.p_value))


# Words

SAID = {
    **{"kind": "recorded", "unit": "offences", "year": "the year to June 2023"},
    **{"year_before": "the year to June 2022", "count": 28781, "before": 29918},
}


def test_a_finding_on_records_never_says_that_a_kpi_improves():
    tested = {"ratio": 28781 / 29918, "lower": 0.891, "upper": 1.039}
    calm = year_words(YearWords(**SAID, **tested, verdict="no significant change"))
    assert calm == (
        "No statistically significant change in what was recorded, from 29,918 offences in the "
        "year to June 2022 to 28,781 in the year to June 2023 (−3.8%, between −10.9% and +3.9%), "
        "given how much this count usually changes from one year to the next."
    )
    fell = year_words(YearWords(**SAID, **tested, verdict="decrease"))
    assert fell.startswith("What was recorded fell from 29,918 offences")
    assert "not a finding on what people experienced" in fell
    for text in (calm, fell):
        assert not {"improving", "worsening", "better", "survey"} & set(text.split())


def test_a_count_without_a_test_says_why():
    said = year_words(YearWords(**{**SAID, "before": None}, reason="break in series: a strike"))
    assert said == (
        "28,781 offences were recorded in the year to June 2023. No change on the year before is "
        "judged: break in series: a strike."
    )


def test_a_break_is_said_with_its_reason():
    assert break_words("April to June 2020", "January to March 2021", "three codes lack").endswith(
        "2021: not comparable with the other periods, because three codes lack."
    )
    assert break_words("2021", None, "of a new system").startswith("From 2021 on: not comparable")
