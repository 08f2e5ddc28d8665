"""Mistakes in the declaration of means and of chains, and declarations that hold none."""

from pathlib import Path

import pytest
from declared_folder import Change, write_survey
from test_declaration_mistakes import Broken, line_of, mistakes_of

from warehouse.declaration import load_survey

MEANS: Change = (
    "measures.yaml",
    "measures:\n  aware:",
    """measures:
  household:
    label: Adults in the household
    kind: mean
    item: adults
    scale: [1, 12]
    unit: adults
    base_label: all adults
    by: [area]
  familiarity:
    label: How well Live Chat is known
    kind: mean
    item: aware
    scores: {yes: 10, no: -1}
    base_label: adults who answered
  aware:""",
)
CHAIN: Change = (
    "measures.yaml",
    "    breaks:\n      - {wave: 2026-Q3, reason: another code}\n",
    """\
  used_of_all:
    label: Use Live Chat
    item: used
    counts: [yes]
    leaves_base: [not_asked, refused]
    base_of: aware
    base_label: all adults
chains:
  chat:
    label: Live Chat
    steps:
      - {label: Know it, share_of_all: aware}
      - {label: Use it, share_of_all: used_of_all, share_of_previous: used}
""",
)
BOTH = (MEANS, CHAIN)


def test_means_and_a_chain_without_mistakes(tmp_path: Path) -> None:
    survey = load_survey(str(write_survey(tmp_path, BOTH)))
    assert survey.means == {"household": (1, 12), "familiarity": (-1, 10)}
    assert [step.share_of_previous for step in survey.chains["chat"].steps] == [None, "used"]


def broken(old: str, new: str, found: str, remedy: str, line: str | None = None) -> Broken:
    return Broken("measures.yaml", old, new, found, remedy, line)


OF_MEANS = [
    broken(
        "scores: {yes: 10, no: -1}",
        "scores: {yes: 10, no: -1, maybe: 4}",
        "There is no code of 'aware' called 'maybe'.",
        "correct the name",
    ),
    broken(
        "scores: {yes: 10, no: -1}",
        "scores: {yes: 10}",
        "The answer 'no' to 'aware' has no score.",
        "add 'no: …'; where it has no place on the scale, declare its code under 'missing'",
    ),
    broken(
        "scores: {yes: 10, no: -1}",
        "scores: {yes: 3, no: 3}",
        "All scores are equal",
        "correct them.",
    ),
    broken(
        "scores: {yes: 10, no: -1}",
        "scores: {yes: ten, no: -1}",
        "'yes' is 'ten'.",
        "write a number",
    ),
    broken(
        "    scores: {yes: 10, no: -1}\n",
        "    counts: [yes]\n    scores: {yes: 10, no: -1}\n",
        "'counts' belongs to a proportion, and this measure is a mean.",
        "remove 'counts', or write kind: proportion.",
        line="    counts: [yes]\n    scores",
    ),
    broken(
        "    scores: {yes: 10, no: -1}\n",
        "    scores: {yes: 10, no: -1}\n    scale: [0, 1]\n",
        "'aware' has codes, whose scores make its scale.",
        "remove 'scale'; write 'scores'.",
        line="    scale: [0, 1]",
    ),
    broken(
        "    scores: {yes: 10, no: -1}\n",
        "    scores: {yes: 10, no: -1}\n    leaves_base: [refused, not_asked]\n",
        "Respondents whose answer is missing (dont_know, not_applicable, not_coded and no_answer) "
        "stay in the base, and have no score.",
        "remove 'leaves_base'.",
        line="    leaves_base: [refused, not_asked]\n    base_label: adults who answered",
    ),
    broken(
        "    scores: {yes: 10, no: -1}\n",
        "    scores: {yes: 10, no: -1}\n    base_of: used\n",
        "'base_of' belongs to a proportion",
        "remove 'base_of'.",
        line="    base_of: used",
    ),
    broken(
        "    kind: mean\n    item: aware",
        "    item: aware",
        "'scores' belongs to a mean, and this measure is a proportion.",
        "write kind: mean, or remove 'scores'.",
        line="    scores: {yes",
    ),
    broken(
        "    kind: mean\n    item: aware",
        "    kind: median\n    item: aware",
        "'kind' is 'median'.",
        "mean",
        line="kind: median",
    ),
    broken(
        "    kind: mean\n    item: adults",
        "    kind: mean\n    item: interviewed",
        "'interviewed' is of type date, which has no mean.",
        "name another item.",
        line="item: interviewed",
    ),
    broken(
        "    scale: [1, 12]\n",
        "",
        "The mean of 'adults' has no scale.",
        "add a line 'scale: [lowest, highest]' here.",
        line="  household:",
    ),
    broken(
        "    scale: [1, 12]\n",
        "    scores: {one: 1}\n",
        "'adults' is of type number: its answers are the scores.",
        "remove 'scores', and write scale: [lowest, highest].",
        line="    scores: {one: 1}",
    ),
    broken("scale: [1, 12]", "scale: [12, 1]", "The scale goes from 12 to 1.", "correct it."),
    broken(
        "scale: [1, 12]",
        "scale: [0, 10]",
        "Nothing refuses an answer to 'adults' beyond the scale from 0 to 10.",
        "write minimum: 0 and maximum: 10 under 'adults' in questionnaire.yaml, or correct",
    ),
    broken(
        "scale: [1, 12]",
        "scale: [1]",
        "In measures › household › scale: the list is too short.",
        "add the second",
    ),
    broken(
        "    item: aware\n    counts: [yes]\n",
        "    item: aware\n",
        "'counts' is missing.",
        "add a line 'counts: …' here; of a mean write kind: mean.",
        line="  aware:\n    label: Aware",
    ),
]

OF_CHAINS = [
    broken(
        "base_of: aware",
        "base_of: awar",
        "There is no measure called 'awar'.",
        "did you mean 'aware'?",
    ),
    broken(
        "base_of: aware",
        "base_of: household",
        "'household' is a mean: nobody counts in it.",
        "name another measure.",
    ),
    broken(
        "leaves_base: [not_asked, refused]",
        "leaves_base: [refused]",
        "Respondents who were not asked 'used' stay in the base, counted or not in 'aware'.",
        "add not_asked to leaves_base.",
    ),
    broken(
        "    item: aware\n    counts: [yes]\n",
        "    item: aware\n    counts: [no]\n",
        "'used' is asked where aware is yes, not of those who count in 'aware'.",
        "correct the routing, or name the measure that counts those who are asked.",
        line="base_of: aware",
    ),
    broken(
        "share_of_all: used_of_all, share",
        "share_of_all: used_of_al, share",
        "There is no measure called 'used_of_al'.",
        "did you mean 'used_of_all'?",
    ),
    broken(
        "share_of_previous: used}",
        "share_of_previous: usd}",
        "There is no measure called 'usd'.",
        "did you mean 'used'?",
    ),
    broken(
        "share_of_all: aware}",
        "share_of_all: aware, share_of_previous: used}",
        "The first step has none before it to be a share of.",
        "remove 'share_of_previous'.",
    ),
    broken(
        "share_of_all: aware}",
        "share_of_all: household}",
        "'household' is a mean, not a share.",
        "name another measure.",
    ),
    broken(
        "share_of_all: aware}",
        "share_of_all: used_of_all}",
        "The chain begins with 'used_of_all', which takes over the base of 'aware'.",
        "begin the chain with 'aware'.",
        line="share_of_all: used_of_all}",
    ),
    broken(
        ", share_of_previous: used}",
        "}",
        "'share_of_previous' is missing.",
        "add a line 'share_of_previous: …' here.",
        line="label: Use it",
    ),
    broken(
        "share_of_all: used_of_all, share_of_previous: used}",
        "share_of_all: used, share_of_previous: used_of_all}",
        "'used' has a base of its own, not that of 'aware' before it.",
        "write base_of: aware in 'used', or correct the order of the steps.",
        line="share_of_all: used,",
    ),
    broken(
        "share_of_previous: used}",
        "share_of_previous: used_of_all}",
        "'used_of_all' takes over the base of 'aware'.",
        "remove base_of from 'used_of_all', or name another measure.",
    ),
    broken(
        "share_of_previous: used}",
        "share_of_previous: aware}",
        "'item' differs between 'used_of_all' and 'aware'.",
        "write the same 'item' in both.",
    ),
    broken(
        "leaves_base: [not_asked, refused]",
        "leaves_base: [not_asked]",
        "'leaves_base' differs between 'used_of_all' and 'used'.",
        "write the same 'leaves_base' in both.",
        line="share_of_previous: used}",
    ),
    broken(
        "      - {label: Use it, share_of_all: used_of_all, share_of_previous: used}\n",
        "",
        "'steps' has 1 entry.",
        "add what is missing.",
        line="    steps:",
    ),
    Broken(
        "questionnaire.yaml",
        "asked_if:\n      aware: [yes]",
        "asked_if:\n      aware: [yes, no]",
        "'used' is asked where aware is yes or no, not of those who count in 'aware'.",
        "correct the routing",
        line="base_of: aware",
        named_in="measures.yaml",
    ),
    Broken(
        "questionnaire.yaml",
        "    asked_if:\n      aware: [yes]\n",
        "",
        "'used' is asked of everyone, not of those who count in 'aware'.",
        "correct the routing",
        line="base_of: aware",
        named_in="measures.yaml",
    ),
    Broken(
        "questionnaire.yaml",
        "    variable: Q1\n",
        "    variable: Q1\n    first_asked: 2026-Q3\n",
        "'used' is asked in 2026-Q2, but 'aware', which leads to it, is not.",
        "correct first_asked, last_asked or asked_in in questionnaire.yaml.",
        line="base_of: aware",
        named_in="measures.yaml",
    ),
]


@pytest.mark.parametrize("one", [*OF_MEANS, *OF_CHAINS], ids=lambda one: one.found[:60])
def test_a_mistake_is_reported_with_file_line_and_remedy(one: Broken, tmp_path: Path) -> None:
    folder = write_survey(tmp_path, [*BOTH, (one.file, one.old, one.new)])
    file = one.named_in or one.file
    line = line_of(folder / file, one.line or one.new)
    matching = [mistake for mistake in mistakes_of(folder) if one.found in mistake.found]
    assert [(mistake.file, mistake.line) for mistake in matching][:1] == [(file, line)]
    assert one.remedy in matching[0].remedy
    assert matching[0].expected


def test_a_code_that_only_one_wave_has_needs_a_score_too(tmp_path: Path) -> None:
    """In 2026-Q3 'used' is coded otherwise; there 'sometimes' would have no score."""
    other = "          5: {name: no, label: No}"
    changes = [
        *BOTH,
        ("measures.yaml", "    item: aware\n    scores", "    item: used\n    scores"),
        ("questionnaire.yaml", other, f"{other}\n          6: {{name: sometimes, label: S}}"),
    ]
    found = [mistake.found for mistake in mistakes_of(write_survey(tmp_path, changes))]
    assert "The answer 'sometimes' to 'used' has no score (in 2026-Q3)." in found


def test_an_outside_baseline_lies_within_the_measures_scale(tmp_path: Path) -> None:
    outside = "{estimate: 52.4, standard_error: 1, label: Elsewhere, source: made up}"
    changes = [
        *BOTH,
        ("survey.yaml", "comparisons: [previous_wave,", "comparisons: [baseline, previous_wave,"),
        ("kpis.yaml", "judged: previous_wave", f"judged: baseline\n    baseline: {outside}"),
    ]
    (mistake,) = mistakes_of(write_survey(tmp_path, changes))
    assert mistake.found == "The outside figure is 52.4, beyond what 'aware' can be."
    assert "52.4% is written 0.524" in mistake.remedy
