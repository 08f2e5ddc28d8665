"""Control totals of later editions: a file each, holding from a wave on."""

from pathlib import Path

import numpy as np
import pytest
from declared_folder import FILES, write_survey

from transforms.catalogue import Survey
from transforms.errors import DeclarationError
from transforms.reference import declaration_tables
from warehouse.declaration import load_survey

AGE, AREA_SEX = FILES["margins/age.csv"], FILES["margins/area_sex.csv"]


def grown(table: str, by: float) -> str:
    """A margin's file with every population multiplied."""
    header, *rows = table.strip().split("\n")
    place = header.split(",").index("population")
    cells = [row.split(",") for row in rows]
    grown = [[*one[:place], str(float(one[place]) * by), *one[place + 1 :]] for one in cells]
    return "\n".join([header, *(",".join(one) for one in grown)]) + "\n"


def declared(tmp_path: Path, **editions: str) -> Survey:
    folder = write_survey(tmp_path, [])
    for name, table in editions.items():
        margin, _, wave = name.partition("__")
        path = folder / "margins" / f"{margin}.from_{wave.replace('_', '-')}.csv"
        path.write_text(table, encoding="utf-8")
    return load_survey(str(folder))


def refused(tmp_path: Path, **editions: str) -> str:
    with pytest.raises(DeclarationError) as caught:
        declared(tmp_path, **editions)
    (mistake,) = caught.value.mistakes
    return str(mistake)


def test_a_wave_is_calibrated_to_the_edition_that_holds_in_it(tmp_path):
    survey = declared(
        tmp_path, age__2026_Q4=grown(AGE, 1.02), area_sex__2026_Q4=grown(AREA_SEX, 1.02)
    )
    first = survey.margins_in_use()
    totals = {
        wave.name: [margin.total for margin in survey.margins_in_use(wave.name)]
        for wave in survey.waves
    }
    before, after = [m.total for m in first], [m.total * 1.02 for m in first]
    assert totals["2026-Q2"] == totals["2026-Q3"] == before
    assert totals["2026-Q4"] == pytest.approx(after)
    assert totals["2027-Q2"] == pytest.approx(after)
    assert [margin.name for margin in survey.margins_in_use("2027-Q2")] == ["area_sex", "age"]


def test_both_editions_stand_in_the_reference_tables(tmp_path):
    survey = declared(
        tmp_path, age__2026_Q4=grown(AGE, 1.02), area_sex__2026_Q4=grown(AREA_SEX, 1.02)
    )
    rows = declaration_tables(survey)["ref.margin"]
    age = rows[rows["margin"] == "age"].groupby("from_wave")["population"].sum()
    assert list(age.index) == ["2026-Q2", "2026-Q4"]
    assert np.isclose(age["2026-Q4"], 1.02 * age["2026-Q2"])


def test_a_later_edition_of_one_margin_alone_contradicts_the_other(tmp_path):
    found = refused(tmp_path, age__2026_Q4=grown(AGE, 1.02))
    assert "margins/age.from_2026-Q4.csv" in found
    assert "+2.000%" in found


def test_an_edition_from_an_unknown_wave_is_refused(tmp_path):
    found = refused(tmp_path, age__2029_Q4=AGE)
    assert "There is no wave called '2029-Q4'." in found


def test_an_edition_without_a_first_one_is_refused(tmp_path):
    found = refused(tmp_path, ages__2026_Q4=AGE)
    assert "add it, or rename this one." in found


ROUTED = "    asked_if:\n      aware: [yes]\n    in_wave:\n"
SWAPPED = """    codes:
      1: {name: male, label: Male}
      2: {name: female, label: Female}
      3: {name: women, label: Female}
    from_wave:
      2026-Q4:
        codes:
          1: {name: female, label: Female}
          2: {name: male, label: Male}
          3: {name: women, label: Female}
"""
PLAIN = SWAPPED.partition("    from_wave")[0]
BY_NAME = ("measures.yaml", "          1: male\n          2: female\n          3: female\n")


@pytest.mark.parametrize(
    ("old", "new", "found", "remedy"),
    [
        (
            ROUTED,
            "    from_wave:\n      2026-Q4: {reversed: true, codes: {1: {name: yes, label: Y},"
            " 2: {name: no, label: N}}}\n" + ROUTED,
            "Both the codes and 'reversed' are given",
            "remove 'reversed', or the codes.",
        ),
        (
            "dwellings: {label: Dwellings, type: number}",
            "dwellings: {label: D, type: number, in_wave: {2026-Q4: {reversed: true}}}",
            "'dwellings' has no ends to be turned round.",
            "add minimum and maximum",
        ),
        (
            "serial: {label: Serial, type: identifier}",
            "serial: {label: Serial, type: identifier, from_wave: {2026-Q4: {}}}",
            "Nothing is said of 'serial' in 2026-Q4.",
            "write it, or remove the line.",
        ),
        (
            "serial: {label: Serial, type: identifier}",
            "serial: {label: Serial, type: identifier, from_wave: {2026-Q9: {variable: S}}}",
            "There is no wave called '2026-Q9'.",
            "did you mean",
        ),
        (
            ROUTED,
            "    from_wave:\n      2026-Q4: {asked_if: {}}\n" + ROUTED,
            "From 2026-Q4 on others are asked 'used', and its series does not break there.",
            "add to 'used': breaks: [{wave: 2026-Q4, reason: …}].",
        ),
        (
            ROUTED,
            "    breaks: [{wave: 2026-Q4, reason: r}]\n"
            "    from_wave:\n      2026-Q4: {asked_if: {aware: [maybe]}}\n" + ROUTED,
            "There is no code of 'aware' called 'maybe'.",
            "correct the name",
        ),
        (
            PLAIN,
            SWAPPED,
            "Code 1 of 'sex' has meant male (as in 2026-Q3) and female (as in 2027-Q2)",
            "write a line for each name instead of 1.",
        ),
    ],
)
def test_a_mistake_in_what_holds_from_a_wave_on_is_reported(tmp_path, old, new, found, remedy):
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(write_survey(tmp_path, [("questionnaire.yaml", old, new)])))
    mistake = caught.value.mistakes[0]
    assert mistake.found.startswith(found)
    assert remedy in mistake.remedy
    assert mistake.line > 1


def test_codes_that_change_their_meaning_are_recoded_by_name(tmp_path):
    file, numbers = BY_NAME
    names = "          male: male\n          female: female\n          women: female\n"
    changes = [("questionnaire.yaml", PLAIN, SWAPPED), (file, numbers, names)]
    survey = load_survey(str(write_survey(tmp_path, changes)))
    (source,) = survey.domains["sex"].source
    before, after = (survey.item_in("sex", wave) for wave in ("2026-Q3", "2026-Q4"))
    assert source.value_of_code(before) == {1: "male", 2: "female", 3: "female"}
    assert source.value_of_code(after) == {1: "female", 2: "male", 3: "female"}
