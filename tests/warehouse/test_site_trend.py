import itertools
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_figures import WORDS, drawn, estimate, period, series, stops, texts

from transforms.waves import Wave, quarters
from warehouse.site.charts import Level, Lines, axis_for, time_axis, trend_chart
from warehouse.site.charts.trend import spread

EIGHT = quarters("2026-Q2", "2028-Q1")


def chart_of(line, points=(), baseline=None, waves=EIGHT):
    lines = Lines(tuple(line), tuple(points), baseline)
    also = [baseline.share] if baseline else []
    return trend_chart(WORDS, lines, axis_for(lines.figures, also), time_axis(waves, lines.figures))


def years(*shares, markers=None, half=0.02):
    """The rolling years that end with the last of the eight quarters."""
    return series(
        *shares, waves=EIGHT[-len(shares) :], kind="rolling_year", markers=markers, half=half
    )


def test_a_chart_is_an_image_named_and_described_in_escaped_text():
    chart = chart_of(series(0.5, 0.5, 0.5, 0.5))
    svg = ET.fromstring(chart)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "kpi-trend-title kpi-trend-desc"
    named = {e.get("id"): e.text for e in svg if e.get("id")}
    assert named == {"kpi-trend-title": "A title & more", "kpi-trend-desc": "What it <shows>"}
    assert "A title &amp; more" in chart


def test_a_dot_lies_where_its_share_is():
    # the figures lie between 35% and 65%, so the axis runs from 30% to 70% in tens
    chart = chart_of(series(0.4, 0.5, 0.6, 0.5))
    assert texts(chart, "end") == ["30%", "40%", "50%", "60%", "70%"]
    heights = [float(dot.get("cy")) for dot in drawn(chart, "circle")]
    # 220 pixels stand for 40 points: 40% lies 30/40 of the way down, 50% half way, 60% a quarter
    assert heights == [220 * 3 / 4, 220 * 2 / 4, 220 * 1 / 4, 220 * 2 / 4]
    first_interval = drawn(chart, "line", "interval")[0]
    # 45% and 35% are 25/40 and 35/40 of the way down
    assert (first_interval.get("y1"), first_interval.get("y2")) == ("137.5", "192.5")


def test_the_latest_share_is_written_beside_the_line():
    chart = chart_of(series(0.4, 0.5, 0.6, 0.55))
    assert texts(chart, "value") == ["55.0%"]
    assert "rolling year" not in texts(chart, "tick")
    assert "single quarters" not in texts(chart, "tick")


def test_the_line_joins_rolling_years_and_only_names_single_quarters():
    chart = chart_of(years(0.46, 0.47, 0.48, 0.49, 0.5), series(*[0.45] * 8, waves=EIGHT))
    assert stops(chart) == [5]
    assert len(drawn(chart, "path", "band")) == 1
    assert len(drawn(chart, "circle", "point")) == 8
    assert len(drawn(chart, "line", "faint")) == 8
    # overlapping years are no samples of their own: one dot, the latest
    assert len(drawn(chart, "circle", "dot")) == 1
    assert texts(chart, "value") == ["50.0%"]
    assert {"rolling year", "single quarters"} <= set(texts(chart, "tick"))


def test_a_year_lies_where_its_last_quarter_does():
    chart = chart_of(years(0.5), series(*[0.5] * 8, waves=EIGHT))
    dots, points = drawn(chart, "circle", "dot"), drawn(chart, "circle", "point")
    assert dots[0].get("cx") == points[-1].get("cx") == "96%"


def test_a_line_whose_latest_figure_is_withheld_has_no_figure_at_its_end():
    chart = chart_of(years(0.5, 0.5, None, markers={"2028-Q1": "[u]"}))
    assert texts(chart, "value") == []
    assert texts(chart, "marker") == ["[u]"]


def test_a_line_of_years_is_named_without_quarters_behind_it():
    assert "rolling year" in texts(chart_of(years(0.5, 0.5)), "tick")


def test_the_baseline_is_a_labelled_line_from_where_it_ends():
    baseline = Level("the year to March 2027", 0.46, "2027-Q1")
    chart = chart_of(years(*[0.5] * 5), series(*[0.5] * 8, waves=EIGHT), baseline)
    line = drawn(chart, "line", "baseline")[0]
    places = [point.get("cx") for point in drawn(chart, "circle", "point")]
    assert (line.get("x1"), line.get("x2")) == (places[3], "100%")
    assert texts(chart, "level") == ["46.0%"]
    assert "baseline" in texts(chart, "tick")


def test_an_outside_baseline_runs_through():
    chart = chart_of(series(*[0.5] * 4), baseline=Level("an outside figure", 0.4, None))
    assert drawn(chart, "line", "baseline")[0].get("x1") == "0%"


def test_labels_at_the_right_do_not_overlap():
    baseline = Level("the year to March 2027", 0.499, "2027-Q1")
    chart = chart_of(years(*[0.5] * 5), series(*[0.5] * 8, waves=EIGHT), baseline)
    heights = sorted(float(t.get("y")) for t in drawn(chart, "text") if t.get("x") == "100%")
    assert len(heights) == 4
    assert all(after - before >= 16 for before, after in itertools.pairwise(heights))


@settings(deadline=None)
@given(st.lists(st.floats(0, 220), min_size=1, max_size=5))
def test_labels_are_spread_in_their_order_within_the_plot(middles):
    moved = spread(middles, [36.0] * len(middles), 220)
    ordered = [one for _, one in sorted(zip(middles, moved, strict=True))]
    gaps = [after - before for before, after in itertools.pairwise(ordered)]
    assert all(gap >= 36 - 1e-9 for gap in gaps)
    assert all(18 - 1e-9 <= one <= 220 - 18 + 1e-9 for one in moved)


def test_labels_that_are_clear_of_each_other_stay():
    assert spread([50.0, 150.0], [36.0, 36.0], 220) == [50.0, 150.0]
    # 110 and 120 are 26 too near: the lower one gives way
    assert spread([110.0, 120.0], [36.0, 36.0], 220) == [110.0, 146.0]


def test_consecutive_quarters_are_joined_by_one_line_and_band():
    chart = chart_of(series(0.5, 0.5, 0.5, 0.5))
    assert len(drawn(chart, "path", "line")) == len(drawn(chart, "path", "band")) == 1


def test_a_break_is_a_labelled_gap():
    chart = chart_of(series(0.5, 0.5, 0.6, 0.6, markers={"2026-Q4": "[b]"}))
    assert stops(chart) == [2, 2]
    assert "break in series" in texts(chart, "tick")
    assert len(drawn(chart, "line", "break")) == 1


def test_the_quarters_break_names_no_year_twice():
    quarterly = series(*[0.5] * 8, waves=EIGHT, markers={"2027-Q1": "[b]"})
    first = (
        estimate(
            0.5, 0.48, 0.52, period("2027-Q4", "rolling_year", ["2027-Q1", "2027-Q4"]), marker="[b]"
        ),
    )
    chart = chart_of((*first, *years(0.5)), quarterly)
    assert len(drawn(chart, "line", "break")) == 1
    assert stops(chart) == [2]
    assert "[b]" not in texts(chart, "tick")


def test_a_withheld_wave_is_a_gap_with_its_marker():
    chart = chart_of(series(0.5, None, 0.6, 0.6, markers={"2026-Q3": "[c]"}))
    assert texts(chart, "marker") == ["[c]"]
    assert len(drawn(chart, "circle")) == 3
    assert stops(chart) == [2]


def test_a_year_without_all_its_quarters_is_a_gap_without_a_marker():
    line = years(0.5, 0.5, None, 0.5, 0.5, markers={"2027-Q3": "[x]"})
    chart = chart_of(line, series(*[0.5] * 8, waves=EIGHT))
    assert stops(chart) == [2, 2]
    assert texts(chart, "marker") == []


def test_a_wave_without_a_figure_is_a_gap():
    without_third = [e for e in series(0.5, 0.5, 0.5, 0.5) if e.period.wave != "2026-Q4"]
    assert stops(chart_of(without_third)) == [2]


def test_waves_years_apart_are_not_joined_and_stand_apart():
    waves = (
        Wave(name="2007-08", start=date(2007, 4, 1), end=date(2008, 3, 31)),
        Wave(name="2013-14", start=date(2013, 4, 1), end=date(2014, 3, 31)),
        Wave(name="2014-15", start=date(2014, 4, 1), end=date(2015, 3, 31)),
    )
    chart = chart_of(series(0.5, 0.5, 0.5, waves=waves), waves=waves)
    assert stops(chart) == [2]
    places = [float(dot.get("cx").rstrip("%")) for dot in drawn(chart, "circle")]
    # six years, then one: the second lies six sevenths of the way from 4% to 96%
    assert places == pytest.approx([4, 4 + 92 * 6 / 7, 96], abs=0.1)


def test_provisional_points_are_open_and_marked():
    chart = chart_of(series(0.5, 0.5, 0.5, 0.5, markers={"2027-Q1": "[p]"}))
    assert len(drawn(chart, "circle", "open")) == 1
    assert "[p]" in texts(chart, "tick")


def test_markers_at_one_place_are_written_once_above_all_that_is_drawn_there():
    line = years(0.5, 0.5, markers={"2028-Q1": "[r]"})
    quarters_behind = series(*[0.5] * 8, waves=EIGHT, markers={"2028-Q1": "[p][r]"}, half=0.08)
    chart = chart_of(line, quarters_behind)
    (mark,) = [text for text in drawn(chart, "text", "halo") if "[r]" in text.text]
    assert mark.text == "[r] [p]"
    highest = min(
        float(one.get(end)) for one in drawn(chart, "line", "faint") for end in ("y1", "y2")
    )
    assert float(mark.get("y")) == pytest.approx(highest - 8)


def test_a_point_without_an_interval_is_drawn_without_one():
    chart = chart_of([estimate(0.0)])
    assert len(drawn(chart, "circle")) == 1
    assert drawn(chart, "line", "interval") == []


def test_quarters_before_the_first_year_are_drawn_alone():
    chart = chart_of([], series(0.5, 0.5, 0.5, 0.5))
    assert len(drawn(chart, "circle", "point")) == 4
    assert drawn(chart, "path") == []
    assert texts(chart, "value") == []


def test_wave_names_thin_out_from_the_latest_backwards():
    waves = quarters("2020-Q1", "2024-Q4")
    chart = chart_of(series(*[0.5] * 20, waves=waves), waves=waves)
    # 20 waves, at most 8 names: every third, the latest first; on a phone at most three of them
    years_named = [text for text in texts(chart, "middle") if text and text.isdigit()]
    assert len(years_named) == 7
    assert years_named[0] == "2024"
    narrow = [t for t in drawn(chart, "text", "middle") if "wide" not in t.get("class").split()]
    assert 1 <= sum(1 for t in narrow if t.text.isdigit()) <= 3
