"""A small survey's folder as text: every kind of key once; tests write it with one part changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FILES = {
    "survey.yaml": r"""
title: Small survey
run_by: A police and crime commissioner
fieldwork_by: A supplier
covers: adults in private households
whole: Force
simulated: true
waves:
  quarters: {first: 2026-Q2, last: 2027-Q2}
returns:
  file_name: small_(?P<wave>\d{4}-Q[1-4])
  interview_date: interviewed
  minimum_rows: 10
design:
  serial: serial
  stratum: stratum
  psu: point
  weight: [dwellings, adults]
calibration:
  margins: [area_sex, age]
comparisons: [previous_wave, same_quarter_year_before]
""",
    "questionnaire.yaml": """
items:
  serial: {label: Serial, type: identifier}
  interviewed: {label: Day of the interview, type: date}
  stratum: {label: Stratum, type: identifier}
  point: {label: Sampling point, type: identifier}
  dwellings: {label: Dwellings, type: number}
  adults: {label: Adults, type: number, minimum: 1, maximum: 12}
  area:
    label: Area
    codes:
      1: {name: north, label: North}
      2: {name: south, label: South}
  sex:
    label: Sex
    codes:
      1: {name: male, label: Male}
      2: {name: female, label: Female}
      3: {name: women, label: Female}
  age:
    label: Age
    type: number
    minimum: 16
    maximum: 110
    missing:
      998: {reason: refused, label: Refused}
    last_asked: 2026-Q4
  age_group:
    label: Age group
    first_asked: 2027-Q1
    codes:
      1: {name: 16-44, label: 16 to 44}
      2: {name: 45+, label: 45 and over}
  aware:
    label: Aware of Live Chat
    question: Have you heard of Live Chat?
    variable: Q1
    codes:
      1: {name: yes, label: Yes}
      2: {name: no, label: No}
    missing:
      8: {reason: refused, label: Refused}
      9: {reason: dont_know, label: Don't know}
    breaks:
      - {wave: 2026-Q4, reason: another mode}
  used:
    label: Used Live Chat
    variable: Q2
    codes:
      1: {name: yes, label: Yes}
      2: {name: no, label: No}
    blank: not_asked
    asked_if:
      aware: [yes]
    in_wave:
      2026-Q3:
        codes:
          1: {name: yes, label: Yes}
          5: {name: no, label: No}
""",
    "measures.yaml": """
domains:
  area:
    label: Area
    values:
      north: {label: North, area_code: E08000001}
      south: {label: South, area_code: E08000002}
    source:
      - item: area
  sex:
    label: Sex
    values:
      male: {label: Men}
      female: {label: Women}
    source:
      - item: sex
        recode:
          1: male
          2: female
          3: female
  age:
    label: Age
    values:
      16-44: {label: 16 to 44}
      45+: {label: 45 and over}
    source:
      - item: age
        bands:
          16-44: [16, 44]
          45+: [45, 110]
      - item: age_group
measures:
  aware:
    label: Aware of Live Chat
    item: aware
    counts: [yes]
    base_label: all adults
    by: [area, sex]
  used:
    label: Used Live Chat
    item: used
    counts: [yes]
    leaves_base: [refused, not_asked]
    base_label: adults who know Live Chat
    breaks:
      - {wave: 2026-Q3, reason: another code}
""",
    "kpis.yaml": """
sections:
  contact: {title: Contact}
kpis:
  aware:
    section: contact
    title: Know Live Chat
    statement: More people know Live Chat
    measure: aware
    required_direction: increase
    judged: previous_wave
    owner: Head of Contact
""",
    "simulation.yaml": """
seed: 1
fieldwork:
  interviews: {north: 100, south: 200}
  strata: [area]
  address_factor: dwellings
  adults: adults
household:
  given: age
  shares:
    16-44: {1: 0.4, 2: 0.6}
    45+: {1: 0.3, 2: 0.7}
associations:
  - domains: [area, age]
    odds:
      north: {45+: 2}
response:
  rate: 0.5
  effects:
    sex: {male: 0.9}
tendencies:
  aware:
    level: 0.3
    effects:
      area: {north: 0.1}
    answers: {yes: 1}
    others: {no: 1}
    missing: {refused: 0.01}
  used:
    level: 0.3
    answers: {yes: 1}
    others: {no: 1}
""",
    "margins/area_sex.csv": """
area,sex,population,source,reference_date
north,male,1000,made up,2022-06-30
north,female,1100,made up,2022-06-30
south,male,2000,made up,2022-06-30
south,female,2100,made up,2022-06-30
""",
    "margins/age.csv": """
age,population,source,reference_date
16-44,3000,made up,2022-06-30
45+,3200,made up,2022-06-30
""",
}
"""Each file's text, which begins on the second line of the constant."""

Change = tuple[str, str, str]
"""A file, a text that stands in it once, and what is written there instead."""


def write_survey(home: Path, changes: Iterable[Change] = (), *, name: str = "small") -> Path:
    """Write the small survey's folder with some texts changed; return the folder."""
    texts = {file: text.lstrip("\n") for file, text in FILES.items()}
    for file, old, new in changes:
        assert texts[file].count(old) == 1, f"{old!r} does not stand once in {file}"
        texts[file] = texts[file].replace(old, new)
    folder = home / name
    (folder / "margins").mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder
