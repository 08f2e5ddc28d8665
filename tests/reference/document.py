"""docs/agreement-with-r.md, written from the comparison: `python -m reference.document`.

Run it in the project's folder with PYTHONPATH=.:tests, ../shared beside it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from reference.agreement import TOLERANCE, agreement
from reference.left_out import LEFT_OUT, LeftOut
from reference.rows import KEY

DOCUMENT = Path(__file__).parents[2] / "docs" / "agreement-with-r.md"
FINEST = 1e-10

INTRODUCTION = """\
# Agreement with R

R 4.2.2 with `survey` 4.1-1 computed reference numbers from public survey files: California school
samples (`01`), two national crime surveys as two waves (`02`), published rakings (`06`). We compute
the same from the same files with the functions of `transforms/`. Every number is compared, to
{tolerance:g} relative (1e-12 absolute near zero, but never for p values), or left out by name.

{summary}
Nearly all that is left out of `weights/` is what R drew for its own bootstraps.

This page is written by `tests/reference/document.py`, and a test holds it to what that writes.
Neither the files nor R's numbers are part of this project: a clone without them tests against R on
its own samples, in `tests/golden/`.
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
    (
        "a replicate design's df: the rank of its weights, less one; its logit interval: from the "
        "spread of the replicates' logits",
        "those of the sample; from the standard error",
        "R's formula on our replicate variance",
    ),
    (
        "`bootstrap`: n PSUs drawn of n, the variance scaled up",
        "n − 1 of n, multiplied by n/(n − 1), as `subbootstrap`",
        "R's scale; both variances by our `replicate_variance`",
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
    rows = rows.assign(file=rows["file"].str.replace(r"/.*", "/", regex=True))
    parts = [
        INTRODUCTION.format(tolerance=TOLERANCE, summary=_summary(rows)),
        "## Left out\n\n" + _left_out(rows),
        "## Where R's convention is not ours\n\n" + _conventions(),
        "## What is compared\n\n" + _functions(rows[rows["file"] != "weights/"]),
    ]
    return "\n".join(parts)


def _summary(rows: pd.DataFrame) -> str:
    lines = [
        "| file | numbers | compared | left out | relative difference at most |",
        "|---|--:|--:|--:|---|",
        *(f"| `{name}` | {_counts(part)} |" for name, part in rows.groupby("file", sort=False)),
        f"| all | {_counts(rows)} |",
    ]
    return "\n".join(lines) + "\n"


def _counts(rows: pd.DataFrame) -> str:
    """Return the four last cells of a line."""
    compared = int(rows["compared"].sum())
    largest = _largest(rows) if compared else "–"
    return f"{len(rows):,} | {compared:,} | {len(rows) - compared:,} | {largest}"


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
    lines = ["| numbers | which (* is anything) | reason |", "|--:|---|---|"]
    for reason, part in rows[~rows["compared"]].groupby("reason", sort=False):
        which = "; ".join(_which(one) for one in LEFT_OUT if one.reason == reason)
        lines.append(f"| {len(part):,} | {which} | {reason} |")
    return "\n".join(lines) + "\n"


def _which(left_out: LeftOut) -> str:
    named = zip(KEY, left_out.pattern, strict=True)
    return ", ".join(f"{column} `{pattern}`" for column, pattern in named if pattern != "*")


def _functions(rows: pd.DataFrame) -> str:
    """One line a function of R's in a file; of published tables, a line a table."""
    published = rows["file"].str.startswith("06")
    name = rows["fn"].mask(published, rows["design"].str.partition(" ")[0])
    lines = [
        "| file | function or table | designs | numbers | compared | left out | at most |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for (file, function), part in rows.groupby(["file", name], sort=False):
        designs = part["design"].nunique()
        lines.append(f"| `{file[:2]}` | `{function}` | {designs} | {_counts(part)} |")
    return "\n".join(lines) + "\n"


def _largest(rows: pd.DataFrame) -> str:
    """In powers of ten, none finer than rounding may differ from machine to machine."""
    largest = max(float(rows.loc[rows["compared"], "relative"].max()), FINEST)
    return f"1e{int(np.ceil(np.log10(largest) - 1e-9))}"


if __name__ == "__main__":
    main()
