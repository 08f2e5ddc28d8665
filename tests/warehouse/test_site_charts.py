from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.waves import Wave, quarters
from warehouse.site.charts import Axis, axis_for, dot_chart, trend_chart
from warehouse.site.read import Estimate
from warehouse.site.svg import Words, short

WORDS = Words("kpi-trend", "A title & more", "What it <shows>")
FOUR = quarters("2026-Q2", "2027-Q1")
AXIS = Axis(0, 100, 25)


def estimate(share, lower=None, upper=None, wave="2026-Q2", label="West Midlands", marker=None):
    return Estimate(
        wave=wave,
        measure="m",
        domain="all",
        value="all",
        label=label,
        share=share,
        lower=lower,
        upper=upper,
        base=700,
        interval_method="korn_graubard",
        marker=marker,
        suppression_reason=None if share is not None else "fewer than 50 people answered",
    )


def series(*shares, markers=None):
    return [
        estimate(
            share,
            None if share is None else share - 0.05,
            None if share is None else share + 0.05,
            wave.name,
            marker=(markers or {}).get(wave.name),
        )
        for share, wave in zip(shares, FOUR, strict=True)
    ]


def drawn(chart, name, kind=None):
    found = ET.fromstring(chart).iter(name)
    return [e for e in found if kind is None or kind in e.get("class", "").split()]


def texts(chart, kind):
    return [text.text for text in drawn(chart, "text", kind)]


@pytest.mark.parametrize(
    ("ends", "axis"),
    [
        # 48 to 56: from zero they would crowd at the top; 20 points are 42 to 62, in whole fives
        ((0.48, 0.52, 0.56), Axis(40, 65, 5)),
        # 12 to 35: an axis from zero is empty for 12/35, less than two fifths
        ((0.12, 0.20, 0.35), Axis(0, 40, 10)),
        # 33 to 75: it would be empty for 33/75, more than two fifths
        ((0.33, 0.50, 0.75), Axis(30, 80, 10)),
        # rare answers: small ticks, from zero
        ((0.01, 0.02, 0.04), Axis(0, 4, 1)),
        ((0.0, 0.0, 0.0), Axis(0, 1, 1)),
        ((1.0, 1.0, 1.0), Axis(90, 100, 2)),
        ((0.0, 0.5, 1.0), Axis(0, 100, 20)),
    ],
)
def test_an_axis_has_few_ticks_and_starts_at_zero_unless_figures_would_crowd(ends, axis):
    assert axis_for([estimate(ends[1], ends[0], ends[2])]) == axis


def test_an_axis_without_a_figure_is_the_whole_scale():
    assert axis_for([estimate(None)]) == Axis(0, 100, 25)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_an_axis_holds_every_figure_and_ends_on_its_ticks(shares):
    axis = axis_for([estimate(share) for share in shares])
    assert all(-1e-9 <= axis.place(share) <= 1 + 1e-9 for share in shares)
    assert 0 <= axis.low < axis.high <= 100
    assert axis.ticks[-1] == axis.high
    assert len(axis.ticks) <= 6


def test_a_chart_is_an_image_named_and_described_in_escaped_text():
    chart = trend_chart(WORDS, series(0.5, 0.5, 0.5, 0.5), FOUR)
    svg = ET.fromstring(chart)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "kpi-trend-title kpi-trend-desc"
    named = {e.get("id"): e.text for e in svg if e.get("id")}
    assert named == {"kpi-trend-title": "A title & more", "kpi-trend-desc": "What it <shows>"}
    assert "A title &amp; more" in chart


def test_a_dot_lies_where_its_share_is():
    # the figures lie between 35% and 65%, so the axis runs from 30% to 70% in tens
    chart = trend_chart(WORDS, series(0.4, 0.5, 0.6, 0.5), FOUR)
    assert texts(chart, "end") == ["30%", "40%", "50%", "60%", "70%"]
    heights = [float(dot.get("cy")) for dot in drawn(chart, "circle")]
    # 220 pixels stand for 40 points: 40% lies 30/40 of the way down, 50% half way, 60% a quarter
    assert heights == [220 * 3 / 4, 220 * 2 / 4, 220 * 1 / 4, 220 * 2 / 4]
    first_interval = drawn(chart, "line", "interval")[0]
    # 45% and 35% are 25/40 and 35/40 of the way down
    assert (first_interval.get("y1"), first_interval.get("y2")) == ("137.5", "192.5")


def test_the_first_and_the_latest_share_are_written_beside_their_dots():
    chart = trend_chart(WORDS, series(0.4, 0.5, 0.6, 0.55), FOUR)
    assert texts(chart, "value") == ["55.0%"]
    assert "40.0%" in texts(chart, "tick")
    assert "50.0%" not in texts(chart, "tick")


def test_consecutive_quarters_are_joined_by_one_line_and_band():
    chart = trend_chart(WORDS, series(0.5, 0.5, 0.5, 0.5), FOUR)
    assert len(drawn(chart, "path", "line")) == len(drawn(chart, "path", "band")) == 1


def test_a_break_is_a_labelled_gap():
    chart = trend_chart(WORDS, series(0.5, 0.5, 0.6, 0.6, markers={"2026-Q4": "[b]"}), FOUR)
    lines = [path.get("d").count("L") + 1 for path in drawn(chart, "path", "line")]
    assert lines == [2, 2]
    assert "break in series" in texts(chart, "tick")
    assert len(drawn(chart, "line", "break")) == 1


def test_a_withheld_wave_is_a_gap_with_its_marker():
    chart = trend_chart(WORDS, series(0.5, None, 0.6, 0.6, markers={"2026-Q3": "[c]"}), FOUR)
    assert texts(chart, "marker") == ["[c]"]
    assert len(drawn(chart, "circle")) == 3
    assert len(drawn(chart, "path", "line")) == 1


def test_a_wave_without_a_figure_is_a_gap():
    without_third = [e for e in series(0.5, 0.5, 0.5, 0.5) if e.wave != "2026-Q4"]
    chart = trend_chart(WORDS, without_third, FOUR)
    assert [path.get("d").count("L") + 1 for path in drawn(chart, "path", "line")] == [2]


def test_waves_years_apart_are_not_joined_and_stand_apart():
    waves = [
        Wave(name="2007-08", start=date(2007, 4, 1), end=date(2008, 3, 31)),
        Wave(name="2013-14", start=date(2013, 4, 1), end=date(2014, 3, 31)),
        Wave(name="2014-15", start=date(2014, 4, 1), end=date(2015, 3, 31)),
    ]
    estimates = [estimate(0.5, 0.4, 0.6, wave.name) for wave in waves]
    chart = trend_chart(WORDS, estimates, waves)
    assert [path.get("d").count("L") + 1 for path in drawn(chart, "path", "line")] == [2]
    places = [float(dot.get("cx").rstrip("%")) for dot in drawn(chart, "circle")]
    # six years, then one: the second lies six sevenths of the way from 4% to 96%
    assert places == pytest.approx([4, 4 + 92 * 6 / 7, 96], abs=0.1)


def test_provisional_points_are_open_and_marked():
    chart = trend_chart(WORDS, series(0.5, 0.5, 0.5, 0.5, markers={"2027-Q1": "[p]"}), FOUR)
    assert len(drawn(chart, "circle", "open")) == 1
    assert "[p]" in texts(chart, "tick")


def test_a_point_without_an_interval_is_drawn_without_one():
    chart = trend_chart(WORDS, [estimate(0.0)], FOUR[:1])
    assert len(drawn(chart, "circle")) == 1
    assert drawn(chart, "line", "interval") == []


def test_wave_names_thin_out_from_the_latest_backwards():
    waves = quarters("2020-Q1", "2024-Q4")
    chart = trend_chart(WORDS, [estimate(0.5, wave=w.name) for w in waves], waves)
    # 20 waves, at most 8 names: every third, the latest first; on a phone at most four of them
    years = [text for text in texts(chart, "middle") if text and text.isdigit()]
    assert len(years) == 7
    assert years[0] == "2024"
    narrow = [t for t in drawn(chart, "text", "middle") if "wide" not in t.get("class").split()]
    assert 1 <= sum(1 for t in narrow if t.text.isdigit()) <= 4


def test_a_crowded_scale_has_fewer_labels_on_a_phone():
    chart = dot_chart(WORDS, [estimate(0.5)], None, Axis(0, 100, 20))
    labels = {text.text: "wide" in text.get("class") for text in drawn(chart, "text", "tick")}
    hidden = [label for label, wide in labels.items() if wide]
    assert hidden == ["20%", "60%", "100%"]


def test_dots_are_in_the_given_order_with_the_force_as_a_line():
    areas = [estimate(0.75, 0.5, 1.0, label="Dudley"), estimate(0.25, 0.0, 0.5, label="Coventry")]
    chart = dot_chart(WORDS, areas, estimate(0.4, 0.3, 0.5), AXIS)
    assert texts(chart, "name") == ["Dudley", "Coventry"]
    assert [dot.get("cx") for dot in drawn(chart, "circle")] == ["75%", "25%"]
    assert [line.get("x1") for line in drawn(chart, "line", "interval")] == ["50%", "0%"]
    assert drawn(chart, "line", "force")[0].get("x1") == "40%"
    assert texts(chart, "forcename") == ["West Midlands 40.0%"]


def test_a_withheld_value_is_a_marker_with_its_meaning():
    chart = dot_chart(WORDS, [estimate(None, label="Solihull", marker="[u]")], None, AXIS)
    assert texts(chart, "marker") == ["[u] low reliability"]
    assert drawn(chart, "circle") == []
    assert drawn(chart, "line", "force") == []


def test_long_labels_are_wrapped_and_their_rows_grow():
    label = "Black, Black British, Black Welsh, Caribbean or African"
    short_row = dot_chart(WORDS, [estimate(0.5, label="White")], None, AXIS)
    long_row = dot_chart(WORDS, [estimate(0.5, label=label)], None, AXIS)
    assert " ".join(texts(long_row, "name")) == label
    heights = [float(ET.fromstring(chart).get("height")) for chart in (short_row, long_row)]
    assert heights[1] - heights[0] == 16 * (len(texts(long_row, "name")) - 1) > 0


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (-0.01, "0"), (2.25, "2.2"), (7.06, "7.1")]
)
def test_coordinates_are_short(value, written):
    assert short(value) == written
