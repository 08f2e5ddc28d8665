"""Where a declaration's parts stand, and mistakes in them in plain English."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from transforms.errors import DeclarationError, Mistake

KeyPath = tuple[str | int, ...]
"""The keys and positions that lead to a part of a file: ("items", "q1", "codes", 2)."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One of the declaration's files as read: plain data, and the line of each part.

    `content` holds mappings, lists, texts, numbers, dates, true, false and None only. A file that
    could not be read is not `readable`, and its mistakes are already known.
    """

    name: str
    content: object = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    readable: bool = True

    def line(self, path: KeyPath) -> int:
        """Return the line of the innermost part of `path` that the file has."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def mistake(self, path: KeyPath, found: str, *, expected: str, remedy: str) -> Mistake:
        """Return a mistake at `path`."""
        return Mistake(self.name, self.line(path), found, expected, remedy)


def declaration_error(folder: str, mistakes: Iterable[Mistake]) -> DeclarationError:
    """Return the one error that reports every mistake, by file and line."""
    ordered = tuple(sorted(set(mistakes)))
    number = "1 mistake" if len(ordered) == 1 else f"{len(ordered)} mistakes"
    return DeclarationError(
        f"The declaration in {folder} has {number}.",
        remedy="correct the lines named above, then run the command again.",
        mistakes=ordered,
    )


def did_you_mean(name: object, known: Collection[str]) -> str | None:
    """Return the known name that `name` is most likely a misspelling of."""
    lowered = {candidate.lower(): candidate for candidate in known}
    written = str(name).lower()
    close = get_close_matches(written, lowered, n=1, cutoff=0.6)
    longer = [candidate for candidate in lowered if len(written) > 1 and written in candidate]
    meant = close or (longer if len(longer) == 1 else [])
    return lowered[meant[0]] if meant else None


def listing(names: Iterable[object], most: int = 12) -> str:
    """Return the names in words: "a", "a or b", "a, b or c"; a long list is cut."""
    texts = [str(name) for name in names]
    if len(texts) > most:
        return ", ".join(texts[:most]) + f" or one of {len(texts) - most} more"
    return " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def series(names: Iterable[object], most: int = 12) -> str:
    """Return the names in words: "a", "a and b", "a, b and c"; a long series is cut."""
    texts = [str(name) for name in names]
    if len(texts) > most:
        return ", ".join(texts[:most]) + f" and {len(texts) - most} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def in_words(value: object) -> str:
    """Return what was written, as it would be read out."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if isinstance(value, str):
        line = " ".join(value.split())
        return f"'{line}'" if len(line) <= 60 else f"'{line[:57]}…'"
    return "a list" if isinstance(value, list) else "a group of keys"


def unknown_name(
    source: SourceFile, path: KeyPath, kind: str, name: str, known: Collection[str] | None
) -> list[Mistake]:
    """Return a mistake where no `kind` of thing is called `name`; none where `known` is None."""
    if known is None or name in known:
        return []
    close = did_you_mean(name, known)
    return [
        source.mistake(
            path,
            f"There is no {kind} called '{name}'.",
            expected=f"{listing(known)}." if known else f"a declared {kind}; there is none yet.",
            remedy=f"did you mean '{close}'?"
            if close
            else f"correct the name, or declare the {kind}.",
        )
    ]
