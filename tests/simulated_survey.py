"""The small survey of `builders`, with a truth to simulate its returns from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builders import small_survey

from transforms.catalogue import Survey


def tendency(level: float = 0.5, **more: Any) -> dict[str, Any]:
    """A yes-or-no tendency; `more` replaces any part."""
    return {"level": level, "answers": {"yes": 1}, "others": {"no": 1}, **more}


SIMULATION: dict[str, Any] = {
    "seed": 1,
    "fieldwork": {
        "interviews": {"north": 200, "south": 200},
        "strata": ["area"],
        "interviews_per_psu": 10,
        "address_factor": "dwellings",
        "adults": "adults",
    },
    "household": {
        "given": "area",
        "shares": {"north": {1: 0.25, 2: 0.75}, "south": {1: 0.5, 2: 0.5}},
    },
    "characteristics": {
        "age_band": {
            "given": "sex",
            "shares": {
                "male": {"16-34": 0.4, "35-64": 0.4, "65+": 0.2},
                "female": {"16-34": 0.3, "35-64": 0.4, "65+": 0.3},
            },
        },
    },
    "response": {"rate": 0.5, "effects": {"area": {"north": 0.8}, "sex": {"male": 0.7}}},
    "tendencies": {
        "confidence": {
            "level": 0.5,
            "answers": {"strongly_agree": 1, "tend_to_agree": 3},
            "others": {"neither": 2, "tend_to_disagree": 1, "strongly_disagree": 1},
            "missing": {"dont_know": 0.1, "refused": 0.05},
        },
        "chat_aware": tendency(),
        "chat_used": tendency(),
        "chat_satisfied": tendency(),
    },
}

HOUSEHOLD = {
    "label": "Adults in the household",
    "values": {"alone": {"label": "One"}, "not_alone": {"label": "Two or more"}},
    "source": [{"item": "adults", "bands": {"alone": [1, 1], "not_alone": [2, 12]}}],
}


def simulated_survey(
    simulation: Mapping[str, Any] | None = None, changes: Mapping[str, Any] | None = None
) -> Survey:
    """The small survey, simulated; both mappings are laid over what it declares."""
    base = {
        "simulation": SIMULATION,
        "about": {"simulated": True},
        "measured": {"domains": {"household": HOUSEHOLD}},
    }
    return small_survey(
        _laid_over(_laid_over(base, changes or {}), {"simulation": simulation or {}})
    )


def _laid_over(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(base)
    for key, change in changes.items():
        both = isinstance(laid.get(key), Mapping) and isinstance(change, Mapping)
        laid[key] = _laid_over(laid[key], change) if both else change
    return laid
