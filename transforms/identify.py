"""Which wave and sample a return is of: by its file's name, and by its interviews' dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import Survey
from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from transforms.samples import as_sampled, samples_of
from transforms.variables import column_of, decode_item
from transforms.waves import Wave
from transforms.wording import percent, period_words


@dataclass(frozen=True, slots=True)
class Placed:
    """What a return holds: a sample of a wave."""

    wave: str
    sample: str


def place_return(raw: RawReturn, survey: Survey) -> Placed:
    """Return the sample that the file's name fits, and the wave as its returns say it.

    Raises ReturnRejected where either cannot be told, and where the wave lacks the sample.
    """
    sample = sample_in_name(raw.file_name, survey)
    wave = identify_wave(raw, as_sampled(survey, sample)).name
    if not samples_of(survey)[sample].drawn_in(wave):
        raise ReturnRejected(
            f"{raw.file_name} holds the sample {sample} of {wave}, where none was drawn.",
            expected=f"a return of {_listed(samples_of(survey)[sample].waves or ())}.",
            remedy="If the name is wrong, rename the file; if the sample was drawn, add the wave "
            f"to `waves` of {sample} in survey.yaml.",
        )
    return Placed(wave, sample)


def sample_in_name(file_name: str, survey: Survey) -> str:
    """Return the one sample whose pattern `file_name` fits; the only one of a survey fits all."""
    names = tuple(samples_of(survey))
    if len(names) == 1:
        return names[0]
    fitting = [name for name in names if _fits(file_name, as_sampled(survey, name))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ReturnRejected(
            f"The name {file_name} fits several samples: {_listed(fitting)}.",
            expected="a name that fits the `file_name` of one sample.",
            remedy="Rename the file; or write patterns under samples in survey.yaml that no other "
            "sample's files fit.",
        )
    raise ReturnRejected(
        f"{file_name} does not say in its name which sample it holds.",
        expected=f"a name that fits the `file_name` of {_listed(names, 'or')} in survey.yaml.",
        remedy="Rename the file so that it says its sample and its wave.",
    )


def identify_wave(raw: RawReturn, survey: Survey) -> Wave:
    """Return the wave that the file's name says, or else the one that holds all interview dates.

    Raises ReturnRejected where the name says a wave that is not declared or several, where most
    interviews lie outside the wave it says, and where neither name nor dates say one.
    """
    named = wave_in_name(raw.file_name, survey)
    if named is None:
        return _wave_of_dates(raw, survey)
    share = share_within(raw, survey, named)
    if share is not None and share < 0.5:
        raise _other_dates(raw, survey, named)
    return named


def wave_in_name(file_name: str, survey: Survey) -> Wave | None:
    """Return the declared wave that `file_name` says, None where it says none."""
    pattern = survey.about.returns.file_name
    if isinstance(pattern, str):
        said = _distinct(
            match["wave"] for match in re.finditer(pattern, file_name) if match["wave"]
        )
    else:
        said = [wave for wave, single in pattern.items() if re.search(single, file_name)]
    if len(said) > 1:
        raise ReturnRejected(
            f"{file_name} says several waves in its name: {', '.join(said)}.",
            expected="one wave in the name.",
            remedy=f"Rename the file so that it says one, {_how_to_name(survey)}.",
        )
    return _declared(said[0], file_name, survey) if said else None


def share_within(raw: RawReturn, survey: Survey, wave: Wave) -> float | None:
    """Return the share of known interview dates in the wave's fieldwork; None where none is known.

    The dates are read as `wave` declares them.
    """
    days = _interview_days(raw, survey, wave)
    if days is None or days.empty:
        return None
    return float(days.between(pd.Timestamp(wave.start), pd.Timestamp(wave.end)).mean())


def _fits(file_name: str, survey: Survey) -> bool:
    pattern = survey.about.returns.file_name
    patterns = (pattern,) if isinstance(pattern, str) else pattern.values()
    return any(re.search(one, file_name) for one in patterns)


def _listed(names: Sequence[str], word: str = "and") -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _interview_days(raw: RawReturn, survey: Survey, wave: Wave) -> pd.Series | None:
    name = survey.about.returns.interview_date
    if name is None or not survey.asks(name, wave.name):
        return None
    item = survey.item_in(name, wave.name)
    column = column_of(raw, item.variable)
    return None if column is None else decode_item(column, item).answers.dropna().dt.normalize()


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _declared(said: str, file_name: str, survey: Survey) -> Wave:
    for wave in survey.waves:
        if wave.name == said:
            return wave
    raise ReturnRejected(
        f"{file_name} says the wave {said} in its name, which is not declared.",
        expected=f"one of {_names(survey)}.",
        remedy="If the name is wrong, rename the file; if the wave is new, declare it in "
        "survey.yaml under `waves`.",
    )


def _wave_of_dates(raw: RawReturn, survey: Survey) -> Wave:
    holding = [wave for wave in survey.waves if share_within(raw, survey, wave) == 1]
    if len(holding) == 1:
        return holding[0]
    names = " and in ".join(wave.name for wave in holding)
    dates = f"its dates lie in {names}" if names else "no one declared wave holds all its dates"
    raise ReturnRejected(
        f"{raw.file_name} does not say its wave in its name, and {dates}.",
        expected=f"a return of one of {_names(survey)}.",
        remedy=f"Rename the file so that it says its wave, {_how_to_name(survey)}.",
    )


def _other_dates(raw: RawReturn, survey: Survey, named: Wave) -> ReturnRejected:
    shares = {wave.name: share_within(raw, survey, wave) or 0 for wave in survey.waves}
    most = max(shares, key=lambda wave: shares[wave])
    where = f"most were in {most}" if shares[most] > 0.5 else "they lie in no one declared wave"
    return ReturnRejected(
        f"{raw.file_name} says {named.name} in its name, but only {percent(shares[named.name])} of "
        f"its interviews were held then: {where}.",
        expected=f"interviews from {period_words(named)}.",
        remedy="Ask the supplier which wave was sent. If only the name is wrong, rename the file.",
    )


def _names(survey: Survey) -> str:
    return ", ".join(wave.name for wave in survey.waves)


def _how_to_name(survey: Survey) -> str:
    if isinstance(survey.about.returns.file_name, str):
        return f"such as {survey.waves[0].name}"
    return "as `file_name` in survey.yaml asks"
