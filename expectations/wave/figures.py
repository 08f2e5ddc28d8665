"""A wave to be checked, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import CheckRule, Survey
from transforms.fieldwork.influence import interviewer_totals
from transforms.responses import Responses
from transforms.ties import answers_given
from transforms.wave import process_wave

Tables = Mapping[str, pd.DataFrame]
"""A wave's rows by the name of the table they are rows of."""


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """A wave's rows of the tables that it is checked by.

    `interviewers`: what each adds to areas' figures (`interviewer_totals`); None: not kept.
    `given`: one row a respondent, what each answered (`answers_given`); None: not kept. `serials`:
    the respondents' serial numbers in the same order, of a return that is at hand.
    """

    wave: str
    tables: Tables
    interviewers: pd.DataFrame | None = None
    given: pd.DataFrame | None = None
    serials: pd.Series | None = None


def facts_of_wave(responses: Responses, respondent: pd.Series, survey: Survey) -> WaveFacts:
    """Weight and estimate a wave; return its rows, and what each respondent answered.

    `respondent`: names, as `process_wave` takes them; ReturnRejected where it cannot be weighted.
    """
    tables = process_wave(responses, respondent, survey)
    return WaveFacts(
        responses.wave,
        tables,
        interviewer_totals(responses, tables, survey),
        answers_given(responses, survey),
        responses.respondents["serial"],
    )


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
