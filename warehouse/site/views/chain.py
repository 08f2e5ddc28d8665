"""A chain of questions as a funnel: each step's share of all, and what passes on to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from transforms.estimation.totals import FORCE
from transforms.sentences import passing_words, step_words
from warehouse.site import cells
from warehouse.site.charts import Bar, funnel_chart
from warehouse.site.facts import ChainFacts, ChainStep, Estimate, PeriodFacts, Published
from warehouse.site.views.figures import caption, described
from warehouse.site.views.series import at, latest_period


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its two figures; `of_previous` is None for the first."""

    name: str
    of_all: Estimate
    of_previous: Estimate | None


@dataclass(frozen=True, slots=True)
class ChainGroup:
    """A classification, and of each of its values the figures of every step, in one period."""

    label: str
    rows: tuple[tuple[str, tuple[Estimate | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class ChainView:
    """A funnel, the note below it and the table behind it.

    `columns`, `groups`: each step's share of all and then of the step before, in groups of people.
    """

    id: str
    heading: str
    note: str
    chart: Markup
    caption: str
    rows: tuple[StepRow, ...]
    columns: tuple[str, ...]
    groups: tuple[ChainGroup, ...]
    groups_caption: str


def chain_views(published: Published, measures: Collection[str]) -> tuple[ChainView, ...]:
    """Return the chains that begin with one of `measures` and have a figure for every step."""
    found = (
        _view(published, chain)
        for chain in published.chains
        if chain.steps[0].share_of_all in measures
    )
    return tuple(view for view in found if view is not None)


def _view(published: Published, chain: ChainFacts) -> ChainView | None:
    period = latest_period(published, chain.steps[0].share_of_all)
    if period is None:
        return None
    rows = [_row(published, step, period) for step in chain.steps]
    held = [row for row in rows if row is not None]
    if len(held) < len(rows):
        return None
    base = published.measures[chain.steps[0].share_of_all].base_label
    heading = f"{chain.label}, {period.label.removeprefix('the ')}"
    words = described(f"chain-{chain.chain}", heading, _words(held), published.survey)
    return ChainView(
        id=chain.chain,
        heading=heading,
        note=_note(base, held, published.survey.interval),
        chart=funnel_chart(words, [Bar(row.name, row.of_all, _passing(row)) for row in held]),
        caption=caption(heading, published.survey),
        rows=tuple(held),
        columns=_columns(chain),
        groups=tuple(_groups(published, chain, period)),
        groups_caption=caption(f"{heading}, by group", published.survey),
    )


def _measures(chain: ChainFacts) -> list[str]:
    """Return the measures of every step: of all, then of those at the step before."""
    passing = [step.share_of_previous for step in chain.steps if step.share_of_previous]
    return [*(step.share_of_all for step in chain.steps), *passing]


def _columns(chain: ChainFacts) -> tuple[str, ...]:
    passing = [step.label for step in chain.steps if step.share_of_previous]
    return (
        *(f"{step.label}: of all" for step in chain.steps),
        *(f"{label}: of those at the step before" for label in passing),
    )


def _groups(published: Published, chain: ChainFacts, period: PeriodFacts) -> Iterator[ChainGroup]:
    """Yield the classifications by which every step is broken down."""
    measures = _measures(chain)
    for domain in published.domains:
        if any(domain.domain not in published.measures[name].domains for name in measures):
            continue
        rows = []
        for value in domain.values:
            cells_of = [(name, domain.domain, value.value) for name in measures]
            figures = tuple(at(published.estimates.get(one, ()), period) for one in cells_of)
            rows.append((value.label, figures))
        if any(one is not None for _, figures in rows for one in figures):
            yield ChainGroup(domain.label, tuple(rows))


def _row(published: Published, step: ChainStep, period: PeriodFacts) -> StepRow | None:
    def figure(measure: str) -> Estimate | None:
        return at(published.estimates.get((measure, *FORCE), ()), period)

    of_all = figure(step.share_of_all)
    of_previous = figure(step.share_of_previous) if step.share_of_previous else None
    if of_all is None or (step.share_of_previous and of_previous is None):
        return None
    return StepRow(step.label, of_all, of_previous)


def _passing(row: StepRow) -> tuple[str, ...]:
    """Say what share of those at the step before reached this one, and of how many people."""
    if row.of_previous is None:
        return ()
    passing = passing_words(cells.shown(row.of_previous, row.name))
    return (passing, f"Base: {_people(row.of_previous)}.")


def _people(estimate: Estimate) -> str:
    """Return how many people a figure rests on, in words; its marker where that is withheld."""
    base = cells.base(estimate)
    return base if estimate.base is None else f"{base} {'person' if base == '1' else 'people'}"


def _words(rows: Sequence[StepRow]) -> list[str]:
    """Describe the funnel as it is drawn: what passes to each step, and then its share of all."""
    told = [(*_passing(row), step_words(cells.shown(row.of_all, row.name))) for row in rows]
    return [part for step in told for part in step]


def _note(base: str, rows: Sequence[StepRow], interval: str) -> str:
    """Say what the bars are of, and how few the last step rests on."""
    last = rows[-1].of_previous
    few = f" The last step rests on {_people(last)}." if last and last.base is not None else ""
    return f"Per cent of {base}, each with its {interval}; the pale bar is all of them.{few}"
