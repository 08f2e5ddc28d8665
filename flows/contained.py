"""An unexpected exception leaves a stage as its type and line only.

Exceptions reach Prefect's database, and their texts may quote a respondent's answer.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from transforms.errors import PerceptionsError

P = ParamSpec("P")
R = TypeVar("R")

PROJECT = Path(__file__).parent.parent


class StageFailed(PerceptionsError):
    """A stage of the run stopped on something nobody foresaw (exit status 4)."""


def contained(stage: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: known errors pass, any other becomes StageFailed without its text."""

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return work(*args, **kwargs)
            except PerceptionsError:
                raise
            except Exception as error:
                failure = stage_failed(stage, error)
            # Raised outside the except block, so that no context carries the original along.
            raise failure

        return run

    return decorate


def stage_failed(stage: str, error: Exception) -> StageFailed:
    """Return the failure to show for an unexpected error: where and of what type, not its text."""
    return StageFailed(
        f"{stage} stopped unexpectedly: {type(error).__name__} at {_place(error)}.",
        remedy="nothing was changed; run again, and if it stops at the same place report this "
        "line to the maintainers.",
    )


def _place(error: Exception) -> str:
    """Return file and line of the innermost frame of our own code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PROJECT)]
    packages = {"flows", "transforms", "expectations", "warehouse"}
    named = [f for f in ours if Path(f.filename).relative_to(PROJECT).parts[0] in packages]
    if not named:
        return "an unknown place"
    return f"{Path(named[-1].filename).relative_to(PROJECT)}:{named[-1].lineno}"
