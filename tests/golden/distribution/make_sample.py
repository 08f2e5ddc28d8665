"""Write sample.csv: two invented periods of 280 respondents each, in strata and sampling points.

`trust` has five answers and moves between the periods, `safe` has three and does not; some give
none. Age and sex are the margins: both periods are calibrated to one population.

Run `python tests/golden/distribution/make_sample.py`, then
`Rscript tests/golden/distribution/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
POINTS = [9, 7, 12]
TAKEN = 10


def main() -> None:
    rng = np.random.default_rng(20261124)
    periods = [period(rng, "before", 0.0), period(rng, "now", 0.35)]
    pd.concat(periods).to_csv(HERE / "sample.csv", index=False, na_rep="NA")


def period(rng: np.random.Generator, name: str, shift: float) -> pd.DataFrame:
    stratum_of_point = np.repeat(np.arange(len(POINTS)), POINTS)
    point = np.repeat(np.arange(len(stratum_of_point)), TAKEN)
    stratum = stratum_of_point[point]
    near = rng.standard_normal(len(stratum_of_point))[point]
    sex = rng.choice(["female", "male"], size=len(point), p=[0.55, 0.45])
    latent = 0.6 * near + rng.standard_normal(len(point)) + 0.4 * (sex == "male")
    trust = np.digitize(latent + shift, [-1.4, -0.5, 0.4, 1.5]) + 1.0
    safe = np.digitize(rng.standard_normal(len(point)) - 0.5 * near, [-0.8, 0.6]) + 1.0
    trust[rng.random(len(point)) < 0.06] = np.nan
    safe[rng.random(len(point)) < 0.04] = np.nan
    return pd.DataFrame(
        {
            "period": name,
            "stratum": stratum,
            "point": point,
            "weight": np.round(rng.gamma(5, 20, len(point)) * (1 + 0.3 * stratum), 3),
            "age": rng.choice(["16-34", "35-64", "65+"], size=len(point), p=[0.25, 0.45, 0.3]),
            "sex": sex,
            "trust": trust,
            "safe": safe,
        }
    )


if __name__ == "__main__":
    main()
