"""The table of which rule found each defect, as docs/defects.md holds it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from defects import fieldwork
from defects.clean import clean, facts_before, results_of, survey
from defects.injected import DEFECTS, Defect
from transforms.catalogue import Survey, SurveyFile
from transforms.validation import CheckResult

HEAD = """# Defects of suppliers, and the rules that find them

Each defect is put by itself into a clean simulated return of {rows} interviews. The return is then
checked as `perceptions check` checks it, with the wave before it in the warehouse. Clean, it raises
no finding. What is wrong with how interviews were held, or shows in how answers go together, is put
into the same return with seventeen more questions. A *critical* finding refuses the return; a
*warning* is shown, and stays open until a person accepts it.

`python -m defects`, with `PYTHONPATH=.:tests`, writes this page anew. `make proofs` holds all of it
to the program, `make test` every third row.

{count} defects, none missed.

| what the supplier did | found by the rule | severity | found too |
|---|---|---|---|
"""


def found_by(defect: Defect) -> tuple[CheckResult, ...]:
    """The failed rules of the clean return with the defect, each drawn from its own seed."""
    file = fieldwork.clean() if defect.fieldwork else clean()
    declared = fieldwork.survey() if defect.fieldwork else survey()
    seed = zlib.crc32(defect.done.encode())
    defect.inject(file, np.random.default_rng(seed))
    before = fieldwork.facts_before() if defect.fieldwork else facts_before()
    results = results_of(file, _with(declared, defect.survey), before)
    return tuple(result for result in results if not result.passed)


def row(defect: Defect, found: Sequence[CheckResult]) -> str:
    """The table's row of a defect."""
    others = sorted(result.rule for result in found if result.rule != defect.rule)
    too = ", ".join(f"`{rule}`" for rule in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return f"| {defect.done} | `{defect.rule}` | {defect.severity} | {too}{more} |"


def page() -> str:
    """The whole page."""
    rows = [row(defect, found_by(defect)) for defect in DEFECTS.values()]
    head = HEAD.format(rows=f"{len(clean().rows):,}", count=len(DEFECTS))
    return head + "\n".join(rows) + "\n"


def _with(declared: Survey, parts: Mapping[str, Any]) -> Survey:
    if not parts:
        return declared
    about = declared.about.model_dump() | dict(parts)
    return declared.model_copy(update={"about": SurveyFile.model_validate(about)})
