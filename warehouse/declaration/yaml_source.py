"""Reading YAML: plain data, the line of every part, and no guessing at what a word means.

PyYAML follows YAML 1.1, in which `no` is false, `010` is eight and `1:30` is ninety. Here only
true and false are truth values, only decimal numbers are numbers, and only proper dates are dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from transforms.catalogue.mistakes import KeyPath, SourceFile
from transforms.errors import Mistake

_PLAIN = "!plain"
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(
    r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Loader(yaml.SafeLoader):
    """A loader that marks unquoted scalars and leaves their meaning to `plain_value`."""


_Loader.yaml_implicit_resolvers = {None: [(_PLAIN, re.compile(""))]}


def plain_value(text: str) -> object:
    """Return what an unquoted word means: nothing, true, false, a number, a date or the text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        return _proper_date(text)
    return text


def _proper_date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


class _Reader:
    """Walks one file's nodes, noting lines and mistakes on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.mistakes: list[Mistake] = []
        self._open: list[Node] = []

    def value(self, node: Node, path: KeyPath) -> object:
        """Return the node as plain data."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if any(node is outer for outer in self._open):
            self._add(
                node,
                "This part contains itself.",
                expected="a part that ends.",
                remedy="write it out instead of referring to it with *.",
            )
            return None
        self._open.append(node)
        found = self._inner_value(node, path)
        self._open.pop()
        return found

    def _inner_value(self, node: Node, path: KeyPath) -> object:
        if isinstance(node, MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, SequenceNode):
            return [self.value(part, (*path, place)) for place, part in enumerate(node.value)]
        if node.tag == _PLAIN:
            return plain_value(node.value)
        if node.tag != "tag:yaml.org,2002:str":
            self._add(
                node,
                f"The tag {node.tag} is not understood.",
                expected="plain text, numbers, dates, lists and keys.",
                remedy="remove the word that begins with an exclamation mark, "
                "or put the text in quotes.",
            )
        return str(node.value)

    def _entries(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[str | int, object]]:
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            line = key_node.start_mark.line + 1
            if str(key) in first_lines:
                self._add(
                    key_node,
                    f"'{key}' is written twice; the first is on line {first_lines[str(key)]}.",
                    expected="each name once.",
                    remedy="remove one of the two, or rename it.",
                )
                continue
            first_lines[str(key)] = line
            self.lines[(*path, key)] = line
            yield key, self.value(value_node, (*path, key))

    def _key(self, node: Node) -> str | int | None:
        if not isinstance(node, ScalarNode):
            self._add(
                node,
                "A list or a group of keys stands where a name should.",
                expected="a name, a colon and what it holds.",
                remedy="put the name in quotes if it begins with a bracket.",
            )
            return None
        if node.tag == _PLAIN and node.value == "<<":
            self._add(
                node,
                "'<<' is not understood.",
                expected="every key written where it holds.",
                remedy="write the keys out, or refer to the whole part: codes: *agreement.",
            )
            return None
        whole = node.tag == _PLAIN and _INTEGER.fullmatch(node.value)
        return int(node.value) if whole else str(node.value)

    def _add(self, node: Node, found: str, *, expected: str, remedy: str) -> None:
        line = node.start_mark.line + 1
        self.mistakes.append(Mistake(self.file, line, found, expected, remedy))


def read_yaml(name: str, text: str) -> tuple[SourceFile, list[Mistake]]:
    """Return the file's plain data with the line of each part, and what is wrong in its YAML."""
    reader = _Reader(name)
    try:
        node = yaml.compose(text, Loader=_Loader)
        content = None if node is None else reader.value(node, ())
    except (yaml.YAMLError, RecursionError) as error:
        return SourceFile(name, readable=False), [_syntax_mistake(name, text, error)]
    return SourceFile(name, content, reader.lines), reader.mistakes


_PROBLEMS = (
    (
        "\\t",
        "There is a tab.",
        "spaces only.",
        "replace each tab by two spaces.",
    ),
    (
        "mapping values are not allowed",
        "There is a colon where none can stand.",
        "one name, a colon and its text.",
        "put a text that contains a colon in quotes; if it has none, check that the line is "
        "indented like its neighbours.",
    ),
    (
        "cannot start any token",
        "A text begins with a character that has a meaning of its own in YAML.",
        "texts that begin with a letter or a digit, or that stand in quotes.",
        "put the text in quotes.",
    ),
    (
        "could not find expected ':'",
        "A line has no colon.",
        "a name and a colon, or a hyphen for an item of a list.",
        "check this line and the one before it.",
    ),
    (
        "unexpected end of stream",
        "A quotation mark is never closed.",
        "a quotation mark at both ends of a text.",
        "close the quotation; an apostrophe within single quotes is written twice ('').",
    ),
    (
        "found undefined alias",
        "A text begins with * and refers to a part that is not named.",
        "a part named with & earlier in the file.",
        "check the name after *, or put the text in quotes.",
    ),
    (
        "found another document",
        "A line of three hyphens starts a second document.",
        "one document in a file.",
        "remove the line.",
    ),
    (
        "expected ',' or",
        "A bracket is not closed, or a comma is missing.",
        "texts between brackets, separated by commas.",
        "check the brackets on this line and the lines before it.",
    ),
    (
        "expected <block end>",
        "A line does not fit those around it.",
        "names of one group indented by the same number of spaces.",
        "check the indentation, the quotation marks and the hyphens of this line and the one "
        "before it.",
    ),
)


_KNOWN_BY_THEIR_START = ("could not find expected ':'", "unexpected end of stream")
"""Problems that show only lines after the place to correct."""


def _syntax_mistake(name: str, text: str, error: Exception) -> Mistake:
    line, problem = _problem(text, error)
    for sign, found, expected, remedy in _PROBLEMS:
        if sign in problem:
            return Mistake(name, line, found, expected, remedy)
    return Mistake(
        name,
        line,
        f"This is not YAML ({problem})." if problem else "This is not YAML.",
        "names, colons and texts, indented with spaces.",
        "check the indentation, the quotation marks and the brackets of this line and the one "
        "before it.",
    )


def _problem(text: str, error: Exception) -> tuple[int, str]:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        problem = error.problem or ""
        begun = error.context_mark if any(s in problem for s in _KNOWN_BY_THEIR_START) else None
        return (begun or error.problem_mark).line + 1, problem
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position) + 1, "a character that cannot be printed"
    return 1, "parts within parts, too deep"
