"""A mean on the pages: its scale on every axis, in every table and sentence, and no per cent."""

import re

import duckdb
import pytest
import site_database as db
from site_figures import WORDS, drawn, estimate, texts

from transforms.scales import SHARES, Scale
from warehouse.publication import write_publication
from warehouse.site.charts import Axis, Row, axis_for, dot_chart
from warehouse.site.page import render_site
from warehouse.site.read import read_published

TEN = Scale(0.0, 10.0, "points on a scale from 0 to 10")
LAST, BEFORE = "2028-Q1", "2027-Q4"
UNIT = "points on a scale from 0 to 10"


def mean(value, lower=None, upper=None, scale=TEN, **more):
    found = estimate(value, lower, upper, **more)
    return type(found)(
        **{name: getattr(found, name) for name in found.__slots__} | {"scale": scale}
    )


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (0, 10, (0, 2, 4, 6, 8, 10)),
        (-2, 2, (-2, -1, 0, 1, 2)),
        (1, 5, (1, 2, 3, 4, 5)),
        (1, 7, (1, 3, 5, 7)),
        (0, 100, (0, 20, 40, 60, 80, 100)),
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (16, 110, (16, 110)),  # no round step divides 94
    ],
)
def test_a_means_axis_is_its_whole_scale_in_round_steps(lowest, highest, ticks):
    axis = axis_for([mean(lowest + 0.3, scale=Scale(lowest, highest, "points"))])
    assert axis.ticks == pytest.approx(ticks)
    assert (axis.low, axis.high) == (lowest, highest)


def test_a_score_lies_where_it_is_on_the_scale():
    axis = axis_for([mean(0.0, scale=Scale(-2.0, 2.0, "points"))])
    assert [axis.place(score) for score in (-2, -1, 0, 2)] == [0, 0.25, 0.5, 1]
    assert [axis.label(tick) for tick in axis.ticks] == ["−2", "−1", "0", "1", "2"]
    assert axis_for([estimate(0.5)]).scale == SHARES


def test_dots_of_means_carry_scores():
    axis = Axis(0, 10, 2, TEN)
    rows = [Row("North", mean(6.44, 6.1, 6.8)), Row("South", mean(5.0))]
    chart = dot_chart(WORDS, rows, mean(5.5, label="Force"), axis)
    assert texts(chart, "value") == ["6.4", "5.0"]
    assert texts(chart, "forcename") == ["Force 5.5"]
    assert texts(chart, "tick") == ["0", "2", "4", "6", "8", "10"]
    assert [dot.get("cx") for dot in drawn(chart, "circle")] == ["64.4%", "50%"]


def test_a_mean_of_nought_is_not_low():
    assert mean(0.0004).markers == ()
    assert estimate(0.0004).markers == ("[low]",)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A survey with a mean and a share among its KPIs, in two waves and two areas."""
    trust = db.kpi("trust", 0, title="Trust", statement="Increase trust in the police")
    share = db.kpi("aware", 1, title="Awareness", statement="Increase awareness")
    scored = {"kind": "mean", "counts": [], "scale_lower": 0, "scale_upper": 10, "unit": UNIT}
    means = {"interval_method": "t"}
    rows = [
        *(
            db.estimate(wave, "trust", 6.0 + n, 0.4, **means)
            for n, wave in enumerate((BEFORE, LAST))
        ),
        *(
            db.estimate(LAST, "trust", score, 0.5, domain=("area", area), **means)
            for area, score in (("dudley", 6.62), ("walsall", 7.31))
        ),
        db.estimate(LAST, "aware", 0.4),
        *(db.estimate(LAST, "aware", 0.3, domain=("area", area)) for area in ("dudley", "walsall")),
    ]
    for row in rows:
        if row["interval_method"] == "t":
            row["ci_upper"] = row["estimate"] + 0.4
    changed = db.change(LAST, BEFORE, "trust", 1.0, 0.5) | {"unit": UNIT}
    evidence = f"Rose by 1.0 {UNIT}, from 6.0 to 7.0."
    told = {"difference": 1.0, "unit": UNIT, "detectable_change": 0.7, "compared_with": BEFORE}
    path = db.write_database(
        tmp_path_factory.mktemp("means") / "published.duckdb",
        ("ref.survey", [db.SURVEY]),
        ("ref.wave", db.waves()),
        ("ref.period", db.periods()),
        ("ref.item", [db.item("trust"), db.item("aware", 1)]),
        (
            "ref.measure",
            [db.measure("trust", label="Trust", **scored), db.measure("aware", 1)],
        ),
        ("ref.domain", db.domains()),
        ("ref.kpi", [trust, share]),
        ("estimate.estimate", rows),
        ("estimate.change", [changed]),
        (
            "kpi.kpi",
            [
                db.finding(trust, LAST, 7.0, "improving", evidence, adjusted_p=0.01, **told),
                db.finding(share, LAST, 0.4, "not yet measurable", "No earlier figure."),
            ],
        ),
    )
    return path


@pytest.fixture(scope="module")
def pages(published):
    return render_site(read_published(published))


def seen(page):
    """A page without its style and places in drawings: what is said on it."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r' (x|x1|x2|cx|dx|width)="[^"]*"', "", body)


def test_no_per_cent_stands_on_the_page_of_a_mean(pages):
    page = seen(pages["kpi/trust.html"]).replace("95% interval", "")
    assert "7.0" in page
    assert not re.search(r"[\d.]%", page)
    assert "er cent" not in page


@pytest.mark.parametrize(
    "told",
    [
        f"Rose by 1.0 {UNIT}, from 6.0 to 7.0.",
        "between 6.6 and 7.4",
        f"Mean in {UNIT}: adults who answered.",
        f"(mean in {UNIT}, with 95% interval; simulated)",
        '<th scope="col">Mean</th>',
        f"comparisons of West Midlands ({UNIT}, with 95% interval; simulated)",
        f"A true change of about 0.7 {UNIT} would have been detected four times in five.",
        "From 6.0 in October to December 2027 to 7.0 in January to March 2028.",
        "Dudley 6.6; Walsall 7.3.",
        "<dt>Scored</dt>",
    ],
)
def test_every_part_of_the_page_is_on_the_scale(pages, told):
    assert told in pages["kpi/trust.html"]


def test_the_index_shows_both_kinds(pages):
    assert ">7.0<" in pages["index.html"]
    assert ">40.0%<" in pages["index.html"]


def test_an_areas_side_by_side_chart_holds_shares_alone(pages):
    """A mean has a scale of its own; it stands below with the others."""
    chart = pages["area/dudley.html"].split('class="dots"')[1].split("</svg>")[0]
    assert "Awareness" in chart
    assert "Trust" not in chart
    assert "6.6" in pages["area/dudley.html"]


def test_the_methods_page_says_how_a_means_interval_is_made(pages):
    assert "for means a t interval, cut to the scale" in pages["methods.html"]


def test_answers_are_named_with_their_scores(tmp_path):
    codes = [
        {
            "wave": LAST,
            "item": "item_m",
            "code": code,
            "variable": "Q1",
            "name": name,
            "label": label,
        }
        for code, name, label in (("1", "agree", "Agree"), ("2", "disagree", "Disagree"))
    ]
    scored = {"kind": "mean", "counts": [], "scale_lower": -2, "scale_upper": 2, "unit": "steps"}
    path = db.write_database(
        tmp_path / "published.duckdb",
        ("ref.survey", [db.SURVEY]),
        ("ref.wave", db.waves()),
        ("ref.item", [db.item("m")]),
        ("ref.code", codes),
        ("ref.measure", [db.measure("m", **scored)]),
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE ref.measure SET scores = MAP {'agree': 2.0, 'disagree': -2.0}")
    facts = read_published(path).measures["m"]
    assert facts.counted == ["Agree 2", "Disagree −2"]
    assert facts.scale == Scale(-2.0, 2.0, "steps")


def test_the_same_content_gives_the_same_bytes(published, tmp_path):
    first, second = (write_publication(published, tmp_path / name) for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
