"""The survey of `clean` with more questions and with what says how interviews were held.

The further columns are drawn by streams of their own: the others are those of `clean`.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
from builders import AGREEMENT
from simulated_survey import simulated_survey
from supplier_files import File, as_labelled

from defects import clean as plain
from transforms.catalogue import InterviewRule, Item, Survey
from transforms.simulation import simulate_wave

VIEWS = tuple(f"view_{number}" for number in range(1, 13))
BATTERY = VIEWS[:6]
HELD = {
    "interviewer": {"label": "Interviewer", "type": "identifier"},
    "began": {"label": "Beginning of the interview", "type": "date"},
    "minutes": {"label": "Length of the interview", "type": "number", "minimum": 1},
}


def _view(number: int) -> dict[str, object]:
    return {
        "label": f"View {number}",
        "question": f"Statement {number}. Do you agree or disagree?",
        "codes": AGREEMENT,
        "missing": plain.MISSING,
    }


MORE_ITEMS = {**{name: _view(place) for place, name in enumerate(VIEWS, 1)}, **HELD}
INTERVIEWS = {
    "interviewer": "interviewer",
    "start": "began",
    "minutes": "minutes",
    "batteries": {"views": BATTERY},
}
TENDENCY = {
    "level": 0.55,
    "answers": {"strongly_agree": 2, "tend_to_agree": 3},
    "others": {"neither": 2, "tend_to_disagree": 2, "strongly_disagree": 1},
    "missing": {"dont_know": 0.03},
}


@cache
def survey() -> Survey:
    """The survey with the further questions, and interviews declared."""
    plainly = plain.survey()
    items = {**plainly.items, **{name: Item.model_validate(i) for name, i in MORE_ITEMS.items()}}
    rule = InterviewRule.model_validate(INTERVIEWS)
    return plainly.model_copy(
        update={
            "questionnaire": plainly.questionnaire.model_copy(update={"items": items}),
            "about": plainly.about.model_copy(update={"interviews": rule}),
        }
    )


@cache
def _rows(wave: str) -> pd.DataFrame:
    items = {**plain.MORE_ITEMS, **MORE_ITEMS}
    simulation = {
        "fieldwork": {
            **plain.SIMULATION["fieldwork"],
            **{"interviewer": "interviewer", "start": "began", "minutes": "minutes"},
        },
        "tendencies": {**plain.SIMULATION["tendencies"], **dict.fromkeys(VIEWS, TENDENCY)},
    }
    changes = {**plain.CHANGES, "questionnaire": {"items": items}}
    drawn = simulate_wave(simulated_survey(simulation, changes), wave).rows
    before = plain.clean(wave).rows
    assert drawn[before.columns.drop("Q8")].equals(before.drop(columns="Q8"))
    return drawn.assign(Q8=before["Q8"])


def clean(wave: str = plain.WAVE) -> File:
    """A clean return of a wave."""
    variables = {item.variable: as_labelled(item) for item in survey().items_in(wave)}
    return File(_rows(wave).copy(), variables, f"small_{wave}.sav")
