"""A wave's figure, the bounds that it is to keep, and what is said where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import CheckRule, Survey
from transforms.validation import Drift, Severity

Tables = Mapping[str, pd.DataFrame]
"""A wave's rows by the name of the table they are rows of."""


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """A wave's rows of the tables that it is checked by."""

    wave: str
    tables: Tables


FACTS = ("survey.answer_count", "survey.stratum_count", "survey.calibration", "estimate.total")
"""The tables that the next wave is compared with."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A wave to be checked, and the one before it that is stored; None: there is none."""

    now: WaveFacts
    before: WaveFacts | None
    survey: Survey

    @property
    def rule(self) -> CheckRule:
        """The declared bounds."""
        return self.survey.about.checks

    def compared(self) -> tuple[WaveFacts, WaveFacts] | None:
        """Return the wave and the one before it; None where there is none."""
        return None if self.before is None else (self.now, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a wave. It is to lie from `lowest` to `highest`, or has no limit there."""

    rule: str
    title: str
    value: float
    finding: str
    expected: str
    remedy: str
    lowest: float | None = None
    highest: float | None = None
    severity: Severity = Severity.WARNING
    judged: bool = False
    variable: str | None = None
    drift: Drift | None = None
    paste: str = ""
