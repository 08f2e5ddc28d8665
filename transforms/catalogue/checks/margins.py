"""margins/*.csv: the full crossing of declared values, and populations that agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from transforms.catalogue.draft import Draft
from transforms.catalogue.margins import Margin, gap_in_words, total_in_words
from transforms.catalogue.mistakes import SourceFile, series, unknown_name
from transforms.errors import Mistake


def margin_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each margin, and those between the margins in use."""
    for name, margin in draft.margins.items():
        if margin is not None:
            source = draft.source(f"margins/{name}.csv")
            unknown = list(_variable_mistakes(draft, source, margin))
            yield from unknown
            if not unknown:
                yield from _category_mistakes(draft, source, margin)
    yield from _edition_mistakes(draft)
    for wave in (None, *draft.wave_names):
        mistakes = list(_total_mistakes(draft, wave))
        yield from mistakes
        if mistakes:
            return


def _edition_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of files that hold a margin's later figures."""
    for margin in (one for one in draft.margins.values() if one is not None and one.from_wave):
        source = draft.source(f"margins/{margin.name}.csv")
        if margin.margin not in draft.margins:
            yield source.mistake(
                ("columns",),
                f"There are later figures of '{margin.margin}', but no first ones.",
                expected=f"the file margins/{margin.margin}.csv for the waves before.",
                remedy="add it, or rename this one.",
            )
        if draft.waves is not None:
            yield from unknown_name(
                source, ("columns",), "wave", str(margin.from_wave), draft.wave_names
            )


def _variable_mistakes(draft: Draft, source: SourceFile, margin: Margin) -> Iterator[Mistake]:
    for variable in margin.variables:
        yield from unknown_name(source, ("columns",), "domain", variable, draft.domains)
        domain = draft.domain(variable)
        if domain is not None and not domain.partitions_force and margin in draft.margins_in_use:
            yield source.mistake(
                ("columns",),
                f"The values of '{variable}' together are not the whole force.",
                expected="domains that everybody has a value of: weights must meet the totals.",
                remedy="write partitions_force: true where they are the whole force, or take the "
                "margin out of calibration in survey.yaml.",
            )


def _category_mistakes(draft: Draft, source: SourceFile, margin: Margin) -> Iterator[Mistake]:
    values = [list(domain.values) for name in margin.variables if (domain := draft.domain(name))]
    if len(values) < len(margin.variables):
        return
    first_lines: dict[tuple[str, ...], int] = {}
    unknown = False
    for place, cell in enumerate(margin.control_totals):
        path = ("rows", place)
        for variable, category, known in zip(margin.variables, cell.category, values, strict=True):
            found = unknown_name(source, path, f"value of '{variable}'", category, known)
            unknown = unknown or bool(found)
            yield from found
        if cell.category in first_lines:
            yield source.mistake(
                path,
                f"'{' × '.join(cell.category)}' stands here again; "
                f"it is on line {first_lines[cell.category]} already.",
                expected="one row for each category.",
                remedy="remove one of the two, or correct its category.",
            )
        first_lines.setdefault(cell.category, source.line(path))
    if not unknown:
        yield from _absent_categories(source, values, first_lines)


def _absent_categories(
    source: SourceFile, values: Sequence[Sequence[str]], present: object
) -> Iterator[Mistake]:
    assert isinstance(present, dict)
    absent = [" × ".join(cell) for cell in product(*values) if cell not in present]
    if absent:
        yield source.mistake(
            ("columns",),
            f"{len(absent)} {'category has' if len(absent) == 1 else 'categories have'} "
            f"no control total: {series(absent, most=6)}.",
            expected="a row for every combination of the domains' values.",
            remedy="add the rows; where nobody lives in a category, merge it with another in "
            "measures.yaml.",
        )


def _total_mistakes(draft: Draft, wave: str | None) -> Iterator[Mistake]:
    """Yield a mistake for each margin whose total in a wave is not that of the first."""
    in_use = [_edition(draft, margin, wave) for margin in draft.margins_in_use]
    for margin in in_use[1:]:
        first = in_use[0]
        gap = margin.apart_from(first)
        if gap:
            yield draft.source(f"margins/{margin.name}.csv").mistake(
                ("columns",),
                f"The margin '{margin.name}' adds up to {total_in_words(margin.total)}, but "
                f"'{first.name}' to {total_in_words(first.total)} ({gap_in_words(gap)}).",
                expected="the same total in every margin: no weights can meet both.",
                remedy="take both from one edition and one population (such as adults in "
                "households), or adjust one and say so in its source.",
            )


def _edition(draft: Draft, margin: Margin, wave: str | None) -> Margin:
    """Return the edition of a margin that holds in a wave; None: its first."""
    order = draft.wave_names
    until = order.index(wave) if wave is not None else -1
    later = {
        order.index(one.from_wave): one
        for one in draft.margins.values()
        if one is not None and one.margin == margin.name and one.from_wave in order
    }
    held = [place for place in later if place <= until]
    return later[max(held)] if held else margin
