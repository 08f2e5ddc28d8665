"""The published simulation study: its form, and its verdicts worked out again from its figures."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from transforms.proof.comparing import KINDS
from transforms.proof.shifts import LOOKED
from transforms.proof.tables import meets

DOCS = Path(__file__).parents[2] / "docs"
RATE = r"(?P<{}>[\d.]+)% ± [\d.]+%"
SUMMARY_ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<wanted>[^|]+) \| (?P<met>\d+) of (?P<all>\d+) "
    rf"\| {RATE.format('lowest')} \| {RATE.format('highest')} \|$",
    re.MULTILINE,
)


def study() -> str:
    return (DOCS / "simulation-study.md").read_text(encoding="utf-8")


def figures() -> pd.DataFrame:
    return pd.read_csv(DOCS / "simulation-study.csv")


def targets() -> pd.DataFrame:
    every = figures()
    return every[every["table"] == "targets"]


def test_it_says_how_it_was_made_and_from_how_many_surveys():
    found = re.search(r"Surveys: ([\d,]+) of 8 waves \(([\d,]+) waves\)", study())
    assert found is not None
    surveys, waves = (int(number.replace(",", "")) for number in found.groups())
    assert (surveys >= 2000, waves) == (True, 8 * surveys)
    assert re.search(rf"`perceptions prove --surveys {surveys} --seed \d+`", study())
    assert re.search(r"Version: `[\d.]+\+[0-9a-f]{12}`", study())


def test_verdicts_follow_from_the_figures():
    assert len(targets()) > 100
    for row in targets().itertuples():
        met = meets(row.value, row.monte_carlo_error, row.low, row.high)
        assert row.met == ("yes" if met else "no"), row.row


def test_the_summary_counts_the_targets_of_the_table():
    rows = [found.groupdict() for found in SUMMARY_ROW.finditer(study())]
    assert sum(int(row["all"]) for row in rows) == len(targets())
    assert sum(int(row["met"]) for row in rows) == (targets()["met"] == "yes").sum()
    for row in rows:
        of_kind = targets()[targets()["column"] == row["what"]]["value"]
        shown = {f"{value:.1%}" for value in of_kind}
        assert {f"{row['lowest']}%", f"{row['highest']}%"} <= shown


def test_whatever_is_missed_is_named():
    text = study()
    for row in targets()[targets()["met"] == "no"].itertuples():
        assert f"| {row.column} | {row.row} |" in text


def test_it_covers_what_it_is_to_show():
    kinds = set(targets()["column"])
    assert {
        "coverage of 95% intervals of a wave",
        "coverage of 95% intervals of a rolling year",
        "size of single tests",
        "size of the test of a trend",
        "family-wise error under Holm",
        "false discovery rate under Benjamini–Hochberg",
        "power at the stated change",
    } == kinds
    singles = targets()[targets()["column"] == "size of single tests"]["row"]
    assert all(singles.str.startswith(f"{kind},").any() for kind in KINDS)
    assert (targets()["column"] == "power at the stated change").sum() == len(LOOKED)


def test_every_figure_of_a_table_is_in_the_document():
    every = figures()
    for name, of_table in every[every["table"] == "size_by_count"].groupby("row"):
        line = next(
            line
            for line in study().splitlines()
            if line.startswith(f"| {name.rpartition(', ')[0]} | {name.rpartition(', ')[2]} |")
        )
        for value in of_table["value"].dropna():
            assert f"{value:.1%} ±" in line
