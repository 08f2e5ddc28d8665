"""The published benchmarks: their form, and ratios worked out again from the times beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
RACE_ROW = re.compile(
    r"^\| (?P<size>[\d,]+) \| (?P<program>[^|]+) \| (?P<runs>\d+) \| (?P<fastest>[^|]+) "
    r"\| (?P<median>[^|]+) \| (?P<processor>[^|]+) "
    r"\| (?P<ratio>[^|]+) \| (?P<difference>[^|]*) \|$",
    re.MULTILINE,
)
TOLERANCE = re.compile(r"Tolerance ([\de.-]+),")
RACED = {
    "Raking on five margins": {"2,000", "100,000", "1,000,000"},
    "500 replicates, each raked again": {"2,000", "20,000"},
    "8 measures × 7 areas × 20 quarters": {"40,000"},
}


def sections() -> dict[str, str]:
    parts = DOCUMENT.read_text(encoding="utf-8").split("\n## ")
    return {part.split("\n", 1)[0]: part for part in parts[1:]}


def races(section: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a section by the number of respondents; the first of each is ours."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in RACE_ROW.finditer(sections()[section]):
        found.setdefault(row["size"], []).append(row.groupdict())
    return found


def seconds(duration: str) -> float:
    number, unit = duration.split()
    return float(number) * {"s": 1, "ms": 1e-3}[unit]


def test_it_says_how_and_on_what_it_was_made():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "Written by `make benchmark`" in text
    assert re.search(
        r"^Machine: \d+ cores, \w+ on \w+\. Python [\d.]+, numpy [\d.]+, pandas [\d.]+\. Ours is\n"
        r"`[\d.]+\+[0-9a-f]{12}`; .*\bsvy is [\d.]+\b",
        text,
        re.MULTILINE,
    )


@pytest.mark.parametrize("section", RACED)
def test_every_race_has_every_size_and_a_peer(section):
    found = races(section)
    assert set(found) == RACED[section]
    for rows in found.values():
        assert rows[0]["program"] == "ours"
        assert "svy" in {row["program"] for row in rows}


@pytest.mark.parametrize("section", RACED)
def test_there_is_no_ratio_without_agreement(section):
    tolerance = float(TOLERANCE.search(sections()[section])[1])
    for rows in races(section).values():
        for row in rows[1:]:
            assert float(row["difference"]) <= tolerance, row
            assert row["ratio"] != "**disagrees**", row


@pytest.mark.parametrize("section", RACED)
def test_ratios_are_of_the_times_shown(section):
    for rows in races(section).values():
        ours = seconds(rows[0]["processor"])
        for row in rows:
            shown = float(row["ratio"])
            assert seconds(row["processor"]) / ours == pytest.approx(shown, rel=0.02), row
            assert seconds(row["fastest"]) <= seconds(row["median"])


def test_what_no_peer_does_is_there_too():
    rest = set(sections()) - set(RACED)
    assert rest == {
        "The number of areas",
        "The length of the history",
        "The whole way of a return",
    }
    way = sections()["The whole way of a return"]
    for size in ("2,000", "20,000", "200,000"):
        for stage in ("read", "check", "decode", "weight and estimate"):
            assert re.search(rf"^\| {size} \| {stage} \|", way, re.MULTILINE)
