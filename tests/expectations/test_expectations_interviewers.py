"""Whether an area's change hangs on one interviewer: found where it does, and only there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from defects import fieldwork
from defects.clean import WAVE, facts_before
from supplier_files import File

from expectations.wave import wave_charts
from expectations.wave.figures import Examined, WaveFacts
from expectations.wave.interviewers import interviewer_figures
from transforms.catalogue import Break, Survey
from transforms.decode import decode
from transforms.fieldwork.influence import interviewer_totals
from transforms.wave import process_wave

SURVEY = fieldwork.survey()


def facts(file: File) -> WaveFacts:
    responses = decode(file.raw, SURVEY, WAVE)
    tables = process_wave(responses, responses.respondents["serial"], SURVEY)
    return WaveFacts(WAVE, tables, interviewer_totals(responses, tables, SURVEY))


@cache
def clean() -> WaveFacts:
    return facts(fieldwork.clean())


@cache
def lifted() -> tuple[WaveFacts, frozenset[str]]:
    """An area lifted by the interviewer with most interviews there, and whom they interviewed."""
    file = fieldwork.clean()
    south = file.rows[file.rows["area"] == 2]
    most = south["interviewer"].value_counts().sort_index().idxmax()
    rows = south.index[south["interviewer"] == most]
    file.rows.loc[rows, "Q1"] = 1.0
    return facts(file), frozenset(file.rows.loc[rows, "serial"].map("{:.0f}".format))


def test_what_interviewers_bring_adds_up_to_the_area(clean_totals):
    """The sums of all interviewers are those the estimate is made of."""
    found = clean().interviewers.groupby(["measure", "domain", "domain_value"])[["y", "x"]].sum()
    for cell, row in found.iterrows():
        assert row.tolist() == pytest.approx(clean_totals.loc[cell, ["y", "x"]].tolist())


@pytest.fixture
def clean_totals() -> pd.DataFrame:
    totals = clean().tables["estimate.total"]
    return totals.set_index(["measure", "domain", "domain_value"])


def test_sound_interviewers_are_shown_and_none_is_warned_of():
    examined = Examined(clean(), facts_before(), SURVEY)
    (figure,) = interviewer_figures(examined)
    (chart,) = wave_charts(examined)
    assert figure.value == 0
    assert sum(bar.length for bar in chart.bars) == len(clean().interviewers)


def test_the_interviewer_who_lifts_an_area_is_found_by_the_respondents():
    now, serials = lifted()
    (figure,) = interviewer_figures(Examined(now, facts_before(), SURVEY))
    assert figure.value == 1
    assert figure.finding.startswith(
        "A change since 2026-Q3 hangs on one interviewer: Confident in the local police, South: +"
    )
    assert len(figure.serials) == 20 and set(figure.serials) <= serials


def test_across_a_break_no_change_hangs_on_anybody():
    now, _ = lifted()
    item = SURVEY.items["confidence"]
    broken = item.model_copy(update={"breaks": (Break(wave=WAVE, reason="new wording"),)})
    asked = SURVEY.questionnaire.model_copy(
        update={"items": {**SURVEY.items, "confidence": broken}}
    )
    survey: Survey = SURVEY.model_copy(update={"questionnaire": asked})
    (figure,) = interviewer_figures(Examined(now, facts_before(), survey))
    assert figure.value == 0


def test_without_a_wave_before_they_are_only_shown():
    alone = Examined(clean(), None, SURVEY)
    assert list(interviewer_figures(alone)) == []
    assert len(wave_charts(alone)) == 1


@pytest.mark.parametrize("kept", [None, 0, 3])
def test_of_few_interviewers_or_none_nothing_is_said(kept):
    totals = clean().interviewers
    names = sorted(totals["interviewer"].unique())[: kept or 0]
    few = None if kept is None else totals[totals["interviewer"].isin(names)]
    examined = Examined(replace(clean(), interviewers=few), facts_before(), SURVEY)
    assert list(interviewer_figures(examined)) == []
    assert wave_charts(examined) == ()
