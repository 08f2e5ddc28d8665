"""Let acro judge the tables that `tables.py` wrote, and say where it differs from us.

    python tests/against_acro/judged.py FOLDER        in an environment with acro 1.0.2

acro fails a cell of a frequency table below its threshold; ours is withheld from 1 to k − 1. So the
threshold is set to k, and zeros are not held to be disclosive. What could be worked out from other
tables acro leaves to a person ("a manual review against other outputs for differencing").
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pandas as pd
from acro import ACRO

MINIMUM = 5


def failing_areas(judge: ACRO, people: pd.DataFrame) -> set[int]:
    """Areas of which acro fails a cell that is not empty."""
    counts = judge.crosstab(people["area"], people["answer"])
    outcome = judge.results.get_index(-1).outcome
    failed = outcome.apply(lambda column: column.str.contains("MinimumThresholdCheck"))
    return set(counts.index[(failed & (counts.to_numpy() > 0)).any(axis=1)])


def main(folder: Path) -> int:
    """Print how many tables and areas agree; return 1 where one does not."""
    logging.disable(logging.CRITICAL)
    judge = ACRO(suppress=False)
    judge.config.update(safe_threshold=MINIMUM, zeros_are_disclosive=False)
    people = pd.read_csv(folder / "respondents.csv")
    ours = pd.read_csv(folder / "ours.csv")
    differing = 0
    for number, table in people.groupby("table"):
        of_table = ours[ours["table"] == number]
        differing += failing_areas(judge, table) != set(of_table.loc[of_table["small"], "area"])
    small = int(ours["small"].sum())
    print(f"{ours['table'].nunique()} tables, {len(ours)} areas, {small} with a small count")  # noqa: T201
    print(f"{differing} tables judged differently")  # noqa: T201
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
