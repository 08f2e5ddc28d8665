"""From a return as received to respondents, their answers, and why an answer is missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.catalogue import MAIN, BoundItem, MissingReason, Survey
from transforms.errors import ReturnRejected
from transforms.responses import RawReturn, Responses
from transforms.variables import DecodedItem, codes_named, column_of, decode_item, identifier_text
from transforms.wording import number

Rows = npt.NDArray[np.bool_]
"""True or false for each row."""

DecodedItems = Mapping[str, DecodedItem]

DATES = {
    "year_first": "2026-04-30",
    "day_first": "30/04/2026",
    "month_first": "04/30/2026",
}
"""How a date is spelt in a return, by example."""

NOT_PUT = (MissingReason.NOT_ASKED.value, MissingReason.NOT_APPLICABLE.value)
"""What a return may itself say of a question that was not for the respondent."""


def decode(raw: RawReturn, survey: Survey, wave: str, sample: str = MAIN) -> Responses:
    """Return the wave's responses; ReturnRejected where a cell is not what is declared.

    `survey`: as the `sample` that the return holds is read by (`as_sampled`).
    `codes` and `reasons` hold one column for each item that the wave asks, identifiers excepted.
    An empty cell of a routed item is `not_asked` where the routing passed the respondent by and
    `no_answer` where it did not; of any other item it is what the item's `blank` says. An answer
    to a question that the routing passed the respondent by is not counted: it is `not_asked`.
    """
    everyone = {
        item.name: decode_item(_column(raw, item, wave), item) for item in survey.items_in(wave)
    }
    _require_serials(raw, everyone[survey.about.design.serial])
    weights = design_weights(everyone, survey)
    kept = _usable_rows(raw, weights, survey)
    items = {name: decoded.only(kept) for name, decoded in everyone.items()}
    answers = {
        name: decoded for name, decoded in items.items() if decoded.item.item.type != "identifier"
    }
    for decoded in answers.values():
        _require_known(raw, decoded, wave)
    people = _respondents(raw, items, weights[kept], survey).assign(sample=sample)
    return Responses(
        wave=wave,
        respondents=_with_interviewer(people, items, survey),
        codes=pd.DataFrame({name: _answers(decoded, items) for name, decoded in answers.items()}),
        reasons=pd.DataFrame(
            {name: _reasons(raw, decoded, items) for name, decoded in answers.items()}
        ),
        left_out_rows=int((~kept).sum()),
    )


def asked(name: str, items: DecodedItems) -> Rows:
    """Return, for each row, whether the routing led to the item, by its parents' answers.

    A parent that was itself passed by leads nowhere, whatever its cell holds. A parent that the
    wave does not ask sets no condition.
    """
    reached = np.ones(len(items[name].empty), dtype=np.bool_)
    for parent, names in _parents(items[name], items).items():
        leading = codes_named(items[parent].item, names)
        reached &= asked(parent, items) & items[parent].answers.isin(leading).to_numpy(np.bool_)
    return reached


def design_weights(items: DecodedItems, survey: Survey) -> npt.NDArray[np.float64]:
    """Return the product of the declared weights; NaN where one is missing or not above 0."""
    product = np.ones(len(items[survey.about.design.serial].empty))
    for name in survey.about.design.weight:
        factor = items[name].answers.to_numpy(np.float64)
        product *= np.where(factor > 0, factor, np.nan)
    return np.where(np.isfinite(product) & (product > 0), product, np.nan)


def _column(raw: RawReturn, item: BoundItem, wave: str) -> pd.Series:
    column = column_of(raw, item.variable)
    if column is None:
        raise ReturnRejected(
            f"{raw.file_name} has no column {item.variable} ({item.item.label}).",
            expected=f"every variable that {wave} asks; {item.variable} is the item {item.name}.",
            remedy="Ask the supplier for it. If it has another name, or was not asked, declare "
            f"so for this wave in questionnaire.yaml under {item.name}.",
        )
    return column


def _parents(decoded: DecodedItem, items: DecodedItems) -> Mapping[str, tuple[str, ...]]:
    routing = decoded.item.asked_if
    return {parent: names for parent, names in routing.items() if parent in items}


def _answers(decoded: DecodedItem, items: DecodedItems) -> pd.Series:
    """Return the answers of those whom the routing led to the item."""
    if not _parents(decoded, items):
        return decoded.answers
    return decoded.answers.where(pd.Series(asked(decoded.item.name, items)))


def _reasons(raw: RawReturn, decoded: DecodedItem, items: DecodedItems) -> pd.Series:
    """Return why each answer is missing: as coded, or what the empty cell means."""
    name, blank = decoded.item.name, decoded.item.blank
    if _parents(decoded, items):
        reached = pd.Series(asked(name, items))
        coded = decoded.reasons.mask(decoded.empty, MissingReason.NO_ANSWER.value)
        return coded.where(reached | coded.isin(NOT_PUT), MissingReason.NOT_ASKED.value)
    if decoded.empty.any() and blank is None:
        raise ReturnRejected(
            f"{raw.file_name}: {decoded.item.variable} ({decoded.item.item.label}) is empty in "
            f"{_of_rows(decoded.empty)}.",
            expected="a code or a value in every row.",
            remedy="Ask the supplier why it is empty. If an empty cell has a meaning, declare it "
            f"as `blank:` of {name} in questionnaire.yaml.",
        )
    return decoded.reasons.mask(decoded.empty, blank.value if blank else "")


def _require_known(raw: RawReturn, decoded: DecodedItem, wave: str) -> None:
    """Raise ReturnRejected where a cell is neither a valid answer nor a declared missing code."""
    if not decoded.unknown.any():
        return
    item = decoded.item
    raise ReturnRejected(
        f"{raw.file_name}: {item.variable} ({item.item.label}) holds something else in "
        f"{_of_rows(decoded.unknown)}.",
        expected=f"{_described(item)} in {wave}.",
        remedy="Ask the supplier what these cells mean. If they are right, declare them for this "
        f"wave under {item.name} in questionnaire.yaml.",
    )


def _described(item: BoundItem) -> str:
    valid = {
        "code": f"one of the codes {', '.join(map(str, item.codes))}",
        "number": f"a number{_between(item)} written with a decimal {item.decimal}",
        "date": f"a date, as SPSS stores it or written like {DATES[item.dates]},",
        "identifier": "an identifier",
    }[item.item.type]
    missing = ", ".join(map(str, item.missing))
    return f"{valid}, or the missing {missing}" if missing else valid


def _between(item: BoundItem) -> str:
    lowest, highest = item.item.minimum, item.item.maximum
    least = f" of at least {lowest:g}" if lowest is not None else ""
    most = f" of at most {highest:g}" if highest is not None else ""
    return f"{least}{' and' if least and most else ''}{most}"


def _require_serials(raw: RawReturn, serial: DecodedItem) -> None:
    """Raise ReturnRejected where a serial number is missing or stands twice."""
    missing = serial.answers.isna().to_numpy(np.bool_)
    repeated = serial.answers.duplicated(keep=False).to_numpy(np.bool_) & ~missing
    for rows, found in ((missing, "no serial number"), (repeated, "a serial number used twice")):
        if rows.any():
            first = ", ".join(str(place + 1) for place in np.flatnonzero(rows)[:5])
            raise ReturnRejected(
                f"{raw.file_name}: {serial.item.variable} has {found} in {_of_rows(rows)}, first "
                f"in row {first}.",
                expected="a serial number of its own for every respondent.",
                remedy="Ask the supplier for the missing serial numbers, or which of the repeated "
                "interviews are to be deleted.",
            )


def _usable_rows(raw: RawReturn, weights: npt.NDArray[np.float64], survey: Survey) -> Rows:
    """Return the rows with a design weight; ReturnRejected where rows without may not be left."""
    usable = ~np.isnan(weights)
    if usable.all() or (survey.about.design.invalid_weight == "leave_out_row" and usable.any()):
        return usable
    raise ReturnRejected(
        f"{raw.file_name}: the design weight ({' × '.join(survey.about.design.weight)}) is "
        f"missing, zero or negative in {_of_rows(~usable)}.",
        expected="a number above zero in every row.",
        remedy="Ask the supplier for the weights. Where such rows are to be left out and counted, "
        "declare `invalid_weight: leave_out_row` in survey.yaml.",
    )


def _respondents(
    raw: RawReturn, items: DecodedItems, weights: npt.NDArray[np.float64], survey: Survey
) -> pd.DataFrame:
    design, date = survey.about.design, survey.about.returns.interview_date
    serial = items[design.serial].answers
    no_date = pd.Series(pd.NaT, index=serial.index, dtype="datetime64[us]")
    one_stratum = pd.Series("all", index=serial.index, dtype="str")
    stratum = _labels(raw, items, design.stratum, one_stratum)
    psu = _labels(raw, items, design.psu, serial)
    _require_nested(raw, stratum, psu)
    return pd.DataFrame(
        {
            "serial": serial,
            "interview_date": no_date if date is None else items[date].answers,
            "stratum": stratum,
            "psu": psu,
            "population_psus": _population_psus(raw, items, design.population_psus, len(serial)),
            "design_weight": weights,
        }
    )


def _with_interviewer(people: pd.DataFrame, items: DecodedItems, survey: Survey) -> pd.DataFrame:
    name = survey.about.interviews.interviewer
    if name is None or name not in items:
        return people
    return people.assign(interviewer=items[name].answers.astype("str"))


def _labels(
    raw: RawReturn, items: DecodedItems, name: str | None, otherwise: pd.Series
) -> pd.Series:
    """Return the stratum or PSU of each respondent as text; `otherwise` where none is declared."""
    if name is None:
        return otherwise
    decoded = items[name]
    _require_design(raw, decoded, "the sampling stratum and primary sampling unit")
    if decoded.item.item.type == "number":
        return decoded.answers.map(identifier_text).astype("str")
    return decoded.answers.astype("str")


def _population_psus(
    raw: RawReturn, items: DecodedItems, name: str | None, respondents: int
) -> npt.NDArray[np.float64]:
    """Return how many PSUs the stratum's were drawn from; infinite where that is not declared."""
    if name is None:
        return np.full(respondents, np.inf)
    _require_design(raw, items[name], "the number of sampling units in the stratum's population")
    return items[name].answers.to_numpy(np.float64)


def _require_design(raw: RawReturn, decoded: DecodedItem, what: str) -> None:
    """Raise ReturnRejected where a respondent lacks something that variances rest on."""
    missing = decoded.answers.isna().to_numpy(np.bool_)
    if missing.any():
        raise ReturnRejected(
            f"{raw.file_name}: {decoded.item.variable} ({decoded.item.item.label}) is missing in "
            f"{_of_rows(missing)}.",
            expected=f"{what} of every respondent; standard errors cannot be computed without.",
            remedy="Ask the supplier for them.",
        )


def _require_nested(raw: RawReturn, stratum: pd.Series, psu: pd.Series) -> None:
    """Raise ReturnRejected where one PSU's respondents are in several strata."""
    pairs = pd.DataFrame({"psu": psu, "stratum": stratum}).drop_duplicates()
    repeated = pairs.loc[pairs["psu"].duplicated(), "psu"].unique()
    if len(repeated):
        raise ReturnRejected(
            f"{raw.file_name}: {len(repeated)} primary sampling units are in more than one "
            "stratum.",
            expected="each primary sampling unit in one stratum.",
            remedy="Ask the supplier whether its numbers start again in every stratum (then "
            "for numbers that do not), or in which stratum it belongs.",
        )


def _of_rows(rows: Rows) -> str:
    return f"{number(int(rows.sum()))} of {number(len(rows))} rows"
