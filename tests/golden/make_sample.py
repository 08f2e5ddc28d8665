"""Write sample.csv: 420 invented respondents in strata and PSUs, with unequal weights.

Run `python tests/golden/make_sample.py`, then `Rscript tests/golden/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def main() -> None:
    rng = np.random.default_rng(20260423)
    psus = 60
    psu = np.repeat(np.arange(psus), 7)
    stratum = psu % 5
    area = np.where(stratum < 3, "north", "south")
    age = rng.choice(["16-34", "35-64", "65+"], p=[0.3, 0.45, 0.25], size=len(psu))
    sex = rng.choice(["female", "male"], p=[0.55, 0.45], size=len(psu))
    weight = np.round(rng.gamma(4, 30, len(psu)) * (1 + stratum), 3)
    latent = 0.4 * rng.standard_normal(psus)[psu] + rng.standard_normal(len(psu))
    confident = (latent < 0.1 + 0.4 * (age == "65+")).astype(float)
    rare = (latent < -1.9).astype(float)
    confident[rng.random(len(psu)) < 0.06] = np.nan
    sample = pd.DataFrame(
        {
            "stratum": stratum,
            "psu": psu,
            "area": area,
            "age": age,
            "sex": sex,
            "weight": weight,
            "confident": confident,
            "rare": rare,
        }
    )
    sample.to_csv(HERE / "sample.csv", index=False, na_rep="NA")


if __name__ == "__main__":
    main()
