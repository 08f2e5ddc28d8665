import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_figures import estimate

from transforms.svg import short
from warehouse.site.charts import Axis, axis_for


@pytest.mark.parametrize(
    ("ends", "axis"),
    [
        # 48 to 56: from zero they would crowd at the top; 20 points are 42 to 62, in whole fives
        ((0.48, 0.52, 0.56), Axis(40, 65, 5)),
        # 12 to 35: an axis from zero is empty for 12/35, less than two fifths
        ((0.12, 0.20, 0.35), Axis(0, 40, 10)),
        # 33 to 75: it would be empty for 33/75, more than two fifths
        ((0.33, 0.50, 0.75), Axis(30, 80, 10)),
        # rare answers: small ticks, from zero
        ((0.01, 0.02, 0.04), Axis(0, 4, 1)),
        ((0.0, 0.0, 0.0), Axis(0, 1, 1)),
        ((1.0, 1.0, 1.0), Axis(90, 100, 2)),
        ((0.0, 0.5, 1.0), Axis(0, 100, 20)),
    ],
)
def test_an_axis_has_few_ticks_and_starts_at_zero_unless_figures_would_crowd(ends, axis):
    assert axis_for([estimate(ends[1], ends[0], ends[2])]) == axis


def test_an_axis_without_a_figure_is_the_whole_scale():
    assert axis_for([estimate(None)]) == Axis(0, 100, 25)


def test_an_axis_holds_what_else_is_drawn_on_it():
    assert axis_for([estimate(0.5)], [0.9]).place(0.9) <= 1


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_an_axis_holds_every_figure_and_ends_on_its_ticks(shares):
    axis = axis_for([estimate(share) for share in shares])
    assert all(-1e-9 <= axis.place(share) <= 1 + 1e-9 for share in shares)
    assert 0 <= axis.low < axis.high <= 100
    assert axis.ticks[-1] == axis.high
    assert len(axis.ticks) <= 6


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (-0.01, "0"), (2.25, "2.2"), (7.06, "7.1")]
)
def test_coordinates_are_short(value, written):
    assert short(value) == written
