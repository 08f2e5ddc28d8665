"""The published database as frozen values: what each page speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms import wording
from transforms.estimation.totals import FORCE
from transforms.scales import SHARES, Scale
from transforms.waves import Wave
from warehouse.site.record_facts import RecordFacts

Cell = tuple[str, str, str]
"""A measure (or KPI), a domain and a value of it."""


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """The survey's row of ref.survey; None: the declaration's rule is not published."""

    survey: str
    title: str
    run_by: str
    fieldwork_by: str
    covers: str
    whole: str
    simulated: bool
    illustrative: str | None
    survey_version: str
    confidence: float | None
    significance_level: float | None
    minimum_count: int | None
    minimum_base: int | None
    method_note: str | None
    sources: list[str] | None
    address: str | None = None
    lacking: str | None = None
    contact: str | None = None

    @property
    def interval(self) -> str:
        """The name of the survey's intervals: "95% interval", or "interval" of unknown level."""
        return (
            "interval"
            if self.confidence is None
            else f"{wording.level_words(self.confidence)} interval"
        )

    @property
    def with_interval(self) -> str:
        """What stands beside each figure: "with 95% interval"; without, what is lacking."""
        return f"published without {self.lacking}" if self.lacking else f"with {self.interval}"

    def each(self, what: str) -> str:
        """Say that each figure has its interval, or that there are none to show."""
        if self.lacking:
            return f"Figures are published without {self.lacking}."
        return f"{what} with its {self.interval}."


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What a figure speaks of: a wave, a rolling year, or the waves of a baseline."""

    name: str
    kind: str
    wave: str
    waves: list[str]
    start: date
    end: date
    label: str

    @property
    def is_year(self) -> bool:
        """True of a rolling year, whether or not all its quarters have been held."""
        return self.kind == "rolling_year"

    @property
    def heading(self) -> str:
        """Its name as a heading, with its days where the name does not tell them."""
        name = wording.as_heading(self.label)
        days = wording.period_words(Wave(name=self.name, start=self.start, end=self.end))
        return f"{name} ({days})" if self.label == self.name else name


@dataclass(frozen=True, slots=True)
class PlanKpi:
    """A KPI as declared, with the section of the Plan it belongs to."""

    kpi: str
    section: str
    section_title: str
    title: str
    statement: str
    measure: str
    required_direction: str
    judged: str
    judged_by: dict[str, str]
    owner: str

    def judged_in(self, domain: str) -> str | None:
        """Return the comparison that judges the values of a domain; None where none does."""
        return self.judged if domain == FORCE[0] else self.judged_by.get(domain)


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure, its question, and the labels of the answers that count.

    `counted`: of a mean the labels of the answers, each with its score; None for a number.
    """

    measure: str
    label: str
    question: str | None
    base_label: str
    domains: list[str]
    counted: list[str] | None
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class DomainValue:
    """A value of a classification; `area_code`: its ONS code, where it is an area."""

    value: str
    label: str
    area_code: str | None


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """A classification of respondents with its values: areas by name, others as declared."""

    domain: str
    label: str
    values: tuple[DomainValue, ...]

    @property
    def is_area(self) -> bool:
        """True where values carry ONS codes."""
        return any(value.area_code is not None for value in self.values)

    @property
    def noun(self) -> str:
        """What one of its values is called in a sentence."""
        return "area" if self.is_area else "group"


@dataclass(frozen=True, slots=True)
class MarginFacts:
    """A margin the weights are calibrated to: its variables; each source with the day it is of."""

    variables: list[str]
    sources: list[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A published figure with its interval and base; each is None where it is withheld.

    `share`: a share, or a mean; `scale` says which, and how it is written.
    """

    period: PeriodFacts
    measure: str
    domain: str
    value: str
    label: str
    share: float | None
    lower: float | None
    upper: float | None
    base: int | None
    interval_method: str
    marker: str | None
    suppression_reason: str | None
    scale: Scale = SHARES

    @property
    def markers(self) -> tuple[str, ...]:
        """Every marker that belongs to the figure, `[low]` included."""
        low = self.share is not None and self.scale.rounds_to_zero(self.share)
        return (*wording.markers(self.marker), *(("[low]",) if low else ()))

    @property
    def breaks_series(self) -> bool:
        """True where the figure is not comparable with those before it."""
        return "[b]" in self.markers

    @property
    def is_incomplete(self) -> bool:
        """True where there is no figure because quarters of the period are missing."""
        is_missing = self.share is None and wording.withheld_marker(self.marker) == "[x]"
        return is_missing and self.period.kind != "wave"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure compared with an earlier one, an outside one or the rest of the force.

    `compared_with` is in words. `verdict` is None where none is given; `no_verdict_reason` says why
    there could be none.
    """

    period: PeriodFacts
    compared_with: str
    comparison: str
    measure: str
    domain: str
    value: str
    difference: float | None
    lower: float | None
    upper: float | None
    shared_waves: int
    role: str
    family_size: int | None
    adjustment: str | None
    detectable_change: float | None
    verdict: str | None
    no_verdict_reason: str | None
    marker: str | None
    suppression_reason: str | None
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class Slope:
    """The trend of a measure over its single waves: change of the figure per quarter of a year."""

    measure: str
    domain: str
    value: str
    first_wave: str
    last_wave: str
    waves: int
    seasonal: bool
    slope: float | None
    lower: float | None
    upper: float | None
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class Finding:
    """A KPI's status at a wave's release, for the force or a domain value, with its evidence."""

    kpi: str
    wave: str
    period: PeriodFacts
    domain: str
    value: str
    status: str
    evidence: str
    measurable_from: str | None
    comparison: str
    family_size: int | None
    adjustment: str | None
    detectable_change: float | None


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of a chain: the measures of who reached it, of all and of those at the step before."""

    label: str
    share_of_all: str
    share_of_previous: str | None


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """Questions that follow one another, each put to those whose answer before counted."""

    chain: str
    label: str
    steps: tuple[ChainStep, ...]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table of the database and what one row of it is."""

    name: str
    comment: str


@dataclass(frozen=True, slots=True)
class WaveQuality:
    """How much a wave's figures rest on: of all measures and groups.

    `people`, `effective`: the largest base of a measure of everybody, and its effective base.
    `figures`, `withheld`, `unreliable`: how many there are, are withheld, and are marked [u].
    `interviews`: those weighted; None of figures taken over. `issued`, `not_eligible`: cases, where
    the supplier's are declared. `findings`, `not_accepted`: of checks, and of those nobody's yet.
    """

    wave: str
    people: int | None
    effective: float | None
    figures: int
    withheld: int
    unreliable: int
    interviews: int | None = None
    issued: int | None = None
    not_eligible: int | None = None
    findings: int | None = None
    not_accepted: int | None = None

    @property
    def response(self) -> float | None:
        """Interviews as a share of eligible cases, 0 to 1; None where cases are not declared."""
        if self.interviews is None or self.issued is None:
            return None
        return self.interviews / (self.issued - (self.not_eligible or 0))


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding of a check that stands with a wave's figures; None: person and reason on record."""

    wave: str
    rule: str
    by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The release that the pages belong to, and the day it comes out in London."""

    number: int
    day: date
    corrects: int | None
    note: str | None
    revisions: int


@dataclass(frozen=True, slots=True)
class Published:
    """Everything the pages say; each tuple is in the declared order, each series in time's.

    `release`: None in a draft.
    """

    survey: SurveyFacts
    waves: tuple[Wave, ...]
    periods: Mapping[str, PeriodFacts]
    kpis: tuple[PlanKpi, ...]
    measures: Mapping[str, MeasureFacts]
    domains: tuple[DomainFacts, ...]
    margins: tuple[MarginFacts, ...]
    estimates: Mapping[Cell, tuple[Estimate, ...]]
    changes: Mapping[Cell, tuple[Change, ...]]
    slopes: Mapping[Cell, Slope]
    findings: Mapping[Cell, tuple[Finding, ...]]
    tables: tuple[TableFacts, ...]
    chains: tuple[ChainFacts, ...] = ()
    release: ReleaseFacts | None = None
    quality: tuple[WaveQuality, ...] = ()
    accepted: tuple[AcceptedFinding, ...] = ()
    records: tuple[RecordFacts, ...] = ()

    @property
    def has_years(self) -> bool:
        """True where the survey pools quarters into rolling years."""
        return any(period.is_year for period in self.periods.values())

    @property
    def areas(self) -> tuple[DomainFacts, ...]:
        """The classifications by area."""
        return tuple(domain for domain in self.domains if domain.is_area)
