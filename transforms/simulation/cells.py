"""What a return's cells hold: the design's columns, classifications, answers and their gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from transforms.arrays import Flags
from transforms.catalogue import BoundItem, CodeValue, MissingReason
from transforms.errors import DeclarationError
from transforms.simulation.drawing import Drawing
from transforms.simulation.interviews import interview_dates, interview_times, interviewers
from transforms.simulation.population import ADULTS, declared_simulation, item_values, source_in
from transforms.simulation.sampling import drawn_by_share
from transforms.simulation.tendencies import answer_shares, tendency_of

NUMBERS_IN_BAND: Final = 20
"""Numbers in a band are drawn evenly among its first twenty: an open band has no last."""

Columns = Mapping[str, pd.Series]
"""A return's columns by item: numbers and codes float64, text str, dates datetime64."""


def design_columns(drawing: Drawing) -> Columns:
    """Return the columns that the design, the weights and the fieldwork fill."""
    about = drawing.survey.about
    fieldwork = declared_simulation(drawing.survey).fieldwork
    sample = drawing.sample
    at_address = np.array(drawing.population.axis(ADULTS).categories, dtype=np.float64)
    strata = ["-".join(values) for values in drawing.design.strata]
    columns = {
        about.design.serial: _serials(drawing),
        about.design.stratum: pd.Series([strata[s] for s in sample.stratum], dtype="str"),
        about.design.psu: _point_names(drawing),
        about.returns.interview_date: interview_dates(drawing),
        fieldwork.address_factor: pd.Series(sample.address_factor),
        fieldwork.adults: pd.Series(at_address[sample.places[ADULTS]]),
        fieldwork.interviewer: interviewers(drawing),
        **interview_times(drawing),
    }
    return {item: column for item, column in columns.items() if item is not None}


def classification_columns(drawing: Drawing) -> Columns:
    """Return the columns that a domain of the population is read from."""
    characteristics = declared_simulation(drawing.survey).characteristics
    columns = {}
    for domain in (name for name in drawing.sample.places if name != ADULTS):
        item = source_in(drawing.survey, drawing.wave, domain).item
        bound = drawing.survey.item_in(item, drawing.wave)
        missing = characteristics[domain].missing if domain in characteristics else {}
        columns[item] = _column(_with_gaps(drawing, bound, _in_detail(drawing, domain), missing))
    return columns


def answer_columns(drawing: Drawing) -> Columns:
    """Return the answers to every item that has a tendency; empty where the routing passed by."""
    tendencies = declared_simulation(drawing.survey).tendencies
    columns: dict[str, pd.Series] = {}
    for bound in drawing.survey.items_in(drawing.wave):
        if bound.name in tendencies:
            missing = tendency_of(drawing.survey, bound.name).missing
            given = _with_gaps(drawing, bound, _answers(drawing, bound), missing)
            columns[bound.name] = _column(given).where(_asked(drawing, bound, columns))
    return columns


def _serials(drawing: Drawing) -> pd.Series:
    """Number respondents within the wave, and never alike in two waves."""
    waves = [wave.name for wave in drawing.survey.waves]
    first = 100_000 * (waves.index(drawing.wave) + 1) + 1
    return pd.Series(np.arange(first, first + drawing.respondents, dtype=np.float64))


def _point_names(drawing: Drawing) -> pd.Series:
    names = [f"{drawing.wave}-{point + 1:04d}" for point in drawing.sample.psu]
    return pd.Series(names, dtype="str")


def _in_detail(drawing: Drawing, domain: str) -> list[CodeValue]:
    """Return each respondent's code or number, drawn evenly within their value of the domain."""
    axis = drawing.population.axis(domain)
    choices = [_choices(drawing, domain, str(value)) for value in axis.categories]
    uniforms = drawing.rng(f"{domain} in detail").random(drawing.respondents)
    return [
        choices[place][int(uniform * len(choices[place]))]
        for place, uniform in zip(drawing.sample.places[domain], uniforms, strict=True)
    ]


def _choices(drawing: Drawing, domain: str, value: str) -> Sequence[CodeValue]:
    codes = item_values(drawing.survey, drawing.wave, domain, value)
    if source_in(drawing.survey, drawing.wave, domain).bands is None:
        return codes
    first, last = int(codes[0]), int(codes[-1])
    return range(first, min(last, first + NUMBERS_IN_BAND - 1) + 1)


def _answers(drawing: Drawing, bound: BoundItem) -> list[CodeValue]:
    shares = answer_shares(drawing.survey, drawing.wave, drawing.population, bound.name)
    chances = np.column_stack([drawing.of_respondents(share) for share in shares.values()])
    codes = [bound.code_named(name) for name in shares]
    drawn = drawn_by_share(chances, drawing.clustered_uniforms(bound.name))
    return [codes[place] for place in drawn]


def _asked(drawing: Drawing, bound: BoundItem, columns: Columns) -> Flags:
    """Return who is asked; an item that the wave does not ask sets no condition."""
    asked = np.ones(drawing.respondents, dtype=np.bool_)
    for parent, answers in bound.asked_if.items():
        if drawing.survey.asks(parent, drawing.wave):
            if parent not in columns:
                raise _unanswered_parent(bound.name, parent)
            of_parent = drawing.survey.item_in(parent, drawing.wave)
            codes = [of_parent.code_named(answer) for answer in answers]
            asked &= columns[parent].isin(codes).to_numpy()
    return asked


def _unanswered_parent(item: str, parent: str) -> DeclarationError:
    return DeclarationError(
        f"The item {item} is asked by the answer to {parent}, which is not simulated before it.",
        expected=f"{parent} before {item} in questionnaire.yaml, with a tendency.",
        remedy=f"move {parent} up, or give it a tendency in simulation.yaml.",
    )


def _with_gaps(
    drawing: Drawing,
    bound: BoundItem,
    values: list[CodeValue],
    missing: Mapping[MissingReason, float],
) -> list[CodeValue]:
    """Replace the declared shares of values by the item's missing codes, whoever gives them."""
    codes = [_missing_code(bound, reason) for reason in missing]
    drawn = drawing.rng(f"{bound.name} missing").random(drawing.respondents)
    places = np.searchsorted(np.cumsum(list(missing.values())), drawn, side="right")
    return [
        codes[place] if place < len(codes) else value
        for value, place in zip(values, places, strict=True)
    ]


def _missing_code(bound: BoundItem, reason: MissingReason) -> CodeValue:
    for code, missing in bound.missing.items():
        if missing.reason is reason:
            return code
    raise DeclarationError(
        f"simulation.yaml: the item {bound.name} has no code for {reason}.",
        expected="a code under the item's `missing` for every reason that is simulated.",
        remedy=f"declare the code in questionnaire.yaml, or take {reason} out of simulation.yaml.",
    )


def _column(values: list[CodeValue]) -> pd.Series:
    text = any(isinstance(value, str) for value in values)
    return pd.Series(values, dtype="str" if text else "float64")
