"""Each kind of difference from the declaration, and that what is to be pasted in mends it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from declared_folder import write_survey
from supplier_files import File, as_labelled

from expectations import report_html, validate
from flows.shown import validation_text
from transforms.responses import Variable
from transforms.simulation import simulate_wave
from transforms.validation import CheckResult, Drift, Severity
from warehouse.declaration import load_survey

WAVE = "2026-Q4"
CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
PLACE = re.compile(r"# questionnaire\.yaml, under `(\w+)`(?:, `(from_wave)`)?:")


def clean(folder: Path) -> File:
    survey = load_survey(str(folder))
    items = survey.items_in(WAVE)
    rows = simulate_wave(survey, WAVE).rows
    (folder / "simulation.yaml").unlink()  # what is mended need not be simulated
    variables = {item.variable: as_labelled(item) for item in items}
    return File(rows, variables, f"small_{WAVE}.sav")


def found_in(file: File, folder: Path) -> dict[str, CheckResult]:
    results = validate(file.raw, load_survey(str(folder)), WAVE).results
    return {result.rule: result for result in results if not result.passed}


def paste(folder: Path, text: str) -> None:
    """Write into questionnaire.yaml what a finding offers, where its first line says."""
    path = folder / "questionnaire.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    where, *new = text.splitlines()
    name, key = PLACE.fullmatch(where).groups()
    if name == "items":
        place = len(lines)
    else:
        begins = lines.index(f"  {name}:")
        after = [n for n in range(begins + 1, len(lines)) if re.match(r" {0,2}\S", lines[n])]
        place = after[0] if after else len(lines)
        if key:
            place = lines.index(f"    {key}:", begins) + 1
    path.write_text("\n".join([*lines[:place], *new, *lines[place:], ""]), encoding="utf-8")


@dataclass(frozen=True)
class Drifted:
    """What is done to a clean file, the rule that finds it, its kind and severity."""

    change: Callable[[File], object]
    rule: str
    drift: Drift
    severity: Severity
    mended: bool = True


def rename_weight(file: File) -> None:
    file.rename("dwellings", "WT_DWELL_rebased")
    file.label("WT_DWELL_rebased", label="Dwellings")


def reverse(file: File) -> None:
    """The agreement scale is numbered from its other end, and its labels with it."""
    labels = {1: "Strongly disagree", 2: "Disagree", 3: "Agree", 4: "Strongly agree"}
    file.labels("Q5", labels)
    file.rows["Q5"] = 5 - file.rows["Q5"]


def swap_areas(file: File) -> None:
    file.labels("area", {1: "South", 2: "North"})
    file.rows["area"] = 3 - file.rows["area"]


def add_code(file: File) -> None:
    file.labels("Q1", {3: "Not sure what it is"})


def add_missing(file: File) -> None:
    file.labels("Q1", {7: "Prefer not to say"})


def age_missing(file: File) -> None:
    file.label("age", missing_ranges=((98, 99), (998, 998)))


DRIFTED = {
    "renamed": Drifted(lambda f: f.rename("Q1", "NQ1"), "aware.exists", Drift.RENAMED, CRITICAL),
    "weight renamed": Drifted(rename_weight, "dwellings.exists", Drift.WEIGHT_RENAMED, CRITICAL),
    "gone": Drifted(
        lambda f: f.rows.pop("Q5"), "agreement.exists", Drift.GONE, CRITICAL, mended=False
    ),
    "scale reversed": Drifted(reverse, "agreement.labels_moved", Drift.SCALE_REVERSED, CRITICAL),
    "areas swapped": Drifted(swap_areas, "area.labels_moved", Drift.SCALE_REVERSED, CRITICAL),
    "label changed": Drifted(
        lambda f: f.labels("Q1", {2: "No, never"}), "aware.labels", Drift.LABEL_CHANGED, WARNING
    ),
    "code added": Drifted(add_code, "aware.codes_added", Drift.CODE_ADDED, WARNING),
    "missing undeclared": Drifted(
        add_missing, "aware.missing_undeclared", Drift.MISSING_UNDECLARED, WARNING
    ),
    "missing that is a possible number": Drifted(
        age_missing, "age.missing_undeclared", Drift.MISSING_UNDECLARED, CRITICAL, mended=False
    ),
    "an answer that is none": Drifted(
        lambda f: f.labels("Q1", {2: "Not applicable"}),
        "aware.labels_missing",
        Drift.MISSING_UNDECLARED,
        CRITICAL,
        mended=False,
    ),
    "an answer declared missing": Drifted(
        lambda f: f.label("Q5", missing_ranges=((4, 4),)),
        "agreement.user_missing",
        Drift.MISSING_UNDECLARED,
        WARNING,
    ),
    "another's question": Drifted(
        lambda f: f.label("Q5", label="Have you heard of Live Chat?"),
        "agreement.question_moved",
        Drift.QUESTION_MOVED,
        CRITICAL,
        mended=False,
    ),
    "other words": Drifted(
        lambda f: f.label("Q1", label="Do you know that you can chat with the police?"),
        "aware.question",
        Drift.LABEL_CHANGED,
        WARNING,
        mended=False,
    ),
}

AGREEMENT = """  agreement:
    label: Agreement that the police are fair
    question: The police are fair. How far do you agree?
    variable: Q5
    codes:
      1: {name: strongly_agree, label: Strongly agree}
      2: {name: agree, label: Agree}
      3: {name: disagree, label: Disagree}
      4: {name: strongly_disagree, label: Strongly disagree}
"""
TENDENCY = """  agreement:
    level: 0.5
    answers: {strongly_agree: 1, agree: 2}
    others: {disagree: 1, strongly_disagree: 2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small survey's folder, with an agreement scale, and codes that are spelt one way only."""
    made = write_survey(tmp_path)
    for name, text in (("questionnaire.yaml", AGREEMENT), ("simulation.yaml", TENDENCY)):
        path = made / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    path = made / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8").replace("women, label: Female", "w, label: Woman")
    used = "    label: Used Live Chat\n"
    text = text.replace(used, f"{used}    question: Have you used Live Chat?\n")
    in_a_line = "  dwellings: {label: Dwellings, type: number}"
    text = text.replace(in_a_line, "  dwellings:\n    label: Dwellings\n    type: number")
    path.write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("name", DRIFTED)
def test_a_difference_is_found_by_its_kind_and_mended_by_what_it_offers(name, folder):
    drifted, file = DRIFTED[name], clean(folder)
    drifted.change(file)
    found = found_in(file, folder)
    assert list(found) == [drifted.rule]
    result = found[drifted.rule]
    assert (result.drift, result.severity) == (drifted.drift, drifted.severity)
    if drifted.mended:
        paste(folder, result.paste)
        assert found_in(file, folder) == {}


def test_a_clean_file_has_no_difference(folder):
    assert found_in(clean(folder), folder) == {}


def test_a_new_variable_is_offered_as_an_item(folder):
    file = clean(folder)
    file.rows["Q9"] = 1.0
    labels = {1: "Yes", 2: "No", 8: "Don't know"}
    file.variables["Q9"] = Variable("Q9", "Owns a dog", labels, ((8, 8),))
    (result,) = found_in(file, folder).values()
    assert (result.rule, result.drift) == ("return.variables", Drift.NEW)
    paste(folder, result.paste)
    assert found_in(file, folder) == {}
    item = load_survey(str(folder)).items["q9"]
    assert (item.first_asked, [*item.codes], [*item.missing]) == (WAVE, [1, 2], [8])


def test_a_question_that_is_gone_is_asked_no_more(folder):
    file = clean(folder)
    del file.rows["Q5"]
    (result,) = found_in(file, folder).values()
    paste(folder, result.paste)
    assert found_in(file, folder) == {}
    assert load_survey(str(folder)).items["agreement"].last_asked == "2026-Q3"


def test_a_second_difference_goes_beside_the_first(folder):
    paste(
        folder,
        "# questionnaire.yaml, under `aware`:\n    from_wave:\n      2026-Q3: {blank: refused}",
    )
    file = clean(folder)
    file.rename("Q1", "NQ1")
    (result,) = found_in(file, folder).values()
    assert result.paste.startswith("# questionnaire.yaml, under `aware`, `from_wave`:")
    paste(folder, result.paste)
    assert found_in(file, folder) == {}
    assert load_survey(str(folder)).item_in("aware", WAVE).blank == "refused"


def test_what_to_paste_is_shown_to_people(folder):
    file = clean(folder)
    file.rename("Q1", "NQ1")
    validation = validate(file.raw, load_survey(str(folder)), WAVE)
    line = f"      {WAVE}:\n        variable: NQ1"
    assert line in report_html(validation, "Small")
    assert line.replace("\n", "\n    ") in validation_text(validation)
