"""Every defect: what a supplier did, how it is put into a clean return, and which rule finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from supplier_files import File

from defects.clean import BEFORE, WAVE, clean
from defects.fieldwork import BATTERY, VIEWS
from defects.fieldwork import clean as longer
from transforms.responses import Variable


@dataclass(frozen=True)
class Defect:
    """`done`: what the supplier did, in words. `rule`: the one that must find it.

    `survey`: parts of survey.yaml that differ. `fieldwork`: put into the longer return, which says
    how its interviews were held.
    """

    done: str
    inject: Callable[[File, np.random.Generator], Any]
    rule: str
    severity: str = "critical"
    survey: Mapping[str, Any] = field(default_factory=dict)
    fieldwork: bool = False


DEFECTS: dict[str, Defect] = {}


def defect(
    name: str,
    done: str,
    rule: str,
    severity: str = "critical",
    *,
    fieldwork: bool = False,
    **survey: Any,
) -> Callable[[Callable[[File, np.random.Generator], Any]], None]:
    def register(inject: Callable[[File, np.random.Generator], Any]) -> None:
        assert name not in DEFECTS
        DEFECTS[name] = Defect(done, inject, rule, severity, survey, fieldwork)

    return register


def some(file: File, rng: np.random.Generator, share: float) -> pd.Index:
    """Some of the rows, drawn at random."""
    size = max(1, round(share * len(file.rows)))
    return pd.Index(np.sort(rng.choice(len(file.rows), size, replace=False)))


TURNED = {1.0: 5.0, 2.0: 4.0, 4.0: 2.0, 5.0: 1.0}
SWAPPED = {1.0: 2.0, 2.0: 1.0}


# Rows


@defect("repeated_serial", "one serial number stands on two rows", "serial.unique")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("serial", {5: file.rows["serial"].iloc[4]})


@defect("no_serial", "two rows have no serial number", "serial.blanks")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("serial", {3: np.nan, 9: np.nan})


def resent(file: File, rng: np.random.Generator, share: float) -> None:
    """Some interviews once more, under new serial numbers and dates."""
    again = file.rows.loc[some(file, rng, share)].copy()
    again["serial"] += 900_000
    again["interview_date"] = file.rows["interview_date"].iloc[0]
    file.rows = pd.concat([file.rows, again], ignore_index=True)


@defect(
    "interviews_resent",
    "one interview in twenty stands there again under a new serial number",
    "return.repeated_interviews",
)
def _(file: File, rng: np.random.Generator) -> None:
    resent(file, rng, 0.05)


@defect(
    "few_interviews_resent",
    "three interviews stand there again under new serial numbers",
    "return.repeated_interviews",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    resent(file, rng, 0.003)


@defect(
    "last_wave_resent",
    "the interviews of the wave before were sent again with new serial numbers and dates",
    "return.sent_before",
)
def _(file: File, rng: np.random.Generator) -> None:
    earlier = clean(BEFORE).rows
    dates = np.resize(file.rows["interview_date"].to_numpy(), len(earlier))
    file.rows = earlier.assign(serial=earlier["serial"] + 50_000, interview_date=dates)


@defect("filter_left_on", "a filter was left on when saving: one area only", "margin.area.occupied")
def _(file: File, rng: np.random.Generator) -> None:
    file.keep(file.rows["area"] == 1)


@defect("rows_lost", "only the first 400 rows were exported", "return.rows")
def _(file: File, rng: np.random.Generator) -> None:
    file.keep(pd.Series(file.rows.index < 400))


@defect("no_rows", "the file has variables and no rows", "return.rows")
def _(file: File, rng: np.random.Generator) -> None:
    file.keep(pd.Series(np.zeros(len(file.rows), dtype=bool)))


@defect("quota_missed", "60 interviews of an area were not held", "area.quota", "warning")
def _(file: File, rng: np.random.Generator) -> None:
    south = file.rows.index[file.rows["area"] == 2]
    file.keep(~file.rows.index.isin(south[:60]))


@defect(
    "area_half_done",
    "most interviews of an area are still to come",
    "area.base",
    "warning",
    checks={"quotas": {}},
)
def _(file: File, rng: np.random.Generator) -> None:
    south = file.rows.index[file.rows["area"] == 2]
    file.keep(~file.rows.index.isin(south[:230]))
    file.rows = pd.concat([file.rows], ignore_index=True)


@defect(
    "one_sex_hardly_reached",
    "three in four interviews with men were lost",
    "margin.sex.sample_sex",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    men = file.rows.index[file.rows["sex"] == 1]
    file.keep(~file.rows.index.isin(rng.permutation(men)[: round(len(men) * 0.75)]))


# Another file


@defect("other_survey", "a file of another survey was sent", "readable")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows = file.rows.add_prefix("XX_").assign(city=1.0)
    file.variables = {str(name): Variable(str(name)) for name in file.rows.columns}


@defect("other_wave", "last wave's interviews came under this wave's name", "readable")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["interview_date"] -= pd.Timedelta(days=92)


@defect(
    "late_interviews",
    "one interview in twelve is dated after the wave",
    "interview_date.period",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 0.08), "interview_date"] += pd.Timedelta(days=95)


@defect(
    "few_late_interviews",
    "ten interviews are dated after the wave",
    "interview_date.period",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 0.01), "interview_date"] += pd.Timedelta(days=95)


@defect("two_waves_named", "the file's name says two waves", "readable")
def _(file: File, rng: np.random.Generator) -> None:
    file.name = f"small_{BEFORE}_and_{WAVE}.sav"


@defect(
    "simulated_return",
    "a simulated file was sent for a real survey",
    "return.simulated",
    simulated=False,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.simulated = True


# Variables


@defect("variable_gone", "a question is not in the file", "fairness.exists")
def _(file: File, rng: np.random.Generator) -> None:
    file.drop("Q5")


@defect("variable_renamed", "a question has a new name: Q5 became ReQ5", "fairness.exists")
def _(file: File, rng: np.random.Generator) -> None:
    file.rename("Q5", "ReQ5")


@defect("area_renamed", "the area's variable became BOROUGHCODED", "area.exists")
def _(file: File, rng: np.random.Generator) -> None:
    file.rename("area", "BOROUGHCODED")


@defect("weight_renamed", "the weight has a new name: dwellings_rebased", "dwellings.exists")
def _(file: File, rng: np.random.Generator) -> None:
    file.rename("dwellings", "dwellings_rebased")


@defect(
    "variable_added",
    "a variable came along that nobody declared, with telephone numbers",
    "return.variables",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["TELEPHONE"] = 7_700_900_000.0 + np.arange(len(file.rows))
    file.variables["TELEPHONE"] = Variable("TELEPHONE", "Telephone number for recontact")


@defect(
    "columns_swapped", "two questions stand in each other's columns", "confidence.question_moved"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows[["Q1", "Q5"]] = file.rows[["Q5", "Q1"]].to_numpy()
    one, other = file.variables["Q1"].label, file.variables["Q5"].label
    file.label("Q1", label=other)
    file.label("Q5", label=one)


@defect(
    "columns_swapped_unlabelled",
    "two questions stand in each other's columns, and the file has no labels",
    "confident.jump",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows[["Q1", "Q5"]] = file.rows[["Q5", "Q1"]].to_numpy()
    file.without_dictionary()


@defect("question_reworded", "a question was asked in other words", "fairness.question", "warning")
def _(file: File, rng: np.random.Generator) -> None:
    file.label("Q5", label="Would you say that officers around here are fair to everybody?")


# Codes


@defect("unknown_code", "a code came that the questionnaire does not know", "tenure.codes")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 0.02), "Q7"] = 5.0


@defect(
    "answer_added",
    "an answer was added to a question: 5, lives rent free",
    "tenure.codes_added",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q7", {5: "Lives rent free"})


@defect("label_changed", "an answer has another label", "tenure.labels", "warning")
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q7", {1: "Owns or part-owns"})


@defect(
    "missing_code_undeclared",
    "“refused” came as 99, which nobody declared",
    "tenure.missing_undeclared",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q7", {99: "Refused"})


@defect("missing_code_used", "“refused” was coded 99, which nobody declared", "tenure.codes")
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q7", {99: "Refused"})
    file.rows.loc[some(file, rng, 0.03), "Q7"] = 99.0


@defect(
    "missing_code_is_an_age",
    "“refused” was coded 99 in the age, where 99 is a possible age",
    "age.missing_undeclared",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.label("age", missing_ranges=((99, 99), (998, 999)))
    file.labels("age", {99: "Refused"})
    file.rows.loc[some(file, rng, 0.03), "age"] = 99.0


@defect(
    "answer_is_none",
    "an answer's code now means “not applicable”",
    "tenure.labels_missing",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q7", {4: "Not applicable"})


@defect(
    "answer_declared_missing",
    "the file declares a valid answer as missing",
    "tenure.user_missing",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.label("Q7", missing_ranges=((4, 4), (97, 98)))


@defect(
    "missing_codes_swapped",
    "“don't know” and “refused” have each other's codes",
    "confidence.labels_moved",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("Q1", {97: "Refused", 98: "Don't know"})


@defect(
    "scale_reversed",
    "a scale was numbered from its other end, and its labels with it",
    "confidence.labels_moved",
)
def _(file: File, rng: np.random.Generator) -> None:
    labels = file.variables["Q1"].value_labels
    file.labels("Q1", {code: labels[6 - code] for code in range(1, 6)})
    file.recode("Q1", TURNED)


@defect(
    "scale_reversed_unlabelled",
    "a scale was numbered from its other end, and the file has no labels",
    "fairness.codes_exchanged",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q5", TURNED)
    file.without_dictionary()


@defect(
    "scale_reversed_silently",
    "a scale was numbered from its other end, and the labels say nothing of it",
    "fairness.codes_exchanged",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q5", TURNED)


@defect(
    "numbers_reversed",
    "a scale from 0 to 10 was counted from its other end",
    "trust.codes_exchanged",
)
def _(file: File, rng: np.random.Generator) -> None:
    valid = file.rows["Q8"] <= 10
    file.rows["Q8"] = file.rows["Q8"].mask(valid, 10 - file.rows["Q8"])


@defect("yes_and_no_swapped", "1 is no and 2 is yes, without labels", "victim.codes_exchanged")
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q6", SWAPPED)
    file.without_dictionary()


@defect(
    "two_codes_swapped",
    "two answers have each other's codes, without labels",
    "tenure.codes_exchanged",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q7", {2.0: 3.0, 3.0: 2.0})
    file.without_dictionary()


@defect(
    "missing_into_answers", "“don't know” was counted as “neither”", "confidence.reasons", "warning"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q1", {97.0: 3.0})


@defect(
    "missing_codes_dropped", "“don't know” became an empty cell", "confidence.reasons", "warning"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q1", {97.0: np.nan})


# Areas


@defect(
    "areas_swapped", "areas have each other's codes, and the labels with them", "area.labels_moved"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.labels("area", {1: "South", 2: "North"})
    file.recode("area", SWAPPED)


@defect(
    "areas_swapped_unlabelled",
    "areas have each other's codes, and the file has no labels",
    "area.strata",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("area", SWAPPED)
    file.without_dictionary()


@defect("area_recoded", "an area was cut anew under the same codes", "area.quota", "warning")
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("area", SWAPPED)
    file.rows["stratum"] = file.rows["stratum"].map({"north": "south", "south": "north"})


# Design


@defect("weight_missing", "two rows have no weight", "dwellings.weight")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("dwellings", {4: np.nan, 8: np.nan})


@defect("weight_zero", "a weight is zero", "dwellings.weight")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("dwellings", {4: 0.0})


@defect("weight_negative", "a weight is negative", "dwellings.weight")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("dwellings", {4: -1.5})


@defect(
    "weight_of_another_kind", "the weight was scaled to a mean of 100", "weights.unit", "warning"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["dwellings"] *= 100 / file.rows["dwellings"].mean()


@defect(
    "weight_far_out",
    "five weights are sixty times what they should be",
    "weights.largest",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 0.005), "dwellings"] *= 60


@defect(
    "weights_wild", "the weights were multiplied by another column", "weights.efficiency", "warning"
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["dwellings"] *= rng.lognormal(0, 1.3, len(file.rows))


@defect("adults_impossible", "a household has 99 adults", "adults.weight")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("adults", {7: 99.0})


@defect("decimal_comma", "weights came as text with decimal commas", "dwellings.type")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["dwellings"] = file.rows["dwellings"].map(lambda w: f"{w:.4f}".replace(".", ","))


@defect("stratum_missing", "a row has no stratum", "stratum.blanks")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("stratum", {11: None})


@defect("points_restart", "sampling points are numbered anew in each stratum", "point.nested")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["point"] = file.rows.groupby("stratum")["point"].rank("dense").map("P{:.0f}".format)


# Answers


@defect("never_asked", "a question's answers were lost in the export", "fairness.blanks")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["Q5"] = np.nan


@defect("nobody_answered", "a question holds “don't know” throughout", "fairness.answered")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["Q5"] = 97.0


@defect("many_unanswered", "four in ten did not answer a question", "tenure.nonresponse", "warning")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 0.4), "Q7"] = 98.0


@defect("routing_too_wide", "a routed question was asked of everyone", "chat_used.not_asked")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["Q3"] = file.rows["Q3"].fillna(2.0)


@defect(
    "routing_too_narrow",
    "half of those who should have been were not asked a question",
    "chat_used.asked",
)
def _(file: File, rng: np.random.Generator) -> None:
    asked = file.rows.index[file.rows["Q2"] == 1]
    file.rows.loc[asked[::2], ["Q3", "Q4"]] = np.nan


@defect(
    "routing_slip",
    "three people answered a question that was not for them",
    "chat_used.not_asked",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    passed = file.rows.index[file.rows["Q2"] == 2]
    file.rows.loc[passed[:3], "Q3"] = 2.0


@defect("year_of_birth", "the year of birth stands for the age", "age.range")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["age"] = 2026 - file.rows["age"]


@defect("words_for_numbers", "a column holds words where numbers should be", "age.type")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("age", {2: "Not stated", 6: "-"})


@defect("seconds_for_dates", "dates came as the seconds since 1582", "interview_date.type")
def _(file: File, rng: np.random.Generator) -> None:
    origin = pd.Timestamp("1582-10-14").to_pydatetime()
    file.rows["interview_date"] = [
        (day.to_pydatetime() - origin).total_seconds() for day in file.rows["interview_date"]
    ]


@defect("sex_refused", "people without a sex cannot be weighted", "margin.sex.classified")
def _(file: File, rng: np.random.Generator) -> None:
    file.cells("sex", {1: 9.0})


@defect(
    "answers_of_one_interviewer",
    "one area's answers were filled in at the office",
    "confident.jump",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    south = file.rows.index[(file.rows["area"] == 2) & (file.rows["Q1"] <= 5)]
    file.rows.loc[south, "Q1"] = rng.choice([1.0, 2.0, 3.0], len(south), p=[0.5, 0.4, 0.1])


# Fieldwork


def of_interviewer(file: File, place: int) -> pd.Index:
    """The rows of the interviewer with the most interviews, or of another in that order."""
    who = file.rows["interviewer"].value_counts().sort_index().sort_values(kind="stable").index
    return file.rows.index[file.rows["interviewer"] == who[-1 - place]]


def copied(file: File, rng: np.random.Generator, share: float, changed: int) -> None:
    """Some interviews once more, under new serial numbers and with some answers changed."""
    again = file.rows.loc[some(file, rng, share)].copy()
    again["serial"] += 900_000
    for row in again.index:
        for question in rng.choice([*VIEWS, "Q1", "Q5"], changed, replace=False):
            again.loc[row, question] = float(rng.integers(1, 6))
    again["began"] += pd.Timedelta(days=1)
    file.rows = pd.concat([file.rows, again], ignore_index=True)


@defect(
    "interviews_copied",
    "one interview in fifty is a copy with two answers changed and a new serial number",
    "fieldwork.alike",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    copied(file, rng, 0.02, 2)


@defect(
    "straight_interviewer",
    "an interviewer wrote the first answer down for the whole battery",
    "views.straight",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    rows = of_interviewer(file, 0)
    for question in BATTERY[1:]:
        file.rows.loc[rows, question] = file.rows.loc[rows, BATTERY[0]]


@defect(
    "battery_not_read_out",
    "six in ten respondents have one answer to a whole battery",
    "views.straight",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    rows = some(file, rng, 0.6)
    for question in BATTERY[1:]:
        file.rows.loc[rows, question] = file.rows.loc[rows, BATTERY[0]]


@defect(
    "interviewer_made_up_answers",
    "an interviewer made interviews up: nearly all have the same few answers",
    "fieldwork.variety",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    rows = of_interviewer(file, 1)
    for question in (*VIEWS, "Q1", "Q5"):
        file.rows.loc[rows, question] = rng.choice([2.0, 3.0], len(rows), p=[0.85, 0.15])


@defect(
    "interviews_cut_short",
    "one interview in thirty took four minutes",
    "fieldwork.too_fast",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows.loc[some(file, rng, 1 / 30), "minutes"] = 4.0


@defect(
    "one_date_for_all",
    "every interview has the date of the export",
    "fieldwork.one_day",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["interview_date"] = file.rows["interview_date"].max()


@defect(
    "ages_guessed",
    "ages were guessed, to the nearest ten",
    "age.rounded",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    ages = file.rows["age"]
    file.rows["age"] = ages.where(ages > 98, (ages / 10).round() * 10).clip(lower=18)


@defect(
    "times_written_afterwards",
    "four in ten times were written down afterwards, to the quarter of an hour",
    "fieldwork.quarter_hours",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    rows = some(file, rng, 0.4)
    file.rows.loc[rows, "began"] = file.rows.loc[rows, "began"].dt.round("15min")


@defect(
    "interviews_at_once",
    "an interviewer held two interviews at once, three times",
    "fieldwork.overlap",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    first, second = of_interviewer(file, 2)[:3], of_interviewer(file, 2)[3:6]
    began = file.rows.loc[first, "began"] + pd.Timedelta(minutes=3)
    file.rows.loc[second, "began"] = began.to_numpy()


@defect(
    "interviewer_lifts_an_area",
    "an interviewer wrote down that everybody in an area is confident",
    "fieldwork.one_interviewer",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    south = file.rows[file.rows["area"] == 2]
    most = south["interviewer"].value_counts().sort_index().idxmax()
    file.rows.loc[south.index[south["interviewer"] == most], "Q1"] = 1.0


@defect(
    "labels_sent",
    "the labels of the answers were sent instead of their codes",
    "return.labels_sent",
)
def _(file: File, rng: np.random.Generator) -> None:
    for name in ("Q1", "Q5", "Q7", "area"):
        labels = {float(code): label for code, label in file.variables[name].value_labels.items()}
        file.rows[name] = file.rows[name].map(labels)
    file.without_dictionary()


@defect("totals_under_it", "a line of totals stands under the interviews", "return.last_row")
def _(file: File, rng: np.random.Generator) -> None:
    sums = {name: file.rows[name].sum() for name in ("dwellings", "adults", "age", "Q1", "Q5")}
    line = pd.DataFrame([{"serial": "Total", **sums}])
    file.rows = pd.concat([file.rows.astype({"serial": "object"}), line], ignore_index=True)


@defect("serial_renamed", "the serial number's variable became RespondentNo", "serial.exists")
def _(file: File, rng: np.random.Generator) -> None:
    file.rename("serial", "RespondentNo")


# Columns and rows that do not belong together


@defect(
    "column_merged_wrong",
    "a question's column was merged in another order than the rows",
    "opinion_2.ties",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["opinion_2"] = rng.permutation(file.rows["opinion_2"].to_numpy())


@defect(
    "column_slipped",
    "a question's column slipped by one row",
    "opinion_1.ties",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["opinion_1"] = np.roll(file.rows["opinion_1"].to_numpy(), 1)


@defect(
    "half_a_column_merged_wrong",
    "half of a question's column was merged in another order than the rows",
    "opinion_3.ties",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    half = some(file, rng, 0.5)
    file.rows.loc[half, "opinion_3"] = rng.permutation(file.rows.loc[half, "opinion_3"].to_numpy())


@defect(
    "yes_and_no_exchanged",
    "1 is no and 2 is yes in a question that half say yes to, without labels",
    "contact.ties",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("contact", SWAPPED)
    file.without_dictionary()


@defect(
    "weights_merged_wrong",
    "the weight's column was merged in another order than the rows",
    "dwellings.ties",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["dwellings"] = rng.permutation(file.rows["dwellings"].to_numpy())


@defect("weights_all_one", "every weight is 1", "weights.differ")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows[["dwellings", "adults"]] = 1.0


@defect("weights_in_billions", "the weight was multiplied by a thousand million", "weights.unit")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["dwellings"] *= 1e9


@defect(
    "yes_and_no_mirrored",
    "1 is no and 2 is yes, where four in ten say yes and nothing goes with the question",
    "advice.codes_exchanged",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("advice", SWAPPED)
    file.without_dictionary()


@defect("column_sorted", "a question was sorted without the other columns", "return.sorted")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["Q5"] = np.sort(file.rows["Q5"].to_numpy())


@defect("one_answer", "a question's column was filled in with one answer", "tenure.answers_gone")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["Q7"] = 2.0


@defect(
    "answers_merged",
    "two answers were merged under one code",
    "fairness.answers_gone",
    "warning",
)
def _(file: File, rng: np.random.Generator) -> None:
    file.recode("Q5", {1.0: 2.0})


@defect("points_lost", "each interview has a sampling point of its own", "design.points")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["point"] = [f"P{row}" for row in range(len(file.rows))]


@defect(
    "area_given_away", "one in four interviews of an area was given to another area", "area.strata"
)
def _(file: File, rng: np.random.Generator) -> None:
    north = file.rows.index[file.rows["area"] == 1]
    file.rows.loc[north[::4], "area"] = 2.0


@defect("adults_lost", "every household has one adult", "weights.differ")
def _(file: File, rng: np.random.Generator) -> None:
    file.rows["adults"] = 1.0


@defect(
    "quarter_of_last_wave",
    "a quarter of the interviews are those of the wave before under new serial numbers",
    "return.interviews_sent_before",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    replaced(file, rng, 0.25)


@defect(
    "few_of_last_wave",
    "eight interviews are those of the wave before under new serial numbers",
    "return.interviews_sent_before",
    "warning",
    fieldwork=True,
)
def _(file: File, rng: np.random.Generator) -> None:
    replaced(file, rng, 0.008)


def replaced(file: File, rng: np.random.Generator, share: float) -> None:
    """Some interviews replaced by those of the wave before in the same area, but for the dates."""
    earlier = longer(BEFORE).rows
    kept = ("serial", "interview_date", "point", "stratum", "dwellings", "began", "interviewer")
    columns = [name for name in file.rows if name not in kept]
    for area, rows in file.rows.loc[some(file, rng, share)].groupby("area"):
        chosen = rng.choice(np.flatnonzero(earlier["area"] == area), len(rows), replace=False)
        file.rows.loc[rows.index, columns] = earlier.iloc[chosen][columns].to_numpy()
