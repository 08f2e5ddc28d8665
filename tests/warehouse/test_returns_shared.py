"""Real files and the readers' own test files: each held as its expectation says, or refused."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from builders import shared

from transforms.errors import ReturnRejected
from warehouse.returns import ACCEPTED, read_return
from warehouse.returns.spss import unpacked
from warehouse.returns.spss_process import archive
from warehouse.returns.table import Table


def table_or_refusal(path: Path) -> Table | ReturnRejected:
    """As `read_return`, but SPSS files in this process: a second for each of twenty is too long."""
    try:
        if path.suffix in {".sav", ".zsav"}:
            return unpacked(archive(path), path.name)
        return read_return(path)
    except ReturnRejected as refused:
        return refused


@pytest.fixture(scope="module")
def expectations() -> Mapping[str, dict]:
    return json.loads(shared("returns", "loader_expectations.json").read_text())["files"]


@pytest.fixture(scope="module")
def outcomes(expectations) -> Mapping[str, Table | ReturnRejected]:
    return {name: table_or_refusal(shared(*Path(name).parts)) for name in expectations}


def test_the_spss_return_is_read():
    path = shared("returns", "csew1314", "csew1314teachingopen.sav")
    read = read_return(path)

    assert read.rows.shape == (8_843, 32)
    assert read.variables["cause2m"].value_labels[8].endswith("Breakdown of family")  # valid
    assert read.variables["walkdark"].missing_ranges == ((8, 8), (9, 9))


def test_the_return_with_columns_and_no_rows_is_refused():
    path = shared("returns", "csew1314", "crime_75victim_readstat_written.sav")

    with pytest.raises(ReturnRejected, match="32 columns and no rows"):
        read_return(path)


def test_spss_files_hold_the_rows_columns_and_missing_ranges_expected(expectations, outcomes):
    spss = {n: e for n, e in expectations.items() if n.endswith(("sav", "zsav"))}
    held = {n: e for n, e in spss.items() if e.get("rows")}
    assert len(held) >= 15
    for name, expected in held.items():
        read = outcomes[name]
        assert isinstance(read, Table), (name, read)
        assert read.rows.shape == (expected["rows"], expected["columns"]), name
        assert list(read.rows.columns)[: len(expected["names_head"])] == expected["names_head"]
        ranged = {n: v.missing_ranges for n, v in read.variables.items() if v.missing_ranges}
        spans = {
            n: tuple((s["lo"], s["hi"]) for s in ss) for n, ss in expected["missing_ranges"].items()
        }
        assert ranged == spans, name
        labelled = [n for n, v in read.variables.items() if v.value_labels]
        assert len(labelled) == expected["n_value_labelled"], name
        for text in expected["string_columns"]:
            assert read.rows[text].dtype == "str", (name, text)


def test_a_file_whose_dates_overflow_is_read_with_those_as_numbers(outcomes):
    read = outcomes["returns/awkward/haven/datetime.sav"]

    assert isinstance(read, Table)
    assert read.rows.dtypes.astype(str).tolist() == ["datetime64[us]", "float64", "float64"]


def test_dates_are_those_of_the_text_copy(outcomes):
    read = outcomes["returns/awkward/pyreadstat/sample.sav"]
    copy = read_return(shared("returns", "awkward", "pyreadstat", "sample.csv"))

    dates = read.rows["mydate"].dt.strftime("%Y-%m-%d")
    assert dates.dropna().tolist() == copy.rows["mydate"].dropna().tolist()
    times = read.rows["dtime"].dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
    assert times.dropna().tolist() == copy.rows["dtime"].dropna().tolist()


def test_other_formats_are_refused_politely(expectations, outcomes):
    others = [n for n in expectations if Path(n).suffix not in {".sav", ".zsav", ".csv", ".tab"}]
    assert others
    for name in others:
        refused = outcomes[name]
        assert isinstance(refused, ReturnRejected), name
        assert ACCEPTED in str(refused.expected)


def test_the_text_return_is_read_to_the_last_digit():
    path = shared("returns", "bcs0708", "bcs_2007_8_teaching_data.tab")
    read = read_return(path)
    names, first, *_ = [line.split("\t") for line in path.read_text("cp1252").splitlines()]

    assert read.rows.shape == (11_676, 35)
    assert (read.rows.dtypes == "float64").all()
    spelt = dict(zip(names, first, strict=True))
    assert read.rows["tcindwt"][0] == float(spelt["tcindwt"])
    assert read.rows["tcindwt"].isna().sum() == 16


def test_the_published_series_are_read_or_refused():
    semicolons = read_return(shared("returns", "mopac_pas", "PAS_boroughs_semicolon.csv"))
    commas = shared("returns", "mopac_pas", "PAS_Dashboard_Borough_comma.csv")

    assert semicolons.rows.shape == (9_312, 6)
    assert semicolons.rows["Proportion"].dtype == "str"  # decimal commas are not numbers
    with pytest.raises(ReturnRejected, match="4 of 10 columns without a name"):
        read_return(commas)
