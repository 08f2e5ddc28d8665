"""Each rule in the terms in which it is checked: a condition or a finding, and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from expectations.frame import WEIGHTED, asked_column, domain_column
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


@dataclass(frozen=True, slots=True)
class Term:
    """The name of a function of `expectations.conditions`, and plain values to call it with."""

    condition: str
    parameters: dict[str, Any]


def term_of(rule: Rule) -> Term:
    """Return what is to hold in the frame by item where the rule is kept."""
    match rule:
        case EnoughRows():
            return Term("too_few_rows", {"minimum": rule.minimum})
        case Distinct():
            items = {"items": [*rule.items], "point": rule.point}
            return Term("distinct_interviews", items)
        case MarginRule():
            return _margin_term(rule)
        case ItemRule():
            name, parameters = _item_term(rule, asked_column(rule.item.name))
            return Term(name, {"item": rule.item.name, **parameters})
    raise TypeError(f"no term for a rule of type {type(rule).__name__}")


def _item_term(rule: ItemRule, asked: str) -> tuple[str, dict[str, Any]]:
    match rule:
        case Exists():
            return "absent", {}
        case Coded():
            return "declared", {"codes": [*rule.codes]}
        case Present():
            return "filled", {}
        case Unique():
            return "unlike_others", {}
        case Stored():
            return "stored_as", {"storage": rule.storage, "codes": [*rule.codes]}
        case UsableWeight():
            return "usable_weight", _limits(rule)
        case Possible():
            return "possible", _limits(rule)
        case InPeriod():
            return "in_period", {"start": rule.start.isoformat(), "end": rule.end.isoformat()}
        case Nested():
            return "nested", {"stratum": rule.stratum}
    return _routing_term(rule, asked)


def _routing_term(rule: ItemRule, asked: str) -> tuple[str, dict[str, Any]]:
    match rule:
        case Asked():
            put = {"asked": asked, "codes": [*rule.codes], "blank": rule.blank}
            return "put_where_asked", put
        case Unasked():
            return "silent_where_unasked", {"asked": asked, "codes": [*rule.codes]}
        case Answered():
            return "too_few_answers", _answer_parameters(rule, asked)
    raise TypeError(f"no term for a rule of type {type(rule).__name__}")


def _limits(rule: Possible) -> dict[str, Any]:
    return {"minimum": rule.minimum, "maximum": rule.maximum, "missing": [*rule.missing]}


def _answer_parameters(rule: Answered, asked: str) -> dict[str, Any]:
    return {
        "asked": asked if rule.routed else None,
        "missing": [*rule.missing],
        "outside": [*rule.outside],
        "blank_outside": rule.blank_outside,
        "minimum": rule.minimum,
    }


def _margin_term(rule: MarginRule) -> Term:
    parameters = {
        "domains": [domain_column(name) for name in rule.domains],
        "categories": [list(category) for category in rule.categories],
        "weighted": WEIGHTED,
    }
    if isinstance(rule, Occupied):
        return Term("empty_categories", parameters)
    assert isinstance(rule, Classified)
    return Term("classified", parameters | {"blank": rule.blank})
