"""Numbers and dates in text: understood where they can mean one thing only."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notation import all_numbers, date_in, number_in


@pytest.mark.parametrize(
    ("text", "with_point", "with_comma"),
    [
        ("12", 12.0, 12.0),
        (" -0.5 ", -0.5, None),
        ("0,56", None, 0.56),
        (",5", None, 0.5),
        ("1.234", 1.234, None),  # with a decimal comma it may be a thousand
        ("1.234,5", None, None),
        ("1,234,5", None, None),
        ("2e-3", 0.002, 0.002),
        ("1e999", None, None),
        ("nan", None, None),
        ("1_000", None, None),
        ("١", None, None),
        ("", None, None),
    ],
)
def test_numbers(text, with_point, with_comma):
    assert number_in(text) == with_point
    assert number_in(text, "comma") == with_comma


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_s_own_spelling_is_understood(number):
    assert number_in(repr(number)) == number
    assert number_in(repr(number).replace(".", ","), "comma") == number


@pytest.mark.parametrize(
    ("texts", "same"),
    [
        (["1", "2.50"], True),
        (["0", "0.5", "-0.5", "10"], True),
        (["007", "8"], False),
        (["00"], False),
        ([str(2**53)], False),
        ([str(2**53 - 1)], True),
        (["1", "Refused"], False),
        ([], True),
    ],
)
def test_text_is_numbers_only_where_it_says_the_same_as_numbers(texts, same):
    assert all_numbers(texts) is same


APRIL = datetime(2026, 4, 3)
MARCH = datetime(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "year_first", "day_first", "month_first"),
    [
        ("2026-04-03", APRIL, APRIL, APRIL),
        ("2026-04-03T10:15", *3 * (datetime(2026, 4, 3, 10, 15),)),
        ("03/04/2026", None, APRIL, MARCH),
        ("3.4.2026", None, APRIL, MARCH),
        (" 03-04-2026 ", None, APRIL, MARCH),
        (
            "03/04/2026 10:15:30",
            None,
            datetime(2026, 4, 3, 10, 15, 30),
            datetime(2026, 3, 4, 10, 15, 30),
        ),
        ("30/04/2026", None, datetime(2026, 4, 30), None),
        ("31/02/2026", None, None, None),
        ("03/04-2026", None, None, None),
        ("03/04/26", None, None, None),  # 2026 or 1926
        ("2026-13-01", None, None, None),
        ("20260403", None, None, None),
        ("03/04/2026 25:00", None, None, None),
    ],
)
def test_dates(text, year_first, day_first, month_first):
    assert date_in(text) == year_first
    assert date_in(text, "day_first") == day_first
    assert date_in(text, "month_first") == month_first
