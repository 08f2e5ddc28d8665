"""A draft of questionnaire.yaml: it loads, reads its own return, and says what is to be decided."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import raw_return, shared
from defects.clean import clean, survey
from supplier_files import File

from transforms.catalogue.checks.questionnaire import questionnaire_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.questionnaire import Item, MissingReason, Questionnaire
from transforms.catalogue.returns import Reading
from transforms.proposing import proposed_questionnaire
from transforms.responses import RawReturn, Variable
from transforms.simulation import simulate_wave
from transforms.variables import column_of, decode_item
from warehouse.declaration import load_survey
from warehouse.declaration.yaml_source import read_yaml
from warehouse.returns import read_return
from warehouse.supplier_file import write_return

WAVES = "waves: {quarters: {first: 2026-Q2, last: 2026-Q3}}"


def loaded(raw: RawReturn) -> dict[str, Item]:
    """The draft's items, after every check that a declaration's questionnaire passes."""
    source, mistakes = read_yaml("questionnaire.yaml", proposed_questionnaire(raw))
    assert mistakes == []
    waves, _ = read_yaml("survey.yaml", WAVES)
    draft = Draft({"questionnaire.yaml": source, "survey.yaml": waves}, {})
    assert list(questionnaire_mistakes(draft)) == []
    return dict(Questionnaire.model_validate(source.content).items)


def unread(raw: RawReturn) -> list[str]:
    """The variables of which a cell is not what the draft declares."""
    found = []
    for name, item in loaded(raw).items():
        bound = item.as_in("2026-Q2", name, ("2026-Q2",))
        column = column_of(raw, bound.variable)
        assert column is not None
        decoded = decode_item(column.reset_index(drop=True), bound)
        empty = decoded.empty.any() and bound.blank is None and item.type != "identifier"
        if decoded.unknown.any() or empty:
            found.append(bound.variable)
    return found


def one(column: object, **entry: object) -> tuple[Item, str]:
    """The item proposed for a column X with a dictionary entry, and the draft's text."""
    rows = pd.DataFrame({"X": column})
    raw = RawReturn("x.sav", "0" * 64, rows, {"X": Variable("X", **entry)})
    return loaded(raw)["x"], proposed_questionnaire(raw)


def test_labels_become_codes_and_reasons():
    labels = {1: "Yes", 2: "No: never", 8: "Don't know", 9: "Prefer not to say"}
    item, _ = one([1.0, 2.0, 8.0], label="Heard of it?", value_labels=labels)
    assert {v: (c.name, c.label) for v, c in item.codes.items()} == {
        1: ("yes", "Yes"),
        2: ("no_never", "No: never"),
    }
    assert {v: c.reason for v, c in item.missing.items()} == {
        8: MissingReason.DONT_KNOW,
        9: MissingReason.REFUSED,
    }
    assert item.label == "Heard of it?"


def test_a_code_declared_missing_without_a_reason_is_one_all_the_same():
    labels = {1: "A", 2: "B", -1: "Not classified"}
    item, _ = one([1.0, -1.0], value_labels=labels, missing_ranges=((-1, -1),))
    assert list(item.codes) == [1, 2]
    assert item.missing[-1].reason is MissingReason.NO_ANSWER


def test_a_long_label_is_a_question_and_leaves_the_name_to_a_person():
    label = "Taking everything into account, how good a job do you think the police are doing?"
    item, text = one([1.0] * 3, label=label, value_labels={1: "Good", 2: "Poor"})
    assert (item.question, item.label) == (label, "X")
    assert "label: X # TODO: a short name for tables" in text


def test_a_scale_labelled_at_its_ends_is_a_number():
    item, text = one(np.arange(11.0), value_labels={0: "Not at all", 10: "Completely"})
    assert (item.type, item.minimum, item.maximum) == ("number", 0, 10)
    assert "# TODO: is it a scale or a number?" in text


@pytest.mark.parametrize(
    ("column", "kind", "doubt"),
    [
        (np.tile([1.0, 2.0], 30), "code", "what each code means"),
        (np.arange(40) / 7, "identifier", "is it a serial number?"),
        (np.repeat(np.arange(40) / 7, 2), "number", "which numbers are possible"),
        ([datetime(2026, 4, 1)] * 3, "date", None),
        (["red", "blue"] * 20, "code", "are these the answers?"),
        ([f"My neighbour {n}" for n in range(40)], "identifier", "what the text is"),
        ([".a", 1.0, 2.0] * 20, "code", "what each code means"),
    ],
)
def test_without_labels_the_cells_tell_what_they_may(column, kind, doubt):
    item, text = one(column)
    assert item.type == kind
    assert doubt is None or f"# TODO: {doubt}" in text
    assert "neighbour" not in text


def test_an_empty_cell_is_to_be_explained():
    item, text = one([1.0, np.nan], value_labels={1: "Yes", 2: "No"})
    assert item.blank is MissingReason.NO_ANSWER
    assert "# TODO: what an empty cell means" in text


@pytest.mark.parametrize("character", ["\x92", "\x7f", "\x85", "\u2028", "\ufffe", "\udc92", "\0"])
def test_labels_in_a_wrong_encoding_load_as_they_are(character):
    label = f"Won{character}t say, or can{character}t"
    item, text = one([1.0, 2.0], label=label, value_labels={1: label, 2: "No"})
    assert item.codes[1].label == label
    text.encode()


def test_what_looks_like_the_design_is_named():
    rows = pd.DataFrame({"CASEID": [1.0, 2.0], "WT_Q64": [1.0, 1.5], "Q1": [1.0, 2.0]})
    text = proposed_questionnaire(raw_return(rows))
    assert "# TODO: weight in survey.yaml: perhaps WT_Q64?" in text
    assert "# TODO: serial in survey.yaml: perhaps CASEID?" in text


def test_names_are_names_and_differ():
    rows = pd.DataFrame({"Q1": [1.0], "q1 ": [1.0], "ותק": [1.0], "1st": [1.0], "no: 'x'": [1.0]})
    assert list(loaded(raw_return(rows))) == ["q1", "q1_2", "variable", "variable_2", "no_x"]


@pytest.mark.parametrize("labelled", [True, False])
def test_the_draft_of_a_simulated_return_reads_it(labelled):
    file: File = clean()
    if not labelled:
        file.without_dictionary()
    assert unread(file.raw) == []
    if labelled:
        items = loaded(file.raw)
        declared = survey().items["fairness"]
        assert [c.label for c in items["q5"].codes.values()] == [
            code.label for code in declared.codes.values()
        ]
        assert list(items["q5"].missing) == [97, 98]


def test_the_draft_of_a_simulated_sav_reads_it(tmp_path):
    west = load_survey("west_midlands")
    path = write_return(simulate_wave(west, "2026-Q2"), west, tmp_path)
    raw = read_return(path, Reading())
    assert unread(raw) == []
    items = loaded(raw)
    assert len(items) == len(raw.rows.columns)
    assert [c.label for c in items["lpa"].codes.values()][:2] == ["Birmingham", "Coventry"]
    assert items["q6b"].blank is not None


@pytest.mark.parametrize(
    "name",
    [
        "csew1314/csew1314teachingopen.sav",
        "bcs0708/bcs_2007_8_teaching_data.tab",
        "mopac_pas/PAS_boroughs_semicolon.csv",
        "awkward/pyreadstat/missing_test.dta",
        "awkward/pyreadstat/tegulu.sav",
        "awkward/haven/tagged-na-double.dta",
    ],
)
def test_the_draft_of_a_real_return_reads_it(name):
    path: Path = shared("returns", *name.split("/"))
    assert unread(read_return(path, Reading())) == []
