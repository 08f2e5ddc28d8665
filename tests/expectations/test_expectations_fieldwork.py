"""How interviews were held, as a report shows it: a chart for each figure, never a refusal."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import html5lib
import numpy as np
import pandas as pd
import pytest
from builders import shared
from defects import fieldwork
from defects.clean import WAVE

from expectations import report_html, report_json
from expectations.fieldwork import fieldwork_checks
from expectations.frame import decoded_items
from transforms.catalogue import InterviewRule, Reading, Survey
from transforms.fieldwork.alike import EVERY_PAIR, likeness, tells_apart
from transforms.fieldwork.coding import answer_codes
from transforms.fieldwork.shown import Bar, Chart
from transforms.responses import RawReturn
from transforms.validation import CheckResult, Severity, Validation
from warehouse.returns import read_return


def raw(rows: pd.DataFrame) -> RawReturn:
    return RawReturn("small.sav", "0" * 64, rows, {}, simulated=True)


def held(rows: pd.DataFrame, survey: Survey | None = None) -> tuple[list[CheckResult], list[Chart]]:
    survey = survey or fieldwork.survey()
    found, charts = fieldwork_checks(decoded_items(raw(rows), survey, WAVE), survey)
    return list(found), list(charts)


def declaring(**rule: object) -> Survey:
    survey = fieldwork.survey()
    declared = InterviewRule.model_validate(rule)
    about = survey.about.model_copy(update={"interviews": declared})
    return survey.model_copy(update={"about": about})


@cache
def clean() -> pd.DataFrame:
    return fieldwork.clean().rows


def test_each_figure_has_a_chart_of_the_same_rule():
    found, charts = held(clean())
    assert (
        [chart.rule for chart in charts]
        == [result.rule for result in found]
        == [
            "fieldwork.alike",
            "views.straight",
            "fieldwork.variety",
            "fieldwork.too_fast",
            "fieldwork.quarter_hours",
            "fieldwork.overlap",
            "fieldwork.one_day",
            "age.rounded",
        ]
    )
    assert all(chart.bars and chart.told for chart in charts)
    assert not [bar for chart in charts for bar in chart.bars if bar.beyond and bar.length]


def test_charts_count_every_interview_once():
    _, charts = held(clean())
    by_rule = {chart.rule: chart for chart in charts}
    for rule in ("fieldwork.alike", "fieldwork.too_fast"):
        assert sum(bar.length for bar in by_rule[rule].bars) == len(clean())
    starts = by_rule["fieldwork.quarter_hours"].bars
    assert sum(bar.length for bar in starts[:-1]) + 48 * starts[-1].length == pytest.approx(1)


def test_of_a_survey_that_declares_nothing_copies_dates_and_ages_are_looked_at():
    found, _ = held(clean(), declaring())
    rules = [result.rule for result in found]
    assert rules == ["fieldwork.alike", "fieldwork.one_day", "age.rounded"]


def test_more_than_half_on_one_day_is_a_warning():
    """997 interviews: 499 on one day are half and more, 498 are not."""
    dates = pd.Series(pd.date_range("2026-04-02", periods=30)).sample(
        997, replace=True, random_state=1
    )
    for on_one, passed in ((498, True), (499, False)):
        rows = clean().assign(interview_date=dates.to_numpy())
        rows.loc[: on_one - 1, "interview_date"] = pd.Timestamp("2026-04-01")
        found, charts = held(rows)
        (day,) = [result for result in found if result.rule == "fieldwork.one_day"]
        assert day.passed is passed
    assert day.failing_rows == 499
    assert "50.1% of 997 interviews are dated 1 April 2026" in day.finding
    bars = next(chart.bars for chart in charts if chart.rule == "fieldwork.one_day")
    assert [bar.beyond for bar in bars] == [True, False, False]
    assert sum(bar.length for bar in bars) == 997


def test_rounded_ages_are_a_warning():
    """Every second age to the ten below: half end in 0, and a fifth of the others in 0 or 5."""
    rows = clean()
    found, charts = held(
        rows.assign(age=rows["age"].where(rows.index % 2 == 0, rows["age"] // 10 * 10))
    )
    (rounded,) = [result for result in found if result.rule == "age.rounded"]
    assert not rounded.passed
    assert "ends in 0 or 5 in" in rounded.finding
    bars = next(chart.bars for chart in charts if chart.rule == "age.rounded")
    assert [bar.label for bar in bars if bar.beyond] == ["0", "5"]
    assert sum(bar.length for bar in bars) == pytest.approx(1)


def test_without_interviewers_the_battery_is_looked_at_as_a_whole():
    survey = declaring(batteries={"views": fieldwork.BATTERY})
    _, charts = held(clean(), survey)
    (views,) = [chart for chart in charts if chart.rule == "views.straight"]
    assert [bar.label for bar in views.bars] == ["one answer to all", "answers that differ"]
    assert sum(bar.length for bar in views.bars) == pytest.approx(1)


def test_start_and_end_say_how_long_an_interview_took():
    rows = clean().assign(
        ended=lambda r: r["began"] + pd.to_timedelta(r["minutes"], unit="m"), minutes=0.0
    )
    survey = declaring(start="began", end="minutes")
    items = decoded_items(raw(rows), survey, WAVE)
    ended = replace(items["began"], answers=rows["ended"])
    found, charts = fieldwork_checks({**items, "minutes": ended}, survey)
    assert "fieldwork.too_fast" in [result.rule for result in found]
    assert "The median interview took 15 minutes" in next(
        chart.told for chart in charts if chart.rule == "fieldwork.too_fast"
    )


def test_too_few_interviews_say_nothing():
    assert held(clean().head(29)) == ([], [])


def test_nothing_is_ever_worse_than_a_warning():
    rows = pd.concat([clean()] * 2, ignore_index=True)
    rows["serial"] = np.arange(len(rows), dtype=float)
    rows["minutes"] = np.where(np.arange(len(rows)) % 2, 1.0, 20.0)
    rows["began"] = rows["began"].dt.floor("h")
    for question in fieldwork.VIEWS:
        rows[question] = 2.0
    found, _ = held(rows)
    failed = [result for result in found if not result.passed]
    assert [result.rule.rpartition(".")[2] for result in failed] == [
        "alike",
        "straight",
        "too_fast",
        "quarter_hours",
        "overlap",
    ]
    assert {result.severity for result in found} == {Severity.WARNING}
    assert all(result.serials and len(result.serials) <= 20 for result in failed)


def test_a_finding_names_serial_numbers_that_are_in_the_return_and_no_answer():
    rows = clean().copy()
    rows.loc[3, "age"] = 103.0
    rows = pd.concat([rows, rows.iloc[:12].assign(serial=lambda r: r["serial"] + 900_000)])
    rows = rows.reset_index(drop=True)
    found, charts = held(rows)
    (alike,) = [result for result in found if result.rule == "fieldwork.alike"]
    assert not alike.passed and alike.failing_rows == 24
    serials = set(rows["serial"].map(lambda serial: f"{serial:.0f}"))
    assert set(alike.serials) <= serials
    listed = next(chart.rows for chart in charts if chart.rule == "fieldwork.alike")
    assert {cell for row in listed for cell in row[:2]} <= serials
    assert not re.search(r"\b103\b", repr((found, charts)))


def test_the_same_return_gives_the_same_figures_and_charts():
    assert held(clean()) == held(clean())


def test_the_page_shows_each_chart_with_words_and_a_table():
    result = CheckResult("fieldwork.x", "X", Severity.WARNING, False, finding="Too many.")
    chart = Chart(
        rule="fieldwork.x",
        title="Times <of> day",
        told="Half & half.",
        of="Minute",
        counted="Interviews",
        bars=(Bar(":00", 3.0, "3", beyond=True), Bar(":05", 1.0, "1")),
        heads=("Interview", "Most like"),
        rows=(("1001", "1002"),),
    )
    checked = Validation("a.sav", "0" * 64, WAVE, 4, (result,), charts=(chart,))
    page = report_html(checked, "Small")
    html5lib.HTMLParser(strict=True).parse(page)
    assert '<title id="chart-1-title">Times &lt;of&gt; day</title>' in page
    assert '<desc id="chart-1-desc">Minute: :00, 3; :05, 1.</desc>' in page
    assert '<rect class="bar beyond" x="0" width="100%"' in page
    assert '<rect class="bar" x="0" width="33.3%"' in page
    assert '<th scope="row">:00</th><td>3 beyond</td>' in page
    assert '<th scope="row">1001</th><td>1002</td>' in page
    assert "see the findings above" in page
    assert not re.search(r"(src|href)\s*=|url\(|https?:|@import|<script", page)
    assert '"told": "Half & half."' in report_json(checked)


@pytest.mark.parametrize(
    ("path", "weight"),
    [
        (("csew1314", "csew1314teachingopen.sav"), "IndivWgtx"),
        pytest.param(
            ("bcs0708", "bcs_2007_8_teaching_data.tab"), "tcindwt", marks=pytest.mark.slow
        ),
    ],
)
def test_real_interviews_are_not_cried_wolf_at(path, weight):
    """Interviews of two crime surveys that nobody copied, all their questions compared."""
    rows = read_return(shared("returns", *path), Reading()).rows
    questions = rows.drop(columns=["rowlabel", weight])
    codes = answer_codes([questions[name] for name in questions])[:EVERY_PAIR]
    assert tells_apart(codes) or "csew1314" in path
    found = likeness(codes)
    rule = InterviewRule()
    alike = (found.share >= rule.alike) & found.beyond_chance
    assert alike.mean() <= rule.copies
