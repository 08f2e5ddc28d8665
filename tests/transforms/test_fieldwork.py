"""How interviews were held, in worked examples, and what must hold whatever the answers are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fieldwork.alike import EVERY_PAIR, likeness, tells_apart
from transforms.fieldwork.batteries import answered_all, more_than_others, one_answer
from transforms.fieldwork.coding import MOST_ANSWERS, answer_codes
from transforms.fieldwork.influence import beside_others
from transforms.fieldwork.interviewers import variety
from transforms.fieldwork.shown import binned_bars, without_empty_ends
from transforms.fieldwork.times import (
    by_minute,
    faster_than,
    gaps_before,
    minutes_between,
    with_time,
)


def codes(*rows: tuple[int, ...]) -> np.ndarray:
    return np.asarray(rows, dtype=np.int32)


def drawn(rows: int, items: int = 30, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    ages = rng.integers(1, 80, rows)
    others = [rng.choice(6, rows, p=[0.05, 0.1, 0.2, 0.3, 0.25, 0.1]) for _ in range(items)]
    return np.column_stack([ages, *others]).astype(np.int32, order="F")


def moments(*texts: str) -> pd.Series:
    return pd.to_datetime(pd.Series(list(texts)), format="ISO8601")


def test_answers_are_numbered_by_item_and_none_is_0():
    numbers, words = pd.Series([5, 3, pd.NA, 5], dtype="Int64"), pd.Series(["a", "a", "b", None])
    assert answer_codes([numbers, words]).tolist() == [[1, 1], [2, 1], [0, 2], [1, 0]]


def test_an_item_that_nearly_everybody_answers_otherwise_is_left_out():
    names = pd.Series(range(MOST_ANSWERS + 1))
    assert answer_codes([names, names % 2]).shape == (MOST_ANSWERS + 1, 1)


def test_the_rarer_an_answer_the_more_of_an_interview_it_is():
    """Item 1: 2 of 4 gave each answer, 1 bit. Item 2: 3 of 4 one, log2(4/3) bits; 1 of 4, 2 bits.

    Rows 0 and 1 agree in both: all of it. Row 2 agrees with rows 0 and 1 in item 2 alone:
    0.415 of 1.415 bits. Row 3 agrees with row 2 in item 1 alone: 1 of 3 bits.
    """
    found = likeness(codes((1, 1), (1, 1), (2, 1), (2, 2)))
    common = round(16 * np.log2(4 / 3))  # in sixteenths of a bit
    assert found.share.tolist() == pytest.approx([1, 1, 16 / (16 + common), 16 / 48])
    assert found.other.tolist()[:2] == [1, 0]
    assert found.every_pair and not found.beyond_chance.any()


def test_who_answered_nothing_is_like_nobody():
    found = likeness(codes((1, 1), (1, 1), (0, 0)))
    assert found.share[2] == 0
    assert not found.beyond_chance.any()


def test_two_answers_changed_leave_a_copy_in_sight():
    held = drawn(1000)
    held[990] = held[5]
    held[990, [3, 9]] = held[990, [3, 9]] % 5 + 1
    found = likeness(held)
    assert found.other[990] == 5 and found.other[5] == 990
    assert found.share[990] > 0.9 and found.beyond_chance[990]
    others = np.delete(found.share, [5, 990])
    assert others.max() < 0.8


def test_copies_are_found_where_not_every_pair_is_looked_at():
    held = drawn(EVERY_PAIR + 4000)
    copies = np.arange(EVERY_PAIR + 3900, EVERY_PAIR + 4000)
    held[copies] = held[copies - 5000]
    held[copies, 7] = held[copies, 7] % 5 + 1
    found = likeness(held)
    assert not found.every_pair
    assert (found.share[copies] > 0.9).mean() > 0.95
    assert set(found.other[copies][found.share[copies] > 0.9]) <= set(copies - 5000)
    rest = np.setdiff1d(np.arange(len(held)), [*copies, *(copies - 5000)])
    assert np.nanmax(found.share[rest]) < 0.85
    assert np.isfinite(found.share).sum() > 100


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_order_of_interviews_changes_nothing(seed):
    held = drawn(60, items=5)
    order = np.random.default_rng(seed).permutation(60)
    assert likeness(held[order]).share.tolist() == likeness(held).share[order].tolist()


def test_few_questions_tell_nobody_apart():
    assert not tells_apart(drawn(1000, items=3))
    assert tells_apart(drawn(1000, items=30))
    assert not tells_apart(drawn(1, items=30))


def test_one_answer_to_a_battery_is_the_same_answer_to_each_item():
    first = pd.Series([2, 2, 2, pd.NA], dtype="Int64")
    second = pd.Series([2, 2, 3, 2], dtype="Int64")
    third = pd.Series([2, pd.NA, 2, 2], dtype="Int64")
    assert answered_all([first, second, third]).tolist() == [True, False, True, False]
    assert one_answer([first, second, third]).tolist() == [True, False, False, False]


def test_an_interviewer_with_far_more_straight_lines_than_the_others_is_told():
    """30 respondents each; 3 of 30 is the others' share, 20 of 30 that of interviewer 2.

    The chance of 20 or more of 30 at twice the others' share, 0.2, times ten interviewers.
    """
    interviewer = np.repeat(np.arange(10), 30)
    lines = np.tile(np.arange(30) < 3, 10)
    lines[60:80] = True
    chance = more_than_others(lines, np.ones(300, dtype=bool), interviewer)
    assert chance[2] < 1e-6
    assert (np.delete(chance, 2) > 0.5).all()


def test_an_interviewer_whose_respondents_all_say_the_same_has_no_variety():
    """Everybody: 60 yes and 60 no of 120: two differ with 60·60/(120·119/2) = 3600/7140.

    An interviewer with 5 yes and 5 no: 25 pairs of 45 differ: 25/45 / (3600/7140) = 1.1019.
    """
    held = np.tile([1, 2], 60).astype(np.int32)[:, np.newaxis]
    interviewer = np.repeat(np.arange(12), 10)
    held[:10] = 1
    held[10:20] = 2
    found = variety(held, interviewer)
    assert found.ratio[:2].tolist() == [0, 0]
    assert found.ratio[2] == pytest.approx(25 / 45 / (3600 / 7140))


def test_far_too_little_variety_is_many_errors_below_the_others():
    held, interviewer = drawn(1200, items=12), np.repeat(np.arange(40), 30)
    held[:30, 1:] = np.where(np.random.default_rng(2).random((30, 12)) < 0.9, 3, held[:30, 1:])
    found = variety(held, interviewer)
    assert found.ratio[0] < 0.5 and found.errors[0] > 5
    assert found.ratio[1:].min() > 0.9 and found.errors[1:].max() < 5


def test_of_few_interviews_nothing_is_said():
    found = variety(drawn(50), np.repeat(np.arange(10), 5))
    assert np.isnan(found.ratio).all() and (found.errors == 0).all()
    unknown = variety(drawn(50), np.full(50, -1))
    assert len(unknown.ratio) == 0


def test_minutes_run_from_start_to_end():
    start, end = moments("2026-04-01 10:00", "2026-04-01 23:50"), moments("2026-04-01 10:17:30", "")
    assert minutes_between(start, end)[0] == 17.5
    assert np.isnan(minutes_between(start, end)[1])


def test_midnight_is_a_day_without_a_time():
    start = moments("2026-04-01", "2026-04-01 10:15", "")
    assert with_time(start).tolist() == [False, True, False]
    assert by_minute(start).sum() == by_minute(start)[15] == 1


def test_too_fast_is_less_than_a_share_of_the_median():
    minutes = np.array([4.0, 15.0, 15.0, 16.0, np.nan])
    assert faster_than(minutes, 1 / 3).tolist() == [True, False, False, False, False]
    assert not faster_than(np.array([np.nan]), 1 / 3).any()


def test_gaps_run_from_the_latest_end_to_the_next_beginning_of_a_day():
    """10:00 for an hour, 10:10: 50 minutes too early, then 11:30: 30 minutes after 11:00."""
    start = moments(
        "2026-04-01 11:30",
        "2026-04-01 10:00",
        "2026-04-01 10:10",
        "2026-04-02 10:00",  # the next day
        "2026-04-01 10:05",  # somebody else's
        "2026-04-01 10:05",  # nobody's
    )
    minutes = np.array([15.0, 60.0, 5.0, 15.0, 15.0, 15.0])
    gaps, last = gaps_before(start, minutes, np.array([0, 0, 0, 0, 1, -1]))
    assert gaps[:3].tolist() == pytest.approx([30, np.nan, -50], nan_ok=True)
    assert np.isnan(gaps[3:]).all()
    assert last.tolist() == [1, -1, 1, -1, -1, -1]


def test_two_interviews_begun_in_one_minute_overlap_whatever_they_took():
    start = moments("2026-04-01 10:00:05", "2026-04-01 10:00:40")
    gaps, _ = gaps_before(start, np.full(2, np.nan), np.zeros(2, dtype=np.int64))
    assert gaps[1] == -1


def test_without_a_time_nothing_overlaps():
    gaps, last = gaps_before(moments("2026-04-01", "2026-04-01"), np.ones(2), np.zeros(2, np.int64))
    assert np.isnan(gaps).all() and (last == -1).all()


def test_bars_count_what_lies_between_edges_and_what_lies_above_with_the_last():
    edges = np.array([0.0, 0.5, 0.9, 1.0])
    bars = binned_bars(np.array([0.2, 0.5, 0.95, 1.7]), edges, edges[:-1] >= 0.9)
    assert [(bar.label, bar.value, bar.beyond) for bar in bars] == [
        ("0% to 50%", "1", False),
        ("50% to 90%", "1", False),
        ("90% to 100%", "2", True),
    ]
    assert without_empty_ends(binned_bars(np.array([0.6]), edges, edges[:-1] > 1)) == (
        binned_bars(np.array([0.6]), edges, edges[:-1] > 1)[1],
    )


def totals(*rows: tuple[str, float, float, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["interviewer", "y", "x", "respondents"])
    return frame.assign(domain_value="north")


def test_an_interviewer_is_held_beside_the_others_of_the_area():
    """Three interviewers of 16, whose weights are 1: 8, 8 and 16 count.

    A: the others are (8 + 16)/32 = 0.75; 8 − 0.75·16 = −4, over √16: −1. B alike.
    C: the others are 16/32 = 0.5; 16 − 0.5·16 = 8, over √16: 2.
    A: √((1 + 4)/2) = 1.581 is the others' root mean square, so 1/1.581 = 0.632 errors; C: 2/1 = 2.
    """
    found = beside_others(totals(("A", 8, 16, 16), ("B", 8, 16, 16), ("C", 16, 16, 16)))
    assert found["others"].tolist() == [0.75, 0.75, 0.5]
    assert found["errors"].tolist() == pytest.approx([1 / np.sqrt(2.5), 1 / np.sqrt(2.5), 2])
    assert found["deviating"].tolist() == [4, 4, 8]


def test_without_half_of_an_area_nothing_is_said_of_the_rest():
    found = beside_others(totals(("A", 1, 2, 2), ("B", 5, 20, 20), ("", 1, 2, 2)))
    assert found["interviewer"].tolist() == ["A", "B"]
    assert found["others"].tolist()[0] == 5 / 20
    assert np.isnan(found["others"].tolist()[1])
    assert beside_others(totals(("A", 1, 2, 2))).empty
