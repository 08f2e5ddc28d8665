"""The published simulation study: its form, and its verdicts worked out again from its figures."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from transforms.proof.tables import meets

DOCS = Path(__file__).parents[2] / "docs"
TARGET_ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<where>[^|]+) \| (?P<found>[\d.]+)% \| (?P<allowed>[\d.]+)% "
    r"\| (?P<range>[^|]+) \| (?P<verdict>met|\*\*not met\*\*) \|$",
    re.MULTILINE,
)


def study() -> str:
    return (DOCS / "simulation-study.md").read_text(encoding="utf-8")


def figures() -> pd.DataFrame:
    return pd.read_csv(DOCS / "simulation-study.csv")


def test_it_says_how_it_was_made():
    assert re.search(r"`perceptions prove --surveys \d+ --seed \d+`", study())
    assert re.search(r"Version: `[\d.]+\+[0-9a-f]{12}`", study())


def test_verdicts_follow_from_the_figures():
    targets = figures()[figures()["table"] == "targets"]
    assert len(targets) > 10
    for row in targets.itertuples():
        met = meets(row.value, row.monte_carlo_error, row.low, row.high)
        assert row.met == ("yes" if met else "no"), row.row


def test_the_document_shows_the_figures_of_its_table():
    shown = [found.groupdict() for found in TARGET_ROW.finditer(study())]
    targets = figures()[figures()["table"] == "targets"]
    assert len(shown) == len(targets)
    for row, target in zip(shown, targets.itertuples(), strict=True):
        assert (row["what"], row["where"]) == (target.column, target.row)
        assert row["found"] == f"{target.value:.2%}".rstrip("%")
        assert row["allowed"] == f"{2 * target.monte_carlo_error:.2%}".rstrip("%")
        assert (row["verdict"] == "met") == (target.met == "yes")
    met = sum(row["verdict"] == "met" for row in shown)
    assert f"{met} of {len(shown)} targets are met" in study()
