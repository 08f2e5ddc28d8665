"""docs/agreement-with-r.md, written from the comparison: `python -m reference.document`.

Run it in the project's folder with PYTHONPATH=.:tests, ../shared beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from reference.agreement import TOLERANCE, agreement
from reference.left_out import AWAITED, LEFT_OUT, LeftOut
from reference.rows import KEY

DOCUMENT = Path(__file__).parents[2] / "docs" / "agreement-with-r.md"
FINEST = 1e-10

INTRODUCTION = """\
# Agreement with R

Written by `tests/reference/document.py`, and held equal to what it writes by a test; not to be
edited. R 4.2.2 with `survey` 4.1-1 computed reference numbers from public survey files; we compute
the same from the same files with the functions of `transforms/`. Every number is either compared,
to {tolerance:g} relative (1e-12 absolute near zero, but never for p values), or left out for a
reason given below. Neither the files nor the reference numbers are part of this project; a clone
without them tests against R on its own samples in `tests/golden/`.

{compared:,} of {all:,} numbers are compared, {statistics:,} of them statistics and the others case
weights; the largest relative difference is {largest}.
"""

CONVENTIONS = [
    (
        "no leverage in residuals",
        "residuals divided by √(1 − h), unless declared otherwise",
        "our option `leverage: false`",
    ),
    (
        "a finite population corrected at both stages",
        "at the first",
        "our variance between schools within districts, as strata, added to that between districts",
    ),
    (
        "`rake()`: residuals of an unweighted regression",
        "design-weighted (Deville and Särndal 1992), as R's `calibrate()`",
        "our regression with every design weight 1",
    ),
    (
        '`svyciprop(method = "beta")`: no cap at the base',
        "effective base at most n",
        "R's formula where the cap binds or R's n is not the base; ours elsewhere",
    ),
    (
        "`mean`, `asin` intervals; normal intervals of `svymean` and `svyby`",
        "logit, Wilson or Korn–Graubard",
        "R's formula",
    ),
    (
        "`trimWeights`: capped weights miss the margins",
        "calibrated again until both hold",
        "R's formula on our weights",
    ),
    (
        "calibration to the mean of a number",
        "to categories only",
        "a short Newton solver over our distances; residuals of the same regression",
    ),
    (
        "df of a difference: those of both parts added; `svyttest`: one fewer",
        "Satterthwaite's",
        "R's df with our difference and standard error",
    ),
    (
        "df of the whole design, where a school's enrolment is missing",
        "PSUs with an answer, less their strata",
        "R's df",
    ),
    ("p adjusted by Bonferroni, Benjamini–Yekutieli", "Holm or Benjamini–Hochberg", "R's formula"),
    (
        "a calibrated design counts rows outside the domain and without an answer",
        "respondents in base and domain",
        "R's count",
    ),
]
"""R's convention, ours, and how R's number is reached in the comparison."""


def main() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8")


def document() -> str:
    rows = agreement()
    parts = [
        INTRODUCTION.format(
            tolerance=TOLERANCE,
            compared=int(rows["compared"].sum()),
            all=len(rows),
            statistics=int((rows["compared"] & ~rows["file"].str.startswith("weights/")).sum()),
            largest=_largest(rows),
        ),
        "## Left out\n\n" + _left_out(rows),
        "## Where R's convention is not ours\n\n" + _conventions(),
        *(_file(str(name), part) for name, part in rows.groupby("file", sort=False)),
    ]
    return "\n".join(parts)


def _conventions() -> str:
    lines = [
        "What reproduces these lives with the tests (`tests/reference/`), to show that nothing",
        "else differs; what is published never uses it.\n",
        "| R | ours | how R's number is reached |",
        "|---|---|---|",
        *(f"| {in_r} | {ours} | {how} |" for in_r, ours, how in CONVENTIONS),
    ]
    return "\n".join(lines) + "\n"


def _left_out(rows: pd.DataFrame) -> str:
    lines = ["| numbers | which (* is anything) | reason |", "|---|---|---|"]
    for reason, part in rows[~rows["compared"]].groupby("reason", sort=False):
        which = "; ".join(_which(one) for one in [*LEFT_OUT, *AWAITED] if one.reason == reason)
        lines.append(f"| {len(part):,} | {which} | {reason} |")
    return "\n".join(lines) + "\n"


def _which(left_out: LeftOut) -> str:
    named = zip(KEY, left_out.pattern, strict=True)
    return ", ".join(f"{column} `{pattern}`" for column, pattern in named if pattern != "*")


def _file(name: str, rows: pd.DataFrame) -> str:
    lines = [
        f"## `{name}`\n",
        "| design | function | numbers | compared | left out | largest relative difference |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *_designs(rows)]) + "\n"


def _designs(rows: pd.DataFrame) -> Iterator[str]:
    for (design, fn), part in rows.groupby(["design", "fn"], sort=False):
        count = int(part["compared"].sum())
        largest = _largest(part) if count else ""
        counts = f"{len(part):,} | {count:,} | {len(part) - count:,}"
        yield f"| `{design}` | `{fn}` | {counts} | {largest} |"


def _largest(rows: pd.DataFrame) -> str:
    """In powers of ten, none finer than rounding may differ from machine to machine."""
    largest = max(float(rows.loc[rows["compared"], "relative"].max()), FINEST)
    return f"at most 1e{int(np.ceil(np.log10(largest) - 1e-9))}"


if __name__ == "__main__":
    main()
