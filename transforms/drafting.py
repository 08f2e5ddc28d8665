"""Parts of questionnaire.yaml as text, to paste in: codes, and what a wave differs in."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from transforms.catalogue import BoundItem, Code, CodeValue, MissingCode

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _'’./()+–-]*[A-Za-z0-9.)’+]|[A-Za-z]")
_READ_OTHERWISE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ONLY_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Characters that YAML takes as they are only when escaped: a label written on Windows and declared
as Latin-1 has its apostrophes among them."""

LONGEST_NAME = 40


def scalar(text: str) -> str:
    """Return a text as YAML, in quotes where it would be read as something else."""
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _READ_OTHERWISE
    return text if plain else _quoted(text)


def key(code: CodeValue) -> str:
    """Return a code as a key of a YAML mapping: a text in quotes, a number as it is."""
    return str(code) if isinstance(code, int) else _quoted(code)


def _quoted(text: str) -> str:
    spelt = json.dumps(text, ensure_ascii=False)
    return _ONLY_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", spelt)


def name_of(label: str, otherwise: str, taken: Collection[str] = ()) -> str:
    """Return a name in lower-case letters, digits and underscores, made of a label.

    `otherwise`: where the label has no letter to begin with. None of `taken` is returned.
    """
    plain = label.casefold().replace("'", "").replace("’", "")
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    name = words if re.match("[a-z]", words) else otherwise
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)


def codes_lines(codes: Mapping[CodeValue, Code]) -> Iterator[str]:
    """Yield `codes:` and a line for each, as they stand under an item."""
    yield "codes:"
    for value, code in codes.items():
        area = f", area_code: {code.area_code}" if code.area_code else ""
        name = scalar(code.name) if code.name[0].isalpha() else json.dumps(code.name)
        yield f"  {key(value)}: {{name: {name}, label: {scalar(code.label)}{area}}}"


def missing_lines(missing: Mapping[CodeValue, MissingCode]) -> Iterator[str]:
    """Yield `missing:` and a line for each code that is no valid answer."""
    yield "missing:"
    for value, code in missing.items():
        yield f"  {key(value)}: {{reason: {code.reason.value}, label: {scalar(code.label)}}}"


def from_wave(item: BoundItem, wave: str, body: Sequence[str]) -> str:
    """Return what to add to an item so that `body` holds from `wave` on.

    The first line, a comment, says where; the others are indented as they must stand there.
    """
    place = f"# questionnaire.yaml, under `{item.name}`"
    if not item.item.from_wave:
        return _text(f"{place}:", ["from_wave:", *_indented([f"{wave}:", *_indented(body)])], 2)
    if wave not in item.item.from_wave:
        return _text(f"{place}, `from_wave`:", [f"{wave}:", *_indented(body)], 3)
    return _text(f"{place}, `from_wave`, {wave}:", body, 4)


def under_item(item: BoundItem, body: Sequence[str]) -> str:
    """Return what to add to an item, or to put in the place of what it has, for every wave."""
    return _text(f"# questionnaire.yaml, under `{item.name}`:", body, 2)


def _text(comment: str, lines: Sequence[str], level: int) -> str:
    return "\n".join([comment, *("  " * level + line for line in lines)])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
