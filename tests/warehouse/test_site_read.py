from datetime import date

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
        ("ref.period", db.periods()),
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
    series = published.estimates["trust", "all", "all"]
    assert [estimate.period.name for estimate in series] == ["2026-Q2", "2028-Q1"]
    assert len(published.estimates["trust", "area", "walsall"]) == 1


def test_areas_are_the_domains_with_area_codes(tmp_path):
    published = read_published(two_kpis(tmp_path / "published.duckdb"))
    assert [domain.domain for domain in published.domains if domain.is_area] == ["area"]


def test_areas_are_in_the_order_of_their_names(tmp_path):
    declared = {"area": ("Area", {"b": ("Walsall", "E2"), "a": ("Dudley", "E1")})}
    other = {"sex": ("Sex", {"m": ("Male", None), "f": ("Female", None)})}
    path = db.write_database(
        tmp_path / "published.duckdb",
        ("ref.survey", [db.SURVEY]),
        ("ref.domain", db.domains(declared | other)),
    )
    area, sex = read_published(path).domains
    assert [value.label for value in area.values] == ["Dudley", "Walsall"]
    assert [value.label for value in sex.values] == ["Male", "Female"]


def test_counted_answers_are_named_as_in_the_latest_wave_in_the_measures_order(tmp_path):
    published = read_published(two_kpis(tmp_path / "published.duckdb"))
    assert published.measures["trust"].counted == ["Excellent", "Good"]
    assert published.measures["worry"].counted is None


def test_a_withheld_estimate_is_none_and_keeps_its_reason(tmp_path):
    withheld = read_published(two_kpis(tmp_path / "published.duckdb"))
    withheld = withheld.estimates["trust", "all", "all"][0]
    assert (withheld.share, withheld.lower, withheld.base) == (None, None, None)
    assert withheld.suppression_reason == "fewer than 50 people answered"
    assert withheld.label == "West Midlands"


def test_editions_of_a_margin_keep_each_source_with_its_day(tmp_path):
    newer = {"from_wave": "2027-Q2", "source": "Later", "reference_date": date(2024, 6, 30)}
    path = db.write_database(
        tmp_path / "published.duckdb",
        ("ref.survey", [db.SURVEY]),
        ("ref.margin", [db.margin(), db.margin(**newer)]),
    )
    (margin,) = read_published(path).margins
    assert margin.sources == [
        ("Later", date(2024, 6, 30)),
        ("Population estimates & more", date(2022, 6, 30)),
    ]
