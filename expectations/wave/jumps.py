"""Whether each measure is where it was in the wave before, but for sampling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from expectations.bounded import Figure
from expectations.wave.figures import Examined, WaveFacts
from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.periods import segment
from transforms.scales import scale_of
from transforms.windows import Window, difference, wave_by_wave

FEWEST = 5
"""Fewest respondents on each side of a share for a test (methods §4)."""

EVERYBODY = "all"


def jump_figures(examined: Examined) -> Iterator[Figure]:
    """Yield how many standard errors each measure lies from the wave before, at most."""
    pair = examined.compared()
    if pair is None:
        return
    cells = distances(*pair, examined.survey)
    for measure, of_measure in cells.groupby("measure", sort=False):
        if comparable(str(measure), *pair, examined.survey):
            yield _jump(str(measure), of_measure, pair[1].wave, examined)


def comparable(measure: str, now: WaveFacts, before: WaveFacts, survey: Survey) -> bool:
    """Return whether no break of the measure's series lies between the waves."""
    breaks = survey.breaks_of(measure)
    return before.wave in segment(now.wave, breaks, survey.wave_names)


def distances(now: WaveFacts, before: WaveFacts, survey: Survey) -> pd.DataFrame:
    """Return one row a measure × domain value of both waves: difference, and standard errors.

    `errors`: as many of a normal distribution as make the test's p value; of a domain's values,
    after p is multiplied by their number, so that many areas jump by chance no oftener than one.
    """
    totals = pd.concat(
        [facts.tables["estimate.total"].assign(wave=facts.wave) for facts in (before, now)],
        ignore_index=True,
    )
    by_wave = wave_by_wave(totals, survey.wave_names)
    found = difference(by_wave, Window((now.wave,), (1.0,)), Window((before.wave,), (1.0,)))
    usable = (found.variance > 0) & (found.df >= 1) & ~(found.fewest < FEWEST)
    error = np.sqrt(np.where(usable, found.variance, 1.0))
    p = 2 * stats.t.sf(np.abs(found.difference) / error, np.where(usable, found.df, 1.0))
    cells = found.cells.assign(difference=found.difference, p=p)[usable]
    tests = cells.groupby(["measure", "domain"])["p"].transform("size")
    adjusted = np.minimum(cells["p"].to_numpy() * tests.to_numpy(), 1.0)
    return cells.assign(errors=_normal(adjusted))


def _normal(p: Floats) -> Floats:
    return np.asarray(stats.norm.isf(np.maximum(p, 1e-300) / 2), dtype=np.float64)


def _jump(measure: str, cells: pd.DataFrame, earlier: str, examined: Examined) -> Figure:
    declared = examined.survey.measures[measure]
    scale = scale_of(declared)
    far = cells[cells["errors"] > examined.rule.jump].sort_values("errors", ascending=False)
    told = "; ".join(
        f"{_where(str(row['domain']), str(row['domain_value']), examined.survey)} "
        f"{scale.signed(float(row['difference']))}"
        for _, row in far.head(5).iterrows()
    )
    return Figure(
        rule=f"{measure}.jump",
        title=f"{declared.label}: near {earlier}",
        value=float(cells["errors"].max()),
        highest=examined.rule.jump,
        finding=f"{declared.label} has jumped since {earlier}: {told}.",
        expected=f"A difference of at most {examined.rule.jump:g} standard errors.",
        remedy="Ask the supplier whether the question, its codes or the fieldwork changed. If the "
        "change is real, accept the finding; if not, do not publish.",
    )


def _where(domain: str, value: str, survey: Survey) -> str:
    return "everybody" if domain == EVERYBODY else survey.domains[domain].label_of(value)
