"""Every number of R's in ../shared/reference is compared with ours, or left out by name."""

import pandas as pd
import pytest

from reference.agreement import TOLERANCE, agreement
from reference.document import DOCUMENT, document
from reference.left_out import LEFT_OUT
from reference.rows import KEY, TABLES, WEIGHTS

NUMBERS = {"01_api.csv": 3938, "02_uk_bcs_csew.csv": 3379, "06_raking_published.csv": 148}
FILES = [*TABLES, *(f"weights/{name}.csv" for name in WEIGHTS)]


def listed(rows: pd.DataFrame) -> str:
    return (
        f"{len(rows)} of them:\n" + rows[[*KEY, "value", "ours", "relative"]].head(20).to_string()
    )


@pytest.mark.parametrize("file", FILES)
def test_every_number_is_compared_or_left_out_by_name(file):
    rows = agreement().query("file == @file")
    unaccounted = rows[~rows["compared"] & rows["reason"].isna()]
    assert len(rows) == NUMBERS.get(file, len(rows)) > 0
    assert unaccounted.empty, listed(unaccounted)


@pytest.mark.parametrize("file", FILES)
def test_nothing_that_is_left_out_is_compared(file):
    rows = agreement().query("file == @file")
    both = rows[rows["compared"] & rows["reason"].notna()]
    assert both.empty, listed(both)


@pytest.mark.parametrize("file", FILES)
def test_what_is_compared_agrees(file):
    rows = agreement().query("file == @file and compared")
    apart = rows[~(rows["relative"] <= TOLERANCE)]
    assert apart.empty, listed(apart)


@pytest.mark.parametrize("left_out", LEFT_OUT, ids=str)
def test_every_reason_still_has_rows(left_out):
    rows = agreement()
    assert any(left_out.covers(key) for key in rows[KEY].itertuples(index=False))


def test_no_number_is_read_twice():
    rows = agreement()
    repeated = rows[rows.duplicated(KEY, keep=False)]
    assert repeated.empty, listed(repeated)


def test_the_document_says_what_was_compared():
    assert DOCUMENT.read_text(encoding="utf-8") == document()
