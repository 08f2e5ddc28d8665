"""A first draft of questionnaire.yaml from a return's own labels; what to decide is marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from transforms.catalogue import Code, CodeValue, MissingCode, MissingReason
from transforms.drafting import codes_lines, missing_lines, name_of, scalar
from transforms.labels import reason_in
from transforms.responses import RawReturn, Variable

MOST_CODES = 12
"""Distinct cells without labels up to which they are taken for codes."""

DESIGN_WORDS: Mapping[str, re.Pattern[str]] = {
    "serial": re.compile(r"serial|\bcase.?id|\brow.?label|respondent.?id|\buid\b", re.IGNORECASE),
    "weight": re.compile(r"weight|we?i?ght?x?\b|\bwt|wt\b|wgt", re.IGNORECASE),
    "stratum": re.compile(r"strat", re.IGNORECASE),
    "psu": re.compile(r"\bpsu|sampling.?point|cluster", re.IGNORECASE),
}
"""What names or labels of the design's variables hold."""

SHORT = 60
"""Characters up to which a variable's label is a name for tables, not a question."""

TODO = "# TODO:"


@dataclass(frozen=True, slots=True)
class _Found:
    """What a column is taken for: its type, its codes and missing codes, and what is in doubt."""

    type: str
    codes: Mapping[CodeValue, Code]
    missing: Mapping[CodeValue, MissingCode]
    doubts: Sequence[str]
    limits: tuple[float, float] | None = None


def proposed_questionnaire(raw: RawReturn) -> str:
    """Return a whole questionnaire.yaml for the return, one item a variable."""
    names = [str(name) for name in raw.rows.columns]
    return "\n".join(
        [
            f"# A draft, made of the labels of {' '.join(raw.file_name.split())}. It loads as it",
            "# stands. Each TODO is something that the file does not say, or may say wrongly.",
            f"{TODO} delete what is not used; rename items (lower case, digits, underscores).",
            f"{TODO} say under `asked_if` who is asked what.",
            *_hints(raw),
            "items:",
            *_items(raw, names, (), None, from_cells=True),
            "",
        ]
    )


def _hints(raw: RawReturn) -> Iterator[str]:
    """Yield what survey.yaml may need: variables that look like the design's."""
    for part, words in DESIGN_WORDS.items():
        found = [name for name in map(str, raw.rows.columns) if words.search(_words(name, raw))]
        if found:
            named = ", ".join(" ".join(name.split()) for name in found[:5])
            yield f"{TODO} {part} in survey.yaml: perhaps {named}?"


def _words(name: str, raw: RawReturn) -> str:
    entry = raw.variables.get(name)
    return f"{name} {entry.label or ''}" if entry else name


def proposed_items(
    raw: RawReturn, variables: Sequence[str], taken: Collection[str], wave: str | None
) -> str:
    """Return items for the variables, as YAML to stand under `items`, from labels alone.

    `taken`: names of items that there are already. `wave`: the first that asks
    them; None where it is the first of all.
    """
    lines = _items(raw, variables, taken, wave, from_cells=False)
    return "\n".join(["# questionnaire.yaml, under `items`:", *lines])


def _items(
    raw: RawReturn,
    variables: Sequence[str],
    taken: Collection[str],
    wave: str | None,
    *,
    from_cells: bool,
) -> Iterator[str]:
    names = list(taken)
    for variable in variables:
        name = name_of(variable, "variable", names)
        names.append(name)
        entry = raw.variables.get(variable) or Variable(variable)
        yield f"  {name}:"
        yield from (f"    {line}" for line in _about(variable, entry, wave))
        column = raw.rows[variable]
        found = _found(column if from_cells else column.head(0), entry)
        yield from (f"    {line}" for line in _held(found, column))


def _about(variable: str, entry: Variable, wave: str | None) -> Iterator[str]:
    label = " ".join((entry.label or "").split())
    if len(label) > SHORT:
        yield f"label: {scalar(variable)} {TODO} a short name for tables"
        yield f"question: {scalar(label)}"
    elif label:
        yield f"label: {scalar(label)}"
    else:
        yield f"label: {scalar(variable)} {TODO} what it is; the file has no label"
    yield f"variable: {scalar(variable)}"
    if wave is not None:
        yield f"first_asked: {wave}"


def _held(found: _Found, column: pd.Series) -> Iterator[str]:
    if found.type != "code":
        yield f"type: {found.type}"
    yield from (f"{TODO} {doubt}" for doubt in found.doubts)
    if found.limits is not None:
        low, high = found.limits
        yield f"minimum: {low:g}"
        yield f"maximum: {high:g}"
    if found.codes:
        yield from codes_lines(found.codes)
    if found.missing:
        yield from missing_lines(found.missing)
    if found.type != "identifier" and _has_empty(column):
        yield f"blank: no_answer {TODO} what an empty cell means: no_answer, not_asked, …"


def _found(cells: pd.Series, entry: Variable) -> _Found:
    """Return what a column is taken for, by its labels and, where there are none, its cells."""
    if is_datetime64_any_dtype(cells):
        return _Found("date", {}, {}, ())
    missing = _missing(entry, _distinct(cells))
    labelled = {v: label for v, label in entry.value_labels.items() if v not in missing}
    distinct = [value for value in _distinct(cells) if value not in missing]
    if labelled:
        return _labelled(labelled, missing, distinct)
    if any(isinstance(value, str) for value in distinct) or cells.dtype == "str":
        return _unlabelled_text(cells, missing, distinct)
    return _unlabelled_numbers(cells, missing, distinct)


def _labelled(
    labelled: Mapping[CodeValue, str],
    missing: Mapping[CodeValue, MissingCode],
    distinct: Sequence[CodeValue],
) -> _Found:
    """Return codes; a number where more is answered than is labelled, as on a scale of 0 to 10."""
    further = [value for value in distinct if value not in labelled]
    numbers = [v for v in (*labelled, *distinct) if not isinstance(v, str)]
    if further and len(numbers) == len(labelled) + len(distinct):
        limits = float(min(numbers)), float(max(numbers))
        doubt = "is it a scale or a number? Not every answer in the file has a label."
        kept = {v: code for v, code in missing.items() if not _within(v, limits)}
        return _Found("number", {}, kept, (doubt,), limits)
    doubt = "some cells have no label; they are not among the codes."
    return _Found("code", _codes(labelled), missing, (doubt,) if further else ())


def _unlabelled_numbers(
    cells: pd.Series, missing: Mapping[CodeValue, MissingCode], distinct: Sequence[CodeValue]
) -> _Found:
    if len(cells) and cells.is_unique and cells.notna().all() and len(cells) > MOST_CODES:
        return _Found("identifier", {}, {}, ("is it a serial number? No two rows share a value.",))
    whole = all(isinstance(value, int) for value in distinct)
    if distinct and whole and len(distinct) <= MOST_CODES:
        doubts = ("what each code means; the file has no labels.",)
        return _Found("code", _codes({v: str(v) for v in distinct}), missing, doubts)
    doubts = ("which numbers are possible (minimum, maximum), and which codes are missing.",)
    return _Found("number", {}, missing, doubts)


def _unlabelled_text(
    cells: pd.Series, missing: Mapping[CodeValue, MissingCode], distinct: Sequence[CodeValue]
) -> _Found:
    texts = [str(value) for value in distinct]
    often = len(cells) >= 10 * len(texts)
    if texts and often and len(texts) <= MOST_CODES and all(len(text) <= SHORT for text in texts):
        silent: dict[CodeValue, MissingCode] = {
            t: MissingCode(reason=r, label=t) for t in texts if (r := reason_in(t)) is not None
        }
        codes = _codes({text: text for text in texts if text not in silent})
        if codes:
            return _Found("code", codes, {**missing, **silent}, ("are these the answers?",))
    return _Found(
        "identifier",
        {},
        {},
        ("what the text is: a serial number, a date, a number with a comma, words?",),
    )


def _missing(entry: Variable, distinct: Sequence[CodeValue]) -> dict[CodeValue, MissingCode]:
    """Return the codes that the file declares missing, or whose labels or nature say so."""
    labels = dict(entry.value_labels)
    single = [_code(low) for low, high in entry.missing_ranges if low == high]
    within = [v for v in (*labels, *distinct) if _in(v, entry) or _is_special(v)]
    said = {value: labels.get(value, "") for value in (*single, *within)}
    said |= {value: label for value, label in labels.items() if reason_in(label)}
    return {
        value: MissingCode(
            reason=reason_in(label) or MissingReason.NO_ANSWER, label=label or "Missing"
        )
        for value, label in said.items()
    }


def _is_special(value: CodeValue) -> bool:
    """Return whether a cell is a special missing value of Stata or SAS, such as .a."""
    return isinstance(value, str) and re.fullmatch(r"\.[A-Za-z_]", value) is not None


def _in(value: CodeValue, entry: Variable) -> bool:
    return any(
        not isinstance(value, str)
        and not isinstance(low, str)
        and not isinstance(high, str)
        and low <= value <= high
        for low, high in entry.missing_ranges
    )


def _codes(labels: Mapping[CodeValue, str]) -> dict[CodeValue, Code]:
    taken: list[str] = []
    codes: dict[CodeValue, Code] = {}
    for value, label in labels.items():
        name = name_of(label, name_of(f"code_{value}", "code"), taken)
        taken.append(name)
        codes[value] = Code(name=name, label=label or str(value))
    return codes


def _distinct(cells: pd.Series) -> list[CodeValue]:
    """Return the column's distinct cells in order, whole numbers as such; spaces are empty."""
    present = cells.dropna().unique()
    values = [
        _code(value) for value in present if not (isinstance(value, str) and not value.strip())
    ]
    return sorted(values, key=lambda value: (isinstance(value, str), value))


def _code(value: object) -> CodeValue:
    if isinstance(value, str):
        return value.strip()
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number  # type: ignore[return-value]


def _within(value: CodeValue, limits: tuple[float, float]) -> bool:
    return not isinstance(value, str) and limits[0] <= value <= limits[1]


def _has_empty(column: pd.Series) -> bool:
    blank = column.map(lambda cell: isinstance(cell, str) and not cell.strip())
    return bool((column.isna() | blank.astype("bool")).any())
