from site_figures import FOUR, WORDS, drawn, series, stops, texts

from warehouse.site.charts import Axis, panel_chart, time_axis

AXIS = Axis(30, 70, 10)


def panel(line, whole=()):
    return panel_chart(WORDS, line, whole, AXIS, time_axis(FOUR, [*line, *whole]))


def test_a_panel_has_its_line_and_band_and_the_whole_in_grey():
    chart = panel(series(0.5, 0.5, 0.6, 0.6), series(0.4, 0.4, 0.4, 0.4))
    assert stops(chart) == stops(chart, "whole") == [4]
    assert len(drawn(chart, "path", "band")) == 1
    # every second tick of 30, 40, 50, 60, 70 and the ends of time
    assert texts(chart, "tick") == ["30%", "50%", "70%", "Jun 2026", "Mar 2027"]


def test_a_figure_that_no_line_joins_is_a_dot():
    chart = panel(series(0.5, None, 0.6, 0.6, markers={"2026-Q3": "[u]"}))
    assert len(drawn(chart, "circle")) == 1
    assert texts(chart, "marker") == ["[u]"]
    assert stops(chart) == [2]


def test_a_break_is_a_gap_in_every_panel():
    chart = panel(series(0.5, 0.5, 0.6, 0.6, markers={"2026-Q4": "[b]"}))
    assert stops(chart) == [2, 2]
    assert len(drawn(chart, "line", "break")) == 1
