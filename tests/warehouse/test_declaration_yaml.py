"""YAML as people write it: no word is guessed at, and what cannot be read is said plainly."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.declaration.yaml_source import plain_value, read_yaml


def content(text: str) -> object:
    source, mistakes = read_yaml("a.yaml", text)
    assert mistakes == []
    return source.content


def only_mistake(text: str) -> tuple[int, str, str]:
    _, (mistake,) = read_yaml("a.yaml", text)
    return mistake.line, mistake.found, mistake.remedy


@pytest.mark.parametrize("word", ["yes", "no", "Yes", "NO", "on", "off", "y", "n", "TRUE", "None"])
def test_a_word_is_a_text(word: str) -> None:
    assert content(f"name: {word}") == {"name": word}


def test_only_true_and_false_are_truth_values() -> None:
    assert content("[true, false, True, False, 'true']") == [True, False, True, False, "true"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7", 7),
        ("-1", -1),
        ("0", 0),
        ("1e-10", 1e-10),
        ("0.05", 0.05),
        ("2026-04-01", date(2026, 4, 1)),
        ("~", None),
        # YAML 1.1 reads these as 8, 90, 16, 1000, infinity, a datetime and an error.
        ("010", "010"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("2026-04-01 10:00:00", "2026-04-01 10:00:00"),
        ("2026-02-30", "2026-02-30"),
        ("2026-Q2", "2026-Q2"),
        ("16-24", "16-24"),
        ("75+", "75+"),
    ],
)
def test_a_number_or_a_date_is_what_it_looks_like(written: str, meant: object) -> None:
    found = content(f"key: {written}")
    assert found == {"key": meant}
    assert type(found["key"]) is type(meant)


def test_quoted_numbers_and_dates_are_texts() -> None:
    assert content("['1', \"2026-04-01\", 'null']") == ["1", "2026-04-01", "null"]


def test_keys_are_whole_numbers_or_texts() -> None:
    written = "{1: a, '2': b, no: c, true: d, 2026-04-01: e, 1.5: f, 08: g}"
    assert list(content(written)) == [1, "2", "no", "true", "2026-04-01", "1.5", "08"]


@settings(deadline=None)
@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_every_whole_number_stays_itself(number: int) -> None:
    assert plain_value(str(number)) == number


@settings(deadline=None)
@given(st.dates())
def test_every_date_stays_itself(day: date) -> None:
    assert plain_value(day.isoformat()) == day


def test_each_part_has_its_line() -> None:
    source, _ = read_yaml(
        "a.yaml", "items:\n  q1:\n    codes:\n      1: {name: yes}\n    x: [a,\n b]"
    )
    assert source.line(("items", "q1", "codes", 1, "name")) == 4
    assert source.line(("items", "q1", "x", 1)) == 6
    assert source.line(("items", "q1", "not there")) == 2
    assert source.line(("nowhere",)) == 1


def test_an_alias_repeats_what_it_names() -> None:
    text = "a: &yes_no {1: yes}\nb: *yes_no"
    assert content(text) == {"a": {1: "yes"}, "b": {1: "yes"}}


def test_a_key_written_twice_is_a_mistake_and_the_rest_is_read() -> None:
    source, mistakes = read_yaml("a.yaml", "a: 1\nb: 2\na: 3\n'b': 4\n")
    assert [(m.line, m.found) for m in mistakes] == [
        (3, "'a' is written twice; the first is on line 1."),
        (4, "'b' is written twice; the first is on line 2."),
    ]
    assert source.content == {"a": 1, "b": 2}


def test_a_code_as_a_number_and_as_a_text_is_written_twice() -> None:
    assert only_mistake("codes:\n  1: a\n  '1': b")[0] == 3


@pytest.mark.parametrize(
    ("text", "line", "found", "remedy"),
    [
        ("a: 1\n\tb: 2", 2, "There is a tab.", "replace each tab"),
        ("a:\n  - 1\n\t- 2", 3, "There is a tab.", "replace each tab"),
        ("a: so: what", 1, "There is a colon where none can stand.", "in quotes"),
        ("a: @home", 1, "A text begins with a character", "in quotes"),
        ("a: 1\nb\nc: 2", 2, "A line has no colon.", "check this line"),
        ("a: 'open\nb: 2", 1, "A quotation mark is never closed.", "close the quotation"),
        ("a: [1, 2\nb: 3", 2, "A bracket is not closed", "check the brackets"),
        ("a: *nobody", 1, "refers to a part that is not named", "check the name after *"),
        ("a: 1\n---\nb: 2", 2, "starts a second document", "remove the line"),
        ("a:\n  b: 1\n c: 2", 3, "A line does not fit those around it.", "indentation"),
        ("a: 1\nb: \x07", 2, "a character that cannot be printed", "check"),
        ("a: !!int '1'", 1, "The tag", "exclamation mark"),
        ("a: !keep x", 1, "The tag !keep is not understood.", "exclamation mark"),
        ("a: &a [*a]", 1, "This part contains itself.", "write it out"),
        ("a: {<<: {b: 1}}", 1, "'<<' is not understood.", "write the keys out"),
        ("{a}: 1", 1, "stands where a name should", "in quotes"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(text: str, line: int, found: str, remedy: str) -> None:
    where, what, instead = only_mistake(text)
    assert where == line
    assert found in what
    assert remedy in instead


def test_parts_too_deep_are_a_mistake_not_a_crash() -> None:
    assert only_mistake("[" * 1000)[1].startswith("This is not YAML")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    source, mistakes = read_yaml("a.yaml", text)
    assert source.readable or mistakes
