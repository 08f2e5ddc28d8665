"""The sampling design of a wave as numbers, and the variance of totals under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints, distinct_rows
from transforms.errors import DesignError
from transforms.wording import number

LonelyPsuPolicy = Literal["fail", "centre", "certainty", "average"]


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """Strata and primary sampling units of the whole wave.

    `psu`: (respondents,) index of the respondent's PSU. `stratum`: (PSUs,) index of the PSU's
    stratum. `psus_in_stratum`: (strata,). `population_psus`: (strata,) how many PSUs the sampled
    ones were drawn from; infinite where nothing is corrected for it. `strata`: the strata's names,
    in order.
    """

    psu: Ints
    stratum: Ints
    psus_in_stratum: Ints
    population_psus: Floats
    strata: tuple[str, ...]
    lonely_psu: LonelyPsuPolicy

    @property
    def psus(self) -> int:
        """The number of PSUs."""
        return len(self.stratum)

    @property
    def lonely(self) -> Flags:
        """(strata,) true where one PSU was drawn from several: it says nothing of the variance."""
        alone: Flags = (self.psus_in_stratum == 1) & (self.population_psus > 1)
        return alone


def sample_design(
    stratum: pd.Series,
    psu: pd.Series,
    lonely_psu: LonelyPsuPolicy = "fail",
    population_psus: pd.Series | None = None,
) -> SampleDesign:
    """Return the design of a wave from each respondent's stratum and PSU.

    PSU names need to be unique within a stratum only. `population_psus`: for each respondent, the
    number of PSUs in the population of the stratum, infinite for no correction; None: none.
    Raises DesignError where a stratum holds one PSU and the policy is `fail` (one that is all the
    stratum has is no such case), where `population_psus` cannot be right, or where a respondent has
    no stratum or PSU.
    """
    _require_known(stratum, psu)
    stratum_code, strata = pd.factorize(stratum, sort=True)
    name_code, psu_names = pd.factorize(psu.astype("str"), sort=True)
    pairs = np.array([stratum_code, name_code], dtype=np.int64).T
    psus, psu_code = distinct_rows(pairs, [len(strata), len(psu_names)])
    stratum_of_psu = psus[:, 0]
    counts = np.bincount(stratum_of_psu).astype(np.int64)
    names = tuple(map(str, strata))
    design = SampleDesign(
        psu=psu_code,
        stratum=stratum_of_psu,
        psus_in_stratum=counts,
        population_psus=_population_psus(population_psus, stratum_code, counts, names),
        strata=names,
        lonely_psu=lonely_psu,
    )
    _require_company(design)
    return design


def _require_known(stratum: pd.Series, psu: pd.Series) -> None:
    """Raise DesignError where a respondent's stratum or PSU is missing."""
    for name, column in (("stratum", stratum), ("sampling point", psu)):
        missing = int(column.isna().sum())
        if missing:
            raise DesignError(
                f"{number(missing)} respondents have no {name}.",
                expected="a stratum and a sampling point for every respondent.",
                remedy="ask the supplier for them.",
            )


def deviations(psu_totals: Floats, design: SampleDesign) -> Floats:
    """Return PSU totals as deviations whose cross products are (co)variances of the sum.

    `psu_totals`: (PSUs × anything). Within stratum h: (z − z̄_h)·√((1 − n_h/N_h)·n_h/(n_h − 1)),
    the finite population correction n_h/N_h being 0 where none is declared. A lonely PSU is taken
    about zero (`centre`, R's `adjust`), left out (`certainty`, also R's `remove`), or given the
    mean variance of the other strata (`average`). Cochran (1977, §2.6, §11.3); Binder (1983).
    """
    mean = stratum_sums(psu_totals, design) / design.psus_in_stratum[:, None]
    if design.lonely_psu == "centre":
        mean[design.lonely] = 0.0
    scale = np.sqrt(_variance_factor(design))
    centred: Floats = psu_totals - mean[design.stratum]
    centred *= scale[design.stratum][:, None]
    return centred


def _variance_factor(design: SampleDesign) -> Floats:
    """(strata,) what the sum of a stratum's squared deviations is multiplied by."""
    count = design.psus_in_stratum
    factor = np.where(count == 1, 1.0, count / np.maximum(count - 1, 1))
    factor = factor * (1 - count / design.population_psus)
    if design.lonely_psu == "average":
        factor = factor * len(count) / (~design.lonely).sum()
    return np.asarray(factor, dtype=np.float64)


def stratum_sums(psu_totals: Floats, design: SampleDesign) -> Floats:
    """Return (strata × anything) the sums of `psu_totals` (PSUs × anything) in each stratum."""
    # PSUs are sorted by stratum, so each stratum is one run of rows.
    starts = np.concatenate([[0], np.cumsum(design.psus_in_stratum)[:-1]])
    return np.add.reduceat(psu_totals, starts, axis=0)


def _population_psus(
    declared: pd.Series | None, stratum: Ints, counts: Ints, strata: tuple[str, ...]
) -> Floats:
    """(strata,) the number of PSUs in the population; DesignError where it cannot be right."""
    if declared is None:
        return np.full(len(counts), np.inf)
    number = declared.to_numpy(dtype=np.float64)
    population = np.zeros(len(counts))
    population[stratum] = number
    # A missing number differs from every number, itself included.
    unclear = np.bincount(stratum, weights=number != population[stratum]) > 0
    _refuse(unclear, strata, "not one and the same number of sampling points in the population")
    _refuse(population < counts, strata, "fewer sampling points in the population than were drawn")
    return population


def _refuse(wrong: Flags, strata: tuple[str, ...], found: str) -> None:
    if wrong.any():
        raise DesignError(
            f"Stratum {_named(wrong, strata)} has {found}.",
            expected="for every respondent of a stratum the number of sampling points that the "
            "stratum's were drawn from (not the share drawn).",
            remedy="ask the supplier for it, or take `population_psus` out of survey.yaml: the "
            "variance then errs on the safe side.",
        )


def _require_company(design: SampleDesign) -> None:
    """Raise DesignError where lonely PSUs leave no variance that the policy could take."""
    lonely = design.lonely
    if design.lonely_psu == "fail" and lonely.any():
        raise DesignError(
            f"Stratum {_named(lonely, design.strata)} holds a single sampling point, so the "
            "variance within it cannot be estimated.",
            expected="at least two sampling points in every stratum.",
            remedy="ask the supplier to merge the stratum with its neighbour, or declare "
            "`lonely_psu: centre` (cautious), `average` or `certainty` in survey.yaml.",
        )
    if design.lonely_psu == "average" and lonely.all():
        raise DesignError(
            "Every stratum holds a single sampling point, so there is no variance to average.",
            expected="two sampling points or more in some stratum.",
            remedy="ask the supplier to merge strata, or declare `lonely_psu: centre` in "
            "survey.yaml.",
        )


def _named(chosen: Flags, strata: tuple[str, ...]) -> str:
    return ", ".join(name for name, is_one in zip(strata, chosen, strict=True) if is_one)
