"""kpis.json: every KPI with its findings and figures, as the contract has it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypeVar, cast

from transforms.contract import (
    CONTRACT_VERSION,
    Figure,
    Finding,
    KpiEntry,
    KpisFile,
    MeasureEntry,
    RecordBreak,
    RecordChange,
    RecordEntry,
    RecordFigure,
    Row,
    SurveyEntry,
)
from transforms.wording import MARKER_MEANINGS
from warehouse.publication.read import Rows
from warehouse.site.facts import MeasureFacts, PlanKpi, Published, SurveyFacts
from warehouse.site.links import kpi_path
from warehouse.site.record_facts import RecordFacts

R = TypeVar("R", bound=Row)
S = TypeVar("S", bound=Row)


def kpis_text(published: Published, rows: Rows) -> str:
    """Return kpis.json."""
    held = kpis_file(published, rows).model_dump(mode="json")
    return json.dumps(held, ensure_ascii=False, separators=(",", ":")) + "\n"


def kpis_file(published: Published, rows: Rows) -> KpisFile:
    """Return what kpis.json says."""
    figures = _by("measure", rows.estimates, Figure)
    findings = _by("kpi", rows.kpis, Finding)
    records = [(facts, _record(facts, rows)) for facts in published.records]
    return KpisFile(
        contract=CONTRACT_VERSION,
        survey=_survey(published.survey),
        release=rows.release,
        markers=dict(MARKER_MEANINGS),
        kpis=tuple(
            _kpi(
                kpi,
                published,
                findings.get(kpi.kpi, ()),
                figures.get(kpi.measure, ()),
                [one for facts, one in records if kpi.kpi in facts.kpis],
            )
            for kpi in published.kpis
        ),
    )


def _survey(facts: SurveyFacts) -> SurveyEntry:
    held = asdict(facts)
    named = {name: held[name] for name in SurveyEntry.model_fields if name in held}
    return SurveyEntry(**named, declaration=facts.survey_version)


def _kpi(
    kpi: PlanKpi,
    published: Published,
    findings: Sequence[Finding],
    figures: Sequence[Figure],
    records: Sequence[RecordEntry],
) -> KpiEntry:
    return KpiEntry.model_validate(
        {
            **{name: getattr(kpi, name) for name in ("kpi", "section", "section_title")},
            **{name: getattr(kpi, name) for name in ("title", "statement", "owner")},
            "required_direction": kpi.required_direction,
            "page": kpi_path(kpi),
            "measure": _measure(published.measures[kpi.measure]),
            "findings": tuple(findings),
            "figures": tuple(figures),
            "records": tuple(records),
        }
    )


def _measure(facts: MeasureFacts) -> MeasureEntry:
    return MeasureEntry(
        measure=facts.measure,
        label=facts.label,
        question=facts.question,
        base=facts.base_label,
        unit=facts.scale.unit or "proportion",
        lowest=facts.scale.lowest,
        highest=facts.scale.highest,
    )


def _record(facts: RecordFacts, rows: Rows) -> RecordEntry:
    named = ("series", "title", "quantity", "unit", "supplied_by", "supplied", "simulated")
    held = {name: getattr(facts, name) for name in (*named, "source", "licence", "note")}
    return RecordEntry(
        **held,
        source_kind=facts.kind,
        breaks=tuple(RecordBreak(**asdict(one)) for one in facts.breaks),
        figures=_by("series", rows.records, RecordFigure).get(facts.series, ()),
        changes=_by("series", rows.record_changes, RecordChange).get(facts.series, ()),
    )


def _by(name: str, rows: Sequence[R], model: type[S]) -> Mapping[str, tuple[S, ...]]:
    """Return the rows by a field of theirs, without the fields that `model` does not have."""
    found: dict[str, list[S]] = defaultdict(list)
    for row in rows:
        held = {field: getattr(row, field) for field in model.model_fields}
        found[getattr(row, name)].append(cast("S", model.model_construct(**held)))
    return {key: tuple(held) for key, held in found.items()}
