"""Write sample.csv: 400 invented respondents, a score from 0 to 10 and one from −2 to 2.

`trust` is a number; `agreement` the score of a code, of either sign, with a mean near 0. Both miss
some answers. Group `rare` has few respondents in few points; everybody in group `alike` gave the
same scores, so their mean has no variance.

Run `python tests/golden/means/make_sample.py`, then `Rscript tests/golden/means/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
STRATA, POINTS, PEOPLE = 4, 10, 10


def main() -> None:
    rng = np.random.default_rng(20270318)
    point = np.repeat(np.arange(STRATA * POINTS), PEOPLE)
    stratum = point // POINTS
    near = rng.standard_normal(STRATA * POINTS)[point]
    latent = 0.5 * near + rng.standard_normal(len(point))
    group = rng.choice(["large", "small"], p=[0.65, 0.35], size=len(point))
    group = np.where((point % 7 == 3) & (rng.random(len(point)) < 0.4), "rare", group)
    group = np.where((point % 8 == 5) & (rng.random(len(point)) < 0.5), "alike", group)
    trust = np.clip(np.round(6.2 + 2.1 * latent + 0.4 * stratum), 0, 10)
    agreement = np.clip(np.round(0.02 + 1.1 * latent), -2, 2)
    for score, alike in ((trust, 7.0), (agreement, -1.0)):
        score[group == "alike"] = alike
        score[rng.random(len(point)) < 0.07] = np.nan
    sample = pd.DataFrame(
        {
            "stratum": stratum + 1,
            "point": point + 1,
            "weight": np.round(rng.gamma(4, 60, len(point)) * (1 + 0.4 * stratum), 3),
            "group": group,
            "sex": rng.choice(["female", "male"], size=len(point)),
            "age": rng.choice(["16-34", "35-64", "65+"], p=[0.3, 0.45, 0.25], size=len(point)),
            "trust": trust,
            "agreement": agreement,
        }
    )
    sample.to_csv(HERE / "sample.csv", index=False, na_rep="NA")


if __name__ == "__main__":
    main()
