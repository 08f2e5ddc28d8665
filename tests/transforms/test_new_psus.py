"""Waves are combined as independent samples, so none may keep the sampling points of another."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import small_survey

from transforms.errors import DeclarationError
from transforms.new_psus import require_new_psus

COLUMNS = ["wave", "stratum", "psu"]
KEPT = [("2026-Q2", "s1", "p1"), ("2026-Q2", "s1", "p2"), ("2026-Q3", "s1", "p2")]
RESTRATIFIED = [("2026-Q2", "s1", "p1"), ("2026-Q2", "s1", "p2"), ("2026-Q3", "s9", "p2")]


@pytest.mark.parametrize("rows", [KEPT, RESTRATIFIED])
def test_a_point_that_is_kept_is_named(rows):
    with pytest.raises(DeclarationError, match=r"1 sampling points .* such as p2 in 2026-Q2 and"):
        require_new_psus(pd.DataFrame(rows, columns=COLUMNS), small_survey())


def test_points_of_other_names_are_new():
    require_new_psus(pd.DataFrame([*KEPT[:2], ("2026-Q3", "s1", "p3")], columns=COLUMNS), SURVEY)


def test_names_may_be_declared_to_be_used_again():
    again = small_survey({"about": {"design": {"psu_names": "used_again"}}})
    require_new_psus(pd.DataFrame(KEPT, columns=COLUMNS), again)


SURVEY = small_survey()
