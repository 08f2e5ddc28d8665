"""Returns of any size: a simulated West Midlands wave, repeated, with more questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transforms.catalogue import Survey
from transforms.simulation import SimulatedReturn, simulate_wave
from warehouse.declaration import load_survey
from warehouse.supplier_file import write_return

WAVE = "2026-Q2"
ITEMS = 60
SEED = 20260427
MODEL = "local_confidence"


def long_survey() -> Survey:
    """The West Midlands survey with ITEMS items in the wave: one question is asked many times."""
    survey = load_survey("west_midlands")
    declared: dict[str, Any] = survey.model_dump()
    items = declared["questionnaire"]["items"]
    for number in range(1, ITEMS - len(survey.items_in(WAVE)) + 1):
        more = {"variable": f"MORE_{number}", "label": f"One more question, {number}"}
        items[f"more_{number}"] = {**items[MODEL], **more}
    return Survey.model_validate(declared)


def write_long_return(respondents: int, folder: Path) -> Path:
    """Write a return of so many respondents as a supplier would; sampling points are repeated."""
    survey = long_survey()
    wave = simulate_wave(load_survey("west_midlands"), WAVE).rows
    copies = -(-respondents // len(wave))
    rows = pd.concat([wave] * copies, ignore_index=True)
    copy = pd.Series(np.repeat(np.arange(copies), len(wave)))
    serial = survey.item_in(survey.about.design.serial, WAVE).variable
    point = survey.item_in(str(survey.about.design.psu), WAVE).variable
    rows[serial] = rows[serial] + copy * 10**7
    rows[point] = rows[point] + "-" + copy.astype("str")
    kept = np.linspace(0, len(rows) - 1, respondents).astype(np.int64)
    rows = rows.take(kept).reset_index(drop=True)
    return write_return(SimulatedReturn(WAVE, _with_more(rows, survey)), survey, folder)


def _with_more(rows: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return the rows with answers to the further questions: those to MODEL, shuffled."""
    shuffle = np.random.default_rng(SEED).permutation
    answers = rows[survey.item_in(MODEL, WAVE).variable].to_numpy()
    asked = [item.variable for item in survey.items_in(WAVE)]
    more = {variable: shuffle(answers) for variable in asked if variable not in rows}
    return pd.concat([rows, pd.DataFrame(more)], axis=1)[asked]
