"""The survey's declaration as tables: what every figure in the warehouse refers to."""

from __future__ import annotations

from datetime import date

import pandas as pd

from transforms.catalogue import Baseline, BoundItem, Survey
from transforms.counts import record_tables
from transforms.estimation.totals import FORCE
from transforms.periods import Period, baseline_period, periods_of
from transforms.scales import scale_of
from transforms.waves import quarter
from transforms.wording import period_name_words


def declaration_tables(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the rows of every ref and record table, by its name, in the order declared."""
    return {
        "ref.survey": _survey(survey),
        "ref.wave": _waves(survey),
        "ref.period": _periods(survey),
        "ref.item": _items(survey),
        "ref.code": _codes(survey),
        "ref.measure": _measures(survey),
        "ref.chain": _chains(survey),
        "ref.domain": _domains(survey),
        "ref.margin": _margins(survey),
        "ref.kpi": _kpis(survey),
        **record_tables(survey),
    }


def _survey(survey: Survey) -> pd.DataFrame:
    about = survey.about
    row = {
        "survey": survey.name,
        "title": about.title,
        "run_by": about.run_by,
        "fieldwork_by": about.fieldwork_by,
        "covers": about.covers,
        "whole": about.whole,
        "simulated": about.simulated,
        "illustrative": about.illustrative,
        "survey_version": survey.digest,
        "confidence": about.estimation.confidence,
        "significance_level": about.significance_level,
        "minimum_count": about.disclosure.minimum_count,
        "minimum_base": about.reliability.minimum_base,
        "minimum_df": about.reliability.minimum_df,
        "maximum_width": about.reliability.maximum_width,
        "interval_method": about.estimation.interval,
        "pooling": about.rolling_year.factors if about.rolling_year else "equal",
        "fewest_waves": about.rolling_year.fewest_waves if about.rolling_year else None,
        "lonely_psu": about.design.lonely_psu,
        "method_note": about.method_note,
        "sources": about.sources,
        "address": about.address,
        "contact": about.contact,
        "lacking": None,
    }
    return pd.DataFrame([row])


def _waves(survey: Survey) -> pd.DataFrame:
    rows = [
        (wave.name, order, wave.start, wave.end, *_cases(survey, wave.name))
        for order, wave in enumerate(survey.waves, 1)
    ]
    columns = [
        *("wave", "wave_order", "period_start", "period_end"),
        *("cases_issued", "cases_not_eligible"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _cases(survey: Survey, wave: str) -> tuple[int | None, int | None]:
    held = survey.about.fieldwork.get(wave)
    return (None, None) if held is None else (held.issued, held.not_eligible)


def _periods(survey: Survey) -> pd.DataFrame:
    """Return one row a period that declared waves bring, held or not."""
    names = [wave.name for wave in survey.waves]
    in_time = sorted(periods_of(survey, names), key=lambda period: names.index(period.last))
    rows = [
        (
            *(period.name, order, period.kind, period.last, period.waves),
            *(_first_day(period, survey), survey.wave(period.last).end),
            period_name_words(period.name),
        )
        for order, period in enumerate(in_time, 1)
    ]
    columns = [
        *("period", "period_order", "kind", "wave", "waves", "period_start", "period_end", "label"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _first_day(period: Period, survey: Survey) -> date:
    """Return a period's first day; a rolling year may begin before the first declared wave."""
    first = period.waves[0]
    declared = {wave.name: wave.start for wave in survey.waves}
    return declared[first] if first in declared else quarter(first).start


def _items(survey: Survey) -> pd.DataFrame:
    rows = [
        (name, order, item.label, item.question, item.type)
        for order, (name, item) in enumerate(survey.items.items(), 1)
    ]
    return pd.DataFrame(rows, columns=["item", "item_order", "label", "question", "type"])


def _codes(survey: Survey) -> pd.DataFrame:
    """Return one row a wave × item asked × code, the missing codes after the valid ones."""
    rows = [
        (wave.name, item.name, code, item.variable, name, label, reason)
        for wave in survey.waves
        for item in survey.items_in(wave.name)
        for code, name, label, reason in _codes_of(item)
    ]
    columns = ["wave", "item", "code", "variable", "name", "label", "missing_reason"]
    return pd.DataFrame(rows, columns=columns)


def _codes_of(item: BoundItem) -> list[tuple[str, str | None, str, str | None]]:
    """Return code, name, label and missing reason of each code an item may have."""
    valid = [(str(value), code.name, code.label, None) for value, code in item.codes.items()]
    missing = [
        (str(value), None, code.label, code.reason.value) for value, code in item.missing.items()
    ]
    return [*valid, *missing]


def _measures(survey: Survey) -> pd.DataFrame:
    rows = [
        (
            *(name, order, measure.label, measure.kind, measure.item, measure.counts),
            *(dict(measure.scores) or None, *measure.limits, scale_of(measure).unit),
            tuple(reason.value for reason in measure.leaves_base),
            *(measure.base_of, measure.base_label, measure.by, survey.breaks_of(name)),
        )
        for order, (name, measure) in enumerate(survey.measures.items(), 1)
    ]
    columns = [
        *("measure", "measure_order", "label", "kind", "item", "counts", "scores", "scale_lower"),
        *("scale_upper", "unit", "leaves_base", "base_of", "base_label", "domains", "breaks"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _chains(survey: Survey) -> pd.DataFrame:
    """Return one row a step of a chain."""
    rows = [
        (name, order, chain.label, place, step.label, step.share_of_all, step.share_of_previous)
        for order, (name, chain) in enumerate(survey.chains.items(), 1)
        for place, step in enumerate(chain.steps, 1)
    ]
    columns = [
        *("chain", "chain_order", "chain_label", "step", "step_label", "share_of_all"),
        "share_of_previous",
    ]
    return pd.DataFrame(rows, columns=columns)


def _domains(survey: Survey) -> pd.DataFrame:
    """Return one row a domain value, the whole population first."""
    whole = survey.about.whole
    rows = [
        (name, value, domain_order, value_order, domain.label, about.label, about.area_code)
        for domain_order, (name, domain) in enumerate(survey.domains.items(), 1)
        for value_order, (value, about) in enumerate(dict(domain.values).items(), 1)
    ]
    columns = [
        *("domain", "domain_value", "domain_order", "value_order", "domain_label", "value_label"),
        "area_code",
    ]
    return pd.DataFrame([(*FORCE, 0, 1, whole, whole, None), *rows], columns=columns)


def _margins(survey: Survey) -> pd.DataFrame:
    """Return one row a category of each edition of the margins the weights are calibrated to."""
    rows = [
        (
            *(margin.margin, margin.from_wave or survey.waves[0].name, cell.name),
            *(margin.variables, cell.population, cell.source, cell.reference_date),
        )
        for margin in survey.editions()
        for cell in margin.control_totals
    ]
    columns = [
        *("margin", "from_wave", "category", "variables", "population", "source"),
        "reference_date",
    ]
    return pd.DataFrame(rows, columns=columns)


def _kpis(survey: Survey) -> pd.DataFrame:
    sections = list(survey.sections)
    rows = [
        (
            *(name, order, kpi.section, sections.index(kpi.section) + 1),
            *(survey.sections[kpi.section].title, kpi.title, kpi.statement, kpi.measure),
            *(kpi.required_direction, kpi.judged.value),
            {domain: judged.value for domain, judged in kpi.judged_by.items()},
            *(kpi.family, _baseline(kpi.baseline), kpi.owner),
        )
        for order, (name, kpi) in enumerate(survey.kpis.items(), 1)
    ]
    columns = [
        *("kpi", "kpi_order", "section", "section_order", "section_title", "title", "statement"),
        *("measure", "required_direction", "judged", "judged_by", "family", "baseline", "owner"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _baseline(baseline: Baseline | None) -> str | None:
    """Return the declared baseline's period, or what an outside figure is called."""
    if baseline is None:
        return None
    return baseline_period(baseline.waves).name if baseline.waves else baseline.label
