"""Figures taken over as the warehouse's open tables: marked, and without a verdict."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.aggregates.reading import TakenFigures
from transforms.catalogue.base import WHOLE
from transforms.catalogue.published import PublishedFile, PublishedSurvey
from transforms.estimation.totals import FORCE
from transforms.waves import Wave
from transforms.wording import wave_words

NO_INTERVAL = "[i]"
METHOD = "none"
"""Of an interval that there is none of."""
DOMAIN = "area"
COMPARISON = "previous_year"
NOTHING: Mapping[str, object] = dict.fromkeys(
    ("standard_error", "ci_lower", "ci_upper", "unweighted_base", "effective_base")
)


def aggregate_tables(survey: PublishedSurvey, taken: TakenFigures) -> dict[str, pd.DataFrame]:
    """Return the rows of every open table that figures taken over have, by its name."""
    about = survey.about
    waves = survey.waves
    return {
        "ref.survey": pd.DataFrame([_survey(survey)]),
        "ref.wave": pd.DataFrame([_wave(wave, order) for order, wave in enumerate(waves, 1)]),
        "ref.period": pd.DataFrame([_period(wave, order) for order, wave in enumerate(waves, 1)]),
        "ref.item": pd.DataFrame(_items(about)),
        "ref.measure": pd.DataFrame(_measures(about)),
        "ref.domain": pd.DataFrame(_domains(about)),
        "ref.kpi": pd.DataFrame(_kpis(about)),
        "estimate.estimate": pd.DataFrame(_estimates(taken)),
        "kpi.kpi": pd.DataFrame(_statuses(about, taken)),
    }


def _survey(survey: PublishedSurvey) -> dict[str, object]:
    about = survey.about
    unknown = dict.fromkeys(
        (
            *("confidence", "significance_level", "minimum_count", "minimum_base", "minimum_df"),
            *("maximum_width", "pooling", "fewest_waves", "lonely_psu"),
        )
    )
    named = (
        *("title", "run_by", "fieldwork_by", "covers", "whole", "illustrative", "method_note"),
        *("address", "contact"),
    )
    return {
        **unknown,
        **{name: getattr(about, name) for name in named},
        **{"survey": survey.name, "simulated": False, "survey_version": survey.digest},
        **{"interval_method": METHOD, "lacking": about.lacking, "sources": about.sources},
    }


def _wave(wave: Wave, order: int) -> dict[str, object]:
    return {
        **{"wave": wave.name, "wave_order": order},
        **{"period_start": wave.start, "period_end": wave.end},
        **{"cases_issued": None, "cases_not_eligible": None},
    }


def _period(wave: Wave, order: int) -> dict[str, object]:
    return {
        **{"period": wave.name, "period_order": order, "kind": "wave", "wave": wave.name},
        **{"waves": (wave.name,), "period_start": wave.start, "period_end": wave.end},
        "label": wave_words(wave.name),
    }


def _items(about: PublishedFile) -> list[dict[str, object]]:
    return [
        {"item": name, "item_order": order, "label": one.label, "question": one.question}
        | {"type": "code"}
        for order, (name, one) in enumerate(about.measures.items(), 1)
    ]


def _measures(about: PublishedFile) -> list[dict[str, object]]:
    return [
        {
            **{"measure": name, "measure_order": order, "label": one.label, "item": name},
            **{"kind": "proportion", "counts": ("counted",), "scores": None, "unit": None},
            **{"scale_lower": 0.0, "scale_upper": 1.0, "leaves_base": (), "base_of": None},
            **{"base_label": one.base_label, "domains": (DOMAIN,), "breaks": ()},
        }
        for order, (name, one) in enumerate(about.measures.items(), 1)
    ]


def _domains(about: PublishedFile) -> list[dict[str, object]]:
    whole = {"domain": FORCE[0], "domain_value": FORCE[1], "domain_order": 0, "value_order": 1}
    labels = {"domain_label": about.whole, "value_label": about.whole, "area_code": None}
    areas = [
        {
            **{"domain": DOMAIN, "domain_value": name, "domain_order": 1, "value_order": order},
            **{"domain_label": about.areas.label, "value_label": area.label},
            "area_code": area.area_code,
        }
        for order, (name, area) in enumerate(about.areas.listed.items(), 1)
    ]
    return [whole | labels, *areas]


def _kpis(about: PublishedFile) -> list[dict[str, object]]:
    sections = list(about.sections)
    return [
        {
            **{"kpi": name, "kpi_order": order, "section": kpi.section, "title": kpi.title},
            **{"section_order": sections.index(kpi.section) + 1, "statement": kpi.statement},
            **{"section_title": about.sections[kpi.section].title, "measure": kpi.measure},
            **{"required_direction": kpi.required_direction, "judged": COMPARISON},
            **{"judged_by": {}, "family": "none", "baseline": None, "owner": kpi.owner},
        }
        for order, (name, kpi) in enumerate(about.kpis.items(), 1)
    ]


def _estimates(taken: TakenFigures) -> list[dict[str, object]]:
    unknown = dict.fromkeys(("weighted_base", "df", "deff_design", "deff_kish"))
    return [
        {
            **NOTHING,
            **unknown,
            **{"period": quarter, "measure": measure, "estimate": value, "marker": NO_INTERVAL},
            **{"domain": WHOLE if area == WHOLE else DOMAIN, "domain_value": area},
            **{"interval_method": METHOD, "suppression_reason": None},
        }
        for (quarter, measure, area), value in taken.figures.items()
    ]


def _statuses(about: PublishedFile, taken: TakenFigures) -> list[dict[str, object]]:
    """Return each KPI's status in each quarter: without standard errors nothing is judged."""
    evidence = (
        f"No change is judged: the figures are published without {about.lacking}, so a change "
        "cannot be told from chance."
    )
    compared = dict.fromkeys(
        (
            *("measurable_from", "unit", "compared_with", "shared_waves", "difference"),
            *("difference_standard_error", "difference_df", "difference_ci_lower"),
            *("difference_ci_upper", "p_value", "adjusted_p", "family", "family_size"),
            *("adjustment", "detectable_change", "suppression_reason"),
        )
    )
    return [
        {
            **NOTHING,
            **compared,
            **{"kpi": name, "wave": quarter, "period": quarter, "domain": WHOLE},
            **{"domain_value": WHOLE, "section": kpi.section, "title": kpi.title},
            **{"statement": kpi.statement, "required_direction": kpi.required_direction},
            **{"status": "not yet measurable", "evidence": evidence, "measure": kpi.measure},
            **{"estimate": value, "marker": NO_INTERVAL, "comparison": COMPARISON},
            **{"simulated": False, "illustrative": about.illustrative is not None},
        }
        for name, kpi in about.kpis.items()
        for (quarter, measure, area), value in taken.figures.items()
        if (measure, area) == (kpi.measure, WHOLE)
    ]
