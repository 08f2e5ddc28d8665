"""Write sample.csv: 300 invented respondents of a design with every awkward stratum once.

Strata 1 to 4 are drawn from more points than are there; of stratum 5 one point was drawn from 30,
so it is lonely; stratum 6 has one point and no other, stratum 7 three and no others: both are
wholly sampled. Group `rare` is in few points and in no point of two strata.

Run `python tests/golden/estimation/make_sample.py`, then
`Rscript tests/golden/estimation/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DRAWN = {1: 12, 2: 9, 3: 14, 4: 10, 5: 1, 6: 1, 7: 3}
POPULATION = {1: 40, 2: 18, 3: 1400, 4: 11, 5: 30, 6: 1, 7: 3}


def main() -> None:
    rng = np.random.default_rng(20261124)
    stratum_of_point = np.repeat(list(DRAWN), list(DRAWN.values()))
    point = np.repeat(np.arange(len(stratum_of_point)), 6)
    stratum = stratum_of_point[point]
    near = rng.standard_normal(len(stratum_of_point))[point]
    latent = 0.5 * near + rng.standard_normal(len(point))
    group = rng.choice(["large", "small"], p=[0.7, 0.3], size=len(point))
    in_rare = (point % 5 == 1) & (stratum < 6) & (rng.random(len(point)) < 0.5)
    score = np.clip(np.round(3 + 1.1 * latent), 1, 5)
    score[rng.random(len(point)) < 0.08] = np.nan
    sample = pd.DataFrame(
        {
            "stratum": stratum,
            "point": point,
            "population_psus": pd.Series(stratum).map(POPULATION),
            "weight": np.round(rng.gamma(5, 20, len(point)) * (1 + 0.3 * stratum), 3),
            "group": np.where(in_rare, "rare", group),
            "sex": rng.choice(["female", "male"], size=len(point)),
            "trusts": (latent > 0.2).astype(float),
            "score": score,
        }
    )
    sample.to_csv(HERE / "sample.csv", index=False, na_rep="NA")


if __name__ == "__main__":
    main()
