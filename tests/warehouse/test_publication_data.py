"""The published data files: CSV with CSVW metadata, JSON with its schema, the manifest."""

import csv
import json
import warnings
from hashlib import sha256
from pathlib import Path

import pytest
from csvw import CSVW
from jsonschema import Draft202012Validator, ValidationError
from site_example import LAST, YEAR, write_example

from transforms.contract import contract_schema
from warehouse.publication import write_publication

CONTRACT = Path(__file__).parents[2] / "docs" / "contract" / "kpis.schema.json"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    return write_publication(write_example(folder / "published.duckdb"), folder / "site").parent


@pytest.fixture(scope="module")
def kpis(site):
    return json.loads((site / "data" / "kpis.json").read_text())


def rows_of(site, name):
    with (site / "data" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def row(rows, **wanted):
    (found,) = [one for one in rows if wanted.items() <= one.items()]
    return found


def accepted(metadata):
    """What `csvwvalidate` prints OK for."""
    with warnings.catch_warnings():  # it records its own: what it warns of, it refuses
        warnings.simplefilter("always")
        return CSVW(str(metadata), validate=True).is_valid


def test_csvwvalidate_accepts_every_table(site):
    names = sorted(path.name for path in (site / "data").glob("*.csv"))
    assert names == [
        *("changes.csv", "estimates.csv", "kpis.csv", "record_changes.csv"),
        *("record_revisions.csv", "records.csv", "revisions.csv"),
    ]
    for name in names:
        assert accepted(site / "data" / f"{name}-metadata.json"), name


@pytest.mark.parametrize(
    ("before", "after"), [("improving", "good"), ("E08000027", "E08000027,"), (",0.02,", ",-,")]
)
def test_csvwvalidate_refuses_a_table_that_is_not_as_described(site, tmp_path, before, after):
    text = (site / "data" / "kpis.csv").read_text()
    (tmp_path / "kpis.csv").write_text(text.replace(before, after))
    assert text.count(before)
    metadata = (site / "data" / "kpis.csv-metadata.json").read_text()
    (tmp_path / "kpis.csv-metadata.json").write_text(metadata)
    assert not accepted(tmp_path / "kpis.csv-metadata.json")


def test_a_figure_has_its_interval_error_base_area_and_period(site):
    rows = rows_of(site, "estimates.csv")
    dudley = row(rows, measure="confidence", period=YEAR, domain_value="dudley")
    # 0.44 + 0.02 × 2 (the third area) + 0.005 × 4 (the fifth year); half an interval is 0.03
    assert (dudley["estimate"], dudley["ci_lower"], dudley["ci_upper"]) == ("0.5", "0.47", "0.53")
    assert dudley["standard_error"] == "0.015306"  # 0.03 / 1.96 = 0.01530612…
    assert (dudley["unweighted_base"], dudley["area_code"]) == ("1550", "E08000027")
    assert (dudley["unit"], dudley["withheld_reason"]) == ("proportion", "")
    quarter = row(rows, measure="confidence", period=LAST, domain="all")
    assert (quarter["time_period"], quarter["marker"]) == ("2028-Q1", "[p]")


def test_a_withheld_figure_is_empty_and_says_why(site):
    rows = rows_of(site, "estimates.csv")
    walsall = row(rows, measure="confidence", period=YEAR, domain_value="walsall")
    empty = ("estimate", "standard_error", "ci_lower", "ci_upper", "unweighted_base")
    assert [walsall[name] for name in empty] == [""] * 5
    assert (walsall["marker"], walsall["withheld_reason"]) == (
        "[c]",
        "fewer than 50 people answered",
    )


def test_the_json_is_as_its_schema_says(site, kpis):
    schema = json.loads((site / "data" / "kpis.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    check.validate(kpis)
    for faulty in (
        kpis | {"contract": "2.0"},
        kpis | {"more": 1},
        {name: held for name, held in kpis.items() if name != "release"},
        kpis | {"kpis": [kpis["kpis"][0] | {"required_direction": "up"}]},
    ):
        with pytest.raises(ValidationError):
            check.validate(faulty)


def test_the_contract_is_the_one_that_was_published():
    """A failure is a change for every consumer: raise CONTRACT_VERSION, note it, and run
    python -m warehouse.write_schemas."""
    assert CONTRACT.read_text() == contract_schema()


def test_json_and_csv_say_the_same(site, kpis):
    confidence = kpis["kpis"][0]
    assert (confidence["kpi"], confidence["page"]) == ("confidence", "kpi/confidence.html")
    figures = [r for r in rows_of(site, "estimates.csv") if r["measure"] == "confidence"]
    assert len(confidence["figures"]) == len(figures) > 50
    for held, written in zip(confidence["figures"], figures, strict=True):
        for name, value in held.items():
            assert value == (type(value)(written[name]) if written[name] else None), (name, held)
    findings = [r for r in rows_of(site, "kpis.csv") if r["kpi"] == "confidence"]
    assert [f["status"] for f in confidence["findings"]] == [r["status"] for r in findings]
    assert kpis["release"] is None


def test_the_manifest_lists_every_file_with_its_sha256(site):
    listed = json.loads((site / "manifest.json").read_text())
    files = {p.relative_to(site).as_posix(): p for p in site.rglob("*") if p.is_file()}
    assert listed.keys() == files.keys() - {"manifest.json"}
    for name, digest in listed.items():
        assert sha256(files[name].read_bytes()).hexdigest() == digest
