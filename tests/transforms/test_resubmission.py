"""What a return sent again changes, by a worked example of four respondents."""

import numpy as np
import pandas as pd

from transforms.responses import RawReturn
from transforms.resubmission import Difference, difference


def raw(sha256: str, columns: dict[str, list[object]]) -> RawReturn:
    rows = pd.DataFrame({name: pd.Series(cells) for name, cells in columns.items()})
    return RawReturn(f"{sha256}.csv", sha256, rows, {})


def compared(before: RawReturn, after: RawReturn) -> Difference:
    serials = [one.rows["serial"].astype("str") for one in (before, after)]
    return difference(before, serials[0], after, serials[1])


EARLIER = {
    "serial": ["1", "2", "3", "4"],
    "Q1": [1.0, 2.0, np.nan, 4.0],
    "Q2": ["1", "02", " ", "x"],
    "old": [0.0, 0.0, 0.0, 0.0],
}


def test_rows_and_values_that_differ_are_counted():
    """3 is gone, 5 is new. 1: Q1 has changed. 2: Q1 and Q2 have. 4 is as it was."""
    later = {
        "serial": ["4", "5", "2", "1"],
        "q1": [4.0, 1.0, np.nan, 5.0],
        "Q2": ["x", "1", "3", "1"],
        "added": [1.0, 1.0, 1.0, 1.0],
    }
    found = compared(raw("a", EARLIER), raw("b", later))
    assert found == Difference(
        supersedes="a",
        rows_before=4,
        rows_after=4,
        added=("5",),
        gone=("3",),
        changed_rows=2,
        changed={"q1": 2, "Q2": 1},
        new=("added",),
        dropped=("old",),
    )
    assert not found.nothing


def test_serial_numbers_are_known_again_without_their_zeros():
    padded = {**EARLIER, "serial": ["0001", "0002", "0003", "0004"]}
    assert compared(
        raw("a", padded), raw("b", {**EARLIER, "Q1": [9.0, 2.0, np.nan, 4.0]})
    ).changed == {"Q1": 1}
    assert compared(raw("a", padded), raw("b", EARLIER)).nothing


def test_serial_numbers_that_would_become_one_stay_apart():
    two = {**EARLIER, "serial": ["1", "01", "3", "4"]}
    found = compared(raw("a", two), raw("b", EARLIER))
    assert (found.added, found.gone) == (("2",), ("01",))


def test_another_way_of_writing_changes_nothing():
    written = {
        "serial": ["1", "2", "3", "4"],
        "Q1": ["1", "2.0", "", "4.00"],
        "Q2": [1.0, 2.0, None, "x"],
        "old": ["0", "0", "0", "0"],
    }
    assert compared(raw("a", EARLIER), raw("b", written)).nothing


def test_an_answer_given_or_taken_back_is_a_change():
    given = EARLIER | {"Q1": [1.0, np.nan, 3.0, 4.0]}
    assert compared(raw("a", EARLIER), raw("b", given)).changed == {"Q1": 2}


def test_dates_are_the_same_day_or_not():
    days = [
        {"serial": ["1", "2"], "day": pd.to_datetime(day)}
        for day in (
            ["2026-04-01", "2026-04-02"],
            ["2026-04-01", "2026-04-03"],
        )
    ]
    assert compared(raw("a", days[0]), raw("b", days[1])).changed == {"day": 1}
    spelt = days[0] | {"day": ["2026-04-01", "2026-04-02"]}
    assert compared(raw("a", days[0]), raw("b", spelt)).nothing


def test_the_order_of_the_rows_is_no_difference():
    turned = {name: cells[::-1] for name, cells in EARLIER.items()}
    assert compared(raw("a", EARLIER), raw("b", turned)).nothing
