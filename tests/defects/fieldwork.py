"""The survey of `clean` with more questions and with what says how interviews were held.

The further columns are drawn by streams of their own: the others are those of `clean`. Four of
them go together, each from one leaning of the person: three opinions, and contact with the police.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from builders import AGREEMENT, YES_NO
from simulated_survey import simulated_survey
from supplier_files import File, as_labelled

from defects import clean as plain
from expectations.wave.figures import WaveFacts
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


OPINIONS = ("opinion_1", "opinion_2", "opinion_3")
LEANING = {
    **{name: {**_view(place), "label": f"Opinion {place}"} for place, name in enumerate(OPINIONS)},
    "contact": {
        "label": "Contact with the police",
        "question": "In the last 12 months, have you been in contact with the police?",
        "codes": YES_NO,
        "missing": plain.MISSING,
    },
    "advice": {
        "label": "Advice on crime prevention",
        "question": "In the last 12 months, have you had advice on how to prevent crime?",
        "codes": YES_NO,
        "missing": plain.MISSING,
    },
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
    more = {**MORE_ITEMS, **LEANING}
    items = {**plainly.items, **{name: Item.model_validate(i) for name, i in more.items()}}
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
    return drawn.assign(Q8=before["Q8"], **_leanings(len(drawn), wave))


def _leanings(rows: int, wave: str) -> dict[str, np.ndarray]:
    """Answers that go together: a leaning of the person, and a part of each question's own."""
    rng = np.random.default_rng([515, int(wave[-1])])
    leaning = rng.normal(size=rows)
    said = {name: leaning + rng.normal(scale=0.8, size=rows) for name in (*OPINIONS, "contact")}
    cuts = {name: [-1.4, -0.4, 0.5, 1.5] for name in OPINIONS} | {"contact": [0.1]}
    advice = 1.0 + (rng.random(rows) > 0.38)
    return {name: 1.0 + np.digitize(said[name], cuts[name]) for name in said} | {"advice": advice}


@cache
def facts_before() -> WaveFacts:
    return plain.facts_of(clean(plain.BEFORE), survey(), plain.BEFORE)


def clean(wave: str = plain.WAVE) -> File:
    """A clean return of a wave."""
    variables = {item.variable: as_labelled(item) for item in survey().items_in(wave)}
    return File(_rows(wave).copy(), variables, f"small_{wave}.sav")
