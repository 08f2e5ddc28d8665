"""A wave's way from decoded responses to everything the warehouse keeps of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.classify import classify, value_combinations
from transforms.distribution import answer_totals
from transforms.estimation import SampleDesign, sample_design, wave_totals
from transforms.indicators import indicators
from transforms.replicates import ReplicateWeights, replicate_tables, replicate_weights
from transforms.responses import Responses
from transforms.samples import has_boosts, sampled
from transforms.wave_facts import answer_counts, stratum_counts
from transforms.weighting import (
    Calibrated,
    Combined,
    calibrate,
    combine_samples,
    margin_checks,
    own_numbers,
    require_support,
    uncombined,
    weight_summary,
)

Tables = Mapping[str, pd.DataFrame]
"""Frames by the name of the table they are rows of."""


def process_wave(
    responses: Responses, respondent: pd.Series, survey: Survey
) -> dict[str, pd.DataFrame]:
    """Weight one wave and form its totals: the rows of its survey.* tables and of the totals.

    Its estimates are formed from the totals when waves are combined: what may be published of them
    depends on what has been. `responses`: of all its samples (`joined`). `respondent`: the
    pseudonymous id of each respondent, in the order of `responses`.
    """
    people = responses.respondents
    classified = classify(responses, survey)
    measured = indicators(responses, survey)
    design = wave_design(responses, survey)
    combined = _combined(people, classified, survey)
    numbers = _imputing_numbers(people, survey, responses.wave)
    calibrated = calibrate(combined.design_weight, classified, survey, numbers, responses.wave)
    if calibrated.cells is not None:
        require_support(calibrated.cells, combined.design_weight)
    breakdowns = {
        str(measure): _domains_in(classified, str(measure), survey) for measure in measured
    }
    rule = survey.about.estimation
    totals = wave_totals(
        measured, classified, calibrated, design, breakdowns, rule.leverage, survey.means
    )
    tables = {
        "survey.respondent": _respondents(people, respondent, classified, calibrated),
        "survey.answer": _answers(responses, respondent),
        "survey.indicator": _indicators(measured, respondent),
        "survey.design": _design(design),
        "survey.psu": _psus(people, survey),
        "survey.sample": combined.shares,
        "survey.answer_count": answer_counts(responses, calibrated.weights, survey),
        "survey.stratum_count": stratum_counts(people, classified, survey),
        "survey.calibration": _calibration(calibrated, responses),
        "survey.margin_check": _margin_checks(calibrated),
        "estimate.total": totals,
        "estimate.answer_total": answer_totals(responses, calibrated, design, survey),
        **replicate_tables(
            _replicates(calibrated, design, survey, responses.wave), people, respondent
        ),
    }
    return {name: frame.assign(wave=responses.wave) for name, frame in tables.items()}


def wave_design(responses: Responses, survey: Survey) -> SampleDesign:
    """Return the strata and PSUs of the responses; DesignError where they give no variance."""
    people = responses.respondents
    return sample_design(
        people["stratum"],
        people["psu"],
        survey.about.design.lonely_psu,
        people["population_psus"],
    )


def _combined(people: pd.DataFrame, classified: pd.DataFrame, survey: Survey) -> Combined:
    """Return the design weights of all samples together; of a survey without boosts as they are."""
    design_weight = people["design_weight"].to_numpy(dtype=float)
    if not has_boosts(survey):
        return uncombined(design_weight)
    return combine_samples(design_weight, sampled(people, classified, survey))


def _imputing_numbers(people: pd.DataFrame, survey: Survey, wave: str) -> Floats | None:
    """Return the numbers by which margin values are imputed; None where none are."""
    rule = survey.about.calibration
    if rule is None or rule.missing_margin_value != "impute":
        return None
    return own_numbers(survey.name, wave, people["sample"], people["serial"])


def _replicates(
    calibrated: Calibrated, design: SampleDesign, survey: Survey, wave: str
) -> ReplicateWeights | None:
    """Return the wave's replicate weights; None where the survey declares none."""
    rule, calibration = survey.about.replicates, survey.about.calibration
    if rule is None:
        return None
    return replicate_weights(calibrated, design, rule, calibration, survey.name, wave)


def _domains_in(classified: pd.DataFrame, measure: str, survey: Survey) -> tuple[str, ...]:
    return tuple(name for name in survey.measures[measure].by if name in classified)


def _respondents(
    people: pd.DataFrame,
    respondent: pd.Series,
    classified: pd.DataFrame,
    calibrated: Calibrated,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "respondent": respondent,
            "sample": people["sample"],
            "stratum": people["stratum"],
            "psu": people["psu"],
            "interview_date": people["interview_date"],
            "domains": _domain_maps(classified),
            "design_weight": calibrated.design_weight,
            "calibration_weight": calibrated.weights,
        }
    )


def _domain_maps(classified: pd.DataFrame) -> list[dict[str, str]]:
    """Return each respondent's domain values; a domain without a value is left out.

    Respondents with the same values share one map.
    """
    names = list(map(str, classified.columns))
    held, combination = value_combinations(classified, names)
    maps = [
        {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for values in held
    ]
    return [maps[place] for place in combination.tolist()]


def _answers(responses: Responses, respondent: pd.Series) -> pd.DataFrame:
    """Return one row a respondent × item: the code as text, or why there is none."""
    items = [item for item in responses.reasons.columns if item in responses.codes]
    frames = [
        pd.DataFrame(
            {
                "respondent": respondent,
                "item": item,
                "code": responses.codes[item].astype("str"),
                "missing_reason": responses.reasons[item].astype("str"),
            }
        )
        for item in items
    ]
    return pd.concat(frames, ignore_index=True)


def _indicators(measured: pd.DataFrame, respondent: pd.Series) -> pd.DataFrame:
    """Return one row a respondent × measure whose base the respondent is in."""
    wide = measured.assign(respondent=respondent.to_numpy())
    long = wide.melt(id_vars="respondent", var_name="measure", value_name="y")
    return long[long["y"].notna()].assign(x=1.0).reset_index(drop=True)


def _design(design: SampleDesign) -> pd.DataFrame:
    stratum = pd.Series(design.stratum[design.psu])
    return pd.DataFrame(
        {
            "stratum": list(design.strata),
            "psus": design.psus_in_stratum,
            "population_psus": np.where(
                np.isinf(design.population_psus), np.nan, design.population_psus
            ),
            "respondents": stratum.value_counts().sort_index().to_numpy(),
        }
    )


def _psus(people: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return one row a sampling unit; none where each respondent is one."""
    drawn = people if survey.about.design.psu is not None else people.head(0)
    units = drawn.groupby(["stratum", "psu"], sort=True, observed=True).size()
    return units.rename("respondents").reset_index()


def _calibration(calibrated: Calibrated, responses: Responses) -> pd.DataFrame:
    row = {
        "method": calibrated.method,
        "iterations": calibrated.iterations,
        "largest_relative_gap": calibrated.largest_relative_gap,
        "respondents": len(responses.respondents),
        "left_out_rows": responses.left_out_rows,
        **weight_summary(calibrated.weights),
        "mean_design": float(calibrated.design_weight.mean()),
        "trimmed": calibrated.trimmed,
        "imputed": calibrated.imputed,
    }
    return pd.DataFrame([row])


def _margin_checks(calibrated: Calibrated) -> pd.DataFrame:
    if calibrated.cells is None:
        columns = ["margin", "category", "respondents", "design_weighted", "calibrated"]
        return pd.DataFrame(
            {name: pd.Series(dtype="object") for name in [*columns, "control_total"]}
        )
    return margin_checks(calibrated.cells, calibrated.design_weight, calibrated.weights)
