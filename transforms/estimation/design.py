"""The sampling design of a wave as numbers, and the variance of totals under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from transforms.arrays import Floats, Ints
from transforms.errors import DesignError

LonelyPsuPolicy = Literal["fail", "centre", "certainty"]


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """Strata and primary sampling units of the whole wave.

    `psu`: (respondents,) index of the respondent's PSU. `stratum`: (PSUs,) index of the PSU's
    stratum. `psus_in_stratum`: (strata,). `strata`: the strata's names, in order.
    """

    psu: Ints
    stratum: Ints
    psus_in_stratum: Ints
    strata: tuple[str, ...]
    lonely_psu: LonelyPsuPolicy

    @property
    def psus(self) -> int:
        """The number of PSUs."""
        return len(self.stratum)


def sample_design(
    stratum: pd.Series, psu: pd.Series, lonely_psu: LonelyPsuPolicy = "fail"
) -> SampleDesign:
    """Return the design of a wave from each respondent's stratum and PSU.

    PSU names need to be unique within a stratum only. Raises DesignError where a stratum holds one
    PSU and the policy is `fail`.
    """
    stratum_code, strata = pd.factorize(stratum, sort=True)
    pairs = pd.MultiIndex.from_arrays([stratum_code, psu.astype("str")])
    psu_code, psus = pd.factorize(pairs, sort=True)
    stratum_of_psu = np.asarray(psus.get_level_values(0), dtype=np.int64)
    counts = np.bincount(stratum_of_psu).astype(np.int64)
    lonely = [str(name) for name, count in zip(strata, counts, strict=True) if count == 1]
    if lonely and lonely_psu == "fail":
        raise DesignError(
            f"Stratum {', '.join(lonely)} holds a single sampling point, so the variance within it "
            "cannot be estimated.",
            expected="at least two sampling points in every stratum.",
            remedy="ask the supplier to merge the stratum with its neighbour, or declare "
            "`lonely_psu: centre` (cautious) or `certainty` in survey.yaml.",
        )
    return SampleDesign(
        psu_code.astype(np.int64), stratum_of_psu, counts, tuple(map(str, strata)), lonely_psu
    )


def deviations(psu_totals: Floats, design: SampleDesign) -> Floats:
    """Return PSU totals as deviations whose cross products are (co)variances of the sum.

    `psu_totals`: (PSUs × anything). Within stratum h: (z − z̄_h)·√(n_h/(n_h − 1)); a lonely PSU is
    taken about zero (`centre`, R's `adjust`) or left out (`certainty`). Cochran (1977, §11.3);
    Binder (1983).
    """
    count = design.psus_in_stratum
    mean = _stratum_sums(psu_totals, design) / count[:, None]
    lonely = count == 1
    if design.lonely_psu == "centre":
        mean[lonely] = 0.0
    factor = np.where(lonely, 1.0, np.sqrt(count / np.maximum(count - 1, 1)))
    centred: Floats = (psu_totals - mean[design.stratum]) * factor[design.stratum][:, None]
    return centred


def _stratum_sums(psu_totals: Floats, design: SampleDesign) -> Floats:
    # PSUs are sorted by stratum, so each stratum is one run of rows.
    starts = np.concatenate([[0], np.cumsum(design.psus_in_stratum)[:-1]])
    return np.add.reduceat(psu_totals, starts, axis=0)
