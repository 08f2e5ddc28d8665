"""Does each file have the keys and values its model asks for? Mistakes in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from transforms.catalogue.base import Declared
from transforms.catalogue.mistakes import KeyPath, SourceFile, did_you_mean, in_words, listing
from transforms.catalogue.shape_wording import expectation
from transforms.errors import Mistake

_MISSING = "missing"
_UNKNOWN = "extra_forbidden"
_NOT_FORMED = "default_factory_not_called"
"""A default that could not be formed, because of another fault that is reported itself."""


def shape_mistakes(source: SourceFile, model: type[Declared]) -> list[Mistake]:
    """Return what keeps the file from being a `model`; nothing where it is one."""
    if source.content is None:
        return [_empty_file(source, model)]
    try:
        model.model_validate(source.content)
    except ValidationError as error:
        faults = [
            _fault(details, source.content)
            for details in error.errors(include_url=False)
            if details["type"] != _NOT_FORMED
        ]
        return [_mistake(source, model, fault) for fault in _without_echoes(model, faults)]
    return []


def _empty_file(source: SourceFile, model: type[Declared]) -> Mistake:
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    return source.mistake(
        (),
        "The file is empty.",
        expected=f"the keys {', '.join(required)}.",
        remedy="write them, or take the file of a new survey: perceptions new-survey NAME.",
    )


@dataclass(frozen=True, slots=True)
class _Fault:
    """One thing a model refused: the kind of fault, where it is, what stood there, and the rule.

    `path` leads to the wrong part, `labels` names its steps for a reader. For a missing key, `path`
    leads to what should hold it and `missing` is its name. `of_name`: not what the name holds is
    wrong, but the name itself.
    """

    kind: str
    path: KeyPath
    labels: tuple[str, ...]
    value: object
    limits: Mapping[str, object]
    missing: str
    of_name: bool
    message: str


def _fault(details: ErrorDetails, content: object) -> _Fault:
    path, labels = _existing_path(details["loc"], content)
    return _Fault(
        kind=details["type"],
        path=path,
        labels=labels,
        value=details["input"],
        limits=details.get("ctx", {}),
        missing=str(details["loc"][-1]) if details["type"] == _MISSING else "",
        of_name="[key]" in details["loc"],
        message=details["msg"],
    )


def _existing_path(location: KeyPath, content: object) -> tuple[KeyPath, tuple[str, ...]]:
    """Return the steps that exist in the content, and their labels.

    pydantic also names the branch of a union that it tried; such a step leads nowhere.
    """
    steps: list[tuple[str | int, str]] = []
    here = content
    for step in location:
        if isinstance(here, dict) and step in here:
            here = here[step]
            steps.append((step, str(step)))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            steps.append((step, f"entry {step + 1}"))
    return tuple(step for step, _ in steps), tuple(label for _, label in steps)


def _without_echoes(model: type[Declared], faults: Sequence[_Fault]) -> Iterator[_Fault]:
    """Yield the faults that say something of their own.

    A misspelt key is unknown, and the key it should be is missing: one mistake. What a union's
    branches refuse is one mistake too: that of the branch that came furthest.
    """
    misspelt = {
        (fault.path[:-1], _meant_key(model, fault)) for fault in faults if fault.kind == _UNKNOWN
    }
    refused: set[tuple[KeyPath, bool]] = set()
    for fault in faults:
        if fault.kind == _MISSING:
            if (fault.path, fault.missing) not in misspelt:
                yield fault
        elif (fault.path, fault.of_name) not in refused and not _is_outdone(fault, faults):
            refused.add((fault.path, fault.of_name))
            yield fault


def _is_outdone(fault: _Fault, faults: Sequence[_Fault]) -> bool:
    """True where another fault lies within the value that this one refuses whole."""
    return not fault.of_name and any(
        len(other.path) > len(fault.path) and other.path[: len(fault.path)] == fault.path
        for other in faults
    )


def _mistake(source: SourceFile, model: type[Declared], fault: _Fault) -> Mistake:
    if fault.kind == _MISSING:
        found, expected, remedy = _missing_key(model, fault)
    elif fault.kind == _UNKNOWN:
        found, expected, remedy = _unknown_key(model, fault)
    else:
        found, (expected, remedy) = _found(fault), _expectation(model, fault)
    outer = fault.labels if fault.kind == _MISSING else fault.labels[:-1]
    place = f"In {' › '.join(outer)}: " if outer else ""
    return source.mistake(
        fault.path,
        f"{place}{found}.",
        expected=f"{expected}.",
        remedy=remedy if remedy.endswith("?") else f"{remedy}.",
    )


def _expectation(model: type[Declared], fault: _Fault) -> tuple[str, str]:
    holder = _model_at(model, fault.path) if fault.kind == "model_type" else None
    if holder is None:
        return expectation(fault.kind, fault.value, fault.limits, fault.message)
    required = [name for name, field in holder.model_fields.items() if field.is_required()]
    form = ", ".join(f"{name}: …" for name in required or list(holder.model_fields)[:1])
    return (
        f"a group of keys, of {', '.join(holder.model_fields)}",
        f"write {{{form}}}, or each key on a line of its own below, indented",
    )


def _found(fault: _Fault) -> str:
    if not fault.path:
        return f"the file holds {in_words(fault.value)}"
    if fault.of_name:
        return f"{in_words(fault.value)} cannot be a name here"
    label = fault.labels[-1]
    subject = label if label.startswith("entry ") else f"'{label}'"
    if fault.value is None:
        return f"{subject} is left empty"
    if fault.kind in ("too_short", "too_long") and isinstance(fault.value, list | dict):
        number = len(fault.value)
        return f"{subject} has {number or 'no'} {'entry' if number == 1 else 'entries'}"
    return f"{subject} is {in_words(fault.value)}"


def _missing_key(model: type[Declared], fault: _Fault) -> tuple[str, str, str]:
    if fault.missing.isdigit():
        return ("the list is too short", "two numbers, the first and the last", "add the second")
    holder = _model_at(model, fault.path)
    description = holder.model_fields[fault.missing].description if holder else None
    return (
        f"'{fault.missing}' is missing",
        f"the key '{fault.missing}'" + (f" ({description})" if description else ""),
        f"add a line '{fault.missing}: …' here",
    )


def _unknown_key(model: type[Declared], fault: _Fault) -> tuple[str, str, str]:
    key = fault.path[-1]
    holder = _model_at(model, fault.path[:-1])
    fields = list(holder.model_fields) if holder else []
    meant = _meant_key(model, fault)
    return (
        f"'{key}' is not a key that is known here",
        listing(fields, most=len(fields)),
        f"did you mean '{meant}'?" if meant else _other_home(holder, str(key)),
    )


def _meant_key(model: type[Declared], fault: _Fault) -> str | None:
    """Return the key that an unknown one is most likely a misspelling of."""
    holder = _model_at(model, fault.path[:-1])
    return did_you_mean(fault.path[-1], list(holder.model_fields)) if holder else None


def _other_home(holder: type[BaseModel] | None, key: str) -> str:
    """Return the remedy for a key that is at home one level further in, or nowhere."""
    for name, field in holder.model_fields.items() if holder else ():
        if any(key in _fields(kind) for kind in _kinds(field.annotation)):
            return f"move '{key}' below '{name}:', indented"
    return f"remove '{key}', or correct its spelling"


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """Return the model that the part at `path` should be, if it should be one."""
    kinds: list[Any] = [model]
    for step in path:
        kinds = [inner for kind in kinds for inner in _kinds_inside(kind, step)]
    return next((kind for kind in kinds if _fields(kind)), None)


def _kinds_inside(kind: Any, step: str | int) -> list[Any]:
    """Return what a model's field, a mapping's value or a list's entry may be."""
    field = _fields(kind).get(str(step))
    if field is not None:
        return _kinds(field.annotation)
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return _kinds(arguments[-1]) if arguments else []


def _fields(kind: Any) -> Mapping[str, FieldInfo]:
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    return kind.model_fields if is_model else {}


def _kinds(annotation: Any) -> list[Any]:
    """Return the kinds an annotation allows, one by one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [kind for option in get_args(annotation) for kind in _kinds(option)]
    return [annotation]
