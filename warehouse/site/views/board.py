"""The paper for the board that holds the force to account: what stands, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms import wording
from transforms.estimation.totals import FORCE
from warehouse.site import cells
from warehouse.site.facts import AcceptedFinding, Finding, PlanKpi, Published, WaveQuality
from warehouse.site.views.chain import ChainView
from warehouse.site.views.kpi import KpiView
from warehouse.site.views.plan import SectionView, counts, newest_period
from warehouse.site.views.records import RecordView, record_views
from warehouse.site.views.series import judged_change


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A KPI in a line: its change is that of the judged comparison, in words; "" without one."""

    view: KpiView
    change: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """What the paper says. `latest`, `before`: the newest wave and the one before it, in words.

    `families`: how tests that are judged together were made; an interval may lie to one side of
    zero where the status is no significant change. `fieldwork`: the waves with returns; none of
    figures taken over. `accepted`: what checks found in the newest wave, and a person accepted.
    """

    counts: str
    latest: str
    before: str
    rows: tuple[BoardRow, ...]
    families: tuple[str, ...]
    chains: tuple[ChainView, ...]
    changed: tuple[str, ...]
    quality: tuple[WaveQuality, ...]
    fieldwork: tuple[WaveQuality, ...]
    accepted: tuple[AcceptedFinding, ...]
    decisions: tuple[str, ...]
    records: tuple[RecordView, ...]


def board_view(published: Published, sections: Sequence[SectionView]) -> BoardView:
    """Return the paper of the newest wave."""
    views = [view for section in sections for view in section.kpis]
    waves = [one.wave for one in published.quality][-2:]
    period = newest_period(published)
    return BoardView(
        counts=counts(sections),
        latest=wording.wave_words(waves[-1]) if waves else (period.label if period else ""),
        before=wording.wave_words(waves[0]) if len(waves) == 2 else "",
        rows=tuple(BoardRow(view, _change(published, view)) for view in views),
        families=tuple(dict.fromkeys(view.family for view in views if view.family)),
        chains=tuple(chain for section in sections for chain in section.chains),
        changed=tuple(_changed(published, waves)) if len(waves) == 2 else (),
        quality=published.quality[-4:],
        fieldwork=tuple(one for one in published.quality[-4:] if one.interviews is not None),
        accepted=tuple(one for one in published.accepted if one.wave in waves[-1:]),
        decisions=tuple(_decisions(published, views)),
        records=record_views(published),
    )


def _change(published: Published, view: KpiView) -> str:
    finding = view.headline.finding
    if finding is None:
        return ""
    change = judged_change(published, (view.kpi.measure, *FORCE), finding.period)
    if change is None or change.difference is None:
        return ""
    ends = cells.difference_interval(change)
    interval = f" ({ends})" if ends else ""
    return f"{change.scale.signed_size(change.difference)}{interval} on {change.compared_with}"


def _changed(published: Published, waves: Sequence[str]) -> Iterator[str]:
    """Yield each KPI whose status is another than after the wave before, everybody's and areas'."""
    for kpi in published.kpis:
        for (name, domain, value), findings in published.findings.items():
            at = {finding.wave: finding for finding in findings}
            earlier, later = (at.get(wave) for wave in waves)
            if name == kpi.kpi and earlier and later and earlier.status != later.status:
                place = _place(published, domain, value)
                yield f"{kpi.title}{place}: {_statuses(earlier, later)}"


def _statuses(earlier: Finding, later: Finding) -> str:
    before, now = (wording.STATUS_WORDS[one.status].word for one in (earlier, later))
    return f"{now.lower()}; before, {before.lower()}."


def _place(published: Published, domain: str, value: str) -> str:
    if (domain, value) == FORCE:
        return ""
    labels = {one.domain: {v.value: v.label for v in one.values} for one in published.domains}
    return f", {labels.get(domain, {}).get(value, value)}"


def _decisions(published: Published, views: Sequence[KpiView]) -> Iterator[str]:
    """Yield what the figures ask of the board; never more than they show."""
    for view in views:
        if view.headline.status == "worsening":
            yield (
                f"{view.kpi.title} is worsening: ask {view.kpi.owner} for the reasons, and what is "
                "being done."
            )
        yield from _worsening_areas(published, view.kpi)
    if published.release and published.release.revisions:
        figures = wording.number(published.release.revisions)
        yield f"Published figures were revised ({figures}): note the reason, {_reason(published)}"


def _worsening_areas(published: Published, kpi: PlanKpi) -> Iterator[str]:
    found = [
        _place(published, domain, value).removeprefix(", ")
        for (name, domain, value), findings in published.findings.items()
        if (name, findings[-1].status) == (kpi.kpi, "worsening") and (domain, value) != FORCE
    ]
    if found:
        areas = wording.listed(found)
        yield f"{kpi.title} is worsening in {areas}: ask {kpi.owner} for the reasons."


def _reason(published: Published) -> str:
    note = published.release.note if published.release else None
    return f"“{note}”" if note else "on the data page."
