"""A file that is no return of the survey is told what it is, and nobody's answers."""

import pandas as pd
import pytest
from builders import raw_return, small_rows, small_survey

from transforms.errors import ReturnRejected
from transforms.recognise import require_variables
from transforms.responses import RawReturn

SURVEY = small_survey()


def other(columns: list[str], *, named_by_cells: bool = False) -> RawReturn:
    rows = pd.DataFrame([[1.0] * len(columns)] * 5, columns=columns)
    kind = "plain text, such as a CSV file" if named_by_cells else "a Stata file"
    return RawReturn("other.x", "0" * 64, rows, {}, kind=kind, named_by_cells=named_by_cells)


def test_a_return_of_the_survey_passes_even_with_most_of_its_variables_renamed():
    require_variables(raw_return(), SURVEY)
    require_variables(raw_return(small_rows()[["serial", "Q1"]].rename(columns=str.upper)), SURVEY)


def test_another_file_is_told_by_its_kind_shape_and_names():
    with pytest.raises(ReturnRejected) as refused:
        require_variables(other(["a", "b", "c", "d", "e", "f", "g"]), SURVEY)

    assert "other.x is a Stata file with 5 rows and 7 columns (a, b, c, d, e and 2 more)" in (
        refused.value.what
    )
    assert "none of the 13 variables that the survey “Small survey” declares" in refused.value.what
    assert "serial, interview_date, stratum, point, dwellings" in refused.value.expected
    assert "--survey" in refused.value.remedy and "perceptions new-survey" in refused.value.remedy


def test_one_variable_of_the_survey_s_name_does_not_make_a_return():
    with pytest.raises(ReturnRejected, match=r"1 column \(sex\)\. It holds 1 of the 13 variables"):
        require_variables(other(["sex"]), SURVEY)


def test_a_first_line_that_could_be_answers_is_not_quoted():
    with pytest.raises(ReturnRejected) as refused:
        require_variables(other(["Coventry", "Agree"], named_by_cells=True), SURVEY)

    assert "5 rows and 2 columns. It holds none" in refused.value.what
    assert "Coventry" not in str(refused.value)
