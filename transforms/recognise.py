"""Is a file a return of this survey at all? By the variables that it holds."""

from __future__ import annotations

from transforms.catalogue import Survey
from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from transforms.variables import column_of
from transforms.wording import number

FEW = 0.1
"""Of a wave's variables, the share below which a file is not taken for a return of the survey."""

NAMES_SHOWN = 5


def require_variables(raw: RawReturn, survey: Survey) -> None:
    """Raise ReturnRejected where the file holds hardly a variable that any wave declares.

    It says plainly what the file is: rows, columns and, where they cannot be answers, the first
    variables' names.
    """
    share, wave = max((_share_held(raw, survey, wave.name), wave.name) for wave in survey.waves)
    if share >= FEW:
        return
    declared = survey.items_in(wave)
    held = sum(column_of(raw, item.variable) is not None for item in declared)
    raise ReturnRejected(
        f"{raw.file_name} is {raw.kind} with {_counted(len(raw.rows), 'row')} and "
        f"{_counted(len(raw.rows.columns), 'column')}{_names(raw)}. It holds {held or 'none'} "
        f"of the {len(declared)} variables that the survey “{survey.about.title}” declares.",
        expected=f"a return of that survey, with variables such as "
        f"{', '.join(item.variable for item in declared[:NAMES_SHOWN])}.",
        remedy="If it is a return of another survey, name that survey with --survey. If it is one "
        "of this survey and its variables have new names, declare them as `variable` in "
        "questionnaire.yaml. If nobody has declared its survey yet, begin with "
        "`perceptions new-survey`.",
    )


def _share_held(raw: RawReturn, survey: Survey, wave: str) -> float:
    items = survey.items_in(wave)
    held = sum(column_of(raw, item.variable) is not None for item in items)
    return held / len(items) if items else 0.0


def _names(raw: RawReturn) -> str:
    if raw.named_by_cells:
        return ""
    names = [str(name) for name in raw.rows.columns]
    more = len(names) - NAMES_SHOWN
    return f" ({', '.join(names[:NAMES_SHOWN])}" + (
        f" and {number(more)} more)" if more > 0 else ")"
    )


def _counted(count: int, thing: str) -> str:
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"
