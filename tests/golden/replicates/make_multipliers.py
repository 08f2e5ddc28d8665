"""Write multipliers.csv: one row a PSU of ../sample.csv, one column a bootstrap replicate.

Run `python tests/golden/replicates/make_multipliers.py`, then `Rscript
tests/golden/replicates/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from transforms.estimation import sample_design
from transforms.replicates import bootstrap, seed_of, stream_of

HERE = Path(__file__).parent
REPLICATES = 60


def multipliers() -> pd.DataFrame:
    sample = pd.read_csv(HERE.parent / "sample.csv")
    design = sample_design(sample["stratum"], sample["psu"])
    draws = bootstrap(design, REPLICATES, stream_of(seed_of("golden", "2026-Q2")))
    _, first = np.unique(design.psu, return_index=True)
    columns = [f"r{number + 1}" for number in range(REPLICATES)]
    drawn = pd.DataFrame(draws.multiplier, columns=columns)
    drawn.insert(0, "psu", sample["psu"].to_numpy()[first])
    return drawn


if __name__ == "__main__":
    multipliers().to_csv(HERE / "multipliers.csv", index=False, float_format="%.17g")
