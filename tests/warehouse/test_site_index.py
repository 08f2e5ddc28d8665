"""The index, the sections, the areas, and what is said of methods and data."""

import dataclasses
import re

import pytest
import site_database as db
from site_example import write_example
from site_pages import parsed, rows_of, site_of, text_by_class, text_of

from transforms import wording
from transforms.waves import quarters
from warehouse.site.facts import DomainFacts, DomainValue, Estimate, PeriodFacts
from warehouse.site.links import area_paths
from warehouse.site.page import render_site
from warehouse.site.read import read_published


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("published") / "published.duckdb")


@pytest.fixture(scope="module")
def site(database):
    return site_of(database)


def one_site(tmp_path, *args, **changes):
    return site_of(db.one_kpi(tmp_path / "published.duckdb", *args, **changes))


def quarterly():
    return [db.estimate(wave.name, "confidence", 0.5) for wave in db.QUARTERS]


def test_the_index_has_each_kpi_with_its_figure_and_status(site):
    tree = parsed(site["index.html"])
    lines = [text_of(e) for e in tree.iter("li")]
    assert "Local confidence 52.4% ✓ Improving" in lines
    assert "New question 20.0% one quarter … Not yet measurable" in lines
    assert "Not asked yet – … Not yet measurable" in lines
    assert text_by_class(tree, "finding") == [
        "Of six KPIs, one is improving and five are not yet measurable."
    ]
    assert "Latest figures: the year to March 2028." in text_of(tree)


def test_an_index_before_the_first_wave_says_so(tmp_path):
    tree = parsed(one_site(tmp_path, [])["index.html"])
    assert "No wave has been published yet." in text_of(tree)


def test_a_section_has_its_kpis_with_findings_and_trends(site):
    tree = parsed(site["section/confidence.html"])
    articles = list(tree.iter("article"))
    assert [a.get("aria-labelledby") for a in articles] == ["confidence", "new"]
    assert all("Over time" in text_of(article) for article in articles)
    assert "One quarter alone" in text_of(articles[1])


def test_a_chain_of_questions_is_a_funnel_with_what_passes_on(site):
    tree = parsed(site["section/access.html"])
    chart = next(e for e in tree.iter() if e.get("class") == "funnel")
    texts = [text_of(e) for e in chart.iter() if e.tag.endswith("text")]
    assert texts[:2] == ["Have heard of Live Chat", "40.0%"]
    assert "Of these, 20.0% have used it. Base: 4,400 people" in " ".join(texts)
    described = next(text_of(e) for e in chart if e.tag.endswith("desc"))
    assert described.startswith(
        "Simulated figures. Have heard of Live Chat: 40.0%. Of these, 20.0% have used it."
    )
    assert "Of these, a share that is withheld were satisfied with it. Base: 31 people" in described
    rows = rows_of(tree, "Live Chat, year to March 2028")
    assert rows[2][:5] == [
        *("Have used it", "8.0% 7.5% to 8.5%", "11,000", "20.0% 19.0% to 21.0%", "4,400"),
    ]
    assert rows[3][1:5] == ["[c]", "[c]", "[u]", "31"]


def test_a_mean_is_never_called_per_cent(site):
    tree = parsed(site["kpi/score.html"])
    assert text_by_class(tree, "large") == ["6.6"]
    assert text_by_class(tree, "note")[0].endswith(
        "Mean in points on a scale from 0 to 10: adults who answered."
    )
    rows = rows_of(tree, "over time (mean in points on a scale from 0 to 10, with 95% interval;")
    assert rows[0][1] == "Mean"
    assert rows[-1][1:4] == ["6.6", "6.4", "6.8"]
    article = text_of(next(tree.iter("article")))
    assert not re.search(r"\d%|per cent", article.replace("95% interval", ""), re.IGNORECASE)


def test_an_area_has_its_kpis_beside_the_force(site):
    tree = parsed(site["area/dudley.html"])
    text = text_of(tree)
    assert "Of three KPIs, one is improving and two are not yet measurable." in text
    assert "ONS area code E08000027." in text
    assert "The finding on dudley." in text
    assert (
        "Dudley does not differ significantly from the rest of West Midlands, after adjustment "
        "for seven areas being tested together." in text
    )
    rows = rows_of(tree, "Dudley: Building trust and confidence")
    assert rows[1] == ["Dudley"]
    assert rows[2][:2] == ["Local confidence", "50.0%"]
    assert ["West Midlands"] in rows
    assert ["Local confidence", "52.4%", "51.2%", "53.6%", "11,000", ""] in rows


def test_a_withheld_area_figure_has_its_marker_on_the_areas_page(site):
    tree = parsed(site["area/walsall.html"])
    assert text_by_class(tree, "large")[0] == "[c]"


def test_areas_named_alike_in_two_classifications_have_pages_of_their_own(database):
    published = read_published(database)
    area = published.areas[0]
    ward = dataclasses.replace(area, domain="ward")
    twice = dataclasses.replace(published, domains=(area, ward))
    paths = area_paths(twice)
    assert paths["area", "dudley"] == "area/dudley.html"
    assert paths["ward", "dudley"] == "area/ward-dudley.html"


def test_methods_say_how_tests_are_adjusted_and_what_markers_mean(site):
    text = text_of(parsed(site["methods.html"]))
    assert "Holm’s method" in text
    assert "Benjamini" not in text
    assert "Rolling years" in text
    assert "by Local Policing Area × Age." in text
    assert "withheld where the base is below 50" in text
    assert "A citation of the survey <2026>" in text
    assert "Population estimates & more (control totals, 30 June 2022)" in text


def test_methods_of_waves_alone_speak_of_no_years_and_no_adjustment(tmp_path):
    text = text_of(parsed(one_site(tmp_path, quarterly())["methods.html"]))
    assert "Rolling years" not in text
    assert "Each figure is tested on its own" in text


def test_data_says_what_was_withheld_and_why(site):
    tree = parsed(site["data.html"])
    rows = rows_of(tree, "Withheld figures by reason")
    # three years of confidence, two of the new question and three across the break
    assert rows[1] == ["Not every quarter of the year has a figure", "[x]", "8"]
    assert ["Fewer than 50 people answered", "[u]", "3"] in rows
    assert ["Fewer than 50 people answered", "[c]", "2"] in rows
    assert any(row[0] == "kpi.kpi" for row in rows_of(tree, "The tables of published.duckdb"))


def test_only_a_simulated_survey_says_so(tmp_path):
    real = one_site(tmp_path, quarterly(), survey={"simulated": False, "illustrative": None})
    for page in real.values():
        assert "imulated" not in page
        assert "llustrative" not in page


def test_unknown_rules_are_not_stated(tmp_path):
    unknown = dict.fromkeys(
        ["confidence", "significance_level", "minimum_count", "minimum_base", "sources"]
    )
    for path, page in one_site(tmp_path, quarterly(), survey=unknown).items():
        shown = re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", page, flags=re.DOTALL)
        assert "95%" not in shown, path
        assert "two-sided" not in shown


def test_many_areas_over_many_quarters_stay_below_300_kilobytes(database):
    """As many as the largest series known to be published so: 8 KPIs, 32 areas, 37 quarters."""
    site = render_site(large(read_published(database)))
    sizes = {path: len(page.encode()) for path, page in site.items()}
    assert len(sizes) == 1 + 1 + 8 + 32 + 3
    assert sizes["kpi/kpi_0.html"] > 100_000
    assert max(sizes.values()) < 300_000


def large(one):
    """The survey with many figures: waves, rolling years and areas of eight measures."""
    waves = quarters("2014-Q4", "2023-Q4")
    values = [DomainValue(f"area_{n}", f"Kensington and Area {n}", f"E{n:08}") for n in range(32)]
    cells = [("all", "all"), *(("area", value.value) for value in values)]
    measures = [f"kpi_{n}" for n in range(8)]
    held = {period.name: period for period in large_periods(waves)}
    estimates = {
        (measure, *cell): tuple(
            Estimate(
                period,
                measure,
                *cell,
                cell[1],
                0.51234,
                0.45678,
                0.56789,
                1234,
                "logit",
                *2 * [None],
            )
            for period in held.values()
        )
        for measure in measures
        for cell in cells
    }
    return dataclasses.replace(
        one,
        waves=waves,
        periods=held,
        kpis=tuple(dataclasses.replace(one.kpis[0], kpi=m, measure=m) for m in measures),
        measures={m: dataclasses.replace(one.measures["confidence"], measure=m) for m in measures},
        domains=(DomainFacts("area", "Borough", tuple(values)),),
        estimates=estimates,
        changes={},
        findings={},
        slopes={},
    )


def large_periods(waves):
    for place, wave in enumerate(waves):
        label = wording.period_name_words(wave.name)
        yield PeriodFacts(wave.name, "wave", wave.name, [wave.name], wave.start, wave.end, label)
        if place >= 3:
            name, held = db.year(wave.name), [one.name for one in waves[place - 3 : place + 1]]
            label = wording.period_name_words(name)
            yield PeriodFacts(name, "rolling_year", wave.name, held, wave.start, wave.end, label)
