"""Somebody who has published.duckdb and knows algebra, and tries to work small counts out.

Written without the code it attacks. The unknowns are how many gave a counted answer ("y") and how
many another ("o") in each cell of each single wave; whatever is published is an equation in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.optimize import linprog

Cell = tuple[str, str, str]
"""Measure, domain, domain value."""

Number = tuple[str, str, str, str, str]
"""Cell, wave, and y, o, or b: who is left between two cells."""

Sum = Mapping[Number, float]
"""A sum of numbers, each with its factor."""

Equation = tuple[Sum, float]
KEY = ["period", "measure", "domain", "domain_value"]


@dataclass(frozen=True)
class Known:
    """What follows from equations in numbers of people, none of which is below 0."""

    worked_out: Mapping[Number, float]
    numbers: list[Number]
    rows: np.ndarray
    values: np.ndarray

    @classmethod
    def from_equations(cls, equations: Sequence[Equation]) -> Known:
        """Put in what is worked out until no equation has a single unknown; keep the rest."""
        worked_out: dict[Number, float] = {}
        left = list(equations)
        before = -1
        while len(worked_out) > before:
            before, unsolved = len(worked_out), []
            for terms, value in left:
                unknown = {one: sign for one, sign in terms.items() if one not in worked_out}
                rest = value - sum(
                    s * worked_out[one] for one, s in terms.items() if one in worked_out
                )
                if len(unknown) == 1:
                    [(one, sign)] = unknown.items()
                    worked_out[one] = rest / sign
                elif unknown:
                    unsolved.append((unknown, rest))
            left = unsolved
        numbers = sorted({one for terms, _ in left for one in terms})
        place = {one: index for index, one in enumerate(numbers)}
        rows = np.zeros((len(left), len(numbers)))
        for row, (terms, _) in enumerate(left):
            rows[row, [place[one] for one in terms]] = list(terms.values())
        return cls(worked_out, numbers, rows, np.array([value for _, value in left]))

    def told(self, wanted: Sum) -> float | None:
        """The value of a sum of numbers; None where the equations do not settle it."""
        vector, rest = self._left_of(wanted)
        if vector is None:
            return None
        if not vector.any():
            return rest
        factors = np.linalg.lstsq(self.rows.T, vector, rcond=None)[0] if len(self.rows) else None
        if factors is None or np.abs(self.rows.T @ factors - vector).max() > 1e-7:
            return None
        return rest + float(factors @ self.values)

    def largest(self, wanted: Sum) -> float:
        """The largest value that a sum of numbers may have."""
        vector, rest = self._left_of(wanted)
        if vector is None:
            return np.inf
        if not vector.any():
            return rest
        found = linprog(-vector, A_eq=self.rows, b_eq=self.values, method="highs")
        assert found.status in (0, 3), found.message
        return np.inf if found.status == 3 else rest - float(found.fun)

    def _left_of(self, wanted: Sum) -> tuple[np.ndarray | None, float]:
        """What is not worked out of a sum, and what the worked out adds to it; None: no trace."""
        vector, rest = np.zeros(len(self.numbers)), 0.0
        for one, sign in wanted.items():
            if one in self.worked_out:
                rest += sign * self.worked_out[one]
            elif one in self.numbers:
                vector[self.numbers.index(one)] += sign
            else:
                return None, rest
        return vector, rest


class Attacker:
    """What may be read in a published database, and what follows from it."""

    def __init__(self, published: Path) -> None:
        with duckdb.connect(str(published), read_only=True) as connection:
            self.estimates = connection.sql("""
                SELECT e.*, p.waves FROM estimate.estimate AS e JOIN ref.period AS p USING (period)
                ORDER BY ALL
            """).df()
            self.changes = connection.sql("FROM estimate.change ORDER BY ALL").df()
            self.kpis = connection.sql("FROM kpi.kpi ORDER BY ALL").df()
            self.trends = connection.sql("FROM estimate.trend ORDER BY ALL").df()
            self.tests = connection.sql("FROM estimate.distribution ORDER BY ALL").df()
            self.measures = connection.sql("FROM ref.measure ORDER BY measure_order").df()
            self.steps = connection.sql("FROM ref.chain ORDER BY chain_order, step").df()
            self.waves = connection.sql("FROM ref.wave ORDER BY wave_order").df()["wave"].tolist()

    def from_weighted(self, measures: set[str], truth: Mapping[Number, float]) -> Known:
        """What the published shares and weighted bases tell of the weighted numbers.

        `truth`: the true weighted numbers, of which only who belongs to no value is looked at.
        """
        own = self._of(measures)
        shown = own[own["estimate"].notna()]
        told = [
            (_over(row, part), share * row.weighted_base)
            for row in shown.itertuples()
            for part, share in (("y", row.estimate), ("o", 1 - row.estimate))
        ]
        return Known.from_equations([*told, *self._sums(own, truth), *self._ties(own)])

    def from_counts(self, measures: set[str], truth: Mapping[Number, float]) -> Known:
        """What follows if each share told how many people gave the answer, and each base too.

        `truth`: the true numbers, of which only what is published is looked at, and who belongs to
        no value of a classification.
        """
        own = self._of(measures)
        told: list[Equation] = []
        for row in own[own["unweighted_base"].fillna(0) > 0].itertuples():
            both = _over(row, "y") | _over(row, "o")
            told.append((both, float(row.unweighted_base)))
            if not np.isnan(row.estimate):
                counting = _over(row, "y")
                told.append((counting, sum(truth[one] for one in counting)))
        nobody = own[(own["unweighted_base"] == 0) & (own["waves"].map(len) == 1)]
        told += [({one: 1.0}, 0.0) for row in nobody.itertuples() for one in _both(row)]
        return Known.from_equations([*told, *self._sums(own, truth), *self._ties(own)])

    def _of(self, measures: set[str]) -> pd.DataFrame:
        return self.estimates[self.estimates["measure"].isin(measures)]

    def _sums(self, own: pd.DataFrame, truth: Mapping[Number, float]) -> Iterator[Equation]:
        """The values of a classification, and who has none of them, are the force."""
        single = own[(own["waves"].map(len) == 1) & (own["domain"] != "all")]
        for (measure, domain, wave), rows in single.groupby(["measure", "domain", "period"]):
            for part in "yo":
                values = [(measure, domain, v, wave, part) for v in rows["domain_value"]]
                force = (measure, "all", "all", wave, part)
                left = truth.get((measure, domain, "", wave, part))
                terms = {force: 1.0} | dict.fromkeys(values, -1.0)
                if left is None:
                    yield terms | {(measure, domain, "", wave, part): -1.0}, 0.0
                else:
                    yield terms, left

    def _ties(self, own: pd.DataFrame) -> Iterator[Equation]:
        """Measures that count the same people, or some of the same."""
        single = own[own["waves"].map(len) == 1]
        places: dict[str, set[tuple[str, ...]]] = {}
        for measure, *where in single[[*KEY[1:], "period"]].itertuples(index=False, name=None):
            places.setdefault(measure, set()).add(tuple(where))
        for before, after, between in self._next_steps():
            if {before, after, between} <= set(places):
                for where in sorted(places[before] & places[after] & places[between]):
                    yield from _step(before, after, between, where)
        for more, less in self._nested():
            for where in sorted(places.get(more, set()) & places.get(less, set())):
                yield from _among(more, less, where)

    def _next_steps(self) -> Iterator[tuple[str, str, str]]:
        """Measures of who reached a step, who reached the next, and of the share between them."""
        for _, steps in self.steps.groupby("chain"):
            of_all = steps["share_of_all"].tolist()
            yield from zip(
                of_all, of_all[1:], steps["share_of_previous"].tolist()[1:], strict=False
            )

    def _nested(self) -> Iterator[tuple[str, str]]:
        """Measures of the same answers of the same people, of which one counts more answers."""
        rows = list(self.measures.itertuples())
        base = {one.measure: (one.item, str(one.base_of), sorted(one.leaves_base)) for one in rows}
        for more in rows:
            for less in rows:
                if base[more.measure] == base[less.measure] and set(less.counts) < set(more.counts):
                    yield more.measure, less.measure

    def told_elsewhere(self) -> list[str]:
        """Rows made of withheld figures that are published all the same, with numbers in them."""
        hidden = self.estimates[self.estimates["estimate"].isna()]
        withheld = set(hidden[KEY].itertuples(index=False, name=None))
        return [
            *self._changes_of(withheld),
            *self._kpis_of(withheld),
            *self._trends_of(withheld),
            *self._tests_of(hidden[hidden["marker"].str.contains("[c]", regex=False)]),
        ]

    def _changes_of(self, withheld: set[tuple[str, ...]]) -> Iterator[str]:
        numbers = ["difference", "standard_error", "ci_lower", "p_value", "detectable_change"]
        verdicts = [*numbers, "adjusted_p", "verdict", "no_verdict_reason"]
        for _, row in self.changes[self.changes[verdicts].notna().any(axis=1)].iterrows():
            cell = (row["domain"], row["domain_value"])
            to_rest = row["comparison"] == "rest_of_force"
            other = row["period"] if to_rest else row["compared_with"]
            sides = [(row["period"], cell), (other, ("all", "all") if to_rest else cell)]
            broken = str(row["marker"]).startswith("[b]")
            if not broken and any((p, row["measure"], *one) in withheld for p, one in sides):
                yield f"change: {row.to_dict()}"

    def _kpis_of(self, withheld: set[tuple[str, ...]]) -> Iterator[str]:
        for row in self.kpis.itertuples():
            figure = (row.period, row.measure, row.domain, row.domain_value)
            told = pd.notna(row.estimate) or re.search(r"\d%|\d points", row.evidence)
            if figure in withheld and told:
                yield f"kpi: {row}"

    def _trends_of(self, withheld: set[tuple[str, ...]]) -> Iterator[str]:
        told = self.trends[["slope", "standard_error", "p_value", "no_test_reason"]].notna()
        for row in self.trends[told.any(axis=1)].itertuples():
            waves = self.waves[
                self.waves.index(row.first_wave) : self.waves.index(row.last_wave) + 1
            ]
            cell = (row.measure, row.domain, row.domain_value)
            if any((wave, *cell) in withheld for wave in waves):
                yield f"trend: {row}"

    def _tests_of(self, confidential: pd.DataFrame) -> Iterator[str]:
        item = self.measures.set_index("measure")["item"]
        force = confidential[confidential["domain"] == "all"]
        hidden = set(zip(force["period"], force["measure"].map(item), strict=True))
        for row in self.tests[self.tests["p_value"].notna()].itertuples():
            if {(row.period, row.item), (row.compared_with, row.item)} & hidden:
                yield f"test of all answers: {row}"


def true_numbers(numbers: pd.DataFrame, partitions: set[str]) -> dict[Number, float]:
    """Each number of `numbers` (wave, cell, y and o), and who is left by the values of a domain.

    That is said only of the domains that are known to be everybody: who is in none of their values
    did not say, and the attacker is told how many these are.
    """
    own = {
        (row.measure, row.domain, row.domain_value, row.wave, part): float(getattr(row, part))
        for row in numbers.itertuples()
        for part in "yo"
    }
    force = numbers[numbers["domain"] == "all"].set_index(["measure", "wave"])
    of_values = numbers[numbers["domain"].isin(partitions)]
    for (measure, domain, wave), rows in of_values.groupby(["measure", "domain", "wave"]):
        for part in "yo":
            left = force.loc[(measure, wave), part] - rows[part].sum()
            own[measure, domain, "", wave, part] = float(left)
    return own


def _step(before: str, after: str, between: str, where: tuple[str, ...]) -> Iterator[Equation]:
    """Who reached the next step is the same people of all and of this step; so are the rest.

    Whoever reached this step and is not in the next one's base broke off.
    """
    yield {(after, *where, "y"): 1.0, (between, *where, "y"): -1.0}, 0.0
    others = {(before, *where, "o"): -1.0, (between, *where, "o"): -1.0}
    yield {(after, *where, "o"): 1.0} | others, 0.0
    asked = {(between, *where, part): -1.0 for part in "yo"}
    yield {(before, *where, "y"): 1.0} | asked | {(between, *where, "b"): -1.0}, 0.0


def _among(more: str, less: str, where: tuple[str, ...]) -> Iterator[Equation]:
    """Who is counted by one measure is among those the other counts; the bases are the same."""
    left = (f"{more} less {less}", *where, "b")
    yield {(more, *where, "y"): 1.0, (less, *where, "y"): -1.0, left: -1.0}, 0.0
    base = {(more, *where, part): 1.0 for part in "yo"}
    yield base | {(less, *where, part): -1.0 for part in "yo"}, 0.0


def _over(row: object, part: str) -> dict[Number, float]:
    measure, domain, value, waves = (getattr(row, name) for name in (*KEY[1:], "waves"))
    return {(measure, domain, value, wave, part): 1.0 for wave in waves}


def _both(row: object) -> list[Number]:
    return [*_over(row, "y"), *_over(row, "o")]
