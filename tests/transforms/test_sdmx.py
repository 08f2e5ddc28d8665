from datetime import date

import pytest

from transforms.sdmx import time_period


@pytest.mark.parametrize(
    ("name", "start", "end", "written"),
    [
        ("2027-Q2", date(2027, 4, 1), date(2027, 6, 30), "2027-Q2"),
        ("2027-Q2/2028-Q1", date(2027, 4, 1), date(2028, 3, 31), "2027-04-01/P1Y"),
        ("2026-Q2/2028-Q1", date(2026, 4, 1), date(2028, 3, 31), "2026-04-01/P2Y"),
        ("2026-Q2/2026-Q3", date(2026, 4, 1), date(2026, 9, 30), "2026-04-01/P6M"),
        ("spring", date(2027, 4, 5), date(2027, 4, 6), "2027-04-05/P2D"),
        # 27 days of April, 31 of May, 22 of June
        ("spring", date(2027, 4, 4), date(2027, 6, 22), "2027-04-04/P80D"),
        ("day", date(2027, 4, 4), date(2027, 4, 4), "2027-04-04/P1D"),
        ("month", date(2028, 2, 1), date(2028, 2, 29), "2028-02-01/P1M"),
    ],
)
def test_a_period_is_written_as_sdmx_has_it(name, start, end, written):
    assert time_period(name, start, end) == written
