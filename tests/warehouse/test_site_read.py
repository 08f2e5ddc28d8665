import site_database as db

from warehouse.site.read import read_published


def code(wave, name, label, value):
    return {
        "wave": wave,
        "item": "item_trust",
        "code": value,
        "variable": "v",
        "name": name,
        "label": label,
    }


def two_kpis(path):
    return db.write_database(
        path,
        ("ref.survey", [db.SURVEY]),
        ("ref.wave", db.waves()),
        ("ref.item", [db.item("trust"), db.item("worry", 1, question=None)]),
        ("ref.measure", [db.measure("trust"), db.measure("worry", 1, by=())]),
        (
            "ref.code",
            [
                code("2026-Q2", "good", "Old label", "2"),
                code("2028-Q1", "good", "Good", "2"),
                code("2028-Q1", "excellent", "Excellent", "1"),
                code("2028-Q1", "poor", "Poor", "3"),
            ],
        ),
        ("ref.domain", db.domains()),
        ("ref.margin", [db.margin()]),
        (
            "ref.kpi",
            [
                db.kpi("second", 0, "worry", section="later", section_order=2),
                db.kpi("first", 1, "trust", section="sooner", section_order=1),
            ],
        ),
        (
            "estimate.estimate",
            [
                db.estimate("2028-Q1", "trust", 0.5, domain=("area", "walsall")),
                db.estimate("2028-Q1", "trust", 0.5),
                db.estimate("2026-Q2", "trust", None, base=None, marker="[c]"),
            ],
        ),
    )


def test_everything_comes_in_the_declared_order(tmp_path):
    published = read_published(two_kpis(tmp_path / "published.duckdb"))
    assert [kpi.kpi for kpi in published.kpis] == ["first", "second"]
    assert [wave.name for wave in published.waves] == [wave.name for wave in db.QUARTERS]
    assert [domain.domain for domain in published.domains] == ["area", "sex", "age"]
    placed = [(e.wave, e.domain, e.value) for e in published.estimates]
    assert placed == [
        ("2026-Q2", "all", "all"),
        ("2028-Q1", "all", "all"),
        ("2028-Q1", "area", "walsall"),
    ]


def test_areas_are_the_domains_with_area_codes(tmp_path):
    published = read_published(two_kpis(tmp_path / "published.duckdb"))
    assert [domain.domain for domain in published.domains if domain.is_area] == ["area"]


def test_counted_answers_are_named_as_in_the_latest_wave_in_the_measures_order(tmp_path):
    published = read_published(two_kpis(tmp_path / "published.duckdb"))
    assert published.measures["trust"].counted == ["Excellent", "Good"]
    assert published.measures["worry"].counted is None


def test_a_withheld_estimate_is_none_and_keeps_its_reason(tmp_path):
    withheld = read_published(two_kpis(tmp_path / "published.duckdb")).estimates[0]
    assert (withheld.share, withheld.lower, withheld.base) == (None, None, None)
    assert withheld.suppression_reason == "fewer than 50 people answered"
    assert withheld.label == "West Midlands"
