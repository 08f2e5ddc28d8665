"""Rows of estimate.estimate as published: what is withheld is NULL and has a reason.

Everything that could be used to work a withheld figure out goes with it: standard error, interval,
weighted and effective base (methods §7). 0 is a true zero.
"""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import Survey
from transforms.disclosure.deciding import Decisions
from transforms.disclosure.words import (
    BASE,
    CONFIDENTIAL,
    CONFIDENTIAL_MEAN,
    CONFIDENTIALITY,
    NO_RESPONDENT,
    NOBODY,
    SMALL_BASE,
)

ESTIMATE_FIGURES = (
    *("estimate", "standard_error", "ci_lower", "ci_upper", "weighted_base", "effective_base"),
    *("df", "deff_design", "deff_kish"),
)


def withhold_estimates(
    estimates: pd.DataFrame,
    totals: pd.DataFrame,
    survey: Survey,
    first_wave: str,
    decisions: Decisions,
) -> pd.DataFrame:
    """Return a period's estimates with `marker` and `suppression_reason`, withheld figures NULL.

    `estimates` and `totals`: one row a measure × domain value, in the same order. `first_wave`: the
    first, or only, wave of the period. `decisions`: what becomes of each row.
    """
    reason = _reasons(decisions.rule, totals["measure"], survey)
    marker = _markers(estimates, decisions.rule, totals, survey)
    marker = _with_breaks(marker, totals["measure"], survey, first_wave)
    base = totals["n"].astype("Int64").mask(decisions.hides_base)
    blanked = blank(estimates, reason.notna(), ESTIMATE_FIGURES)
    return blanked.assign(unweighted_base=base, marker=marker, suppression_reason=reason)


def rules_fired(decisions: Decisions) -> pd.DataFrame:
    """Return one row a cell of which something is withheld: ops.disclosure, but `period`.

    From a cell that nobody answered in nothing is withheld: there is nothing.
    """
    rule = decisions.rule.where(decisions.rule != NO_RESPONDENT)
    found = decisions.cells.assign(rule=rule, base_withheld=decisions.hides_base)
    return found[rule.notna() | decisions.hides_base].reset_index(drop=True)


def blank(frame: pd.DataFrame, withheld: pd.Series, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the frame with `columns` missing where a row is withheld."""
    return frame.assign(**{column: frame[column].mask(withheld) for column in columns})


def _reasons(rule: pd.Series, measure: pd.Series, survey: Survey) -> pd.Series:
    """Return why each figure is withheld, in words; NA where it is not."""
    fewest = survey.about.disclosure.minimum_count
    too_few = SMALL_BASE.format(smallest=survey.about.reliability.minimum_base)
    confidential = dict.fromkeys(CONFIDENTIALITY, CONFIDENTIAL.format(fewest=fewest))
    words = {**confidential, BASE: too_few, NO_RESPONDENT: NOBODY}
    of_mean = rule.isin(CONFIDENTIALITY) & measure.isin(survey.means)
    reason = rule.map(words, na_action="ignore").astype("str")
    return reason.mask(of_mean, CONFIDENTIAL_MEAN.format(fewest=fewest))


def _markers(
    estimates: pd.DataFrame, rule: pd.Series, totals: pd.DataFrame, survey: Survey
) -> pd.Series:
    reliability = survey.about.reliability
    scale = totals["measure"].map({name: high - low for name, (low, high) in survey.means.items()})
    width = (estimates["ci_upper"] - estimates["ci_lower"]) / scale.fillna(1.0)
    unreliable = (
        (rule == BASE)
        | (estimates["df"] < reliability.minimum_df)
        | (width > reliability.maximum_width)
    )
    marker = pd.Series(pd.NA, index=totals.index, dtype="str").mask(unreliable, "[u]")
    return marker.mask(rule.isin(CONFIDENTIALITY), "[c]").mask(rule == NO_RESPONDENT, "[x]")


def _with_breaks(marker: pd.Series, measure: pd.Series, survey: Survey, wave: str) -> pd.Series:
    """Put [b] before the other marker where the measure's series breaks at this wave."""
    broken = {name for name in survey.measures if wave in survey.breaks_of(name)}
    return marker.mask(measure.isin(broken), "[b]" + marker.fillna(""))
