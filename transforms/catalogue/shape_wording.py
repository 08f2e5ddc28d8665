"""What a model's rules ask for, in the words of someone who writes a declaration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from transforms.catalogue.base import (
    SLUG_PATTERN,
    VALUE_NAME_PATTERN,
    WEB_ADDRESS_PATTERN,
)
from transforms.catalogue.mistakes import did_you_mean, listing

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "date_type": "a date that exists, written 2026-04-01",
    "date_parsing": "a date that exists, written 2026-04-01",
    "date_from_datetime_parsing": "a date that exists, written 2026-04-01",
    "date_from_datetime_inexact": "a date that exists, written 2026-04-01",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a group of keys",
    "mapping_type": "a group of keys",
    "model_type": "a group of keys",
}
_LIMITS = {
    "greater_than": ("gt", "a number greater than {}"),
    "greater_than_equal": ("ge", "a number that is {} or more"),
    "less_than": ("lt", "a number less than {}"),
    "less_than_equal": ("le", "a number that is {} or less"),
    "too_short": ("min_length", "{} or more entries"),
    "too_long": ("max_length", "{} entries"),
}


def expectation(
    kind: str, value: object, limits: Mapping[str, object], message: str
) -> tuple[str, str]:
    """Return what a rule of the model expects, and what to do about `value`, without full stops.

    `kind`, `limits` and `message` are pydantic's: the rule's type, its numbers, its own words.
    """
    if kind in ("literal_error", "enum"):
        return _one_of(value, re.findall(r"'([^']*)'", str(limits["expected"])))
    if kind == "string_pattern_mismatch":
        return _pattern(str(value), str(limits["pattern"]))
    if kind in _LIMITS:
        name, wording = _LIMITS[kind]
        limit = limits[name]
        number = f"{limit:g}" if isinstance(limit, float) else limit
        return wording.format(number), _limit_remedy(kind)
    expected = _KINDS.get(kind, f"something else ({message})")
    return expected, _kind_remedy(expected, value)


def _one_of(value: object, allowed: list[str]) -> tuple[str, str]:
    close = did_you_mean(value, allowed)
    return listing(allowed), f"did you mean '{close}'?" if close else "write one of these"


def _pattern(value: str, pattern: str) -> tuple[str, str]:
    if pattern == SLUG_PATTERN:
        rule = "a name of lower-case letters, digits and underscores that begins with a letter"
        proposal = re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_")
    elif pattern == VALUE_NAME_PATTERN:
        rule = "a name of letters, digits, _, - and + without spaces"
        proposal = re.sub(r"[^A-Za-z0-9_+-]+", "_", value).strip("_")
    elif pattern == WEB_ADDRESS_PATTERN:
        return "a web address that ends without a slash", "write it as https://example.org/survey"
    else:
        return f"a text that matches {pattern}", "correct it"
    if not re.match(pattern, proposal):
        return rule, "choose such a name; the words a reader sees go into a label or title"
    return rule, f"write '{proposal}'; the words a reader sees go into a label or title"


def _limit_remedy(kind: str) -> str:
    if kind == "too_short":
        return "add what is missing"
    return "remove what is too much" if kind == "too_long" else "correct the number"


def _kind_remedy(expected: str, value: object) -> str:
    if value is None:
        return f"write {expected} after the colon, or remove the line where it may be left out"
    if expected == "text":
        return _text_remedy(value)
    if expected == "a list":
        return "put it in square brackets, or each entry on a line of its own after a hyphen"
    if expected == "a group of keys":
        return "write each key on a line of its own below, indented, with a colon and a value"
    return f"write {expected}, without quotation marks or units"


def _text_remedy(value: object) -> str:
    if isinstance(value, dict | list):
        return "write one text here"
    if isinstance(value, bool):
        return f"put it in quotes: '{str(value).lower()}'"
    return f"put it in quotes: '{value.isoformat() if isinstance(value, date) else value}'"
