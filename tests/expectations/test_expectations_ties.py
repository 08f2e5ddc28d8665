"""Columns whose cells stand in other respondents' rows, and interviews of the wave before."""

from dataclasses import replace
from functools import cache

import numpy as np
from defects import fieldwork
from defects.clean import WAVE, facts_of

from expectations.wave.figures import Examined
from expectations.wave.returned import returned_figures
from expectations.wave.ties import tie_figures
from transforms.catalogue.questionnaire import Break
from transforms.validation import Severity

OPINIONS = [*fieldwork.OPINIONS, "contact"]


@cache
def now():
    return facts_of(fieldwork.clean(), fieldwork.survey(), WAVE)


def examined(given, survey=None):
    facts = replace(now(), given=given)
    return Examined(facts, fieldwork.facts_before(), survey or fieldwork.survey())


def found(given, survey=None):
    figures = tie_figures(examined(given, survey))
    return {one.rule: one for one in figures if one.value < one.lowest}


def test_columns_of_a_clean_wave_go_together_as_before():
    held = {one.rule for one in tie_figures(examined(now().given))}
    assert {f"{name}.ties" for name in OPINIONS} < held
    assert found(now().given) == {}


def test_of_two_columns_that_part_the_one_in_the_wrong_rows_is_named():
    given = now().given.copy()
    given["opinion_2"] = np.random.default_rng(1).permutation(given["opinion_2"].to_numpy())
    (figure,) = found(given).values()
    assert figure.rule == "opinion_2.ties"
    assert figure.severity is Severity.CRITICAL
    assert figure.judged
    assert "Opinion 0 (opinion_1)" in figure.finding
    assert "as if its cells stood in other respondents' rows" in figure.finding


def test_columns_that_slipped_together_part_from_the_others():
    given = now().given.copy()
    order = np.random.default_rng(2).permutation(len(given))
    given[OPINIONS[:2]] = given[OPINIONS[:2]].to_numpy()[order]
    assert len(set(found(given)) & {f"{name}.ties" for name in OPINIONS}) >= 2


def test_blocks_that_part_are_told_instead_of_their_columns():
    given, before = now().given.copy(), fieldwork.facts_before()
    people = {"now": given, "before": before.given.copy()}
    for frame in people.values():
        frame["sex"] = frame["contact"].map({"yes": "male", "no": "female"})
        frame["age"] = np.where(frame["opinion_1"] == "neither", 30.0, 60.0)
        frame["tenure"] = frame["opinion_3"]
    order = np.random.default_rng(3).permutation(len(given))
    people["now"][OPINIONS] = people["now"][OPINIONS].to_numpy()[order]
    survey = fieldwork.survey()
    facts = Examined(
        replace(now(), given=people["now"]), replace(before, given=people["before"]), survey
    )
    lost = {one.rule: one for one in tie_figures(facts) if one.value < one.lowest}
    assert "return.people_questions" in lost
    assert not {"opinion_2.ties", "opinion_3.ties", "contact.ties"} & set(lost)


def test_a_declared_break_ends_what_columns_had_to_do_with_each_other():
    survey = fieldwork.survey()
    broken = survey.items["contact"].model_copy(
        update={"breaks": (Break(wave=WAVE, reason="asked of households"),)}
    )
    items = {**survey.items, "contact": broken}
    questionnaire = survey.questionnaire.model_copy(update={"items": items})
    declared = survey.model_copy(update={"questionnaire": questionnaire})
    given = now().given.copy()
    given["contact"] = given["contact"].map({"yes": "no", "no": "yes"})
    assert set(found(given)) == {"contact.ties"}
    assert found(given, declared) == {}


def test_exchanged_codes_are_said_to_be_exchanged():
    given = now().given.copy()
    given["contact"] = given["contact"].map({"yes": "no", "no": "yes"})
    assert "its codes look exchanged" in found(given)["contact.ties"].finding


def test_where_respondents_are_not_kept_nothing_is_compared():
    assert list(tie_figures(examined(None))) == []
    assert list(returned_figures(examined(None))) == []


def test_interviews_of_the_wave_before_are_named_by_their_new_serial_numbers():
    given = now().given.copy()
    earlier = fieldwork.facts_before().given
    given.iloc[:20] = earlier.iloc[40:60].to_numpy()
    (figure,) = returned_figures(examined(given))
    assert figure.failing_rows == 20
    assert figure.serials == tuple(now().serials[:20])
    assert figure.severity is Severity.CRITICAL
    (sound,) = returned_figures(examined(now().given))
    assert sound.value <= sound.highest
