"""How a command ends: its exit status, and its result as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from transforms.errors import DeclarationError, PerceptionsError, ReturnRejected, UsageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DONE, MISUSED, REJECTED, FAILED = 0, 2, 3, 4


def exit_status(error: PerceptionsError) -> int:
    """Return the exit status that stands for an error's kind."""
    if isinstance(error, UsageError | DeclarationError):
        return MISUSED
    return REJECTED if isinstance(error, ReturnRejected) else FAILED


def as_json_text(value: DataclassInstance) -> str:
    """Return a dataclass as JSON with sorted keys; dates and moments in ISO form."""
    return json.dumps(asdict(value), indent=2, sort_keys=True, default=_plain)


def error_json(error: PerceptionsError) -> str:
    """Return an error as JSON: its three texts, a declaration's mistakes, and the exit status."""
    mistakes = error.mistakes if isinstance(error, DeclarationError) else ()
    texts = {"what": error.what, "expected": error.expected, "remedy": error.remedy}
    told = texts | {"mistakes": [asdict(mistake) for mistake in mistakes]}
    held = {"error": told, "exit_status": exit_status(error)}
    return json.dumps(held, indent=2, sort_keys=True)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
