"""From margins and samples to the rules about who respondents are, and whom they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from expectations.rules import Classified, Covered, Occupied, Rule
from transforms.catalogue import Calibration, Margin, Survey
from transforms.samples import has_boosts, samples_of


def population_rules(survey: Survey, wave: str, sample: str) -> Iterator[Rule]:
    """Yield the rules of each margin in use, and of the population the sample was drawn from."""
    for margin in survey.margins_in_use():
        yield from _margin_rules(margin, survey, wave)
    if has_boosts(survey) and samples_of(survey)[sample].covers:
        yield _covered(survey, wave, sample)


def _covered(survey: Survey, wave: str, sample: str) -> Rule:
    declared = samples_of(survey)[sample]
    domains = tuple(declared.covers)
    categories = tuple(product(*(declared.values_covered(domain) for domain in domains)))
    words = tuple(_category_in_words(domains, category, survey) for category in categories)
    return Covered(
        margin=sample,
        words=" by ".join(survey.domains[name].label for name in domains),
        check="covered",
        demand=f"of those whom the sample {sample} was drawn from",
        breach=f"nobody whom the sample {sample} covers",
        expected=f"one of {_listed(words)}.",
        remedy="Ask the supplier why these people were interviewed and, if the sample was drawn "
        f"from them too, add them to `covers` of {sample} in survey.yaml.",
        also_reads=_reads(domains, survey, wave),
        domains=domains,
        categories=categories,
        labels=words,
        blank=False,
    )


def _margin_rules(margin: Margin, survey: Survey, wave: str) -> Iterator[Rule]:
    calibration = survey.about.calibration
    assert calibration is not None
    reads = _reads(margin.variables, survey, wave)
    labels = tuple(survey.domains[name].label for name in margin.variables)
    categories = tuple(cell.category for cell in margin.control_totals)
    words = tuple(_category_in_words(margin.variables, category, survey) for category in categories)
    yield Classified(
        margin=margin.name,
        words=" by ".join(labels),
        check="classified",
        demand="known of every respondent",
        breach="no category that weighting has a population for",
        expected=f"one of {_listed(words)}.",
        remedy=f"Ask the supplier to complete {_listed(_sources(margin.variables, survey, wave))}, "
        "or leave this margin out of calibration.",
        also_reads=reads,
        domains=margin.variables,
        categories=categories,
        labels=words,
        blank=calibration.missing_margin_value != "refuse",
    )
    if has_boosts(survey):
        return  # Whether a category has somebody shows when all samples are there.
    alone = _weighted_alone(margin, calibration)
    yield Occupied(
        margin=margin.name,
        words=" by ".join(labels),
        check="occupied",
        demand="somebody in every category",
        expected="at least one respondent in every category with a control total.",
        remedy="Ask the supplier for the missing interviews, or merge the category with a "
        "neighbour: `merge` under calibration in survey.yaml.",
        also_reads=reads,
        domains=margin.variables,
        categories=alone,
        labels=tuple(_category_in_words(margin.variables, category, survey) for category in alone),
    )


def _weighted_alone(margin: Margin, calibration: Calibration) -> tuple[tuple[str, ...], ...]:
    """Return the categories that are not merged with others, each of which needs somebody."""
    merged = {name for group in calibration.merge.get(margin.name, ()) for name in group}
    return tuple(cell.category for cell in margin.control_totals if cell.name not in merged)


def _reads(domains: Sequence[str], survey: Survey, wave: str) -> tuple[str, ...]:
    """Return the items that say who is in which of the domains, and has a weight."""
    design = survey.about.design
    return (*_sources(domains, survey, wave), design.serial, *design.weight)


def _sources(domains: Sequence[str], survey: Survey, wave: str) -> tuple[str, ...]:
    sources = (_source_item(name, survey, wave) for name in domains)
    return tuple(name for name in sources if name)


def _source_item(domain: str, survey: Survey, wave: str) -> str | None:
    sources = survey.domains[domain].source
    return next((source.item for source in sources if survey.asks(source.item, wave)), None)


def _category_in_words(domains: Sequence[str], category: Sequence[str], survey: Survey) -> str:
    named = zip(domains, category, strict=True)
    return ", ".join(survey.domains[domain].values[value].label for domain, value in named)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
