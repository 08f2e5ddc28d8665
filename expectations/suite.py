"""From rules to a Great Expectations suite, run on a frame: one expectation a kind of rule.

Importing this module imports Great Expectations: 7 seconds.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.custom import ExpectRulesToBeKept
from expectations.outcomes import NOT_RUN, Broken, check_result
from expectations.rules import Rule
from expectations.terms import Term, term_of
from transforms.validation import CheckResult


class Suite:
    """A return's frame, ready for rules to be run on it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._batch = _batch_of(frame)

    def run(self, rules: Sequence[Rule]) -> dict[str, CheckResult]:
        """Return each rule's result, by the rule's id."""
        kinds: dict[str, dict[str, Term]] = defaultdict(dict)
        for rule in rules:
            kinds[type(rule).__name__][rule.id] = term_of(rule)
        broken = _broken(self._batch, kinds)
        return {rule.id: check_result(rule, broken.get(rule.id), self._frame) for rule in rules}


def broken_terms(frame: pd.DataFrame, kinds: Mapping[str, Mapping[str, Term]]) -> dict[str, Broken]:
    """Return what is wrong with the frame by name of each broken term; `kinds`: by kind, by name.

    Names differ between kinds too.
    """
    return _broken(_batch_of(frame), kinds)


def _batch_of(frame: pd.DataFrame) -> Any:
    """Return the frame as the library takes it: in memory, without a word on the way."""
    _silence_library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("returns").add_dataframe_asset("return")
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})


def _broken(batch: Any, kinds: Mapping[str, Mapping[str, Term]]) -> dict[str, Broken]:
    if not kinds:
        return {}
    expectations = [_expectation(kind, terms) for kind, terms in kinds.items()]
    validated = batch.validate(gx.ExpectationSuite(name="return", expectations=expectations))
    # They come back in another order: the kind says which is which.
    found = {one.expectation_config.kwargs["kind"]: one for one in validated.results}
    broken: dict[str, Broken] = {}
    for kind, terms in kinds.items():
        broken |= _broken_of_kind(found.get(kind), terms)
    return broken


def _broken_of_kind(found: Any, terms: Mapping[str, Term]) -> dict[str, Broken]:
    if found is None:  # what did not come back was not checked
        return dict.fromkeys(terms, NOT_RUN)
    if found.success:
        return {}
    # Where an expectation raised, this holds a mapping by metric instead, without that key.
    if found.exception_info.get("raised_exception", True):
        return dict.fromkeys(terms, NOT_RUN)
    observed = found.result["observed_value"]
    return {name: Broken(**outcome) if outcome else NOT_RUN for name, outcome in observed.items()}


def _expectation(kind: str, terms: Mapping[str, Term]) -> Any:
    parts = {name: (term.condition, term.parameters) for name, term in terms.items()}
    return ExpectRulesToBeKept(kind=kind, terms=json.dumps(parts))


def _silence_library() -> None:
    """Keep the library's log to itself: it quotes the answers that made a rule fail to run."""
    logger = logging.getLogger("great_expectations")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
