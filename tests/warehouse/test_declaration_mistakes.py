"""Each broken declaration is reported with its file, its line, what was found and what to do."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from declared_folder import Change, write_survey

from transforms.errors import DeclarationError, Mistake
from warehouse.declaration import load_survey


@dataclass(frozen=True)
class Broken:
    """A change that breaks a file, the text of the line to be named, and words of the mistake.

    `line`: a text that stands once in the file the mistake is in; default: what was written.
    """

    file: str
    old: str
    new: str
    found: str
    remedy: str
    line: str | None = None
    named_in: str | None = None
    with_also: tuple[Change, ...] = field(default=())


def mistakes_of(folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(folder))
    return caught.value.mistakes


def line_of(path: Path, text: str) -> int:
    content = path.read_text(encoding="utf-8")
    assert content.count(text) == 1, f"{text!r} does not stand once in {path.name}"
    return content[: content.index(text)].count("\n") + 1


SURVEY = [
    Broken(
        "survey.yaml",
        "title: Small survey",
        "title: Small survey\nfieldwork:\n  2026-Q2: {issued: 90, not_eligible: 90}",
        "Of 90 cases issued in 2026-Q2, 90 are said not to be eligible.",
        "correct one of the two.",
        line="2026-Q2: {issued: 90",
    ),
    Broken(
        "survey.yaml",
        "title: Small survey",
        "title: Small survey\nfieldwork:\n  2031-Q2: {issued: 90}",
        "There is no wave called '2031-Q2'.",
        "did you mean",
        line="2031-Q2: {issued: 90}",
    ),
    Broken(
        "survey.yaml",
        "title: Small survey",
        "title: Small survey\naddress: www.example.org/",
        "'www.example.org/'",
        "write it as https://example.org/survey.",
        line="address: www.example.org/",
    ),
    Broken(
        "survey.yaml",
        "title:",
        "titel:",
        "'titel' is not a key that is known here.",
        "did you mean 'title'?",
    ),
    Broken(
        "survey.yaml",
        "run_by: A police and crime commissioner\n",
        "",
        "'run_by' is missing.",
        "add a line 'run_by: …' here.",
        line="title: Small survey",
    ),
    Broken(
        "survey.yaml",
        "title: Small survey",
        "title: 2026",
        "'title' is the number 2026.",
        "put it in quotes: '2026'.",
    ),
    Broken(
        "survey.yaml",
        "whole: Force",
        "whole:",
        "'whole' is left empty.",
        "write text after the colon",
    ),
    Broken(
        "survey.yaml",
        "simulated: true",
        "simulated: yes",
        "'simulated' is 'yes'.",
        "write true or false",
    ),
    Broken(
        "survey.yaml",
        "minimum_rows: 10",
        "minimum_rows: 0",
        "In returns: 'minimum_rows' is the number 0.",
        "correct the number.",
    ),
    Broken(
        "survey.yaml",
        "minimum_rows: 10",
        "minimum_rows: ten",
        "In returns: 'minimum_rows' is 'ten'.",
        "write a whole number, without quotation marks",
    ),
    Broken(
        "survey.yaml",
        "simulated: true",
        "simulated: true\nminimum_rows: 10",
        "'minimum_rows' is not a key that is known here.",
        "move 'minimum_rows' below 'returns:'",
        line="minimum_rows: 10\nwaves",
    ),
    Broken(
        "survey.yaml",
        "  margins: [area_sex, age]",
        "  margins: [area_sex, age]\n  tolerance: .inf",
        "'tolerance' is '.inf'.",
        "write a number",
        line="tolerance",
    ),
    Broken(
        "survey.yaml",
        "  margins: [area_sex, age]",
        "  margins: [area_sex, age]\n  tolerance: 0.2",
        "In calibration: 'tolerance' is the number 0.2.",
        "correct the number.",
        line="tolerance",
    ),
    Broken(
        "survey.yaml",
        "comparisons: [previous_wave, same_quarter_year_before]",
        "comparisons: [previous_waves]",
        "In comparisons: entry 1 is 'previous_waves'.",
        "did you mean 'previous_wave'?",
    ),
    Broken(
        "survey.yaml",
        "first: 2026-Q2",
        "first: 2026Q2",
        "'2026Q2' is not a calendar quarter.",
        "write it like that.",
    ),
    Broken(
        "survey.yaml",
        "last: 2027-Q2",
        "last: 2025-Q2",
        "The last quarter, 2025-Q2, is before the first, 2026-Q2.",
        "exchange the two",
    ),
    Broken(
        "survey.yaml",
        "  quarters: {first: 2026-Q2, last: 2027-Q2}",
        "  quarters:",
        "No waves are declared.",
        "keep or write one of the two.",
        line="waves:",
    ),
    Broken(
        "survey.yaml",
        "  quarters: {first: 2026-Q2, last: 2027-Q2}",
        "  quarters: {first: 2026-Q2, last: 2027-Q2}\n"
        "  listed: [{name: a, start: 2026-01-01, end: 2026-02-01}]",
        "The waves are declared twice.",
        "keep or write one of the two.",
        line="waves:",
    ),
    Broken(
        "survey.yaml",
        r"small_(?P<wave>\d{4}-Q[1-4])",
        r"small_(\d{4}-Q[1-4])",
        "does not say which part of the name is the wave.",
        "put (?P<wave> and ) round that part",
    ),
    Broken(
        "survey.yaml",
        r"small_(?P<wave>\d{4}-Q[1-4])",
        r"small_(?P<wave>\d{4}",
        "is not a regular expression",
        "correct it",
    ),
    Broken(
        "survey.yaml",
        "interview_date: interviewed",
        "interview_date: interview",
        "There is no item called 'interview'.",
        "did you mean 'interviewed'?",
    ),
    Broken(
        "survey.yaml",
        "interview_date: interviewed",
        "interview_date: age",
        "The item 'age' is of type number.",
        "name another item",
    ),
    Broken(
        "survey.yaml",
        "serial: serial",
        "serial: aware",
        "The item 'aware' is of type code.",
        "correct the type of 'aware'",
    ),
    Broken(
        "survey.yaml",
        "weight: [dwellings, adults]",
        "weight: [dwellings, area]",
        "The item 'area' is of type code.",
        "name another item",
    ),
    Broken(
        "survey.yaml",
        "psu: point",
        "population_psus: area\n  psu: point",
        "The item 'area' is of type code.",
        "name another item",
    ),
    Broken(
        "survey.yaml",
        "psu: point",
        "psu: age_group",
        "The item 'age_group' is not part of 2026-Q2, 2026-Q3 and 2026-Q4.",
        "first_asked",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sexes, age]",
        "There is no file margins/area_sexes.csv.",
        "did you mean 'area_sex'?",
    ),
]

LISTED = "  quarters: {first: 2026-Q2, last: 2027-Q2}"
WAVES = [
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n"
        "    - {name: 2026-Q2, start: 2026-04-01, end: 2026-06-30}\n"
        "    - {name: 2026-Q3, start: 2026-06-30, end: 2026-09-30}",
        "Wave '2026-Q3' is named as a calendar quarter, but lasts from 2026-06-30 to 2026-09-30.",
        "correct the dates, or rename the wave.",
        line="- {name: 2026-Q3",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n"
        "    - {name: one, start: 2026-04-01, end: 2026-06-30}\n"
        "    - {name: two, start: 2026-06-30, end: 2026-09-30}",
        "Wave 'two' starts on 2026-06-30, before wave 'one', listed above it, "
        "has ended on 2026-06-30.",
        "correct the dates, or the order.",
        line="- {name: two",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n"
        "    - {name: one, start: 2026-04-01, end: 2026-06-30}\n"
        "    - {name: one, start: 2026-07-01, end: 2026-09-30}",
        "Two waves are called 'one'.",
        "rename one of them.",
        line="- {name: one, start: 2026-07-01",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n    - {name: one, start: 2026-04-01, end: 2026-02-30}",
        "In waves › listed › entry 1: 'end' is '2026-02-30'.",
        "write a date that exists",
        line="- {name: one",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n    - {name: one, start: 2026-04-01, end: 2026-03-31}",
        "Wave 'one' ends on 2026-03-31, before it starts on 2026-04-01.",
        "correct one of the dates.",
        line="- {name: one",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n    - {name: wave one, start: 2026-04-01, end: 2026-06-30}",
        "'wave one' cannot be the name of a wave.",
        "rename the wave.",
        line="- {name: wave one",
    ),
    Broken(
        "survey.yaml",
        LISTED,
        "  listed:\n    - {name: one, start: 2026-04-01, end: 2026-06-30}",
        "'same_quarter_year_before' needs calendar quarters, but one is not.",
        "write 'previous_wave'",
        line="comparisons:",
    ),
    Broken(
        "survey.yaml",
        r"file_name: small_(?P<wave>\d{4}-Q[1-4])",
        "file_name: {2026-Q2: a, 2026-Q3: b, 2026-Q4: c, 2027-Q1: d, 2027-Q3: e}",
        "No file name is declared for 2027-Q2.",
        "add a line '2027-Q2: …'",
    ),
    Broken(
        "survey.yaml",
        r"file_name: small_(?P<wave>\d{4}-Q[1-4])",
        "file_name: {2026-Q2: a, 2026-Q3: b, 2026-Q4: c, 2027-Q1: d, 2027-Q2: e, 2027-Q9: f}",
        "There is no wave called '2027-Q9'.",
        "did you mean '2027-Q2'?",
    ),
]

RETURNS = [
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  reading: {decimal: ','}",
        "In returns › reading: 'decimal' is ','.",
        "write one of these.",
        line="  reading:",
    ),
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  reading: {encoding: utf8}",
        "In returns › reading: 'encoding' is 'utf8'.",
        "did you mean 'utf-8'?",
        line="  reading:",
    ),
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  reading_in_wave:\n    2027-Q9: {dates: day_first}",
        "There is no wave called '2027-Q9'.",
        "did you mean '2027-Q2'?",
        line="    2027-Q9:",
    ),
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  reading: {empty: ['-', '8']}",
        "'8' is to be read as an empty cell, and is a code of",
        "take it out here",
        line="  reading:",
    ),
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  manifest: manifest(.csv",
        "The pattern 'manifest(.csv' is not a regular expression",
        "needs a backslash before it.",
        line="  manifest:",
    ),
    Broken(
        "survey.yaml",
        "  minimum_rows: 10",
        "  minimum_rows: 10\n  manifest: (csv)?",
        "matches every name: no file would be a return.",
        "only the names of manifests",
        line="  manifest:",
    ),
]

QUESTIONNAIRE = [
    Broken(
        "questionnaire.yaml",
        "      8: {reason: refused, label: Refused}",
        "      8: {reason: refusal, label: Refused}",
        "In items › aware › missing › 8: 'reason' is 'refusal'.",
        "did you mean 'refused'?",
    ),
    Broken(
        "questionnaire.yaml",
        "  interviewed: {label",
        "  Interview date: {label",
        "In items: 'Interview date' cannot be a name here.",
        "write 'interview_date'",
        with_also=(("survey.yaml", "  interview_date: interviewed\n", ""),),
    ),
    Broken(
        "questionnaire.yaml",
        "3: {name: women, label: Female}",
        "3: {name: some women, label: Female}",
        "In items › sex › codes › 3: 'name' is 'some women'.",
        "write 'some_women'",
    ),
    Broken(
        "questionnaire.yaml",
        "3: {name: women, label: Female}",
        "3: {name: female, label: Female}",
        "Codes 2 and 3 are both called 'female'.",
        "rename one",
    ),
    Broken(
        "questionnaire.yaml",
        "      8: {reason: refused, label: Refused}",
        "      2: {reason: refused, label: Refused}",
        "Code 2 is both a valid answer and missing.",
        "remove it from 'codes' or from 'missing'.",
        with_also=(("simulation.yaml", "{refused: 0.01}", "{dont_know: 0.01}"),),
    ),
    Broken(
        "questionnaire.yaml",
        "998: {reason: refused, label: Refused}",
        "98: {reason: refused, label: Refused}",
        "Code 98 is missing, but also a possible number: they go from 16 to 110.",
        "correct the minimum or the maximum.",
    ),
    Broken(
        "questionnaire.yaml",
        "minimum: 1, maximum: 12",
        "minimum: 12, maximum: 1",
        "The minimum, 12, is greater than the maximum, 1.",
        "exchange the two",
    ),
    Broken(
        "questionnaire.yaml",
        "label: Serial, type: identifier",
        "label: Serial, type: identifier, maximum: 9",
        "The item 'serial' is of type identifier and has a maximum.",
        "write type: number.",
    ),
    Broken(
        "questionnaire.yaml",
        "  stratum: {label: Stratum, type: identifier}",
        "  stratum: {label: Stratum}",
        "The item 'stratum' has no codes in 2026-Q2, 2026-Q3, 2026-Q4, 2027-Q1 and 2027-Q2.",
        "add codes, or write type",
    ),
    Broken(
        "questionnaire.yaml",
        "  point: {label: Sampling point, type: identifier}",
        "  point: {label: Point, type: identifier, codes: {1: {name: a, label: A}}}",
        "The item 'point' is of type identifier and has codes.",
        "remove the codes or the type.",
    ),
    Broken(
        "questionnaire.yaml",
        "variable: Q2",
        "variable: Q1",
        "'aware' and 'used' both read the variable 'Q1' in 2026-Q2.",
        "correct one of them",
        line="variable: Q1\n    codes:\n      1: {name: yes, label: Yes}\n"
        "      2: {name: no, label: No}\n    blank",
    ),
    Broken(
        "questionnaire.yaml",
        "aware: [yes]",
        "awere: [yes]",
        "There is no item called 'awere'.",
        "did you mean 'aware'?",
    ),
    Broken(
        "questionnaire.yaml",
        "aware: [yes]",
        "aware: [yess]",
        "There is no code of 'aware' called 'yess'.",
        "did you mean 'yes'?",
    ),
    Broken(
        "questionnaire.yaml",
        "aware: [yes]",
        "aware: []",
        "'used' is asked after no answer to 'aware'.",
        "write them",
    ),
    Broken(
        "questionnaire.yaml",
        "aware: [yes]",
        "age: [yes]",
        "'age' is of type number: it has no codes to ask after.",
        "name the item whose answer decides.",
    ),
    Broken(
        "questionnaire.yaml",
        "    breaks:\n      - {wave: 2026-Q4, reason: another mode}",
        "    asked_if:\n      used: [yes]",
        "Whether 'aware' is asked depends, in the end, on 'aware' itself.",
        "remove one of the conditions.",
        line="    asked_if:\n      used: [yes]",
    ),
    Broken(
        "questionnaire.yaml",
        "last_asked: 2026-Q4",
        "last_asked: 2026-Q5",
        "There is no wave called '2026-Q5'.",
        "did you mean '2026-Q",
    ),
    Broken(
        "questionnaire.yaml",
        "2026-Q3:",
        "2025-Q3:",
        "There is no wave called '2025-Q3'.",
        "did you mean '2026-Q3'?",
    ),
    Broken(
        "questionnaire.yaml",
        "wave: 2026-Q4",
        "wave: Q4",
        "There is no wave called 'Q4'.",
        "did you mean '2026-Q4'?",
    ),
    Broken(
        "questionnaire.yaml",
        "    last_asked: 2026-Q4",
        "    first_asked: 2027-Q1\n    last_asked: 2026-Q4",
        "No wave asks the item 'age'.",
        "correct asked_in",
        line="  age:",
    ),
]

MEASURES = [
    Broken(
        "measures.yaml",
        "  sex:\n    label: Sex",
        "  all:\n    label: Sex",
        "A domain is called 'all', which stands for everyone in the figures.",
        "rename the domain",
    ),
    Broken(
        "measures.yaml",
        "E08000002",
        "E08000001",
        "'north' and 'south' have the same area code, E08000001.",
        "correct one of them.",
        line="south: {label",
    ),
    Broken(
        "measures.yaml",
        "E08000002",
        "E080002",
        "'E080002' is not an ONS geography code.",
        "correct it.",
    ),
    Broken(
        "measures.yaml",
        "item: sex",
        "item: gender",
        "There is no item called 'gender'.",
        "correct the name",
    ),
    Broken(
        "measures.yaml",
        "3: female",
        "4: female",
        "There is no code 4 of 'sex'.",
        "correct the code",
    ),
    Broken(
        "measures.yaml",
        "3: female",
        "'3': female",
        "Code '3' is not a code of 'sex', but 3 is.",
        "write 3: a number and a text in quotes are not the same.",
    ),
    Broken(
        "measures.yaml",
        "          3: female\n",
        "",
        "Code 3 of 'sex' belongs to no value of the domain.",
        "partitions_force: false",
        line="recode:",
    ),
    Broken(
        "measures.yaml",
        "3: female",
        "3: femail",
        "There is no value called 'femail'.",
        "did you mean 'female'?",
    ),
    Broken(
        "measures.yaml",
        "45+: [45, 110]",
        "45+: [44, 110]",
        "The bands '16-44' and '45+' overlap: one ends with 44, the other begins with 44.",
        "end '16-44' before 44",
    ),
    Broken(
        "measures.yaml",
        "45+: [45, 110]",
        "45+: [46, 110]",
        "'age' from 45 to 45 belongs to no value of the domain.",
        "give it a value",
        line="bands:",
    ),
    Broken(
        "measures.yaml",
        "45+: [45, 110]",
        "45+: [45, 99]",
        "'age' from 100 to 110 belongs to no value of the domain.",
        "give it a value",
        line="bands:",
    ),
    Broken(
        "measures.yaml",
        "16-44: [16, 44]",
        "16-44: [44, 16]",
        "The band '16-44' goes from 44 to 16.",
        "write [16, 44].",
    ),
    Broken(
        "measures.yaml",
        "16-44: [16, 44]",
        "16-44: [16]",
        "In domains › age › source › entry 1 › bands › 16-44: the list is too short.",
        "add the second",
    ),
    Broken(
        "measures.yaml",
        "      - item: area",
        "      - {item: area, bands: {north: [1, 1], south: [2, 2]}}",
        "'area' is of type code, which has no bands.",
        "use 'recode'",
    ),
    Broken(
        "measures.yaml",
        "      - item: area",
        "      - {item: area, bands: {}, recode: {}}",
        "The source has both 'recode' and 'bands'.",
        "remove one of the two.",
    ),
    Broken(
        "measures.yaml",
        "      - item: area",
        "      - item: area\n      - item: area # again",
        "The source 'area' is used in no wave: a source above it always is.",
        "change the order",
        line="area # again",
    ),
    Broken(
        "questionnaire.yaml",
        "2: {name: south, label: South}",
        "2: {name: soth, label: South}",
        "'area' gives the value 'soth', which the domain does not have.",
        "did you mean 'south'?",
        named_in="measures.yaml",
        line="      - item: area",
    ),
    Broken(
        "questionnaire.yaml",
        "2: {name: south, label: South}",
        "2: {name: soth, label: South}",
        "'area' never gives the value 'south' in 2026-Q2",
        "remove the value",
        named_in="measures.yaml",
        line="south: {label",
    ),
    Broken(
        "questionnaire.yaml",
        "first_asked: 2027-Q1",
        "first_asked: 2027-Q2",
        "No source of 'age' is asked in 2027-Q1, but the margin 'age' needs it.",
        "add a source",
        named_in="measures.yaml",
        line="    source:\n      - item: age\n",
    ),
    Broken(
        "measures.yaml",
        "    item: aware",
        "    item: awear",
        "There is no item called 'awear'.",
        "did you mean 'aware'?",
    ),
    Broken(
        "measures.yaml",
        "    item: aware",
        "    item: age",
        "'age' is of type number, so it has no answers to count.",
        "name an item with codes.",
    ),
    Broken(
        "measures.yaml",
        "counts: [yes]\n    base_label",
        "counts: [yes, maybe]\n    base_label",
        "There is no code of 'aware' called 'maybe'.",
        "correct the name",
    ),
    Broken(
        "questionnaire.yaml",
        "          1: {name: yes, label: Yes}",
        "          1: {name: yes_often, label: Yes}",
        "There is no code of 'used' in 2026-Q3 called 'yes'.",
        "did you mean 'yes_often'?",
        named_in="measures.yaml",
        line="counts: [yes]\n    leaves_base",
    ),
    Broken(
        "measures.yaml",
        "by: [area, sex]",
        "by: [area, sexes]",
        "There is no domain called 'sexes'.",
        "did you mean 'sex'?",
    ),
    Broken(
        "measures.yaml",
        "by: [area, sex]",
        "by: [area, area]",
        "'area' is named twice.",
        "remove one of the two.",
    ),
    Broken(
        "measures.yaml",
        "    by: [area, sex]",
        "    leaves_base: [refused]",
        "Respondents who were not asked 'aware' stay in the base",
        "add not_asked to leaves_base.",
    ),
    Broken(
        "measures.yaml",
        "wave: 2026-Q3",
        "wave: 2026-Q9",
        "There is no wave called '2026-Q9'.",
        "did you mean '2026-Q",
    ),
]

MARGINS = [
    Broken(
        "margins/age.csv",
        "reference_date",
        "date",
        "There is no column 'reference_date'.",
        "'reference_date'.",
        line="age,population",
    ),
    Broken(
        "margins/age.csv",
        "age,population",
        "ages,population",
        "There is no domain called 'ages'.",
        "did you mean 'age'?",
    ),
    Broken(
        "margins/age.csv",
        "age,population",
        "population,population",
        "There is a column twice: population.",
        "one name of its own",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200",
        "45 plus,3200",
        "There is no value of 'age' called '45 plus'.",
        "correct the name",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200,made up,2022-06-30\n",
        "",
        "1 category has no control total: 45+.",
        "add the rows",
        line="age,population",
    ),
    Broken(
        "margins/area_sex.csv",
        "south,female",
        "south,male",
        "'south × male' stands here again; it is on line 4 already.",
        "remove one of the two",
        line="south,male,2100",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200",
        "45+,0",
        "The population is '0'.",
        "write digits only",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200",
        '45+,"3,200"',
        "The population is '3,200'.",
        "write digits only",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200",
        "45+,3,200",
        "The row has 5 cells.",
        "add or remove commas",
    ),
    Broken(
        "margins/age.csv",
        "3200,made up,2022-06-30",
        "3200,made up,30/06/2022",
        "The reference_date is '30/06/2022'.",
        "write year, month and day",
    ),
    Broken(
        "margins/age.csv",
        "3200,made up",
        "3200,",
        "The source is left empty.",
        "write publisher, table and edition.",
    ),
    Broken(
        "margins/age.csv",
        "45+,3200",
        "45+,3500",
        "The margin 'age' adds up to 6,500, but 'area_sex' to 6,200 (+4.839%).",
        "take both from one edition",
        line="age,population",
        # Order in survey.yaml decides which margin is the measure of the other.
    ),
    Broken(
        "margins/age.csv",
        "45+,3200,made up",
        '45+,3200,"made up',
        "From here on this is not a table of comma-separated values.",
        "check the quotation marks",
    ),
    Broken(
        "measures.yaml",
        "  sex:\n    label: Sex",
        "  sex:\n    partitions_force: false\n    label: Sex",
        "The values of 'sex' together are not the whole force.",
        "partitions_force: true",
        named_in="margins/area_sex.csv",
        line="area,sex,population",
    ),
]

PLAN = [
    Broken(
        "kpis.yaml",
        "section: contact",
        "section: contacts",
        "There is no section called 'contacts'.",
        "did you mean 'contact'?",
    ),
    Broken(
        "kpis.yaml",
        "measure: aware",
        "measure: awareness",
        "There is no measure called 'awareness'.",
        "did you mean 'aware'?",
    ),
    Broken(
        "kpis.yaml",
        "required_direction: increase",
        "required_direction: up",
        "'required_direction' is 'up'.",
        "write one of these.",
    ),
    Broken(
        "survey.yaml",
        "comparisons: [previous_wave, same_quarter_year_before]",
        "comparisons: [same_quarter_year_before]",
        "'previous_wave' is not among the comparisons of survey.yaml.",
        "add it under comparisons.",
        named_in="kpis.yaml",
        line="judged:",
    ),
]

SIMULATION = [
    Broken(
        "simulation.yaml",
        "{north: 100, south: 200}",
        "{north: 100, soth: 200}",
        "There is no value of 'area' called 'soth'.",
        "did you mean 'south'?",
    ),
    Broken(
        "simulation.yaml",
        "{north: 100, south: 200}",
        "{north: 100}",
        "Nothing is said of south.",
        "add 'south: …'.",
    ),
    Broken(
        "simulation.yaml",
        "{north: 100, south: 200}",
        "{north: 100, south: 0}",
        "0 is not possible here.",
        "correct it.",
    ),
    Broken(
        "simulation.yaml",
        "strata: [area]",
        "strata: [areas]",
        "There is no margin or characteristic called 'areas'.",
        "did you mean 'area'?",
    ),
    Broken(
        "simulation.yaml",
        "address_factor: dwellings",
        "address_factor: point",
        "The item 'point' is of type identifier.",
        "name another item",
    ),
    Broken(
        "simulation.yaml",
        "45+: {1: 0.3, 2: 0.7}",
        "45+: {1: 0.3, 2: 0.8}",
        "The shares of '45+' add up to 1.1, or one is negative.",
        "correct them.",
    ),
    Broken(
        "simulation.yaml",
        "north: {45+: 2}",
        "north: {45-plus: 2}",
        "There is no value of 'age' called '45-plus'.",
        "correct the name",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [age]",
        "Who responds depends on 'sex', which no margin in use holds.",
        "remove it: no weight could put that right.",
        named_in="simulation.yaml",
        line="sex: {male: 0.9}",
    ),
    Broken(
        "simulation.yaml",
        "sex: {male: 0.9}",
        "sex: {mail: 0.9}",
        "There is no value of 'sex' called 'mail'.",
        "did you mean 'male'?",
    ),
    Broken(
        "simulation.yaml",
        "area: {north: 0.1}",
        "areas: {north: 0.1}",
        "There is no domain called 'areas'.",
        "did you mean 'area'?",
    ),
    Broken(
        "simulation.yaml",
        "others: {no: 1}\n    missing",
        "others: {nope: 1}\n    missing",
        "There is no code of 'aware' called 'nope'.",
        "did you mean 'no'?",
    ),
    Broken(
        "simulation.yaml",
        "others: {no: 1}\n    missing",
        "others: {yes: 1}\n    missing",
        "'yes' is among 'answers' and among 'others'.",
        "remove it from one.",
    ),
    Broken(
        "simulation.yaml",
        "missing: {refused: 0.01}",
        "missing: {not_coded: 0.01}",
        "'aware' has no code for not_coded in 2026-Q2",
        "remove the reason",
    ),
    Broken(
        "simulation.yaml",
        "missing: {refused: 0.01}",
        "missing: {refused: 1}",
        "1 is not possible here.",
        "correct it.",
    ),
    Broken(
        "simulation.yaml",
        "  used:\n    level: 0.3\n    answers: {yes: 1}\n    others: {no: 1}\n",
        "",
        "Nothing says how used is answered.",
        "add 'used:' here",
        line="tendencies:",
    ),
    Broken(
        "survey.yaml",
        "weight: [dwellings, adults]",
        "weight: [dwellings]",
        "Respondents are drawn by adults and dwellings, but the design weight",
        "name the same items in both files.",
        named_in="simulation.yaml",
        line="address_factor:",
    ),
    Broken(
        "survey.yaml",
        "calibration:\n  margins: [area_sex, age]\n",
        "",
        "The survey is simulated but its weights are calibrated to nothing.",
        "remove simulation.yaml.",
        named_in="simulation.yaml",
        line="seed: 1",
    ),
]

REPLICATES = [
    Broken(
        "survey.yaml",
        "calibration:\n",
        "replicates: {method: jackknife, count: 200}\ncalibration:\n",
        "A jackknife has as many replicates as the sample has points.",
        "remove the count",
        line="replicates:",
    ),
    Broken(
        "survey.yaml",
        "calibration:\n",
        "replicates: {method: jackknife, lost_category: redraw}\ncalibration:\n",
        "A jackknife draws nothing that could be drawn again.",
        "or 'method: bootstrap'.",
        line="replicates:",
    ),
]

CALIBRATION = [
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  method: logit",
        "The method 'logit' has no bounds.",
        "add a line such as 'bounds: [0.3, 3]'",
        line="method: logit",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  bounds: [0.5, 2]",
        "The method 'raking' knows no bounds.",
        "write the bounds as 'trim: {ratio_to_design: …}'",
        line="bounds: [0.5, 2]",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  trim: {ratio_to_mean: [3, 0.3]}",
        "[3, 0.3] does not lie on both sides of 1.",
        "write the smallest ratio first",
        line="trim: {",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  trim: {ratio_to_mean: [0.3, 3], ratio_to_design: [0.3, 3]}",
        "The trim is declared twice.",
        "keep or write one of the two.",
        line="trim: {",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  trim: {}",
        "The trim is empty.",
        "keep or write one of the two.",
        line="trim: {}",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  merge:\n    area_sx: [[north × male, north × female]]",
        "There is no margin in use called 'area_sx'.",
        "did you mean 'area_sex'?",
        line="area_sx:",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  merge:\n    area_sex: [[north × mole, north × female]]",
        "There is no category of 'area_sex' called 'north × mole'.",
        "did you mean 'north × male'?",
        line="area_sex: [[",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age]\n  merge:\n"
        "    area_sex: [[north × male, north × female], [north × male, south × male]]",
        "The category 'north × male' is merged twice.",
        "remove it from all lists but one.",
        line="area_sex: [[",
    ),
]

REPEATED = [
    Broken(
        "survey.yaml",
        "[previous_wave, same_quarter_year_before]",
        "[previous_wave, previous_wave]",
        "'previous_wave' is named twice.",
        "remove one of the two.",
    ),
    Broken(
        "survey.yaml",
        "weight: [dwellings, adults]",
        "weight: [dwellings, adults, adults]",
        "An item is named twice among the factors of the weight.",
        "remove one of the two.",
    ),
    Broken(
        "survey.yaml",
        "margins: [area_sex, age]",
        "margins: [area_sex, age, age]",
        "The margin 'age' is named twice.",
        "remove one of the two.",
    ),
    Broken(
        "measures.yaml",
        "leaves_base: [refused, not_asked]",
        "leaves_base: [refused, not_asked, refused]",
        "'refused' is named twice.",
        "remove one of the two.",
    ),
    Broken(
        "measures.yaml",
        "counts: [yes]\n    leaves_base",
        "counts: [yes, yes]\n    leaves_base",
        "'yes' is named twice.",
        "remove one of the two.",
    ),
]

NOTHING = [
    Broken(
        "measures.yaml",
        "    values:\n      north: {label: North, area_code: E08000001}\n"
        "      south: {label: South, area_code: E08000002}\n",
        "    values: {}\n",
        "The domain 'area' has no values.",
        "add them, each with a label.",
    ),
    Broken(
        "margins/age.csv",
        "16-44,3000,made up,2022-06-30\n45+,3200,made up,2022-06-30\n",
        "",
        "There are no control totals.",
        "add a row for each category.",
        line="age,population",
    ),
    Broken(
        "margins/age.csv",
        "age,population,source,reference_date\n16-44,3000,made up,2022-06-30\n"
        "45+,3200,made up,2022-06-30",
        "population,source,reference_date\n6200,made up,2022-06-30",
        "No column names a domain.",
        "named after a domain of measures.yaml.",
    ),
]

CHARACTERISTICS = [
    Broken(
        "simulation.yaml",
        "associations:",
        "characteristics:\n  sex:\n    given: area\n    shares: {north: {male: 1}}\nassociations:",
        "The margins hold 'sex' already.",
        "remove the characteristic.",
        line="  sex:\n    given",
    ),
    Broken(
        "simulation.yaml",
        "associations:",
        "characteristics:\n  tenure:\n    given: area\n    shares: {north: {a: 1}, south: {a: 1}}\n"
        "associations:",
        "There is no domain called 'tenure'.",
        "correct the name, or declare the domain.",
        line="tenure:",
    ),
    Broken(
        "simulation.yaml",
        "given: age",
        "given: aware",
        "There is no margin or characteristic called 'aware'.",
        "did you mean 'area'?",
    ),
    Broken(
        "simulation.yaml",
        "north: {45+: 2}",
        "north: {45+: 0}",
        "0 is not possible here.",
        "correct it.",
    ),
    Broken(
        "simulation.yaml",
        "sex: {male: 0.9}",
        "sex: {male: 0}",
        "0 is not possible here.",
        "correct it.",
    ),
    Broken(
        "simulation.yaml",
        "answers: {yes: 1}\n    others: {no: 1}\n    missing",
        "answers: {yes: -1}\n    others: {no: 1}\n    missing",
        "-1 is not possible here.",
        "correct it.",
    ),
]

COMPARISONS_AS_DECLARED = "comparisons: [previous_wave, same_quarter_year_before]"
JUDGED = "judged: previous_wave"
WITH_BASELINE = (
    "survey.yaml",
    COMPARISONS_AS_DECLARED,
    "rolling_year: {factors: equal}\ncomparisons: [previous_wave, baseline, rest_of_force]",
)

TWICE_A_YEAR = (
    "questionnaire.yaml",
    "    variable: Q1\n",
    "    variable: Q1\n    asked_in: [2026-Q2, 2027-Q1]\n",
)
USED_TWICE = (
    "questionnaire.yaml",
    "    in_wave:\n      2026-Q3:\n        codes:\n          1: {name: yes, label: Yes}\n"
    "          5: {name: no, label: No}\n",
    "    asked_in: [2026-Q2, 2026-Q4]\n",
)

COMPARED = [
    Broken(
        "survey.yaml",
        COMPARISONS_AS_DECLARED,
        "comparisons: [previous_wave, previous_year]",
        "'previous_year' compares rolling years, and none are declared.",
        "add 'rolling_year: {factors: equal}'",
    ),
    Broken(
        "survey.yaml",
        "calibration:\n  margins: [area_sex, age]\n",
        "rolling_year: {factors: equal}\n",
        "Quarters cannot count alike in a rolling year",
        "'factors: population' if every quarter's design weights",
    ),
    Broken(
        "survey.yaml",
        COMPARISONS_AS_DECLARED,
        "rolling_year: {fewest_waves: 5}\n" + COMPARISONS_AS_DECLARED,
        "In rolling_year: 'fewest_waves' is the number 5.",
        "correct the number.",
        line="rolling_year",
    ),
    Broken(
        "survey.yaml",
        "waves:\n  quarters: {first: 2026-Q2, last: 2027-Q2}",
        "trend: {quarter_effects: true}\nwaves:\n  listed:\n"
        "    - {name: first, start: 2026-04-01, end: 2026-06-30}",
        "'quarter_effects' needs calendar quarters, but first is not.",
        "write false",
        line="trend:",
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: rest_of_force",
        "'rest_of_force' is a difference between places or people, which is no change.",
        "write 'baseline'.",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: previous_wave\n    judged_by: {age: previous_wave}",
        "is not broken down by 'age'.",
        "add 'age' under 'by' in measures.yaml",
        line="judged_by",
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: previous_wave\n    judged_by: {area: baseline}",
        "'baseline' is not among the comparisons of survey.yaml.",
        "add it under comparisons.",
        line="judged_by",
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: previous_wave\n    family: headlines",
        "'headlines' is not a family that is declared.",
        "add 'headlines: holm' under families.",
        line="family:",
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline",
        "The KPI is judged against its baseline, and has none.",
        "rolling_year to survey.yaml.",
        line="  aware:",
        with_also=(
            ("survey.yaml", COMPARISONS_AS_DECLARED, "comparisons: [previous_wave, baseline]"),
        ),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {estimate: 0.4, label: Then}",
        "standard_error, source are missing.",
        "a figure without a standard error cannot be tested.",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {waves: [2026-Q3, 2026-Q2]}",
        "The baseline's waves are not in order of time, each once.",
        "sort them.",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {waves: [2026-Q2, 2026-Q4]}",
        "The baseline leaves out 2026-Q3, which asks 'aware': it would be named '2026-Q2/2026-Q4'",
        "name 2026-Q3 too",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {waves: [2026-Q2, 2027-Q1]}",
        "The baseline would be named '2026-Q2/2027-Q1', as the rolling year of four quarters is.",
        "name all four quarters",
        line="baseline: {",
        with_also=(WITH_BASELINE, TWICE_A_YEAR),
    ),
    Broken(
        "kpis.yaml",
        "    judged: previous_wave\n    owner: Head of Contact\n",
        "    judged: baseline\n    owner: Head of Contact\n"
        "    baseline: {waves: [2026-Q2, 2026-Q3, 2026-Q4]}\n"
        "  used: {section: contact, title: Use, statement: Use, measure: used, owner: Head,\n"
        "    required_direction: increase, judged: baseline,\n"
        "    baseline: {waves: [2026-Q2, 2026-Q4]}}\n",
        "This baseline would be named '2026-Q2/2026-Q4', as that of 'aware' is",
        "begin or end one of the two with another wave.",
        line="    baseline: {waves: [2026-Q2, 2026-Q4]",
        with_also=(WITH_BASELINE, USED_TWICE),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {estimate: 0.4, standard_error: 0.01, "
        "label: 2026-Q2, source: made up}",
        "The outside figure is called '2026-Q2', as a period of this survey is.",
        "such as 'Home Office 2024/25'",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {waves: [2026-Q3], estimate: 0.4}",
        "The baseline has both waves and an outside figure.",
        "remove the waves",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: baseline\n    baseline: {waves: [2025-Q3]}",
        "There is no wave called '2025-Q3'.",
        "",
        line="baseline: {",
        with_also=(WITH_BASELINE,),
    ),
    Broken(
        "kpis.yaml",
        JUDGED,
        "judged: previous_wave\n    judged_by: {area: baseline}\n    baseline: {estimate: 0.4, "
        "standard_error: 0.01, label: Then, source: made up}",
        "The outside figure is of the whole force, not of a value of 'area'.",
        "write 'previous_year', or a baseline of waves.",
        line="judged_by",
        with_also=(WITH_BASELINE,),
    ),
]


def samples(boost: str, main: str = "{}", **keys: str) -> dict[str, str]:
    """A change that declares two samples; the boost's file name and line are as given."""
    return {
        "file": "survey.yaml",
        "old": "calibration:\n",
        "new": f"samples:\n  main: {main}\n  boost: {boost}\ncalibration:\n",
        **keys,
    }


AGE_SOURCES = """      - item: age
        bands:
          16-44: [16, 44]
          45+: [45, 110]
      - item: age_group
"""
OF_BOOST = r"file_name: 'boost_(?P<wave>\d{4}-Q[1-4])'"
SAMPLES = [
    Broken(
        **samples("{covers: {area: north}}"),
        found="Files of 'boost' are recognised by the same pattern as those of 'main'",
        remedy="add a 'file_name' with what its files have",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, covers: {{area: nort}}}}"),
        found="There is no value of 'area' called 'nort'.",
        remedy="did you mean 'north'?",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, covers: {{aera: [north, south]}}}}"),
        found="There is no domain called 'aera'.",
        remedy="did you mean 'area'?",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, weight: [dwellings, area]}}"),
        found="The item 'area' is of type code.",
        remedy="name another item",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, weight: [dwellings, dwellings]}}"),
        found="An item is named twice among the factors of the weight.",
        remedy="remove one of the two.",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, waves: [2026-Q5]}}"),
        found="There is no wave called '2026-Q5'.",
        remedy="did you mean",
        line="  boost:",
    ),
    Broken(
        **samples(r"{file_name: 'boost_(\d{4}-Q[1-4])'}"),
        found="does not say which part of the name is the wave.",
        remedy="put (?P<wave> and ) round that part",
        line="  boost:",
    ),
    Broken(
        **samples("{file_name: {2026-Q3: boost}, waves: [2026-Q3, 2026-Q4]}"),
        found="No file name is declared for 2026-Q4.",
        remedy="add a line '2026-Q4: …'",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}}}", main="{covers: {area: south}}"),
        found="The first sample, 'main', covers a part of the population.",
        remedy="list the main sample above it, or remove 'covers'.",
        line="  main:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}}}", main="{required: false}"),
        found="The first sample, 'main', is not required.",
        remedy="list the main sample above it, or remove 'required'.",
        line="  main:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}}}", main="{waves: [2026-Q2]}"),
        found="The first sample, 'main', is drawn in some waves only.",
        remedy="list the main sample above it, or remove 'waves'.",
        line="  main:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, cover: {{area: north}}}}"),
        found="'cover' is not a key that is known here.",
        remedy="did you mean 'covers'?",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, required: no}}"),
        found="'required' is 'no'.",
        remedy="write true or false",
        line="  boost:",
    ),
    Broken(
        **samples(f"{{{OF_BOOST}, covers: {{age: 45+}}}}"),
        found="No source of 'age' is asked in 2026-Q2, 2026-Q3 and 2026-Q4, but the sample 'boost'",
        remedy="add a source",
        named_in="measures.yaml",
        line="    source:\n      - item: age_group",
        with_also=(
            ("survey.yaml", "margins: [area_sex, age]", "margins: [area_sex]"),
            ("measures.yaml", AGE_SOURCES, "      - item: age_group\n"),
        ),
    ),
]

TABLE = [
    *COMPARED,
    *SAMPLES,
    *REPLICATES,
    *CALIBRATION,
    *REPEATED,
    *NOTHING,
    *CHARACTERISTICS,
    *SURVEY,
    *RETURNS,
    *WAVES,
    *QUESTIONNAIRE,
    *MEASURES,
    *MARGINS,
    *PLAN,
    *SIMULATION,
]


@pytest.mark.parametrize("broken", TABLE, ids=lambda broken: broken.found[:60])
def test_a_mistake_is_reported_with_file_line_and_remedy(broken: Broken, tmp_path: Path) -> None:
    changes = [(broken.file, broken.old, broken.new), *broken.with_also]
    folder = write_survey(tmp_path, changes)
    file = broken.named_in or broken.file
    line = line_of(folder / file, broken.line or broken.new)
    matching = [mistake for mistake in mistakes_of(folder) if broken.found in mistake.found]
    assert [(mistake.file, mistake.line) for mistake in matching][:1] == [(file, line)]
    assert broken.remedy in matching[0].remedy
    assert matching[0].expected
