"""Columns go together as they did, not at all, or the other way round: worked by hand."""

import numpy as np
import pandas as pd
import pytest

from transforms.fieldwork.returned import returned
from transforms.ties import placed, ties, within

TABLE = {("a", "x"): 150, ("a", "y"): 50, ("b", "x"): 50, ("b", "y"): 150}


def rows(table=TABLE):
    pairs = [pair for pair, count in table.items() for _ in range(count)]
    return pd.DataFrame(pairs, columns=["one", "other"])


def tie_of(now, before):
    return ties(placed(now, before)).between(["one"], ["other"])


def test_what_is_found_again_is_the_whole_over_what_is_surely_no_chance():
    """φ = 0.5, so χ² = 0.5² × 400 = 100; chance brings 1.4 × (1 + 1)² = 5.6 of it at most.

    Of cells in other rows the sum of scores has the standard deviation 400 s / √399, s the score;
    the sum of the rows as they are is 0.5 × 400 s.
    """
    tie = tie_of(rows(), rows())
    assert tie.kept == pytest.approx(100 / (100 - 5.6))
    assert tie.found == pytest.approx(0.5 * np.sqrt(399))


def test_the_error_is_that_of_two_waves_sums():
    """A row scores s or −s, s on average 0.5 of it, so its variance is s² (1 − 0.5²).

    The design effect is 1.4, and the wave before errs as this one does: times two.
    """
    tie = tie_of(rows(), rows())
    assert tie.error == pytest.approx(np.sqrt(1.4 * 400 * 2 * (1 - 0.5**2)) / (400 / np.sqrt(399)))


def test_exchanged_codes_turn_it_round():
    now = rows().assign(one=rows()["one"].map({"a": "b", "b": "a"}))
    assert tie_of(now, rows()).kept == pytest.approx(-100 / (100 - 5.6))


def test_cells_in_other_rows_leave_nothing_but_chance():
    rng = np.random.default_rng(7)
    found = [
        tie_of(rows().assign(one=rng.permutation(rows()["one"])), rows()).found for _ in range(300)
    ]
    assert abs(np.mean(found)) < 0.2
    assert np.std(found) == pytest.approx(1, abs=0.12)


def test_fewer_who_answered_both_are_expected_where_fewer_answered():
    """Half answer the one, of whom as many answer the other: half of the sum is expected."""
    half = rows()
    half.loc[::2, "one"] = None
    assert tie_of(half, rows()).kept == pytest.approx(100 / (100 - 5.6))


def test_of_columns_that_did_not_go_together_nothing_is_said():
    level = rows(dict.fromkeys(TABLE, 100))
    assert tie_of(rows(), level) is None
    assert tie_of(rows(), rows(dict.fromkeys(TABLE, 20))) is None


def test_numbers_are_cut_into_parts_of_their_own_wave():
    before = pd.DataFrame({"number": np.arange(100.0)})
    now = pd.DataFrame({"number": [*(np.arange(100.0) * 1e9), np.nan]})
    both = placed(now, before)["number"]
    assert (both.now[:-1] == both.before).all()
    assert both.now[-1] == -1
    assert np.bincount(both.before).tolist() == [20] * 5


def test_answers_that_the_wave_before_did_not_have_are_in_no_category():
    now = pd.DataFrame({"q": ["z", "y", None, "x"], "level": ["x"] * 4})
    both = placed(now, pd.DataFrame({"q": ["y", "x", "x"], "level": ["y", "x", "x"]}))
    assert list(both) == ["q"]  # a column of one answer throughout goes with nothing
    assert both["q"].now.tolist() == [-1, 1, -1, 0]
    assert both["q"].before.tolist() == [1, 0, 0]


def test_a_column_within_a_group_has_one_answer_in_each():
    assert within(np.array([0, 0, 1, -1]), np.array([0, 0, 1, 1]))
    assert not within(np.array([0, 1, 1]), np.array([0, 0, 1]))


def interviews(seed, count=200, questions=20):
    drawn = np.random.default_rng(seed).integers(1, 6, (count, questions))
    return pd.DataFrame(drawn, columns=[f"q{n}" for n in range(questions)]).astype("str")


def test_interviews_that_stood_in_the_wave_before_are_known_again():
    before, now = interviews(1), interviews(2)
    now.iloc[:30] = before.iloc[100:130]
    now.loc[0, "q3"] = "2" if now.loc[0, "q3"] == "1" else "1"
    found = returned(now, before, 0.9)
    assert found.rows.tolist() == [True] * 30 + [False] * 170
    assert found.by_chance == 0


def test_so_they_are_in_long_returns(monkeypatch):
    monkeypatch.setattr("transforms.fieldwork.alike.EVERY_PAIR", 50)
    monkeypatch.setattr("transforms.fieldwork.alike.SAMPLED", 5)
    before, now = interviews(1), interviews(2)
    now.iloc[50:80] = before.iloc[100:130]
    assert returned(now, before, 0.9).rows.tolist() == [False] * 50 + [True] * 30 + [False] * 120


def test_people_who_answer_alike_in_one_wave_do_so_across_two():
    """Ten in 200 of the wave before stand in another of it, so ten in 200 would by chance."""
    before, now = interviews(1), interviews(2)
    one = before.iloc[[0] * 10].to_numpy()
    before.iloc[:10], now.iloc[:10] = one, one
    found = returned(now, before, 0.9)
    assert found.rows.sum() == 10
    assert found.by_chance == pytest.approx(10)


def test_few_questions_tell_nobody_apart():
    assert returned(interviews(1, questions=3), interviews(2, questions=3), 0.9) is None
