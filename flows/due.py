"""Making public what has come out of its embargo, as a Prefect flow for a timer to run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import State, flow, task

from flows.contained import contained
from flows.progress import say
from flows.publishing import clock, release_lines
from flows.settings import state_root
from transforms.errors import HomeBusy
from warehouse.declaration import load_either
from warehouse.home import Home, home_in_use
from warehouse.lock import writer_lock
from warehouse.releases import publish_due


def made_public(place: Home) -> bool:
    """Make public whatever is due; True where something was."""
    with writer_lock(place):
        return publish_due(place, clock()) is not None


def is_busy(_task: Any, _run: Any, state: State[Any]) -> bool:
    """True where another process holds the home: a quarterly run, which takes minutes."""
    try:
        state.result()
    except HomeBusy:
        return True
    except Exception:
        pass
    return False


make_public = task(
    name="make public what is due",
    retries=15,
    retry_delay_seconds=60,
    retry_condition_fn=is_busy,
)(contained("Publishing")(made_public))


@flow(name="publish-due")
def publish_what_is_due(survey: str = "west_midlands", home: str | None = None) -> list[str]:
    """Make public every signed release whose embargo has ended; return what is public now.

    `survey`: a shipped survey's name or a folder. `home`: where state lives; left out:
    PERCEPTIONS_HOME, or ./data. Nothing is signed off by it.
    """
    place = home_in_use(load_either(survey).name, Path(home) if home else state_root())
    changed = make_public(place)
    lines = list(release_lines(place, clock(), survey))
    say("Publishing", "; ".join(lines) if changed else "nothing is due")
    return lines
