"""A wave's figures against their bounds and the wave before, and what a person accepts."""

from dataclasses import replace

import pandas as pd
import pytest
from defects.clean import WAVE, clean, facts_before, survey

from expectations.wave import wave_checks
from expectations.wave.figures import Examined, WaveFacts
from transforms.catalogue import Break, SurveyFile
from transforms.decode import decode
from transforms.validation import Acceptance, Severity, Validation, with_acceptances
from transforms.wave import process_wave
from transforms.wave_facts import answer_counts, stratum_counts


@pytest.fixture(scope="module")
def facts() -> WaveFacts:
    responses = decode(clean().raw, survey(), WAVE)
    return WaveFacts(WAVE, process_wave(responses, responses.respondents["serial"], survey()))


def rules(examined: Examined) -> list[str]:
    return [check.rule for check in wave_checks(examined)]


def failed(examined: Examined) -> list[str]:
    return [check.rule for check in wave_checks(examined) if not check.passed]


def test_without_a_wave_before_nothing_is_compared(facts):
    alone = rules(Examined(facts, None, survey()))
    both = rules(Examined(facts, facts_before(), survey()))
    compared = [rule for rule in both if rule not in alone]
    kinds = {rule.rpartition(".")[2] for rule in compared}
    assert kinds == {
        *("codes_exchanged", "reasons", "sent_before", "base", "strata", "unit", "jump"),
        *("answers_gone", "points"),
    }
    assert both[:2] == ["area.nonresponse", "area.codes_exchanged"]


def test_bounds_are_those_declared(facts):
    checks = {
        "nonresponse_of": {"confidence": 0.10},
        "quotas": {"area": {"north": 600}},
        "largest_weight": 1.5,
        "efficiency": 0.99,
        "sample_ratio": [0.99, 1.01],
        "base_kept": 1.0,
        "jump": 0.001,
    }
    about = SurveyFile.model_validate(survey().about.model_dump() | {"checks": checks})
    found = failed(Examined(facts, facts_before(), survey().model_copy(update={"about": about})))
    assert {
        *("confidence.nonresponse", "area.quota", "weights.largest", "weights.efficiency"),
        *("margin.sex.sample_sex", "confident.jump", "trust.jump"),
    } <= set(found)


def test_margins_that_are_missed_are_critical(facts):
    rows = facts.tables["survey.margin_check"].copy()
    rows.loc[0, "calibrated"] *= 1.001
    broken = WaveFacts(WAVE, {**facts.tables, "survey.margin_check": rows})
    (missed,) = [c for c in wave_checks(Examined(broken, None, survey())) if not c.passed]
    assert (missed.rule, missed.severity, missed.judged) == (
        *("margin.area.met", Severity.CRITICAL, False),
    )
    assert missed.finding == "The margin area is missed by 0.10% after weighting."


def test_no_jump_is_looked_for_across_a_break(facts):
    at = Break(wave=WAVE, reason="another mode")
    confident = survey().measures["confident"].model_copy(update={"breaks": (at,)})
    measures = {**survey().measures, "confident": confident}
    measured = survey().measured.model_copy(update={"measures": measures})
    declared = survey().model_copy(update={"measured": measured})
    assert "confident.jump" not in rules(Examined(facts, facts_before(), declared))
    assert "confident.jump" in rules(Examined(facts, facts_before(), survey()))


def test_answers_are_counted_with_the_reasons_for_none():
    """Of four, two are answers (yes), one is refused, one not asked; weights 1, 2, 4, 8."""
    rows = clean().rows.iloc[:4].copy()
    rows["Q2"], rows["Q3"], rows["Q8"] = [1.0, 1.0, 98.0, 2.0], [1.0, 2.0, None, None], 7.0
    rows["Q4"] = [1.0, None, None, None]
    file = clean()
    file.rows = rows
    responses = decode(file.raw, survey(), WAVE)
    counts = answer_counts(responses, pd.Series([1.0, 2, 4, 8]).to_numpy(), survey())
    aware = counts[counts["item"] == "chat_aware"].drop(columns="item")
    assert aware.to_numpy().tolist() == [
        ["yes", True, 1, 2, 3.0],
        ["no", True, 2, 1, 8.0],
        ["refused", False, 0, 1, 4.0],
    ]
    trust = counts[(counts["item"] == "trust") & (counts["respondents"] > 0)]
    assert trust[["answer", "answer_order", "weighted"]].to_numpy().tolist() == [["7", 8, 15.0]]
    assert "age" not in set(counts["item"])


def test_strata_are_counted_for_areas_alone():
    people = pd.DataFrame({"stratum": ["a", "a", "b"]})
    classified = pd.DataFrame({"area": ["north", "north", None], "sex": ["male", "female", "male"]})
    counted = stratum_counts(people, classified, survey())
    assert counted.to_numpy().tolist() == [
        ["*", "sex", "female", 1],
        ["*", "sex", "male", 2],
        ["a", "area", "north", 2],
        ["b", "area", "no value", 1],
    ]


def test_what_is_accepted_stays_in_sight_and_refuses_nothing(facts):
    results = wave_checks(Examined(facts, facts_before(), survey()))
    jump = replace(
        next(r for r in results if r.rule == "confident.jump"), passed=False, finding="A jump."
    )
    codes = replace(jump, rule="q.codes", severity=Severity.CRITICAL)
    turned = replace(codes, rule="q.codes_exchanged", judged=True)
    accepted = [
        Acceptance(WAVE, "confident.jump", "it is real", "Jo"),
        Acceptance(None, "q.codes_exchanged", "a new law", "Jo"),
        Acceptance(WAVE, "q.codes", "never mind", "Jo"),
        Acceptance("2027-Q1", "confident.jump", "of another wave", "Jo"),
    ]
    kept = with_acceptances((jump, codes, turned), accepted, WAVE)
    assert [one.accepted for one in kept] == ["Jo: it is real", None, "Jo: a new law"]
    validation = Validation("f", "0", WAVE, 3, kept)
    assert validation.failures(Severity.WARNING) == ()
    assert [one.rule for one in validation.failures(Severity.CRITICAL)] == ["q.codes"]
    assert len(validation.accepted_findings) == 2
    assert not validation.accepted
    assert Validation("f", "0", WAVE, 3, (kept[0], kept[2])).accepted
