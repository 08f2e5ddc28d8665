"""A survey as declared: who runs it, its waves, design, weighting and rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, TrueFalse, WebAddress
from transforms.catalogue.checked import Accepted, CheckRule
from transforms.catalogue.interviews import InterviewRule
from transforms.catalogue.kpis import Comparison, Kpi, Kpis, Section
from transforms.catalogue.margins import Margin, MarginName
from transforms.catalogue.measures import Chain, Domain, Measure, Measures
from transforms.catalogue.questionnaire import BoundItem, Item, Questionnaire
from transforms.catalogue.records import RecordFigure, RecordsFile
from transforms.catalogue.returns import Reading, ReturnRule
from transforms.catalogue.samples import Sample
from transforms.catalogue.simulation import Simulation
from transforms.waves import Wave, quarters


class Quarters(Declared):
    """Waves that are calendar quarters, from the first to the last."""

    first: str
    last: str


class WaveList(Declared):
    """Where the waves come from: every calendar quarter of a span, or a list."""

    quarters: Quarters | None = None
    listed: tuple[Wave, ...] | None = Field(
        default=None, description="waves one by one, in order of time"
    )

    @cached_property
    def all(self) -> tuple[Wave, ...]:
        """Every declared wave, in order of time."""
        if self.quarters is not None:
            return quarters(self.quarters.first, self.quarters.last)
        return self.listed or ()


class DesignRule(Declared):
    """The sampling design: which items carry it, and what to do with its awkward cases."""

    serial: Slug = Field(description="the item that identifies a respondent within a return")
    stratum: Slug | None = None
    psu: Slug | None = Field(
        default=None, description="primary sampling unit; left out: each respondent is one"
    )
    weight: tuple[Slug, ...] = Field(
        min_length=1, description="the design weight is the product of these items"
    )
    invalid_weight: Literal["reject_return", "leave_out_row"] = "reject_return"
    population_psus: Slug | None = Field(
        default=None,
        description="the item with the number of sampling units that the stratum's were drawn "
        "from: the finite population correction; left out: none",
    )
    lonely_psu: Literal["fail", "centre", "certainty", "average"] = Field(
        default="fail", description="what to do with a stratum of which one unit was drawn"
    )
    psu_names: Literal["unique", "used_again"] = Field(
        default="unique",
        description="used_again: every wave draws new sampling units, but their names may repeat; "
        "unique: a unit named in two waves would be the same, and such waves are not combined",
    )


Span = tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
"""The smallest and the largest ratio allowed: below and above 1."""


class Trim(Declared):
    """Limits on the weights, which are calibrated again until they meet both: one of the two."""

    ratio_to_mean: Span | None = Field(
        default=None, description="smallest and largest weight / mean weight"
    )
    ratio_to_design: Span | None = Field(
        default=None, description="smallest and largest calibrated / design weight, both scaled"
    )


class Calibration(Declared):
    """How design weights are changed until they add up to the control totals."""

    margins: tuple[Slug, ...] = Field(min_length=1)
    method: Literal["raking", "linear", "logit", "truncated"] = Field(
        default="raking", description="how the distance from the design weights is measured"
    )
    bounds: Span | None = Field(
        default=None,
        description="of logit and truncated: smallest and largest calibrated / design weight, "
        "the design weights scaled to the population",
    )
    trim: Trim | None = None
    missing_margin_value: Literal["refuse", "own_category", "impute"] = Field(
        default="refuse",
        description="a respondent without a value of a margin: refuse the return, take such "
        "respondents as a category of their own, or give them, for weighting only, the value of "
        "a respondent alike",
    )
    merge: Mapping[Slug, tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...]] = Field(
        default_factory=dict,
        description="for a margin: lists of categories that are weighted as one; a crossed "
        "category is written with ' × ' between its values",
    )
    tolerance: float = Field(
        default=1e-10,
        gt=0,
        le=1e-6,
        description="largest relative distance of a weighted total from its control total",
    )
    max_iterations: int = Field(default=1000, ge=1)


class ReplicateRule(Declared):
    """Replicate weights: which replicates are made, and what becomes of one without a category."""

    method: Literal["bootstrap", "jackknife"] = Field(
        default="bootstrap",
        description="bootstrap: draw sampling points again; jackknife: leave each out once",
    )
    count: int | None = Field(
        default=None, ge=50, description="of a bootstrap: how many; 500 unless declared"
    )
    lost_category: Literal["redraw", "half_step", "refuse"] | None = Field(
        default=None,
        description="a replicate without a respondent in a margin's category: redraw it (the "
        "default of a bootstrap), let all replicates go half way, or refuse the wave (the default "
        "of a jackknife)",
    )

    @property
    def replicates(self) -> int:
        """How many replicates a bootstrap draws."""
        return self.count or 500

    @property
    def lost(self) -> Literal["redraw", "half_step", "refuse"]:
        """The rule for a lost category, as declared or by default."""
        return self.lost_category or ("redraw" if self.method == "bootstrap" else "refuse")


class EstimationRule(Declared):
    """How intervals and variances are formed."""

    interval: Literal["korn_graubard", "logit", "wilson"] = "korn_graubard"
    confidence: float = Field(default=0.95, gt=0, lt=1)
    leverage: TrueFalse = Field(
        default=True, description="divide calibration residuals by √(1 − leverage)"
    )


class RollingYear(Declared):
    """Four quarters pooled into one figure: published beside each quarter."""

    factors: Literal["equal", "population"] = Field(
        default="equal",
        description="equal: each quarter counts alike; population: each as its weights add up",
    )
    fewest_waves: int = Field(
        default=4,
        ge=2,
        le=4,
        description="quarters that must be there; where fewer than four will do, a year is only "
        "compared with one of the same quarters",
    )


class TrendRule(Declared):
    """How the slope of a measure over single waves is formed."""

    quarter_effects: TrueFalse = Field(
        default=False, description="take effects of the quarter of the year out, from 8 waves on"
    )


class DisclosureRule(Declared):
    """What is withheld because it could say something about a person."""

    minimum_count: int = Field(default=5, ge=1)


class ReliabilityRule(Declared):
    """What is withheld or marked because it says too little."""

    minimum_base: int = Field(default=50, ge=1, description="below it the estimate is withheld")
    minimum_df: int = Field(default=8, ge=1, description="below it the estimate is marked")
    maximum_width: float = Field(
        default=0.30, gt=0, description="a wider interval is marked; 0.30 is 30 points"
    )


class KeepingRule(Declared):
    """How long what a run leaves is kept."""

    builds: int = Field(default=12, ge=2, description="the newest complete builds")
    respondents_for_months: int | None = Field(
        default=None,
        ge=1,
        description="after a wave's last day; then its totals and figures alone are kept; left "
        "out: respondents are kept",
    )


class Fieldwork(Declared):
    """What the supplier reports of a wave's fieldwork, of all its samples together."""

    issued: int = Field(ge=1, description="addresses or people that were to be interviewed")
    not_eligible: int = Field(
        default=0, ge=0, description="those found outside the population, such as empty homes"
    )


class SurveyFile(Declared):
    """survey.yaml."""

    title: str
    run_by: str
    fieldwork_by: str
    covers: str = Field(description="the population the estimates speak of, in words")
    whole: str = Field(description="what the whole population is called, such as the force's name")
    simulated: TrueFalse = Field(description="true: every figure says that it is simulated")
    illustrative: str | None = Field(
        default=None, description="a sentence published wherever the questionnaire or a KPI is"
    )
    waves: WaveList
    fieldwork: Mapping[str, Fieldwork] = Field(
        default_factory=dict, description="by wave, what response is reckoned from"
    )
    returns: ReturnRule
    design: DesignRule
    samples: Mapping[Slug, Sample] = Field(
        default_factory=dict,
        description="where a wave has several files: its samples by name, the main one first; "
        "left out: one sample, main",
    )
    calibration: Calibration | None = None
    replicates: ReplicateRule | None = Field(
        default=None, description="replicate weights for analysts; none unless declared"
    )
    estimation: EstimationRule = EstimationRule()
    rolling_year: RollingYear | None = Field(
        default=None, description="figures of four quarters together; none unless declared"
    )
    comparisons: tuple[Comparison, ...] = Field(min_length=1)
    trend: TrendRule = TrendRule()
    significance_level: float = Field(default=0.05, gt=0, lt=1)
    disclosure: DisclosureRule = DisclosureRule()
    reliability: ReliabilityRule = ReliabilityRule()
    keeping: KeepingRule = KeepingRule()
    checks: CheckRule = CheckRule()
    interviews: InterviewRule = InterviewRule()
    accepted: tuple[Accepted, ...] = Field(
        default=(), description="warnings that a person has looked at and accepted"
    )
    method_note: str | None = Field(
        default=None, description="what a reader must know of the method, published with it"
    )
    sources: tuple[str, ...] = Field(default=(), description="citations published with the figures")
    contact: str | None = Field(
        default=None, description="whom readers may ask: a name, an e-mail address, a number"
    )
    address: WebAddress | None = Field(
        default=None,
        description="where the public folder is served, for links from elsewhere, without a slash "
        "at its end: https://example.org/perceptions",
    )


class Survey(Declared):
    """Everything declared about one survey; all names in it are known to fit together."""

    name: Slug
    about: SurveyFile
    questionnaire: Questionnaire
    measured: Measures
    margins: Mapping[MarginName, Margin]
    plan: Kpis
    simulation: Simulation | None = None
    records: RecordsFile = RecordsFile(series={})
    record_figures: Mapping[Slug, tuple[RecordFigure, ...]] = Field(
        default_factory=dict, description="of each series whose figures have been supplied"
    )
    digest: str = Field(description="sha256 of the declaration's files: its version")

    @property
    def waves(self) -> tuple[Wave, ...]:
        """Every declared wave, in order of time."""
        return self.about.waves.all

    @property
    def wave_names(self) -> tuple[str, ...]:
        """Every declared wave's name, in order of time."""
        return tuple(wave.name for wave in self.waves)

    @property
    def items(self) -> Mapping[str, Item]:
        """Items by name."""
        return self.questionnaire.items

    @property
    def domains(self) -> Mapping[str, Domain]:
        """Domains by name."""
        return self.measured.domains

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Measures by name."""
        return self.measured.measures

    @property
    def means(self) -> Mapping[str, tuple[float, float]]:
        """The lowest and the highest possible value of each measure that is a mean."""
        return {name: one.limits for name, one in self.measures.items() if one.kind == "mean"}

    @property
    def chains(self) -> Mapping[str, Chain]:
        """Chains of measures by name."""
        return self.measured.chains

    @property
    def sections(self) -> Mapping[str, Section]:
        """Sections of the Plan, in order."""
        return self.plan.sections

    @property
    def kpis(self) -> Mapping[str, Kpi]:
        """KPIs by name."""
        return self.plan.kpis

    def wave(self, name: str) -> Wave:
        """Return the wave called `name`; KeyError where it is not declared."""
        for wave in self.waves:
            if wave.name == name:
                return wave
        raise KeyError(name)

    def asks(self, item: str, wave: str) -> bool:
        """True where `wave` asks `item`."""
        return wave in self.items[item].waves_asking(self.wave_names)

    def items_in(self, wave: str) -> tuple[BoundItem, ...]:
        """Return the items that `wave` asks, as they stand in it."""
        return tuple(self.item_in(name, wave) for name in self.items if self.asks(name, wave))

    def due(self, wave: Wave) -> date:
        """Return the day by which a wave's return is due: its last, unless days are declared."""
        return wave.end + timedelta(days=self.about.returns.due_after or 0)

    def item_in(self, name: str, wave: str) -> BoundItem:
        """Return the item called `name` as it stands in `wave`."""
        reading = self.reading_of(wave)
        spelling = {"decimal": reading.decimal, "dates": reading.dates}
        return self.items[name].as_in(wave, name, self.wave_names).model_copy(update=spelling)

    def reading_of(self, wave: str | None) -> Reading:
        """Return how the wave's return is written; None: of a wave not known yet."""
        rule = self.about.returns
        return rule.reading_in_wave.get(wave, rule.reading) if wave else rule.reading

    def margins_in_use(self, wave: str | None = None) -> tuple[Margin, ...]:
        """Return the margins a wave's weights are calibrated to; none where they are not.

        Each in the edition that holds in `wave`; None: in its first.
        """
        rule = self.about.calibration
        return tuple(self._edition(name, wave) for name in rule.margins) if rule else ()

    def editions(self) -> tuple[Margin, ...]:
        """Return every edition of the margins in use, in the order of the margins and of time."""
        named = self.about.calibration.margins if self.about.calibration else ()
        order = [None, *(wave.name for wave in self.waves)]
        every = (margin for margin in self.margins.values() if margin.margin in named)
        return tuple(
            sorted(every, key=lambda one: (named.index(one.margin), order.index(one.from_wave)))
        )

    def _edition(self, name: str, wave: str | None) -> Margin:
        order = [known.name for known in self.waves]
        until = order.index(wave) if wave is not None else -1
        held = [
            margin
            for margin in self.editions()
            if margin.margin == name
            and (margin.from_wave is None or order.index(margin.from_wave) <= until)
        ]
        return held[-1].model_copy(update={"name": name})

    def breaks_of(self, measure: str) -> tuple[str, ...]:
        """Return the waves at which the measure's series breaks.

        By its own breaks, its item's, or those of the measure whose base it takes over.
        """
        declared = self.measures[measure]
        breaks = (*declared.breaks, *self.items[declared.item].breaks)
        before = self.breaks_of(declared.base_of) if declared.base_of else ()
        return (*(broken.wave for broken in breaks), *before)
