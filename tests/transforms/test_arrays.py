"""Sums by group and distinct rows: worked examples, and what sorting would find."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import arrays
from transforms.arrays import distinct_rows, sum_rows_by


def test_distinct_rows_are_in_order_and_each_row_knows_its_own():
    codes = np.array([[1, 2], [0, 2], [1, 0], [0, 2]])
    held, place = distinct_rows(codes, [2, 3])
    assert held.tolist() == [[0, 2], [1, 0], [1, 2]]
    assert place.tolist() == [2, 0, 1, 0]


def test_nobody_has_no_distinct_rows():
    held, place = distinct_rows(np.zeros((0, 2), dtype=np.int64), [2, 3])
    assert held.shape == (0, 2)
    assert len(place) == 0


def codes_below(size):
    width = st.integers(1, 4)
    return width.flatmap(
        lambda many: st.lists(st.tuples(*[st.integers(0, size - 1)] * many), min_size=1)
    )


@pytest.mark.parametrize(
    ("size", "places"),
    [(20, 10**6), (20, 4), (10**6, 0)],
    ids=["looked up", "some sorted", "more combinations than an integer holds"],
)
@settings(deadline=None)
@given(data=st.data())
def test_distinct_rows_are_those_that_sorting_finds(size, places, data):
    rows = np.array(data.draw(codes_below(size)), dtype=np.int64)
    wanted, where = np.unique(rows, axis=0, return_inverse=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "PLACES_A_ROW", places)
        held, place = distinct_rows(rows, [size] * rows.shape[1])
    np.testing.assert_array_equal(held, wanted)
    np.testing.assert_array_equal(place, where.reshape(-1))


def test_rows_are_summed_where_each_index_says():
    """Row 0 goes to sums 0 and 2, row 1 to 2 twice: 1·10, 2·10 + (3 + 4)·20."""
    index = np.array([[0, 2], [2, 2]])
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    values = np.array([[10.0], [20.0]])
    found = sum_rows_by(index, weights, values, 3)
    assert found.tolist() == [[10.0], [0.0], [2 * 10 + (3 + 4) * 20]]
