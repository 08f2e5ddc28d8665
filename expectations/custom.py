"""What Great Expectations has no expectation for. Importing this module imports it: 7 seconds."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    BatchExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.conditions import CONDITIONS, FINDINGS, Finding


class RowsKeepCondition(MulticolumnMapMetricProvider):
    """Whether each row keeps a condition of `expectations.conditions`."""

    condition_metric_name = "perceptions.rows_keep_condition"
    condition_value_keys = ("condition", "parameters")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  Great Expectations passes the class
        column_list: pd.DataFrame,
        condition: str,
        parameters: dict[str, Any],
        **_: Any,
    ) -> pd.Series:
        return CONDITIONS[condition](column_list, **parameters).astype("bool")


class ExpectRowsToKeepCondition(MulticolumnMapExpectation):
    """Every row keeps the condition called `condition`, with `parameters`."""

    map_metric = "perceptions.rows_keep_condition"
    success_keys = ("condition", "parameters", "mostly")
    condition: str
    parameters: dict[str, Any]
    ignore_row_if: str = "never"


class ReturnFinding(TableMetricProvider):
    """What a finding of `expectations.conditions` says of the whole return."""

    metric_name = "perceptions.return_finding"
    value_keys = ("finding", "parameters")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  Great Expectations passes the class
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,
    ) -> Finding:
        rows, _domain, _accessor = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        return FINDINGS[metric_value_kwargs["finding"]](rows, **metric_value_kwargs["parameters"])


class ExpectNoReturnFinding(BatchExpectation):
    """The finding called `finding` has nothing to say of the return."""

    metric_dependencies = ("perceptions.return_finding",)
    success_keys = ("finding", "parameters")
    finding: str
    parameters: dict[str, Any]
    catch_exceptions: bool = True

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: PandasExecutionEngine | None = None,
    ) -> dict[str, Any]:
        found = metrics["perceptions.return_finding"]
        return {"success": found is None, "result": {"observed_value": found}}
