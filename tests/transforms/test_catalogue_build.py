"""Whatever is written, the answer is a survey or plain words: never a crash, never jargon."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from declared_folder import FILES
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import Survey
from transforms.catalogue.build import build_survey
from transforms.catalogue.mistakes import SourceFile, did_you_mean, listing, series
from transforms.errors import DeclarationError
from warehouse.declaration.table_source import read_table
from warehouse.declaration.yaml_source import read_yaml

SOURCES = tuple(
    (read_yaml if file.endswith(".yaml") else read_table)(file, text.lstrip("\n"))[0]
    for file, text in FILES.items()
)
JARGON = re.compile(r"pydantic|Input should|https?:|\b(dict|tuple|None|str|int|float|validation)\b")


def built(sources: tuple[SourceFile, ...]) -> Survey | DeclarationError:
    try:
        return build_survey("small", "0" * 64, sources)
    except DeclarationError as error:
        return error


def paths(part: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a file's content, the whole first."""
    yield here
    if isinstance(part, dict | list):
        for step in part if isinstance(part, dict) else range(len(part)):
            yield from paths(part[step], (*here, step))


PLACES = [
    (number, path)
    for number, source in enumerate(SOURCES)
    if source.name.endswith(".yaml")
    for path in paths(source.content)
]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2030)
    | st.floats()
    | st.dates()
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=2)
    ),
    max_leaves=3,
)


def with_part(content: Any, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(content)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = junk
    return changed


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), junk=JUNK)
def test_anything_anywhere_is_a_survey_or_mistakes_in_plain_words(
    place: tuple[int, tuple[Any, ...]], junk: object
) -> None:
    number, path = place
    source = SOURCES[number]
    changed = SourceFile(source.name, with_part(source.content, path, junk), source.lines)
    result = built((*SOURCES[:number], changed, *SOURCES[number + 1 :]))
    if isinstance(result, DeclarationError):
        assert result.mistakes
        for mistake in result.mistakes:
            words = f"{mistake.found} {mistake.expected} {mistake.remedy}"
            assert JARGON.search(words) is None or JARGON.search(str(junk))
            assert mistake.found.endswith(".")
            assert mistake.line >= 1


@pytest.mark.parametrize("number", range(len(SOURCES)), ids=lambda number: SOURCES[number].name)
def test_each_file_may_be_absent_or_unreadable(number: int) -> None:
    rest = (*SOURCES[:number], *SOURCES[number + 1 :])
    absent, unreadable = (
        built(rest),
        built((*rest, SourceFile(SOURCES[number].name, readable=False))),
    )
    if SOURCES[number].name == "simulation.yaml":
        assert isinstance(absent, Survey)
    else:
        assert isinstance(absent, DeclarationError)
    assert isinstance(unreadable, DeclarationError)


def test_building_leaves_its_sources_as_they_were() -> None:
    before = copy.deepcopy(SOURCES)
    build_survey("small", "0" * 64, SOURCES)
    assert before == SOURCES


def test_mistakes_are_sorted_by_file_and_line_and_told_once() -> None:
    source = SOURCES[0]
    twice = [source.mistake(("design",), "Again.", expected="a.", remedy="b.")] * 2
    first = source.mistake(("title",), "Here.", expected="a.", remedy="b.")
    with pytest.raises(DeclarationError) as caught:
        build_survey("small", "", SOURCES, [*twice, first])
    assert caught.value.mistakes == (first, twice[0])


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("confidance", ["confidence", "trust"], "confidence"),
        ("Male", ["male", "female"], "male"),
        ("Q4", ["2026-Q3", "2026-Q4"], "2026-Q4"),
        ("Q4", ["2025-Q4", "2026-Q4"], None),
        ("xyz", ["confidence", "trust"], None),
        ("a", [], None),
    ],
)
def test_a_misspelt_name_is_recognised(written: str, known: list[str], meant: str | None) -> None:
    assert did_you_mean(written, known) == meant


def test_names_are_listed_in_words() -> None:
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b or c"
    assert series(["a", "b"]) == "a and b"
    assert series("abcd", most=2) == "a, b and 2 more"
    assert listing("abcd", most=2) == "a, b or one of 2 more"
