"""Damaged files: none ends this process, none is read in another shape than it was written in.

A format without a checksum cannot tell that an answer has changed; it must not lose or gain rows or
columns. Swapped files, cut files, flipped bits, edited headers: `mutations` says how, `make fuzz`
does it ten thousand times.
"""

import pytest
from fuzzing import LIMITS, fuzzed

SEED = 20260427


def require_sound(found, count):
    assert found.wrong == []
    assert found.accepted + found.refused == count
    assert found.slowest < LIMITS.seconds
    assert found.refused > count / 3  # damage that is not noticed at all proves nothing
    assert found.accepted > count / 20  # nor does a reader that refuses everything


def test_some_hundred_damaged_files(tmp_path):
    require_sound(fuzzed(tmp_path, 520, SEED), 520)


@pytest.mark.slow
def test_ten_thousand_damaged_files(tmp_path):
    require_sound(fuzzed(tmp_path, 10_000, SEED + 1), 10_000)
