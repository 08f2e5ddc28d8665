"""The survey's declaration: what is asked, measured, weighted to and promised."""

from transforms.catalogue.base import CodeValue, Declared
from transforms.catalogue.checked import Accepted, CheckRule
from transforms.catalogue.interviews import InterviewRule
from transforms.catalogue.kpis import HEADLINE, Adjustment, Baseline, Comparison, Kpi, Section
from transforms.catalogue.margins import ControlTotal, Margin
from transforms.catalogue.measures import Chain, Domain, DomainSource, DomainValue, Measure, Step
from transforms.catalogue.questionnaire import (
    BoundItem,
    Break,
    Code,
    Item,
    MissingCode,
    MissingReason,
)
from transforms.catalogue.records import RecordFigure, RecordSeries, SeriesBreak
from transforms.catalogue.returns import Reading
from transforms.catalogue.samples import MAIN, Sample
from transforms.catalogue.simulation import Simulation
from transforms.catalogue.survey import (
    Calibration,
    DesignRule,
    DisclosureRule,
    EstimationRule,
    ReliabilityRule,
    ReplicateRule,
    RollingYear,
    Survey,
    SurveyFile,
    Trim,
)

__all__ = [
    "HEADLINE",
    "MAIN",
    "Accepted",
    "Adjustment",
    "Baseline",
    "BoundItem",
    "Break",
    "Calibration",
    "Chain",
    "CheckRule",
    "Code",
    "CodeValue",
    "Comparison",
    "ControlTotal",
    "Declared",
    "DesignRule",
    "DisclosureRule",
    "Domain",
    "DomainSource",
    "DomainValue",
    "EstimationRule",
    "InterviewRule",
    "Item",
    "Kpi",
    "Margin",
    "Measure",
    "MissingCode",
    "MissingReason",
    "Reading",
    "RecordFigure",
    "RecordSeries",
    "ReliabilityRule",
    "ReplicateRule",
    "RollingYear",
    "Sample",
    "Section",
    "SeriesBreak",
    "Simulation",
    "Step",
    "Survey",
    "SurveyFile",
    "Trim",
]
