"""What is kept of simulated surveys in which nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from transforms.arrays import Flags, Floats
from transforms.catalogue.kpis import Adjustment
from transforms.proof.comparing import KINDS, Tests, comparisons, every_test
from transforms.proof.figures import Counts, SurveyFigures
from transforms.proof.intervals import interval_figures
from transforms.proof.judging import Judged, judged_in_families
from transforms.proof.plan import Study
from transforms.proof.replicated import variances_side_by_side
from transforms.proof.slopes import slope_p_values
from transforms.proof.surveyed import REPLICATED, Surveyed, surveyed

LEVEL: Final = 0.05


def examined(study: Study, seeds: Sequence[np.random.SeedSequence]) -> SurveyFigures:
    """Return the figures of one survey of all the study's waves for each seed.

    The first wave of every tenth survey is also estimated without leverage, and from replicates.
    """
    drawn = surveyed(study, seeds)
    tests = every_test(drawn, comparisons(len(study.waves)))
    intervals = interval_figures(drawn)
    counts = {
        **intervals.counts,
        **_test_counts(tests),
        **_slope_counts(drawn),
        **_family_counts(tests, study),
    }
    sums = {
        **intervals.sums,
        **_test_sums(tests),
        **_variances(drawn, seeds[::REPLICATED]),
    }
    return SurveyFigures(counts, sums)


def _variances(drawn: Surveyed, seeds: Sequence[np.random.SeedSequence]) -> dict[str, Floats]:
    """(cells,) sums of the variances of the first waves that are kept."""
    each = [
        variances_side_by_side(drawn.study, wave, str(seed.generate_state(4).tolist()))
        for wave, seed in zip(drawn.first_waves, seeds, strict=True)
    ]
    return {name: np.sum([one[name] for one in each], axis=0) for name in each[0]}


def _test_counts(tests: Tests) -> dict[str, Counts]:
    """(surveys × kinds × cells) comparisons, tests made, and how many of them find a change."""
    flags = {
        "compared": np.isfinite(tests.difference),
        "made": np.isfinite(tests.p_value),
        "found": tests.p_value < LEVEL,
        "found_plain": tests.plain_p_value < LEVEL,
    }
    return {name: _by_kind(values, tests) for name, values in flags.items()}


def _by_kind(flags: Flags, tests: Tests) -> Counts:
    each = [flags[tests.of_kind(kind)].sum(axis=0) for kind in KINDS]
    return np.stack(each, axis=1).astype(np.uint8)


def _test_sums(tests: Tests) -> dict[str, Floats]:
    """(kinds × cells) sums over surveys of what the detectable change is made of."""
    known = np.isfinite(tests.df)
    parts = {
        "errors": known.astype(np.float64),
        "standard_error": np.where(known, tests.standard_error, 0.0),
        "df": np.where(known, tests.df, 0.0),
    }
    return {
        f"test_{name}": np.stack([values[tests.of_kind(kind)].sum(axis=(0, 1)) for kind in KINDS])
        for name, values in parts.items()
    }


def _slope_counts(drawn: Surveyed) -> dict[str, Counts]:
    """(surveys × slopes × cells) slopes, and those found."""
    p_values = np.moveaxis(slope_p_values(drawn), 0, 1)
    found = (p_values < LEVEL).astype(np.uint8)
    return {"slopes": np.ones_like(found), "slopes_found": found}


def _family_counts(tests: Tests, study: Study) -> dict[str, Counts]:
    """Families, and those with a finding: (surveys × kinds), and × outcomes for areas.

    `plain`: contrasts by the estimated variance alone, under Holm.
    """
    plain = replace(tests, p_value=tests.plain_p_value)
    ways: tuple[tuple[Adjustment, Tests, str], ...] = (
        ("holm", tests, "holm"),
        ("benjamini_hochberg", tests, "bh"),
        ("holm", plain, "plain"),
    )
    counts: dict[str, Counts] = {}
    for adjustment, judged, name in ways:
        verdicts = judged_in_families(judged, study, adjustment)
        for part, flags in _families(verdicts).items():
            counts[f"{part}_{name}"] = _by_kind(flags, tests)
    return counts


def _families(verdicts: Judged) -> dict[str, Flags]:
    """(comparisons × surveys) and (comparisons × surveys × outcomes)."""
    found = np.moveaxis(verdicts.found, 1, 0)
    parts: dict[str, Flags] = {
        "headline": np.asarray(found[..., 0].any(axis=-1)),
        "areas": np.asarray(found[..., 1:].any(axis=-1)),
    }
    every = {f"{part}_families": np.ones_like(flags) for part, flags in parts.items()}
    return every | {f"{part}_found": flags for part, flags in parts.items()}
