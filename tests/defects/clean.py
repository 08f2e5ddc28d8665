"""The survey that the defects are put into, its clean returns, and the way of a return to findings.

The small survey with more questions: an agreement scale beside the first, a rare yes-or-no answer,
tenure, and trust from 0 to 10.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from builders import AGREEMENT, DONT_KNOW, REFUSED, YES_NO
from simulated_survey import simulated_survey, tendency
from supplier_files import File, as_labelled

from expectations import validate
from expectations.wave import wave_checks
from expectations.wave.figures import Examined, WaveFacts, facts_of_wave
from transforms.catalogue import Survey
from transforms.decode import decode
from transforms.errors import ReturnRejected
from transforms.identify import place_return
from transforms.recognise import require_variables
from transforms.simulation import simulate_wave
from transforms.validation import CheckResult, Severity

BEFORE, WAVE = "2026-Q3", "2026-Q4"
MISSING = {97: DONT_KNOW, 98: REFUSED}
TENURE = ("owns", "mortgage", "social", "private")

MORE_ITEMS = {
    "fairness": {
        "label": "Fairness of the local police",
        "question": "The police in this area treat everyone fairly. Do you agree or disagree?",
        "variable": "Q5",
        "codes": AGREEMENT,
        "missing": MISSING,
    },
    "victim": {
        "label": "Victim of crime",
        "question": "In the last 12 months, have you been the victim of any crime?",
        "variable": "Q6",
        "codes": YES_NO,
        "missing": MISSING,
    },
    "tenure": {
        "label": "Tenure",
        "question": "Does your household own or rent this accommodation?",
        "variable": "Q7",
        "codes": {
            code: {"name": name, "label": name.capitalize()} for code, name in enumerate(TENURE, 1)
        },
        "missing": MISSING,
    },
}
TRUST = {
    "label": "Trust in the police",
    "question": "How much do you trust the police, from 0, not at all, to 10, completely?",
    "variable": "Q8",
    "type": "number",
    "minimum": 0,
    "maximum": 10,
    "missing": MISSING,
}


def measure(item: str, *counts: str, **more: object) -> dict[str, object]:
    return {
        "label": item.capitalize(),
        "item": item,
        "counts": list(counts),
        "base_label": "adults",
        "by": ["area"],
        **more,
    }


CHANGES = {
    "about": {
        "returns": {"minimum_rows": 500},
        "checks": {"quotas": {"area": {"north": 550, "south": 350}}},
    },
    "questionnaire": {"items": MORE_ITEMS},
    "measured": {
        "measures": {
            "fair": measure("fairness", "strongly_agree", "tend_to_agree"),
            "victims": measure("victim", "yes"),
            "renters": measure("tenure", "social", "private"),
        }
    },
}
SIMULATION = {
    "fieldwork": {"interviews": {"north": 600, "south": 400}},
    "tendencies": {
        "fairness": {
            "level": 0.65,
            "answers": {"strongly_agree": 2, "tend_to_agree": 3},
            "others": {"neither": 2, "tend_to_disagree": 1, "strongly_disagree": 1},
            "missing": {"dont_know": 0.06},
        },
        "victim": tendency(0.15),
        "tenure": {
            "level": 0.35,
            "answers": {"social": 1, "private": 2},
            "others": {"owns": 2, "mortgage": 3},
        },
        "chat_aware": tendency(0.35),
    },
}
WITH_TRUST = {
    "questionnaire": {"items": {"trust": TRUST}},
    "measured": {
        "measures": {
            "trust": {
                **{"label": "Trust", "item": "trust", "kind": "mean", "scale": [0, 10]},
                **{"base_label": "adults", "by": ["area"]},
            }
        }
    },
}


@cache
def survey() -> Survey:
    changes = {key: {**CHANGES.get(key, {}), **WITH_TRUST.get(key, {})} for key in CHANGES}
    for part in ("items", "measures"):
        for key in ("questionnaire", "measured"):
            held = {**CHANGES[key].get(part, {}), **WITH_TRUST[key].get(part, {})}
            if held:
                changes[key] = {part: held}
    declared = simulated_survey(SIMULATION, changes)
    return declared.model_copy(update={"simulation": None})


@cache
def _rows(wave: str) -> pd.DataFrame:
    drawn = simulate_wave(simulated_survey(SIMULATION, CHANGES), wave).rows
    rng = np.random.default_rng([2026, len(drawn), int(wave[-1])])
    trust = rng.binomial(10, 0.62, len(drawn)).astype("float64")
    return drawn.assign(Q8=np.where(rng.random(len(drawn)) < 0.03, 97.0, trust))


def clean(wave: str = WAVE) -> File:
    """A clean return of a wave."""
    variables = {item.variable: as_labelled(item) for item in survey().items_in(wave)}
    return File(_rows(wave).copy(), variables, f"small_{wave}.sav")


@cache
def facts_before() -> WaveFacts:
    return facts_of(clean(BEFORE), survey(), BEFORE)


def facts_of(file: File, declared: Survey, wave: str) -> WaveFacts:
    """The file's rows as the warehouse has them, and what each respondent answered."""
    responses = decode(file.raw, declared, wave)
    return facts_of_wave(responses, responses.respondents["serial"], declared)


def results_of(
    file: File, declared: Survey, before: WaveFacts | None = None
) -> tuple[CheckResult, ...]:
    """Everything that checking the file says, as `perceptions check` does with a wave before."""
    raw = file.raw
    try:
        require_variables(raw, declared)
        placed = place_return(raw, declared)
    except ReturnRejected as refusal:
        return (_refused("readable", refusal),)
    checked = validate(raw, declared, placed.wave)
    if not checked.accepted:
        return checked.results
    try:
        now = facts_of(file, declared, placed.wave)
    except ReturnRejected as refusal:
        return (*checked.results, _refused("weights", refusal))
    examined = Examined(now, before or facts_before(), declared)
    return (*checked.results, *wave_checks(examined))


def _refused(rule: str, refusal: ReturnRejected) -> CheckResult:
    return CheckResult(rule, rule, Severity.CRITICAL, False, finding=refusal.what)
