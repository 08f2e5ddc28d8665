"""A survey sample by sample: which samples a wave has, and the survey as one sample's file sees it.

A survey that declares no samples has one, `main`, and is itself what that one sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from transforms.arrays import Flags
from transforms.catalogue import MAIN, MissingReason, Sample, Survey
from transforms.responses import Responses
from transforms.weighting import Sampled

PREFIX = ":"
"""Between a sample's name, which cannot hold it, and its own name of a stratum or PSU."""


def samples_of(survey: Survey) -> Mapping[str, Sample]:
    """Return the survey's samples by name; the first covers the whole population."""
    return survey.about.samples or {MAIN: Sample()}


def has_boosts(survey: Survey) -> bool:
    """Return whether a wave may consist of several samples."""
    return len(samples_of(survey)) > 1


def samples_in(survey: Survey, wave: str) -> tuple[str, ...]:
    """Return the names of the samples drawn in a wave, as declared."""
    return tuple(name for name, sample in samples_of(survey).items() if sample.drawn_in(wave))


def required_in(survey: Survey, wave: str) -> tuple[str, ...]:
    """Return the samples without which a wave is not computed, as declared."""
    samples = samples_of(survey)
    return tuple(name for name in samples_in(survey, wave) if samples[name].required)


def as_sampled(survey: Survey, name: str) -> Survey:
    """Return the survey as returns of one sample are read: its file names, weight and items.

    An item that only another sample's weight uses is none of its items. KeyError where there is
    no such sample.
    """
    sample, about = samples_of(survey)[name], survey.about
    if not about.samples:
        return survey
    returns = about.returns.model_copy(
        update={
            "file_name": sample.file_name or about.returns.file_name,
            "minimum_rows": sample.minimum_rows or about.returns.minimum_rows,
        }
    )
    design = about.design.model_copy(update={"weight": sample.weight or about.design.weight})
    seen = about.model_copy(update={"returns": returns, "design": design})
    foreign = _weight_items(survey) - set(design.weight) - set(_items_put_to_use(survey))
    items = {item: asked for item, asked in survey.items.items() if item not in foreign}
    questionnaire = survey.questionnaire.model_copy(update={"items": items})
    return survey.model_copy(update={"about": seen, "questionnaire": questionnaire})


def _weight_items(survey: Survey) -> set[str]:
    """Return the items that some sample's weight is made of."""
    own = (sample.weight or () for sample in samples_of(survey).values())
    return {*survey.about.design.weight, *(item for weight in own for item in weight)}


def _items_put_to_use(survey: Survey) -> Iterator[str]:
    """Yield the items that something else than a weight refers to."""
    design = survey.about.design
    carriers = (design.serial, design.stratum, design.psu, design.population_psus)
    yield from (item for item in (*carriers, survey.about.returns.interview_date) if item)
    yield from (source.item for domain in survey.domains.values() for source in domain.source)
    yield from (measure.item for measure in survey.measures.values())
    yield from (
        parent for item in survey.items.values() for routing in item.routings for parent in routing
    )


def joined(parts: Sequence[Responses], survey: Survey) -> Responses:
    """Return the responses of a wave's samples as one, sample after sample as given.

    Where the survey has boosts, strata and PSUs are named after their sample too: each sample was
    drawn by itself. An item that a sample's returns do not have is not asked of its respondents.
    """
    if not has_boosts(survey):
        (alone,) = parts
        return alone
    asked = list(dict.fromkeys(item for part in parts for item in part.codes))
    not_asked = MissingReason.NOT_ASKED.value
    reasons = [part.reasons.reindex(columns=asked, fill_value=not_asked) for part in parts]
    return Responses(
        wave=parts[0].wave,
        respondents=_stacked([_named_after_sample(part.respondents) for part in parts]),
        codes=_stacked([part.codes for part in parts])[asked],
        reasons=_stacked(reasons),
        left_out_rows=sum(part.left_out_rows for part in parts),
    )


def sampled(people: pd.DataFrame, classified: pd.DataFrame, survey: Survey) -> Sampled:
    """Return who was drawn in which sample, and which of these samples could have drawn them."""
    names = tuple(name for name in samples_of(survey) if (people["sample"] == name).any())
    covered = [_covered(classified, samples_of(survey)[name]) for name in names]
    place = pd.Index(names).get_indexer(pd.Index(people["sample"])).astype(np.int64)
    return Sampled(names, place, np.column_stack(covered))


def _covered(classified: pd.DataFrame, sample: Sample) -> Flags:
    """(respondents,) whether the sample could have drawn the respondent."""
    covered = np.ones(len(classified), dtype=np.bool_)
    for domain in sample.covers:
        covered &= classified[domain].isin(sample.values_covered(domain)).to_numpy(np.bool_)
    return covered


def _named_after_sample(people: pd.DataFrame) -> pd.DataFrame:
    prefix = people["sample"] + PREFIX
    return people.assign(stratum=prefix + people["stratum"], psu=prefix + people["psu"])


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)
