"""Row conditions and findings on a few cells, worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.conditions import empty_categories, nested, too_few_answers

PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xy")), min_size=1, max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PAIRS)
def test_a_point_is_nested_where_all_its_rows_share_a_stratum(pairs):
    rows = pd.DataFrame(pairs, columns=["point", "stratum"])
    expected = [len({stratum for p, stratum in pairs if p == point}) == 1 for point, _ in pairs]
    assert nested(rows, "point", "stratum").tolist() == expected


@pytest.mark.parametrize(
    ("minimum", "found"),
    [
        (0.50, None),  # 2 of the 4 asked: exactly half
        (0.51, {"asked": 4, "answered": 2}),
    ],
)
def test_answers_are_counted_among_those_asked(minimum, found):
    """1 and 2 answer, 97 does not, the blank does not; 96 was not asked."""
    rows = pd.DataFrame({"q": [1, 2, 97, np.nan, 96]})
    assert too_few_answers(rows, "q", None, [96, 97], [96], False, minimum) == found


def test_a_blank_may_say_that_nobody_asked():
    """Asked are 1 and 97: 1 of 2."""
    rows = pd.DataFrame({"q": [1, 97, np.nan, np.nan]})
    assert too_few_answers(rows, "q", None, [97], [], True, 0.6) == {"asked": 2, "answered": 1}


def test_the_routing_says_who_was_asked():
    """Of the two led to the question one answers; the answer of the third does not count."""
    rows = pd.DataFrame({"q": [1, np.nan, 1], "asked": [True, True, False]})
    assert too_few_answers(rows, "q", "asked", [], [], False, 0.5) is None
    assert too_few_answers(rows, "q", "asked", [], [], False, 0.6) == {"asked": 2, "answered": 1}


def test_nobody_asked_is_a_finding_unless_the_routing_leads_nobody_there():
    blank = pd.DataFrame({"q": [np.nan, np.nan], "asked": [False, False]})
    assert too_few_answers(blank, "q", None, [], [], True, 0.05) == {"asked": 0, "answered": 0}
    assert too_few_answers(blank, "q", "asked", [], [], False, 0.05) is None
    assert too_few_answers(blank, "q", None, [], [], True, 0.0) is None


def test_a_category_is_occupied_by_rows_with_a_weight_only():
    rows = pd.DataFrame(
        {
            "area": pd.Categorical(["north", "south", "south"]),
            "sex": pd.Categorical(["male", None, "female"]),
            "weighted": [True, True, False],
        }
    )
    crossed = [["north", "male"], ["north", "female"], ["south", "female"]]
    assert empty_categories(rows, ["area", "sex"], crossed, "weighted") == {"categories": [1, 2]}
    assert empty_categories(rows, ["area"], [["north"], ["south"]], "weighted") is None
