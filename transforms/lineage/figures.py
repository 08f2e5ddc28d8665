"""A figure and all that it was made of, as the warehouse's views of lineage.* hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that is to be explained; `kpi` is None where it was asked for by its measure."""

    kpi: str | None
    measure: str
    period: str
    domain: str
    domain_value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A wave in a figure: a row of lineage.part."""

    wave: str
    factor: float
    y: float
    x: float
    var_y: float
    cov_yx: float
    var_x: float
    n: int
    n_y: int | None
    df: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as published and its sums: a row of lineage.figure; no parts where withheld."""

    period: str
    estimate: float | None
    standard_error: float | None
    ci_lower: float | None
    ci_upper: float | None
    unweighted_base: int | None
    effective_base: float | None
    df: float | None
    interval_method: str
    marker: str | None
    suppression_reason: str | None
    withheld_by: str | None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A KPI's status and what it rests on: a row of kpi.kpi."""

    title: str
    status: str
    evidence: str
    required_direction: str
    comparison: str
    compared_with: str | None
    difference: float | None
    difference_standard_error: float | None
    difference_df: float | None
    p_value: float | None
    adjusted_p: float | None
    family: str | None
    family_size: int | None
    adjustment: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A return that a wave is computed from: a row of lineage.source."""

    wave: str
    sample: str
    sha256: str
    file_name: str | None
    received_at: datetime | None
    row_count: int | None
    survey_version: str
    code_version: str
    rules: int
    passed: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on a return in use, and who accepted it: a row of lineage.finding."""

    wave: str
    file_name: str
    rule: str
    severity: str
    finding: str
    accepted: str | None


@dataclass(frozen=True, slots=True)
class Weighting:
    """How a wave's weights were calibrated: a row of survey.calibration."""

    wave: str
    method: str
    iterations: int
    largest_relative_gap: float
    respondents: int
    effective_base: float
    deff_kish: float
    smallest_weight: float
    largest_weight: float


@dataclass(frozen=True, slots=True)
class Lineage:
    """A figure, all that it was made of, and the figure it is compared with."""

    asked: Asked
    label: str
    group: str
    kind: str
    counts: tuple[str, ...]
    build: str
    judged: Judged | None
    figure: Figure
    before: Figure | None
    weightings: tuple[Weighting, ...]
    sources: tuple[Source, ...]
    superseded: tuple[str, ...]
    findings: tuple[Finding, ...]
