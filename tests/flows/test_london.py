from datetime import UTC, date, datetime

import pytest

from flows.london import embargo_moment, london_day, london_words
from transforms.errors import UsageError


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-08-06 09:30", datetime(2026, 8, 6, 8, 30, tzinfo=UTC)),
        ("2026-11-05T09:30", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        # clocks go back at 2:00 on 25 October 2026: 1:30 comes twice, the later an hour on
        ("2026-10-25 01:30", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_embargo_is_meant_in_london(written, moment):
    assert embargo_moment(written) == moment


@pytest.mark.parametrize("written", ["tomorrow", "2026-08-06", "06/08/2026 09:30"])
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(UsageError, match="is not a moment"):
        embargo_moment(written)


def test_an_hour_that_clocks_leap_over_is_refused():
    with pytest.raises(UsageError, match="clocks go forward"):
        embargo_moment("2027-03-28 01:30")


def test_the_day_and_the_words_are_londons():
    late = datetime(2026, 8, 6, 23, 30, tzinfo=UTC)
    assert london_day(late) == date(2026, 8, 7)
    assert london_words(late) == "2026-08-07 00:30"
    assert london_day(datetime(2026, 12, 6, 23, 30, tzinfo=UTC)) == date(2026, 12, 6)
