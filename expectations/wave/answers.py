"""Whether an item has enough answers, and the codes that it had in the wave before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from expectations.bounded import Figure
from expectations.rules import subject_of
from expectations.wave.figures import Examined
from transforms.catalogue import BoundItem, MissingReason
from transforms.catalogue.mistakes import series
from transforms.comparing import DESIGN, exchange
from transforms.drafting import codes_lines, from_wave
from transforms.validation import Drift, Severity
from transforms.wording import number, percent

NOT_PUT = (MissingReason.NOT_ASKED.value, MissingReason.NOT_APPLICABLE.value)
FEWEST_ASKED = 30
REASON_MOVED = 0.05
"""Smallest change of a reason's share that is worth a question to the supplier."""
FEWEST_ITEMS = 5


def answer_figures(examined: Examined) -> Iterator[Figure]:
    """Yield each item's non-response, and how its answers stand to the wave before."""
    survey, wave = examined.survey, examined.now.wave
    now = _by_item(examined.now.tables["survey.answer_count"])
    pair = examined.compared()
    before = _by_item(pair[1].tables["survey.answer_count"]) if pair else {}
    for item in survey.items_in(wave):
        if item.name in now:
            yield from _nonresponse(item, now[item.name], examined)
        if item.name in now and item.name in before and pair:
            yield from _exchanged(item, now[item.name], before[item.name], pair[1].wave, wave)
            yield from _reasons(item, now[item.name], before[item.name], examined)
            yield from _answers_gone(item, now[item.name], before[item.name], pair[1].wave)
    if pair:
        yield from _same_interviews(now, before, pair[1].wave)


def _by_item(counts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(item): rows for item, rows in counts.groupby("item", sort=False)}


def _asked(rows: pd.DataFrame) -> int:
    return int(rows.loc[~(rows["answer"].isin(NOT_PUT) & ~rows["valid"]), "respondents"].sum())


def _nonresponse(item: BoundItem, rows: pd.DataFrame, examined: Examined) -> Iterator[Figure]:
    asked = _asked(rows)
    if asked < FEWEST_ASKED:
        return
    highest = examined.rule.nonresponse_of.get(item.name, examined.rule.nonresponse)
    answered = int(rows.loc[rows["valid"], "respondents"].sum())
    share = 1 - answered / asked
    yield Figure(
        rule=f"{item.name}.nonresponse",
        title=f"{subject_of(item)}: answered by most",
        value=share,
        highest=highest,
        finding=f"{subject_of(item)}: {percent(share)} of the {number(asked)} respondents asked "
        "gave no valid answer.",
        expected=f"At most {percent(highest)}.",
        remedy="Ask the supplier whether the question was hard to answer or its answers were lost. "
        f"If so many are usual, declare `nonresponse_of: {{{item.name}: …}}` under checks in "
        "survey.yaml.",
        variable=item.variable,
    )


def _exchanged(
    item: BoundItem, now: pd.DataFrame, before: pd.DataFrame, earlier: str, wave: str
) -> Iterator[Figure]:
    """Yield whether the answers fit the wave before, unless its codes were exchanged."""
    counts = _side_by_side(now, before)
    if counts.empty:
        return
    found = exchange(counts["now"].tolist(), counts["before"].tolist())
    turned = found is not None and found.turned and len(counts) > 2
    names = counts.index.tolist()
    meant = [names[place] for place in found.places] if found else []
    moved = [f"“{new}” looks like “{old}” before" for new, old in zip(names, meant, strict=False)]
    sure = found is None or found.sure
    told = "the scale looks turned round" if turned else "codes look exchanged"
    told = told if sure else "codes may have been exchanged"
    yield Figure(
        rule=f"{item.name}.codes_exchanged",
        title=f"{subject_of(item)}: codes that mean what they meant in {earlier}",
        value=float(found is not None),
        highest=0,
        finding=f"{subject_of(item)}: {told} since {earlier}: "
        f"{'; '.join(words for words, a, b in zip(moved, names, meant, strict=False) if a != b)}.",
        expected=f"Answers distributed much as in {earlier}; they fit it far better with the codes "
        f"exchanged than as they stand{'' if sure else ', as a real change may too'}.",
        remedy="Ask the supplier whether the codes mean what they meant. If they were exchanged, "
        f"declare it under {item.name} in questionnaire.yaml; if the answers really changed so, "
        "accept the finding.",
        severity=Severity.CRITICAL if sure else Severity.WARNING,
        judged=True,
        variable=item.variable,
        drift=Drift.SCALE_REVERSED if turned else Drift.CODES_SWAPPED,
        paste=_exchanged_paste(item, names, meant, wave, turned=turned) if found else "",
    )


def _side_by_side(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return respondents by valid answer in both waves, in the order of the answers now."""
    both = [
        rows[rows["valid"]].sort_values("answer_order").set_index("answer")["respondents"]
        for rows in (now, before)
    ]
    if set(both[0].index) != set(both[1].index):
        return pd.DataFrame()
    return pd.DataFrame({"now": both[0], "before": both[1].reindex(both[0].index)})


def _exchanged_paste(
    item: BoundItem, names: list[str], meant: list[str], wave: str, *, turned: bool
) -> str:
    if turned or not item.codes:
        return from_wave(item, wave, [f"reversed: {str(not item.reversed).lower()}"])
    was = dict(zip(names, meant, strict=True))
    by_name = {code.name: code for code in item.codes.values()}
    codes = {value: by_name[was[code.name]] for value, code in item.codes.items()}
    return from_wave(item, wave, [*codes_lines(codes)])


def _reasons(
    item: BoundItem, now: pd.DataFrame, before: pd.DataFrame, examined: Examined
) -> Iterator[Figure]:
    """Yield whether answers are missing for the same reasons, as often, as in the wave before."""
    asked = _asked(now), _asked(before)
    if min(asked) < FEWEST_ASKED:
        return
    reasons = sorted({*now.loc[~now["valid"], "answer"], *before.loc[~before["valid"], "answer"]})
    shares = {
        reason: (_count(now, reason) / asked[0], _count(before, reason) / asked[1])
        for reason in reasons
        if reason not in NOT_PUT
    }
    worst = max(shares, key=lambda reason: _distance(*shares[reason], asked), default=None)
    if worst is None:
        return
    new, old = shares[worst]
    distance = _distance(new, old, asked) if abs(new - old) >= REASON_MOVED else 0.0
    words = worst.replace("_", " ")
    yield Figure(
        rule=f"{item.name}.reasons",
        title=f"{subject_of(item)}: missing for the same reasons as before",
        value=distance,
        highest=examined.rule.jump,
        finding=f"{subject_of(item)}: “{words}” is {percent(new)} of those asked, and was "
        f"{percent(old)} in the wave before.",
        expected="Much the same share as in the wave before.",
        remedy="Ask the supplier whether codes of missing answers were merged, dropped or given to "
        "other people.",
        variable=item.variable,
    )


def _answers_gone(
    item: BoundItem, now: pd.DataFrame, before: pd.DataFrame, earlier: str
) -> Iterator[Figure]:
    """Yield how many answers that were usual nobody gives any more; all but one: a column lost."""
    new, old = (
        rows[rows["valid"]].groupby("answer", sort=False)["respondents"].sum()
        for rows in (now, before)
    )
    if not {*old.index} <= {*new.index} or new.sum() == 0 or old.sum() == 0:
        return
    usual = old[old * min(1.0, new.sum() / old.sum()) >= FEWEST_ASKED].index
    gone = [str(answer) for answer in usual if new[answer] == 0]
    alone = len(usual) > 1 and int((new > 0).sum()) == 1
    yield Figure(
        rule=f"{item.name}.answers_gone",
        title=f"{subject_of(item)}: the answers that were given in {earlier}",
        value=float(len(gone)),
        highest=0,
        finding=f"{subject_of(item)}: "
        + (
            f"one answer stands in every row; in {earlier} there were {len(usual)}."
            if alone
            else f"nobody gives an answer that was usual in {earlier}: {series(gone)}."
        ),
        expected=f"The answers of {earlier}, each given by somebody.",
        remedy="Ask the supplier whether answers were merged or given another code, or a column "
        "was filled in. If the question changed, declare its codes for this wave.",
        severity=Severity.CRITICAL if alone else Severity.WARNING,
        judged=True,
        variable=item.variable,
    )


def _count(rows: pd.DataFrame, reason: str) -> int:
    return int(rows.loc[(rows["answer"] == reason) & ~rows["valid"], "respondents"].sum())


def _distance(new: float, old: float, asked: tuple[int, int]) -> float:
    """Return how many standard errors lie between two shares, with a design effect."""
    pooled = (new * asked[0] + old * asked[1]) / sum(asked)
    variance = pooled * (1 - pooled) * DESIGN * (1 / asked[0] + 1 / asked[1])
    return float(abs(new - old) / np.sqrt(variance)) if variance > 0 else 0.0


def _same_interviews(
    now: dict[str, pd.DataFrame], before: dict[str, pd.DataFrame], earlier: str
) -> Iterator[Figure]:
    """Yield whether the wave holds the interviews of the wave before: every count is the same."""
    shared = [item for item in now if item in before]
    if len(shared) < FEWEST_ITEMS:
        return
    same = [_counts(now[item]) == _counts(before[item]) for item in shared]
    share = float(np.mean(same))
    yield Figure(
        rule="return.sent_before",
        title=f"The return: not the interviews of {earlier}",
        value=share,
        highest=0.8,
        finding=f"The answers to {sum(same)} of {len(shared)} questions are counted exactly as in "
        f"{earlier}.",
        expected="Interviews of this wave.",
        remedy=f"Ask the supplier for this wave's return: this one looks like that of {earlier} "
        "with other serial numbers or dates.",
        severity=Severity.CRITICAL,
        judged=True,
    )


def _counts(rows: pd.DataFrame) -> dict[tuple[str, bool], int]:
    held = rows[rows["respondents"] > 0]
    keys = zip(held["answer"], held["valid"], strict=True)
    return dict(zip(keys, held["respondents"], strict=True))
