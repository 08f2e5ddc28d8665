"""Codes exchanged between two waves: told by the counts alone, or not at all."""

import numpy as np
import pytest

from transforms.comparing import exchange

BEFORE = [300, 500, 250, 150, 80]


def test_a_scale_turned_round_is_told():
    found = exchange([85, 140, 260, 490, 310], BEFORE)
    assert found is not None
    assert (found.turned, found.places) == (True, (4, 3, 2, 1, 0))


def test_two_codes_exchanged_are_told():
    found = exchange([310, 240, 510, 140, 85], BEFORE)
    assert found is not None
    assert (found.turned, found.places) == (False, (0, 2, 1, 3, 4))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ([310, 490, 260, 140, 85], BEFORE),  # the same
        ([200, 420, 330, 220, 110], BEFORE),  # a fall, 14 points in a quarter
        ([500, 520, 150, 70, 40], BEFORE),  # a rise as large
        ([200, 200, 200, 200, 200], [210, 190, 205, 195, 200]),  # no order to tell
        ([40, 60], [60, 40]),  # too few
        ([540, 460], [460, 540]),  # two codes, 8 points
        ([0, 0, 0], [5, 3, 2]),
    ],
)
def test_what_may_be_a_real_change_is_not_taken_for_an_exchange(now, before):
    assert exchange(now, before) is None


def test_two_codes_far_apart_are_told():
    found = exchange([300, 700], [690, 310])
    assert found is not None and found.turned and found.sure


def test_two_codes_that_mirror_each_other_may_have_been_exchanged():
    """44% and 56%, then 56% and 44%, of 3,000: 12 points, which may be a real change."""
    found = exchange([1680, 1320], [1320, 1680])
    assert found is not None and found.turned and not found.sure
    assert exchange([1680, 1320], [1110, 1890]) is None  # no mirror: 56% after 37%


def test_codes_that_fit_as_they_stand_are_not_named():
    """The first two were exchanged; the others have one share each, in which any order fits."""
    found = exchange([350, 700, 352, 348, 351, 349], [700, 350, 350, 350, 350, 350])
    assert found is not None
    assert found.places == (1, 0, 2, 3, 4, 5)


def test_samples_of_one_population_are_not_taken_for_an_exchange():
    """2,000 pairs of samples of 400 from one random distribution each: none is."""
    rng = np.random.default_rng(1)
    for _ in range(2000):
        shares = rng.dirichlet(np.ones(rng.integers(2, 7)))
        assert exchange(*(rng.multinomial(400, shares).tolist() for _ in range(2))) is None
