"""Of who was interviewed: enough in each area, where they were before, and like the population."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from expectations.bounded import Figure
from expectations.wave.figures import Examined, WaveFacts
from transforms.catalogue import Domain
from transforms.catalogue.margins import SEPARATOR
from transforms.catalogue.mistakes import series
from transforms.validation import Drift, Severity
from transforms.wave_facts import NO_VALUE
from transforms.wording import number, percent

FEWEST_EXPECTED = 30
"""Respondents that a population's share would bring, below which chance decides a ratio."""


SLIP = 0.05
"""Share of a stratum's respondents below which another area is a slip of single interviews."""

DESIGN_KEPT = 2.0
"""Factor by which strata, or interviews to a sampling point, may differ from the wave before's."""


def people_figures(examined: Examined) -> Iterator[Figure]:
    """Yield quotas, bases against the wave before, strata, and the sample against margins."""
    for quota in examined.rule.quotas:
        yield from _quota(quota, examined)
    for name, domain in examined.survey.domains.items():
        if domain.is_geographic:
            yield from _base_kept(name, domain, examined)
            yield from _strata(name, domain, examined)
    yield from _design_kept(examined)
    yield from _sample_ratios(examined)


def _design_kept(examined: Examined) -> Iterator[Figure]:
    """Yield whether there are about as many strata, and interviews a sampling point, as before."""
    pair = examined.compared()
    if pair is None:
        return
    new, old = (_design(facts) for facts in pair)
    words = {"strata": "strata", "points": "interviews to a sampling point"}
    for name, told in words.items():
        ratio = max(new[name] / old[name], old[name] / new[name])
        yield Figure(
            rule=f"design.{name}",
            title=f"The sample: about as many {told} as in {pair[1].wave}",
            value=ratio,
            highest=DESIGN_KEPT,
            finding=f"The sample: {new[name]:.3g} {told}; {old[name]:.3g} in {pair[1].wave}.",
            expected=f"No more than {DESIGN_KEPT:g} times as many, or as few.",
            remedy="Ask the supplier whether the column holds the numbers of the sample that was "
            "drawn: standard errors rest on them, and would be wrong unseen. If the design was "
            "changed, accept the finding.",
            severity=Severity.CRITICAL,
            judged=True,
        )


def _design(facts: WaveFacts) -> dict[str, float]:
    """Return a wave's strata, and its interviews to a sampling point, by its largest base."""
    rows = facts.tables["estimate.total"]
    row = rows.sort_values("n", kind="stable").iloc[-1]
    return {"strata": float(row["strata"]), "points": float(row["n"]) / float(row["psus"])}


def respondents_by_value(facts: WaveFacts, domain: str) -> dict[str, int]:
    """Return a domain's respondents by value, of the values that have any."""
    rows = facts.tables["survey.stratum_count"]
    counts = rows[rows["domain"] == domain].groupby("domain_value")["respondents"].sum()
    return {str(value): int(count) for value, count in counts.items()}


def _quota(domain: str, examined: Examined) -> Iterator[Figure]:
    declared = examined.survey.domains[domain]
    found = respondents_by_value(examined.now, domain)
    wanted = examined.rule.quotas[domain]
    short = {value: wanted[value] - found.get(value, 0) for value in wanted}
    short = {value: missing for value, missing in short.items() if missing > 0}
    told = series(
        f"{declared.label_of(value)} {number(found.get(value, 0))} of {number(wanted[value])}"
        for value in short
    )
    yield Figure(
        rule=f"{domain}.quota",
        title=f"{declared.label}: as many interviews as agreed",
        value=float(len(short)),
        highest=0,
        finding=f"{declared.label}: fewer interviews than agreed: {told}.",
        expected="The number of interviews under `quotas` in survey.yaml.",
        remedy="Ask the supplier for the missing interviews, or why they were not held.",
    )


def _base_kept(name: str, domain: Domain, examined: Examined) -> Iterator[Figure]:
    pair = examined.compared()
    if pair is None:
        return
    new, old = (respondents_by_value(facts, name) for facts in pair)
    ratios = {v: new.get(v, 0) / old[v] for v in domain.names if old.get(v, 0) >= FEWEST_EXPECTED}
    if not ratios:
        return
    low = {value: ratio for value, ratio in ratios.items() if ratio < examined.rule.base_kept}
    told = series(
        f"{domain.label_of(value)} {number(new.get(value, 0))} (before {number(old[value])})"
        for value in low
    )
    yield Figure(
        rule=f"{name}.base",
        title=f"{domain.label}: interviews in every area as before",
        value=min(ratios.values()),
        lowest=examined.rule.base_kept,
        finding=f"{domain.label}: far fewer interviews than in {pair[1].wave}: {told}.",
        expected=f"At least {percent(examined.rule.base_kept)} of the wave before's, in each.",
        remedy="Ask the supplier whether interviews are still to come, or were given another area.",
    )


def _strata(name: str, domain: Domain, examined: Examined) -> Iterator[Figure]:
    """Yield whether strata that both waves name lie in the same area."""
    pair = examined.compared()
    if pair is None or examined.survey.about.design.stratum is None:
        return
    new, old = (_areas_of_strata(facts, name) for facts in pair)
    shared = [s for s in new if s in old and len(old[s]) == 1]
    if not shared:
        return
    moved = [stratum for stratum in shared if new[stratum] != old[stratum]]
    pairs = dict.fromkeys(
        (old[stratum][0], area, len(new[stratum]) > 1)
        for stratum in moved
        for area in new[stratum]
        if area != old[stratum][0]
    )
    told = series(
        f"strata that lay in {_area(domain, was)} now lie {'partly ' if part else ''}in "
        f"{_area(domain, area)}"
        for was, area, part in pairs
    )
    yield Figure(
        rule=f"{name}.strata",
        title=f"{domain.label}: each sampling stratum in the area where it was",
        value=float(len(moved)),
        highest=0,
        finding=f"{domain.label}: {told}.",
        expected=f"Strata in the areas in which they lay in {pair[1].wave}.",
        remedy="Ask the supplier whether the area codes were exchanged, or whether strata have new "
        "names. If codes mean other areas now, declare them in questionnaire.yaml.",
        severity=Severity.CRITICAL,
        judged=True,
        drift=Drift.CODES_SWAPPED,
    )


def _area(domain: Domain, value: str) -> str:
    return domain.label_of(value) if value in domain.names else "no area"


def _areas_of_strata(facts: WaveFacts, domain: str) -> dict[str, tuple[str, ...]]:
    """Return the areas that hold more than a slip's share of each stratum's respondents."""
    rows = facts.tables["survey.stratum_count"]
    known = rows[(rows["domain"] == domain) & (rows["domain_value"] != NO_VALUE)]
    whole = known.groupby("stratum")["respondents"].transform("sum")
    of_domain = known[known["respondents"] >= SLIP * whole].groupby("stratum", sort=True)
    return {str(name): tuple(sorted(held["domain_value"])) for name, held in of_domain}


def _sample_ratios(examined: Examined) -> Iterator[Figure]:
    """Yield each margin's values with a share of the sample far from the population's."""
    checks = examined.now.tables["survey.margin_check"]
    for margin in examined.survey.margins_in_use(examined.now.wave):
        rows = checks[checks["margin"] == margin.name]
        for place, name in enumerate(margin.variables):
            yield _sample_ratio(margin.name, name, _shares(rows, place), examined)


def _shares(rows: pd.DataFrame, place: int) -> pd.DataFrame:
    """Return, by value of one of a margin's variables, its share of sample and population.

    Categories that were merged, or have no value, stand by themselves.
    """
    plain = ~rows["category"].str.contains(" + ", regex=False)
    value = rows["category"].str.split(SEPARATOR).str[place].where(plain, rows["category"])
    summed = rows.groupby(value)[["design_weighted", "control_total", "respondents"]].sum()
    return summed.assign(
        sample=summed["design_weighted"] / summed["design_weighted"].sum(),
        population=summed["control_total"] / summed["control_total"].sum(),
    )


def _sample_ratio(margin: str, name: str, shares: pd.DataFrame, examined: Examined) -> Figure:
    domain = examined.survey.domains[name]
    low, high = examined.rule.sample_ratio
    expected = shares["population"] * shares["respondents"].sum()
    known = shares[expected >= FEWEST_EXPECTED]
    ratio = known["sample"] / known["population"]
    far = known[(ratio < low) | (ratio > high)]
    told = series(
        f"{domain.label_of(str(value))} {percent(row['sample'])} of the sample and "
        f"{percent(row['population'])} of the population"
        for value, row in far.iterrows()
    )
    return Figure(
        rule=f"margin.{margin}.sample_{name}",
        title=f"{domain.label}: the sample like the population before weighting",
        value=float(len(far)),
        highest=0,
        finding=f"{domain.label}, by design weights: {told}.",
        expected=f"From {low:.2f} to {high:g} times the population's share.",
        remedy="Ask the supplier whether codes were exchanged, interviews are missing, or the "
        "weights are right: calibration would force them to the population unseen.",
    )
