"""What Great Expectations has no expectation for. Importing this module imports it: 7 seconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.conditions import CONDITIONS, FINDINGS

BROKEN_RULES = "perceptions.broken_rules"


class BrokenRules(TableMetricProvider):
    """Which rules of one kind a return breaks, and where: see `broken_rules`."""

    metric_name = BROKEN_RULES
    value_keys = ("kind", "terms")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  Great Expectations passes the class
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,
    ) -> dict[str, dict[str, Any]]:
        rows, _domain, _accessor = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        return broken_rules(rows, json.loads(metric_value_kwargs["terms"]))


class ExpectRulesToBeKept(BatchExpectation):
    """The return keeps all rules of one `kind`; `terms` as JSON: by rule its condition and values.

    One expectation for a kind, and not for each rule, and its terms as one text: what the library
    does with an expectation's parts takes a hundred times as long as a condition itself.
    """

    metric_dependencies = (BROKEN_RULES,)
    success_keys = ("kind", "terms")
    kind: str
    terms: str
    catch_exceptions: bool = True

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: PandasExecutionEngine | None = None,
    ) -> dict[str, Any]:
        broken = metrics[BROKEN_RULES]
        return {"success": not broken, "result": {"observed_value": broken}}


def broken_rules(
    rows: pd.DataFrame, terms: Mapping[str, tuple[str, dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Return what is wrong by the broken rules' ids: `places` of rows, or what was `found`.

    A rule that could not be run is broken and has neither. Of its error nothing is kept: the text
    may quote an answer.
    """
    outcomes = {rule: _outcome(rows, *term) for rule, term in terms.items()}
    return {rule: broken for rule, broken in outcomes.items() if broken is not None}


def _outcome(
    rows: pd.DataFrame, condition: str, parameters: dict[str, Any]
) -> dict[str, Any] | None:
    try:
        if condition in FINDINGS:
            found = FINDINGS[condition](rows, **parameters)
            return None if found is None else {"found": found}
        kept = CONDITIONS[condition](rows, **parameters).to_numpy(dtype=bool)
    except Exception:
        return {}
    return None if kept.all() else {"places": np.flatnonzero(~kept).tolist()}
