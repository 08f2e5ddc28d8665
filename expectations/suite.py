"""From rules to a Great Expectations suite, run on a frame.

Importing this module imports Great Expectations: 7 seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.custom import ExpectNoReturnFinding, ExpectRowsToKeepCondition
from expectations.frame import RESPONDENT, WEIGHTED, asked_column, domain_column
from expectations.outcomes import check_result
from expectations.rules import (
    Answered,
    Asked,
    Classified,
    Coded,
    Distinct,
    EnoughRows,
    Exists,
    InPeriod,
    ItemRule,
    MarginRule,
    Nested,
    Occupied,
    Possible,
    Present,
    Rule,
    Stored,
    Unasked,
    Unique,
    UsableWeight,
)
from transforms.validation import CheckResult

PASSED_OR_NOT = {"result_format": "BOOLEAN_ONLY"}

NO_VALUES = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}
"""The format that says which rows fail and repeats none of their answers.

It gives the rows' places, which `check_result` turns into serial numbers: asked for a column of
them, Great Expectations looks up cell by cell, minutes for a large return that fails altogether.
"""


class Suite:
    """A return's frame, ready for rules to be run on it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._batch = batch_of(frame)

    def run(self, rules: Sequence[Rule]) -> dict[str, CheckResult]:
        """Return each rule's result, by the rule's id; only failing rows are asked who they are."""
        outcomes = self._outcomes(rules, PASSED_OR_NOT)
        outcomes |= self._outcomes([r for r in rules if not outcomes[r.id].success], NO_VALUES)
        return {rule.id: check_result(rule, outcomes[rule.id], self._frame) for rule in rules}

    def _outcomes(self, rules: Sequence[Rule], result_format: dict[str, Any]) -> dict[str, Any]:
        return outcomes_of(self._batch, [_expectation(rule) for rule in rules], result_format)


def batch_of(frame: pd.DataFrame) -> Any:
    """Return the frame as the library takes it: in memory, without a word on the way."""
    _silence_library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("returns").add_dataframe_asset("return")
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})


def outcomes_of(
    batch: Any, expectations: Sequence[Any], result_format: dict[str, Any]
) -> dict[str, Any]:
    """Return the outcome of each expectation by the `rule_id` that it carries."""
    if not expectations:
        return {}
    suite = gx.ExpectationSuite(name="return", expectations=list(expectations))
    validated = batch.validate(suite, result_format=result_format)
    # They come back in another order: the rule's id says which is which.
    return {found.expectation_config.meta["rule_id"]: found for found in validated.results}


def _silence_library() -> None:
    """Keep the library's log to itself: it quotes the answers that made a rule fail to run."""
    logger = logging.getLogger("great_expectations")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _expectation(rule: Rule) -> Any:
    """Return the rule as one expectation that carries the rule's id."""
    about = {"meta": {"rule_id": rule.id}, "severity": rule.severity.value}
    match rule:
        case EnoughRows():
            return gxe.ExpectTableRowCountToBeBetween(min_value=rule.minimum, **about)
        case Distinct():
            return ExpectRowsToKeepCondition(
                column_list=[*rule.reads, RESPONDENT],
                condition="distinct_interviews",
                parameters={"items": [*rule.items], "point": rule.point},
                **about,
            )
        case MarginRule():
            return _margin_expectation(rule, about)
        case Answered():
            return ExpectNoReturnFinding(
                finding="too_few_answers", parameters=_answer_parameters(rule), **about
            )
        case ItemRule():
            native = _native_expectation(rule, about)
            return native or ExpectRowsToKeepCondition(**_condition(rule), **about)
    raise TypeError(f"no expectation for a rule of type {type(rule).__name__}")


def _native_expectation(rule: ItemRule, about: dict[str, Any]) -> Any:
    column = rule.item.name
    match rule:
        case Exists():
            return gxe.ExpectColumnToExist(column=column, **about)
        case Coded():
            return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[*rule.codes], **about)
        case Present():
            return gxe.ExpectColumnValuesToNotBeNull(column=column, **about)
        case Unique():
            return gxe.ExpectColumnValuesToBeUnique(column=column, **about)
    return None


def _condition(rule: ItemRule) -> dict[str, Any]:
    """Return the rule's row condition, its parameters and the columns it looks at."""
    # RESPONDENT makes them two at least, which Great Expectations asks for.
    item = rule.item.name
    condition, parameters, others = _condition_parts(rule, asked_column(item))
    return {
        "column_list": [item, *others, RESPONDENT],
        "condition": condition,
        "parameters": {"item": item, **parameters},
    }


def _condition_parts(rule: ItemRule, asked: str) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    match rule:
        case Stored():
            return "stored_as", {"storage": rule.storage, "codes": [*rule.codes]}, ()
        case UsableWeight():
            return "usable_weight", _limits(rule), ()
        case Possible():
            return "possible", _limits(rule), ()
        case InPeriod():
            period = {"start": rule.start.isoformat(), "end": rule.end.isoformat()}
            return "in_period", period, ()
        case Nested():
            return "nested", {"stratum": rule.stratum}, (rule.stratum,)
        case Asked():
            put = {"asked": asked, "codes": [*rule.codes], "blank": rule.blank}
            return "put_where_asked", put, (asked,)
        case Unasked():
            silent = {"asked": asked, "codes": [*rule.codes]}
            return "silent_where_unasked", silent, (asked,)
    raise TypeError(f"no condition for a rule of type {type(rule).__name__}")


def _limits(rule: Possible) -> dict[str, Any]:
    return {"minimum": rule.minimum, "maximum": rule.maximum, "missing": [*rule.missing]}


def _answer_parameters(rule: Answered) -> dict[str, Any]:
    return {
        "item": rule.item.name,
        "asked": asked_column(rule.item.name) if rule.routed else None,
        "missing": [*rule.missing],
        "outside": [*rule.outside],
        "blank_outside": rule.blank_outside,
        "minimum": rule.minimum,
    }


def _margin_expectation(rule: MarginRule, about: dict[str, Any]) -> Any:
    columns = [domain_column(name) for name in rule.domains]
    parameters = {
        "domains": columns,
        "categories": [list(category) for category in rule.categories],
        "weighted": WEIGHTED,
    }
    if isinstance(rule, Occupied):
        return ExpectNoReturnFinding(finding="empty_categories", parameters=parameters, **about)
    assert isinstance(rule, Classified)
    return ExpectRowsToKeepCondition(
        column_list=[*columns, WEIGHTED, RESPONDENT],
        condition="classified",
        parameters=parameters | {"blank": rule.blank},
        **about,
    )
