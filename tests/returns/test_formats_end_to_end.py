"""One wave's return in every format and notation: decoded and checked alike, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from readers import read

from expectations import validate
from transforms.catalogue import Survey
from transforms.decode import decode
from transforms.responses import RawReturn, Responses
from transforms.simulation import simulate_wave
from warehouse.declaration import load_survey
from warehouse.supplier_file import write_return

WAVE = "2026-Q3"
ONE_IN = 5
"""Every fifth respondent is enough, and still lives in every area."""
CONTINENTAL = {"decimal": "comma", "dates": "day_first", "empty": ["#NULL!"]}
TAGS = {97: "a", 98: "b"}


@pytest.fixture(scope="module")
def survey() -> Survey:
    return load_survey("west_midlands")


@pytest.fixture(scope="module")
def rows(survey: Survey) -> pd.DataFrame:
    return simulate_wave(survey, WAVE).rows.iloc[::ONE_IN].reset_index(drop=True)


@pytest.fixture(scope="module")
def expected(survey, rows, tmp_path_factory) -> Responses:
    """The return as the simulator's supplier sends it, as an SPSS file."""
    folder = tmp_path_factory.mktemp("expected")
    sent = replace(simulate_wave(survey, WAVE), rows=rows)
    return decode(read(write_return(sent, survey, folder)), survey, WAVE)


def with_times(rows: pd.DataFrame, written: str) -> pd.DataFrame:
    """The rows with moments of the day as text; dates stay dates."""
    moments = rows.select_dtypes("datetime")
    timed = [name for name in moments if (moments[name] != moments[name].dt.normalize()).any()]
    return rows.assign(**{name: rows[name].dt.strftime(written) for name in timed})


def as_csv(rows: pd.DataFrame, path: Path) -> None:
    with_times(rows, "%Y-%m-%d %H:%M").to_csv(path, index=False, date_format="%Y-%m-%d")


def as_continental_csv(rows: pd.DataFrame, path: Path) -> None:
    options = {"index": False, "sep": ";", "decimal": ",", "date_format": "%d/%m/%Y"}
    timed = with_times(rows, "%d/%m/%Y %H:%M")
    timed.to_csv(path, na_rep="#NULL!", encoding="utf-16", **options)


def as_workbook(rows: pd.DataFrame, path: Path) -> None:
    rows.to_excel(path, index=False)


def as_parquet(rows: pd.DataFrame, path: Path) -> None:
    rows.to_parquet(path, index=False)


def as_transport(rows: pd.DataFrame, path: Path) -> None:
    pyreadstat.write_xport(rows, path, file_format_version=5)


def as_stata(rows: pd.DataFrame, path: Path) -> None:
    pyreadstat.write_dta(rows, path)


WRITTEN: Mapping[str, tuple[Callable[[pd.DataFrame, Path], None], Mapping[str, object]]] = {
    "west_midlands_2026-Q3.csv": (as_csv, {}),
    "west_midlands_2026-Q3.tab": (as_continental_csv, CONTINENTAL),
    "west_midlands_2026-Q3.xlsx": (as_workbook, {}),
    "west_midlands_2026-Q3.parquet": (as_parquet, {}),
    "west_midlands_2026-Q3.xpt": (as_transport, {}),
    "west_midlands_2026-Q3.dta": (as_stata, {}),
}


def declaring(survey: Survey, reading: Mapping[str, object]) -> Survey:
    """The survey with that reading declared for its returns."""
    held = survey.model_dump()
    held["about"]["returns"]["reading"] = reading
    return Survey.model_validate(held)


def require_equal(found: Responses, expected: Responses) -> None:
    pd.testing.assert_frame_equal(found.respondents, expected.respondents)
    pd.testing.assert_frame_equal(found.codes, expected.codes)
    pd.testing.assert_frame_equal(found.reasons, expected.reasons)


def failing(raw: RawReturn, survey: Survey) -> set[str]:
    return {result.rule for result in validate(raw, survey, WAVE).results if not result.passed}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_responses_come_out(tmp_path, survey, rows, expected, name):
    write, reading = WRITTEN[name]
    write(rows, tmp_path / name)
    declared = declaring(survey, reading)
    held = read(tmp_path / name, **reading)

    require_equal(decode(held, declared, WAVE), expected)


def test_a_text_in_another_notation_is_refused_until_that_is_declared(tmp_path, survey, rows):
    as_continental_csv(rows, tmp_path / "return.csv")
    results = validate(read(tmp_path / "return.csv"), survey, WAVE).results
    remedies = " ".join(result.remedy for result in results if not result.passed)
    assert "declare `dates`" in remedies and "declare `decimal`" in remedies

    declared = declaring(survey, CONTINENTAL)
    assert failing(read(tmp_path / "return.csv", **CONTINENTAL), declared) == set()


def test_special_missing_values_of_stata_are_each_item_s_own(tmp_path, survey, rows, expected):
    """97 and 98 sent as .a and .b, and declared so for the items that have them."""
    tagged = rows.copy()
    held = survey.model_dump()
    user_missing = {}
    for name, item in survey.items.items():
        codes = set(TAGS) & set(item.missing)
        if codes:
            variable = item.variable or name
            column = tagged[variable].astype("object")
            tagged[variable] = column.replace({float(code): TAGS[code] for code in codes})
            user_missing[variable] = [TAGS[code] for code in sorted(codes)]
            missing = held["questionnaire"]["items"][name]["missing"]
            for code in codes:
                missing[f".{TAGS[code]}"] = missing.pop(code)
    assert len(user_missing) > 5
    path = tmp_path / "west_midlands_2026-Q3.dta"
    pyreadstat.write_dta(tagged, path, missing_user_values=user_missing)
    declared = Survey.model_validate(held)

    require_equal(decode(read(path), declared, WAVE), expected)
    assert failing(read(path), declared) == set()
