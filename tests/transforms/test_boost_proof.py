"""Simulated waves with a boost: estimates without bias, and standard errors of the right size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import margin, small_survey

from transforms.estimation import estimates_from_totals, sample_design, wave_totals
from transforms.weighting import Sampled, calibrate, combine_samples

WAVES = 400
ADULTS = np.array([1, 2, 3])
CHOSEN = np.array([0.30, 0.25, 0.20 / 3]) / (0.30 + 0.25 + 0.20 / 3)
"""Households of one, two and three adults, 30, 50 and 20%, of which one adult each is chosen."""
MARGINS = {
    "area": margin("area", ["area"], {"north": 6000, "south": 4000}),
    "sex": margin("sex", ["sex"], {"male": 5000, "female": 5000}),
}
SURVEY = small_survey({"margins": {name: one.model_dump() for name, one in MARGINS.items()}})
TRUTH = {"all": 0.495, "north": 0.435, "south": 0.585, "in": 0.735, "out": 0.435}
"""35% + 15 points in the south, 30 in the group (a fifth of everybody), 5 for half of them."""


def interviews(
    rng: np.random.Generator, sample: str, area: str, points: int, unit: float, group: bool | None
) -> pd.DataFrame:
    """Ten interviews at each point, whose answers are alike; `group`: only those in it, or out."""
    size = points * 10
    point = np.repeat(np.arange(points), 10)
    within = rng.random(size) < 0.2 if group is None else np.full(size, group)
    female = rng.integers(0, 2, size)
    shared = rng.normal(0, 0.06, points)[point]
    chance = 0.35 + 0.15 * (area == "south") + 0.30 * within + 0.05 * female + shared
    return pd.DataFrame(
        {
            "sample": sample,
            "area": area,
            "group": np.where(within, "in", "out"),
            "sex": np.where(female == 1, "female", "male"),
            "yes": (rng.random(size) < chance).astype(float),
            "stratum": f"{sample}:{area}",
            "psu": [f"{sample}:{area}:{number}" for number in point],
            "weight": unit * rng.choice(ADULTS, size, p=CHOSEN),
        }
    )


def boosted_wave(rng: np.random.Generator, covers: str) -> pd.DataFrame:
    parts = [
        interviews(rng, "main", area, n, 20, None) for area, n in (("north", 30), ("south", 20))
    ]
    if covers == "area":
        parts.append(interviews(rng, "boost", "north", 20, 0.7, None))
    else:
        parts += [
            interviews(rng, "boost", area, n, 0.7, True)
            for area, n in (("north", 15), ("south", 10))
        ]
    return pd.concat(parts, ignore_index=True)


def estimates(wave: pd.DataFrame, covers: str) -> pd.DataFrame:
    covered = wave["area"] == "north" if covers == "area" else wave["group"] == "in"
    everybody = np.ones(len(wave), dtype=bool)
    who = Sampled(
        ("main", "boost"),
        (wave["sample"] == "boost").to_numpy(np.int64),
        np.column_stack([everybody, covered]),
    )
    classified = wave[["area", "sex", "group"]].astype("category")
    weight = combine_samples(wave["weight"].to_numpy(), who).design_weight
    totals = wave_totals(
        wave[["yes"]],
        classified,
        calibrate(weight, classified, SURVEY),
        sample_design(wave["stratum"], wave["psu"]),
        {"yes": ("area", "group")},
        True,
    )
    return estimates_from_totals(totals, SURVEY.about.estimation).set_index("domain_value")


@pytest.mark.slow
@pytest.mark.parametrize("covers", ["area", "group"])
def test_standard_errors_are_what_the_estimates_scatter_by(covers):
    """To within four Monte Carlo standard errors: 4/√(2·400) = 14%; the means, 4/√400 of an SD."""
    rng = np.random.default_rng(20260427)
    found = [estimates(boosted_wave(rng, covers), covers) for _ in range(WAVES)]
    shares = pd.DataFrame([one["estimate"] for one in found])
    variances = pd.DataFrame([one["standard_error"] ** 2 for one in found])
    scatter = shares.std()
    for value, truth in TRUTH.items():
        assert abs(shares[value].mean() - truth) < 4 * scatter[value] / np.sqrt(WAVES)
        ratio = np.sqrt(variances[value].mean()) / scatter[value]
        assert 1 - 4 / np.sqrt(2 * WAVES) < ratio < 1 + 4 / np.sqrt(2 * WAVES), (value, ratio)
