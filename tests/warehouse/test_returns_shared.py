"""Real files and the readers' own test files: each held as its expectation says, or refused."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from builders import shared
from readers import read, refusal

from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from warehouse.returns import read_return


def held_or_refused(path: Path) -> RawReturn | ReturnRejected:
    try:
        return read(path)
    except ReturnRejected as refused:
        return refused


@pytest.fixture(scope="module")
def expectations() -> Mapping[str, dict]:
    return json.loads(shared("returns", "loader_expectations.json").read_text())["files"]


@pytest.fixture(scope="module")
def outcomes(expectations) -> Mapping[str, RawReturn | ReturnRejected]:
    return {name: held_or_refused(shared(*Path(name).parts)) for name in expectations}


def test_the_spss_return_is_read_in_a_process_of_its_own():
    path = shared("returns", "csew1314", "csew1314teachingopen.sav")
    held = read_return(path)

    assert held.rows.shape == (8_843, 32)
    assert held.variables["cause2m"].value_labels[8].endswith("Breakdown of family")  # valid
    assert held.variables["walkdark"].missing_ranges == ((8, 8), (9, 9))


def test_the_return_with_columns_and_no_rows_is_refused():
    path = shared("returns", "csew1314", "crime_75victim_readstat_written.sav")

    assert "32 columns and no rows" in refusal(path).what


def test_files_hold_the_rows_columns_labels_and_missing_codes_expected(expectations, outcomes):
    held = {n: e for n, e in expectations.items() if e.get("rows")}
    assert len(held) >= 26
    for name, expected in held.items():
        read = outcomes[name]
        assert isinstance(read, RawReturn), (name, read)
        assert read.rows.shape == (expected["rows"], expected["columns"]), name
        assert list(read.rows.columns)[: len(expected["names_head"])] == expected["names_head"]
        declared = {n: v.missing_ranges for n, v in read.variables.items() if v.missing_ranges}
        spans = {
            n: tuple((s["lo"], s["hi"]) for s in ss) for n, ss in expected["missing_ranges"].items()
        }
        tags = {
            n: tuple((f".{tag}", f".{tag}") for tag in ts)
            for n, ts in expected["missing_user_values"].items()
        }
        assert declared == spans | tags, name
        labelled = [n for n, v in read.variables.items() if v.value_labels]
        assert len(labelled) == expected["n_value_labelled"], name
        for text in expected["string_columns"]:
            assert read.rows[text].dtype == "str", (name, text)


def test_special_missing_values_are_where_they_were(outcomes):
    for kind in ("int", "double"):
        held = outcomes[f"returns/awkward/haven/tagged-na-{kind}.dta"]
        assert held.rows["x"].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, ".a", ".h", ".z"]
        assert held.variables["x"].value_labels == {".a": "apple", ".z": ".zebra"}


def test_a_file_whose_dates_overflow_is_read_with_those_as_numbers(outcomes):
    held = outcomes["returns/awkward/haven/datetime.sav"]

    assert isinstance(held, RawReturn)
    assert held.rows.dtypes.astype(str).tolist() == ["datetime64[us]", "float64", "float64"]


@pytest.mark.parametrize("suffix", ["sav", "zsav", "por", "dta", "xpt"])
def test_one_sample_in_many_formats_is_one_return(outcomes, suffix):
    held = outcomes[f"returns/awkward/pyreadstat/sample.{suffix}"].rows
    held.columns = [name.lower() for name in held.columns]
    copy = read(shared("returns", "awkward", "pyreadstat", "sample.csv")).rows

    assert held["mychar"].tolist() == copy["mychar"].tolist()
    assert held["mynum"].tolist() == pytest.approx(copy["mynum"].tolist())
    for labelled in ("mylabl", "myord"):
        assert held[labelled].tolist() == copy[labelled].tolist()
    for dated in ("mydate", "dtime"):
        expected = [datetime.fromisoformat(cell) for cell in copy[dated].dropna()]
        assert held[dated].dropna().tolist() == expected


def test_dates_of_a_transport_file_are_those_it_also_spells_out(outcomes):
    rows = outcomes["returns/awkward/pyreadstat/dates_xpt_v8.xpt"].rows

    assert rows["dt"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist() == rows["string_dt"].tolist()


def test_the_text_return_is_read_to_the_last_digit():
    path = shared("returns", "bcs0708", "bcs_2007_8_teaching_data.tab")
    held = read(path)
    names, first, *_ = [line.split("\t") for line in path.read_text("cp1252").splitlines()]

    assert held.rows.shape == (11_676, 35)
    assert (held.rows.dtypes == "float64").all()
    spelt = dict(zip(names, first, strict=True))
    assert held.rows["tcindwt"][0] == float(spelt["tcindwt"])
    assert held.rows["tcindwt"].isna().sum() == 16


def test_the_published_series_have_decimal_commas_once_that_is_declared():
    path = shared("returns", "mopac_pas", "PAS_boroughs_semicolon.csv")

    assert read(path).rows.shape == (9_312, 6)
    assert read(path).rows["Proportion"].dtype == "str"
    declared = read(path, decimal="comma").rows
    assert declared["Proportion"].dtype == "float64"
    assert declared["Proportion"].between(0, 1).all()


def test_of_the_published_series_with_stray_cells_those_that_hold_something_are_named():
    refused = refusal(shared("returns", "mopac_pas", "PAS_Dashboard_Borough_comma.csv"))

    assert "2 of 8 columns without a name: column 7, 8" in refused.what
