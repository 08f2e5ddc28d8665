"""A chain of questions as a funnel: bars on one base, what passes on, and the small base named."""

from xml.etree import ElementTree as ET

import pytest
import site_database as db
from site_figures import WORDS, drawn, estimate, texts
from site_pages import parsed, rows_of

from warehouse.site.charts import Bar, funnel_chart
from warehouse.site.page import render_site
from warehouse.site.read import read_published

LAST = "2028-Q1"


def bars(*shares):
    passing = [(), *[("Of these, 20.0% used it.", "Base: 90 people.")] * (len(shares) - 1)]
    return [
        Bar(
            f"Step {number}", estimate(share, share and share - 0.02, share and share + 0.02), words
        )
        for number, (share, words) in enumerate(zip(shares, passing, strict=True), 1)
    ]


def test_every_bar_is_on_one_base():
    """Widths are shares of the plot, which is everybody; the pale bar behind each is as wide."""
    chart = funnel_chart(WORDS, bars(0.4, 0.08))
    assert [bar.get("width") for bar in drawn(chart, "rect", "bar")] == ["40%", "8%"]
    assert [bar.get("width") for bar in drawn(chart, "rect", "track")] == ["100%", "100%"]
    ends = [(line.get("x1"), line.get("x2")) for line in drawn(chart, "line", "error")]
    assert ends == [("38%", "42%"), ("6%", "10%")]


def test_names_figures_and_what_passes_on_stand_in_order():
    chart = funnel_chart(WORDS, bars(0.4, 0.08))
    assert texts(chart, "name") == ["Step 1", "Step 2"]
    assert texts(chart, "value") == ["40.0%", "8.0%"]
    assert texts(chart, "passing") == ["Of these, 20.0% used it.", "Base: 90 people."]
    heights = [float(text.get("y")) for text in drawn(chart, "text")]
    assert heights == sorted(heights)
    assert heights[-1] < float(ET.fromstring(chart).get("height"))


def test_a_withheld_step_has_a_marker_and_no_bar():
    chart = funnel_chart(WORDS, [Bar("Used it", estimate(None, marker="[c]"), ())])
    assert texts(chart, "value") == ["[c] confidential"]
    assert drawn(chart, "rect", "bar") == []


def step(number, label, of_all, of_previous=None):
    return {
        "chain": "chat",
        "chain_order": 1,
        "chain_label": "Live Chat",
        "step": number,
        "step_label": label,
        "share_of_all": of_all,
        "share_of_previous": of_previous,
    }


def section(tmp_path, figures, steps=None, by=()):
    """The section's page of a survey whose one KPI is the chain's first step."""
    names = ["aware", "used", "used_of_aware"]
    steps = steps or [step(1, "Heard of it", "aware"), step(2, "Used it", "used", "used_of_aware")]
    path = db.write_database(
        tmp_path / "published.duckdb",
        ("ref.survey", [db.SURVEY]),
        ("ref.wave", db.waves()),
        ("ref.period", db.periods()),
        ("ref.item", [db.item(name, order) for order, name in enumerate(names)]),
        (
            "ref.measure",
            [db.measure(name, n, base_label="all adults", by=by) for n, name in enumerate(names)],
        ),
        ("ref.chain", steps),
        ("ref.domain", db.domains()),
        ("ref.kpi", [db.kpi("awareness", measure="aware")]),
        ("estimate.estimate", figures),
    )
    return render_site(read_published(path))["section/confidence.html"]


WHOLE = [
    db.estimate(LAST, "aware", 0.4, 0.02, 2800),
    db.estimate(LAST, "used", 0.08, 0.01, 2795),
    db.estimate(LAST, "used_of_aware", 0.2, 0.03, 1120),
]


@pytest.mark.parametrize(
    "told",
    [
        "Live Chat, January to March 2028",
        "Of these, 20.0% used it.",
        "Per cent of all adults, each with its 95% interval; the pale bar is all of them.",
        "The last step rests on 1,120 people.",
        "Heard of it: 40.0%. Of these, 20.0% used it. Base: 1,120 people. Used it: 8.0%.",
        '<th scope="col">Of those at the step before</th>',
        '<td>20.0% <span class="ends">17.0% to 23.0%</span></td><td>1,120</td>',
        "<td>–</td><td>–</td>",
    ],
)
def test_the_section_of_the_chains_first_kpi_has_its_funnel(tmp_path, told):
    assert told in section(tmp_path, WHOLE)


def test_a_withheld_step_says_so_and_hides_its_base(tmp_path):
    hidden = db.estimate(LAST, "used_of_aware", None, base=None, marker="[c]")
    page = section(tmp_path, [*WHOLE[:2], hidden])
    assert "Of these, a share that is withheld used it." in page
    assert "The last step rests on" not in page
    assert "Base: [c]." in page


def test_every_step_stands_in_a_table_by_the_groups_of_people_it_is_broken_down_by(tmp_path):
    area = ("area", "walsall")
    figures = [
        db.estimate(LAST, "aware", 0.38, 0.03, 400, domain=area),
        db.estimate(LAST, "used", 0.06, 0.02, 398, domain=area, marker="[p]"),
        db.estimate(LAST, "used_of_aware", None, base=None, domain=area, marker="[c]"),
    ]
    tree = parsed(section(tmp_path, [*WHOLE, *figures], by=["area"]))
    rows = rows_of(tree, "Live Chat, January to March 2028, by group")
    assert rows[0] == [
        *("Group", "Heard of it: of all", "Used it: of all"),
        "Used it: of those at the step before",
    ]
    assert rows[1][0] == "Local Policing Area"
    (walsall,) = [row for row in rows if row[0] == "Walsall"]
    assert walsall[1:] == [
        *("38.0% 35.0% to 41.0% base 400", "6.0% [p] 4.0% to 8.0% base 398", "[c] base [c]"),
    ]


def test_without_breakdowns_there_is_no_table_by_group(tmp_path):
    assert "by group" not in section(tmp_path, WHOLE)


def test_a_chain_without_a_figure_for_every_step_is_not_drawn(tmp_path):
    page = section(tmp_path, WHOLE[:2])
    assert 'class="funnel"' not in page


def test_a_section_without_the_chain_has_no_funnel(tmp_path):
    other = [step(1, "Heard of it", "used"), step(2, "Used it", "aware", "used_of_aware")]
    assert 'class="funnel"' not in section(tmp_path, WHOLE, other)
