"""A small survey, its returns as received, and the way to the shared real files.

The small survey has every kind of thing once: quarters, two areas, routed questions, a number in
bands, per-item missing codes, a weight of two factors. `small_survey({...})` changes any part.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from transforms.catalogue import Margin, Survey
from transforms.responses import RawReturn, Variable

WAVE = "2026-Q2"
WAVE_START = datetime(2026, 4, 1)

DONT_KNOW = {"reason": "dont_know", "label": "Don't know"}
REFUSED = {"reason": "refused", "label": "Refused"}
YES_NO = {1: {"name": "yes", "label": "Yes"}, 2: {"name": "no", "label": "No"}}
AGREEMENT = {
    1: {"name": "strongly_agree", "label": "Strongly agree"},
    2: {"name": "tend_to_agree", "label": "Tend to agree"},
    3: {"name": "neither", "label": "Neither agree nor disagree"},
    4: {"name": "tend_to_disagree", "label": "Tend to disagree"},
    5: {"name": "strongly_disagree", "label": "Strongly disagree"},
}

ITEMS = {
    "serial": {"label": "Serial number", "type": "identifier"},
    "interview_date": {"label": "Date of interview", "type": "date"},
    "stratum": {"label": "Sampling stratum", "type": "identifier"},
    "point": {"label": "Sampling point", "type": "identifier"},
    "dwellings": {"label": "Dwellings for each one drawn", "type": "number"},
    "adults": {"label": "Adults in the household", "type": "number", "minimum": 1, "maximum": 12},
    "area": {
        "label": "Area",
        "codes": {1: {"name": "north", "label": "North"}, 2: {"name": "south", "label": "South"}},
    },
    "sex": {
        "label": "Sex",
        "codes": {1: {"name": "male", "label": "Male"}, 2: {"name": "female", "label": "Female"}},
        "missing": {9: REFUSED},
    },
    "age": {
        "label": "Age in years",
        "type": "number",
        "minimum": 16,
        "maximum": 110,
        "missing": {998: REFUSED, 999: DONT_KNOW},
    },
    "confidence": {
        "label": "Confidence in the local police",
        "question": "The police in this area can be relied on. Do you agree or disagree?",
        "variable": "Q1",
        "codes": AGREEMENT,
        "missing": {97: DONT_KNOW, 98: REFUSED},
        "blank": "no_answer",
    },
    "chat_aware": {
        "label": "Aware of Live Chat",
        "variable": "Q2",
        "codes": YES_NO,
        "missing": {97: DONT_KNOW, 98: REFUSED},
        "blank": "no_answer",
    },
    "chat_used": {
        "label": "Used Live Chat",
        "variable": "Q3",
        "codes": YES_NO,
        "missing": {97: DONT_KNOW, 98: REFUSED},
        "asked_if": {"chat_aware": ["yes"]},
    },
    "chat_satisfied": {
        "label": "Satisfied with Live Chat",
        "variable": "Q4",
        "codes": YES_NO,
        "missing": {97: DONT_KNOW, 98: REFUSED},
        "asked_if": {"chat_used": ["yes"]},
    },
}

DOMAINS = {
    "area": {
        "label": "Area",
        "values": {
            "north": {"label": "North", "area_code": "E00000001"},
            "south": {"label": "South", "area_code": "E00000002"},
        },
        "source": [{"item": "area"}],
    },
    "sex": {
        "label": "Sex",
        "values": {"male": {"label": "Male"}, "female": {"label": "Female"}},
        "source": [{"item": "sex"}],
    },
    "age_band": {
        "label": "Age",
        "values": {
            "16-34": {"label": "16 to 34"},
            "35-64": {"label": "35 to 64"},
            "65+": {"label": "65 and over"},
        },
        "source": [
            {"item": "age", "bands": {"16-34": [16, 34], "35-64": [35, 64], "65+": [65, 110]}}
        ],
    },
}

MEASURES = {
    "confident": {
        "label": "Confident in the local police",
        "item": "confidence",
        "counts": ["strongly_agree", "tend_to_agree"],
        "base_label": "all adults",
        "by": ["area", "sex", "age_band"],
    },
    "chat_aware": {
        "label": "Aware of Live Chat",
        "item": "chat_aware",
        "counts": ["yes"],
        "base_label": "all adults",
        "by": ["area"],
    },
    "chat_satisfied": {
        "label": "Satisfied with Live Chat",
        "item": "chat_satisfied",
        "counts": ["yes"],
        "base_label": "adults who have used Live Chat",
    },
}


def margin(name: str, variables: list[str], populations: Mapping[str, float]) -> Margin:
    """A margin over `variables`; a crossed category is written "north|female"."""
    cells = [
        {
            "category": category.split("|"),
            "population": population,
            "source": "made up for the tests",
            "reference_date": "2022-06-30",
        }
        for category, population in populations.items()
    ]
    return Margin.model_validate({"name": name, "variables": variables, "control_totals": cells})


DECLARATION: dict[str, Any] = {
    "name": "small",
    "about": {
        "title": "Small survey",
        "run_by": "A police and crime commissioner",
        "fieldwork_by": "A supplier",
        "covers": "adults aged 16 and over in private households",
        "whole": "Force",
        "simulated": False,
        "waves": {"quarters": {"first": "2026-Q2", "last": "2028-Q1"}},
        "returns": {
            "file_name": r"(?P<wave>\d{4}-Q[1-4])",
            "interview_date": "interview_date",
        },
        "design": {
            "serial": "serial",
            "stratum": "stratum",
            "psu": "point",
            "weight": ["dwellings", "adults"],
        },
        "calibration": {"margins": ["area", "sex"]},
        "comparisons": ["same_quarter_year_before", "previous_wave"],
    },
    "questionnaire": {"items": ITEMS},
    "measured": {"domains": DOMAINS, "measures": MEASURES},
    "margins": {
        "area": margin("area", ["area"], {"north": 6000, "south": 4000}).model_dump(),
        "sex": margin("sex", ["sex"], {"male": 4900, "female": 5100}).model_dump(),
    },
    "plan": {
        "sections": {"trust": {"title": "Trust"}},
        "kpis": {
            "confidence": {
                "section": "trust",
                "title": "Confidence",
                "statement": "Increase confidence in the local police",
                "measure": "confident",
                "required_direction": "increase",
                "judged": "same_quarter_year_before",
                "owner": "Head of Policy",
            }
        },
    },
    "digest": "0" * 64,
}


def small_survey(changes: Mapping[str, Any] | None = None) -> Survey:
    """The small survey; `changes` is laid over its declaration, mapping by mapping."""
    return Survey.model_validate(_laid_over(DECLARATION, changes or {}))


def _laid_over(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(base)
    for key, change in changes.items():
        old = laid.get(key)
        both = isinstance(old, Mapping) and isinstance(change, Mapping)
        laid[key] = _laid_over(old, change) if both else change
    return laid


def small_rows(
    respondents: int = 8, *, start: datetime = WAVE_START, **columns: Any
) -> pd.DataFrame:
    """A valid return of the small survey, by the supplier's variable names; `columns` replace any.

    Respondents 1, 2, 3 … are in sampling points of two and strata by area; every second one knows
    Live Chat, every fourth has used it.
    """
    number = np.arange(respondents)
    area = 1.0 + (number // 4) % 2
    aware = np.where(number % 2 == 0, 1.0, 2.0)
    used = np.where(aware == 1, np.where(number % 4 == 0, 1.0, 2.0), np.nan)
    rows = {
        "serial": 1001.0 + number,
        "interview_date": pd.Series([start + timedelta(days=int(n) % 80) for n in number]),
        "stratum": area * 10,
        "point": 100.0 + number // 2,
        "dwellings": 50.0 + 10 * (number % 3),
        "adults": 1.0 + number % 2,
        "area": area,
        "sex": 1.0 + (number // 2) % 2,
        "age": 20.0 + (7 * number) % 60,
        "Q1": 1.0 + number % 5,
        "Q2": aware,
        "Q3": used,
        "Q4": np.where(used == 1, 1.0 + (number // 4) % 2, np.nan),
    }
    return pd.DataFrame({**rows, **columns})


def raw_return(
    rows: pd.DataFrame | None = None, *, file_name: str = f"small_{WAVE}.sav"
) -> RawReturn:
    """A return as read, of `rows` (default: `small_rows()`)."""
    held = small_rows() if rows is None else rows
    return RawReturn(
        file_name=file_name,
        sha256="0" * 64,
        rows=held,
        variables={name: Variable(name) for name in held.columns},
    )


def shared(*parts: str) -> Path:
    """A file of ../shared; the test that asks is skipped where it is absent."""
    path = Path(__file__).resolve().parents[2].joinpath("shared", *parts)
    if not path.exists():
        pytest.skip("the shared real files are not beside this clone")
    return path
