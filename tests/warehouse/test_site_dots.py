from xml.etree import ElementTree as ET

from site_figures import WORDS, drawn, estimate, texts

from warehouse.site.charts import Axis, Row, dot_chart

AXIS = Axis(0, 100, 25)


def rows(*estimates):
    return [Row(one.label, one) for one in estimates]


def test_dots_are_in_the_given_order_with_the_force_as_a_line():
    areas = [estimate(0.75, 0.5, 1.0, label="Dudley"), estimate(0.25, 0.0, 0.5, label="Coventry")]
    chart = dot_chart(WORDS, rows(*areas), estimate(0.4, 0.3, 0.5), AXIS)
    assert texts(chart, "name") == ["Dudley", "Coventry"]
    assert [dot.get("cx") for dot in drawn(chart, "circle")] == ["75%", "25%"]
    assert [line.get("x1") for line in drawn(chart, "line", "interval")] == ["50%", "0%"]
    assert drawn(chart, "line", "force")[0].get("x1") == "40%"
    assert texts(chart, "forcename") == ["West Midlands 40.0%"]


def test_a_withheld_value_is_a_marker_with_its_meaning():
    withheld = estimate(None, label="Solihull", marker="[u]")
    chart = dot_chart(WORDS, rows(withheld), None, AXIS)
    assert texts(chart, "marker") == ["[u] low reliability"]
    assert drawn(chart, "circle") == []
    assert drawn(chart, "line", "force") == []


def test_a_row_may_have_a_whole_of_its_own():
    beside = [
        Row("Confidence", estimate(0.5), estimate(0.25)),
        Row("Fairness", estimate(0.5), estimate(None, marker="[c]")),
    ]
    chart = dot_chart(WORDS, beside, None, AXIS)
    assert [line.get("x1") for line in drawn(chart, "line", "beside")] == ["25%"]


def test_an_uncertain_figure_is_open_and_its_marker_has_room():
    sure, unsure = estimate(0.5), estimate(0.5, marker="[u]")
    assert len(drawn(dot_chart(WORDS, rows(unsure), None, AXIS), "circle", "open")) == 1
    room = [
        ET.fromstring(dot_chart(WORDS, rows(one), None, AXIS)).get("style")
        for one in (sure, unsure)
    ]
    # "50.0%" is given six characters, "50.0% [u]" has nine
    assert [style.partition("--values:")[2] for style in room] == ["6", "9"]


def test_long_labels_are_wrapped_and_their_rows_grow():
    label = "Black, Black British, Black Welsh, Caribbean or African"
    short_row = dot_chart(WORDS, rows(estimate(0.5, label="White")), None, AXIS)
    long_row = dot_chart(WORDS, rows(estimate(0.5, label=label)), None, AXIS)
    assert " ".join(texts(long_row, "name")) == label
    heights = [float(ET.fromstring(chart).get("height")) for chart in (short_row, long_row)]
    assert heights[1] - heights[0] == 16 * (len(texts(long_row, "name")) - 1) > 0


def test_a_crowded_scale_has_fewer_labels_on_a_phone():
    chart = dot_chart(WORDS, rows(estimate(0.5)), None, Axis(0, 100, 20))
    labels = {text.text: "wide" in text.get("class") for text in drawn(chart, "text", "tick")}
    hidden = [label for label, wide in labels.items() if wide]
    assert hidden == ["20%", "60%", "100%"]


def test_long_labels_and_values_leave_a_phone_room_for_fewer_labels_of_the_scale():
    """18 and 9 letters leave 26 - 12.05 - 7.1 = 6.85 em: no room for four labels of 2.6 em each."""
    axis = Axis(40, 70, 10)
    (narrow, wide) = (
        dot_chart(WORDS, rows(estimate(0.5, label=label, marker=marker)), None, axis)
        for label, marker in (("Overall confidence", "[p]"), ("Men", None))
    )
    hidden = [text.text for text in drawn(narrow, "text", "wide")]
    assert hidden == ["50%", "70%"]
    assert drawn(wide, "text", "wide") == []
