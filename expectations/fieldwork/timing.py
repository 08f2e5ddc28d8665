"""When interviews began, how long they took, and whether they overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from expectations.bounded import Figure
from expectations.fieldwork.held import FEWEST, Interviews
from transforms.arrays import Flags, Floats, Ints
from transforms.fieldwork.shown import Bar, Chart, binned_bars, counted_bars, without_empty_ends
from transforms.fieldwork.times import QUARTERS, by_minute, faster_than, gaps_before
from transforms.wording import number, percent

SPEED = "How long interviews took"
STARTS = "Minutes at which interviews begin"
OVERLAP = "One interviewer's interviews one after the other"
FURTHER = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
EVERY_FIVE = range(0, 60, 5)
GAPS = (-np.inf, 0, 5, 15, 30, 60, np.inf)
GAP_LABELS = ("at once", "0 to 5", "5 to 15", "15 to 30", "30 to 60", "60 or more")


def speed_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield how many interviews took far less than the median time."""
    if held.minutes is None or np.isfinite(held.minutes).sum() < FEWEST:
        return
    known = held.minutes[np.isfinite(held.minutes)]
    median, fast = float(np.median(known)), faster_than(held.minutes, held.rule.fast)
    yield _speed_figure(held, median, fast, len(known)), _speed_chart(held, known, median, fast)


def _speed_figure(held: Interviews, median: float, fast: Flags, known: int) -> Figure:
    count = int(fast.sum())
    return Figure(
        rule="fieldwork.too_fast",
        title=f"{SPEED}: hardly any far too fast",
        value=count / known,
        highest=held.rule.too_fast,
        finding=f"{number(count)} of {number(known)} interviews took less than "
        f"{percent(held.rule.fast)} of the median time, {median:.0f} minutes.",
        expected=f"At most {percent(held.rule.too_fast)} of interviews.",
        remedy="Ask the supplier whether these interviews were held in full, and for their "
        "recordings.",
        failing_rows=count,
        serials=held.named(fast),
    )


def _speed_chart(held: Interviews, known: Floats, median: float, fast: Flags) -> Chart:
    further = [share for share in FURTHER if share > held.rule.fast]
    edges = np.array([0.0, held.rule.fast, *further])
    bars = binned_bars(known / max(median, 1e-9), edges, edges[:-1] == 0)
    return Chart(
        rule="fieldwork.too_fast",
        title=SPEED,
        told=f"The median interview took {median:.0f} minutes; {number(int(fast.sum()))} took less "
        f"than {percent(held.rule.fast)} of that.",
        of="Time taken, beside the median (longer ones in the last row)",
        counted="Interviews",
        bars=without_empty_ends(bars),
    )


def start_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield how many interviews begin at a quarter of an hour."""
    if held.start is None:
        return
    counts = by_minute(held.start)
    if counts.sum() < FEWEST:
        return
    share = float(counts[list(QUARTERS)].sum() / counts.sum())
    yield _start_figure(held, share, counts), _start_chart(held, share, counts)


def _start_figure(held: Interviews, share: float, counts: Ints) -> Figure:
    assert held.start is not None
    rows = held.start.dt.minute.isin(QUARTERS).to_numpy(np.bool_)
    return Figure(
        rule="fieldwork.quarter_hours",
        title=f"{STARTS}: any",
        value=share,
        highest=held.rule.quarter_hours,
        finding=f"{percent(share)} of {number(counts.sum())} interviews begin at :00, :15, :30 or "
        ":45.",
        expected=f"6.7% where the clock notes the time; at most "
        f"{percent(held.rule.quarter_hours)}.",
        remedy="Ask the supplier whether times are noted by the device or written afterwards. "
        "Times written afterwards say nothing of how an interview was held.",
        failing_rows=int(rows.sum()),
        serials=held.named(rows),
    )


def _start_chart(held: Interviews, share: float, counts: Ints) -> Chart:
    whole, beyond = counts.sum(), share > held.rule.quarter_hours
    bars = [
        Bar(f":{minute:02d}", counts[minute] / whole, percent(counts[minute] / whole),
            beyond and minute in QUARTERS)
        for minute in EVERY_FIVE
    ]  # fmt: skip
    others = np.delete(counts, list(EVERY_FIVE)).mean() / whole
    bars.append(Bar("any other", others, percent(others)))
    return Chart(
        rule="fieldwork.quarter_hours",
        title=STARTS,
        told=f"{percent(share)} of interviews begin at :00, :15, :30 or :45. Were every minute as "
        "likely, it would be 6.7%, and 1.7% at each minute.",
        of="Minute of the hour (any other: their mean)",
        counted="Share of interviews",
        bars=tuple(bars),
    )


def overlap_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield whether an interviewer began an interview before the last one was over."""
    if held.start is None or held.interviewers == 0:
        return
    minutes = np.full(len(held.serials), np.nan) if held.minutes is None else held.minutes
    gaps, last = gaps_before(held.start, minutes, held.interviewer)
    if not np.isfinite(gaps).any():
        return
    yield _overlap_figure(held, gaps, last), _overlap_chart(held, gaps, last)


def _overlap_figure(held: Interviews, gaps: Floats, last: Ints) -> Figure:
    rows = gaps < 0
    both = rows.copy()
    both[last[rows]] = True
    return Figure(
        rule="fieldwork.overlap",
        title=f"{OVERLAP}: none at once",
        value=float(rows.sum()),
        highest=0,
        finding=f"{number(rows.sum())} interviews began before the same interviewer's last one was "
        f"over: {number(both.sum())} interviews are concerned.",
        expected="Interviews of one interviewer one after the other.",
        remedy="Ask the supplier whether times or interviewers were noted wrongly, and for the "
        "recordings: nobody holds two interviews at once.",
        failing_rows=int(both.sum()),
        serials=held.named(both),
    )


def _overlap_chart(held: Interviews, gaps: Floats, last: Ints) -> Chart:
    known = np.isfinite(gaps)
    counts = np.histogram(gaps[known], GAPS)[0]
    over = np.flatnonzero(gaps < 0)[:20]
    rows = tuple(
        (str(held.serials.iloc[last[row]]), str(held.serials.iloc[row])) for row in over.tolist()
    )
    return Chart(
        rule="fieldwork.overlap",
        title=OVERLAP,
        told=f"Minutes between the end of an interview and the beginning of the same interviewer's "
        f"next on that day, {number(known.sum())} times.",
        of="Minutes between two interviews",
        counted="Times",
        bars=counted_bars(GAP_LABELS, counts.tolist(), [True, *[False] * 5]),
        heads=("Interview", "Begun before it was over") if rows else (),
        rows=rows,
    )
