"""A declaration as far as it could be understood, so that the rest of it can still be checked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from transforms.catalogue.base import Slug
from transforms.catalogue.checked import Accepted, CheckRule
from transforms.catalogue.interviews import InterviewRule
from transforms.catalogue.kpis import HEADLINE, Comparison, Kpi, Section
from transforms.catalogue.margins import Margin
from transforms.catalogue.measures import Chain, Domain, Measure
from transforms.catalogue.mistakes import SourceFile
from transforms.catalogue.questionnaire import BoundItem, Item
from transforms.catalogue.records import RecordSeries
from transforms.catalogue.returns import ReturnRule
from transforms.catalogue.samples import Sample
from transforms.catalogue.simulation import Simulation
from transforms.catalogue.survey import (
    Calibration,
    DesignRule,
    Fieldwork,
    ReplicateRule,
    RollingYear,
    TrendRule,
    WaveList,
)
from transforms.waves import Wave

Kind = TypeVar("Kind")

Entries = Mapping[str, Kind | None]
"""Declared things by name; None where the thing itself is mistaken."""


@dataclass(frozen=True)
class Draft:
    """Each part of a declaration; None where it is missing, or mistaken in itself.

    A mistake in one entry leaves its name known: what refers to it is not a second mistake.
    """

    files: Mapping[str, SourceFile]
    margins: Entries[Margin]

    def source(self, file: str) -> SourceFile:
        """Return a file as read; an empty one where there is none."""
        return self.files.get(file, SourceFile(file, readable=False))

    @cached_property
    def wave_list(self) -> WaveList | None:
        """Where the waves come from."""
        return self._survey_part("waves", WaveList)

    @cached_property
    def waves(self) -> tuple[Wave, ...] | None:
        """Every declared wave."""
        if self.wave_list is None or (self.wave_list.quarters and self.wave_list.listed):
            return None
        try:
            return self.wave_list.all or None
        except ValueError:
            return None

    @cached_property
    def wave_names(self) -> tuple[str, ...]:
        """Every declared wave's name; none where they are not known."""
        return tuple(wave.name for wave in self.waves or ())

    @cached_property
    def returns(self) -> ReturnRule | None:
        """How a return is recognised."""
        return self._survey_part("returns", ReturnRule)

    @cached_property
    def design(self) -> DesignRule | None:
        """The sampling design."""
        return self._survey_part("design", DesignRule)

    @cached_property
    def samples(self) -> Entries[Sample]:
        """The declared samples by name; none where survey.yaml declares none."""
        return self._entries("survey.yaml", "samples", Sample) or {}

    @cached_property
    def calibration(self) -> Calibration | None:
        """What the weights are calibrated to."""
        return self._survey_part("calibration", Calibration)

    @cached_property
    def replicates(self) -> ReplicateRule | None:
        """The replicate weights."""
        return self._survey_part("replicates", ReplicateRule)

    @cached_property
    def checks(self) -> CheckRule | None:
        """What waves are checked for."""
        return self._survey_part("checks", CheckRule)

    @cached_property
    def interviews(self) -> InterviewRule | None:
        """How interviews were held."""
        return self._survey_part("interviews", InterviewRule)

    @cached_property
    def accepted(self) -> tuple[Accepted, ...] | None:
        """The warnings that are accepted."""
        return self._survey_part("accepted", tuple[Accepted, ...])

    @cached_property
    def fieldwork(self) -> Mapping[str, Fieldwork]:
        """What is reported of fieldwork, by wave; none where nothing is declared."""
        return self._survey_part("fieldwork", dict[str, Fieldwork]) or {}

    @cached_property
    def rolling_year(self) -> RollingYear | None:
        """The figures of four quarters together."""
        return self._survey_part("rolling_year", RollingYear)

    @cached_property
    def trend(self) -> TrendRule | None:
        """How slopes are formed."""
        return self._survey_part("trend", TrendRule)

    @cached_property
    def families(self) -> frozenset[str]:
        """The families of KPIs that may be named."""
        named = _mapping(self.source("kpis.yaml").content).get("families")
        return frozenset({HEADLINE, *(named if isinstance(named, dict) else {})})

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...] | None:
        """The comparisons that the survey makes."""
        return self._survey_part("comparisons", tuple[Comparison, ...])

    @cached_property
    def items(self) -> Entries[Item] | None:
        """Items by name."""
        return self._entries("questionnaire.yaml", "items", Item)

    @cached_property
    def domains(self) -> Entries[Domain] | None:
        """Domains by name."""
        return self._entries("measures.yaml", "domains", Domain)

    @cached_property
    def measures(self) -> Entries[Measure] | None:
        """Measures by name."""
        return self._entries("measures.yaml", "measures", Measure)

    @cached_property
    def chains(self) -> Entries[Chain] | None:
        """Chains of measures by name; None where there are none."""
        return self._entries("measures.yaml", "chains", Chain)

    @cached_property
    def sections(self) -> Entries[Section] | None:
        """Sections of the Plan by name."""
        return self._entries("kpis.yaml", "sections", Section)

    @cached_property
    def kpis(self) -> Entries[Kpi] | None:
        """KPIs by name."""
        return self._entries("kpis.yaml", "kpis", Kpi)

    @cached_property
    def record_series(self) -> Entries[RecordSeries] | None:
        """Series of records by name; None where there are none."""
        return self._entries("series.yaml", "series", RecordSeries)

    @cached_property
    def areas_by_code(self) -> Mapping[str, str]:
        """The label of each area of a domain, by its ONS code."""
        domains = [domain for domain in (self.domains or {}).values() if domain is not None]
        return {
            value.area_code: value.label
            for domain in domains
            for value in domain.values.values()
            if value.area_code
        }

    @cached_property
    def simulation(self) -> Simulation | None:
        """The truth to simulate from."""
        return _valid(Simulation, self.source("simulation.yaml").content)

    @cached_property
    def margins_in_use(self) -> tuple[Margin, ...]:
        """The margins that weights are calibrated to, as far as they are known."""
        names = self.calibration.margins if self.calibration else ()
        margins = [self.margins.get(name) for name in dict.fromkeys(names)]
        return tuple(margin for margin in margins if margin is not None)

    @cached_property
    def calibrated_domains(self) -> frozenset[str] | None:
        """The domains that the margins in use are made of; None where one is not understood."""
        names = set(self.calibration.margins) if self.calibration else set()
        if not names or len(self.margins_in_use) < len(names):
            return None
        return frozenset(name for margin in self.margins_in_use for name in margin.variables)

    @cached_property
    def margin_domains(self) -> frozenset[str] | None:
        """The domains that any margin is made of; None where a margin is not understood."""
        margins = [margin for margin in self.margins.values() if margin is not None]
        if len(margins) < len(self.margins):
            return None
        return frozenset(name for margin in margins for name in margin.variables)

    @property
    def declares_calibration(self) -> bool:
        """True unless survey.yaml is understood and calibrates to nothing."""
        source = self.source("survey.yaml")
        return not source.readable or _mapping(source.content).get("calibration") is not None

    def item(self, name: str | None) -> Item | None:
        """Return an item; None where it is unknown or mistaken."""
        return (self.items or {}).get(name or "")

    def bound(self, name: str, wave: str) -> BoundItem:
        """Return an item as it stands in a wave; KeyError where it is unknown or mistaken."""
        item = self.item(name)
        if item is None:
            raise KeyError(name)
        return item.as_in(wave, name, self.wave_names)

    def domain(self, name: str) -> Domain | None:
        """Return a domain; None where it is unknown or mistaken."""
        return (self.domains or {}).get(name)

    def measure(self, name: str | None) -> Measure | None:
        """Return a measure; None where it is unknown or mistaken."""
        return (self.measures or {}).get(name or "")

    def waves_asking(self, item: str) -> tuple[str, ...]:
        """Return the names of the waves that ask an item, in order of time."""
        declared = self.item(item)
        return declared.waves_asking(self.wave_names) if declared else ()

    def _survey_part(self, key: str, kind: type[Kind]) -> Kind | None:
        return _valid(kind, _mapping(self.source("survey.yaml").content).get(key))

    def _entries(self, file: str, key: str, kind: type[Kind]) -> Entries[Kind] | None:
        declared = _mapping(self.source(file).content).get(key)
        if not isinstance(declared, dict):
            return None
        return {str(name): _valid_entry(kind, name, part) for name, part in declared.items()}


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _mapping(content: object) -> Mapping[Any, object]:
    return content if isinstance(content, dict) else {}


def _valid(kind: type[Kind], content: object) -> Kind | None:
    try:
        valid: Kind = _adapter(cast(Hashable, kind)).validate_python(content)
    except ValidationError:
        return None
    return valid


def _valid_entry(kind: type[Kind], name: object, content: object) -> Kind | None:
    return None if _valid(Slug, name) is None else _valid(kind, content)
