"""Verdicts: p values adjusted in their families, and what each test could have found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Floats, floats
from transforms.catalogue import Survey
from transforms.change.testing import detectable_change
from transforms.families import ADJUSTMENTS


def judged(changes: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return the changes of one wave's release with adjusted p, detectable change and verdict.

    `changes`: withheld as published; those of every period that ends with the wave. A family's
    members are the tests made: rows that are no mere information and have a p value.
    """
    is_made = (changes["role"] != "shown") & changes["p_value"].notna()
    families = changes["family"].where(is_made)
    size = families.map(families.value_counts())
    adjusted = _adjusted(changes, families, survey)
    level = survey.about.significance_level
    return changes.assign(
        adjustment=families.map(survey.plan.adjustment_of, na_action="ignore"),
        family_size=size.astype("Int64"),
        adjusted_p=adjusted,
        detectable_change=_detectable(changes, _level_each(families, size, level, survey)),
        verdict=_verdict(changes, adjusted, level).where(is_made),
    )


def _adjusted(changes: pd.DataFrame, families: pd.Series, survey: Survey) -> Floats:
    adjusted = np.full(len(changes), np.nan)
    p_values = floats(changes["p_value"])
    for family, places in families.groupby(families, sort=False).indices.items():
        adjust = ADJUSTMENTS[survey.plan.adjustment_of(str(family))]
        adjusted[places] = adjust(p_values[places])
    return adjusted


def _level_each(families: pd.Series, size: pd.Series, level: float, survey: Survey) -> Floats:
    """(rows,) α/m in an adjusted family of m, which finds what it can in the worst case; else α."""
    adjusts = [
        pd.notna(one) and survey.plan.adjustment_of(one) != "none" for one in families.tolist()
    ]
    members = size.to_numpy(dtype=np.float64, na_value=1.0)
    return np.asarray(level / np.where(adjusts, members, 1.0), dtype=np.float64)


def _detectable(changes: pd.DataFrame, level: Floats) -> Floats:
    """(rows,) what the test could have found; NaN where there is none."""
    made = changes["p_value"].notna().to_numpy()
    error, df = (floats(changes[name]) for name in ("standard_error", "df"))
    return np.where(made, detectable_change(error, df, level), np.nan)


def _verdict(changes: pd.DataFrame, adjusted: Floats, level: float) -> pd.Series:
    positive = changes["difference"].fillna(0) > 0
    is_contrast = changes["role"] == "contrast"
    contrast = np.where(positive, "higher", "lower")
    change = np.where(positive, "increase", "decrease")
    none = np.where(is_contrast, "no significant difference", "no significant change")
    found = np.where(is_contrast, contrast, change)
    return pd.Series(np.where(adjusted < level, found, none), index=changes.index, dtype="str")
