"""An item over time: what a wave says of it, and what holds from a wave on."""

import pandas as pd
import pytest
from builders import AGREEMENT, REFUSED, raw_return, small_rows, small_survey
from simulated_survey import simulated_survey

from transforms.catalogue import Survey
from transforms.classify import classify
from transforms.decode import decode
from transforms.indicators import indicators
from transforms.simulation import simulate_wave

FROM = "2026-Q4"


def with_item(**item: object) -> Survey:
    return small_survey({"questionnaire": {"items": {"confidence": item}}})


def names(survey: Survey, wave: str) -> list[str]:
    return [code.name for code in survey.item_in("confidence", wave).codes.values()]


def test_what_a_wave_says_holds_until_a_later_one_says_otherwise():
    survey = with_item(
        from_wave={
            FROM: {"variable": "NQ1", "missing": {-1: REFUSED}},
            "2027-Q2": {"blank": "refused"},
            "2027-Q3": {"variable": "NNQ1"},
        },
        in_wave={"2027-Q1": {"variable": "Q1_TYPO"}},
    )
    bound = {wave.name: survey.item_in("confidence", wave.name) for wave in survey.waves}
    assert [bound[wave].variable for wave in bound] == [
        *("Q1", "Q1", "NQ1", "Q1_TYPO", "NQ1", "NNQ1", "NNQ1", "NNQ1"),
    ]
    assert list(bound["2026-Q3"].missing) == [97, 98]
    assert list(bound["2027-Q3"].missing) == [-1]
    assert bound["2027-Q1"].blank == "no_answer"
    assert bound["2028-Q1"].blank == "refused"


def test_the_order_is_that_of_the_waves_not_of_the_lines():
    survey = with_item(from_wave={"2027-Q2": {"variable": "B"}, FROM: {"variable": "A"}})
    assert survey.item_in("confidence", "2027-Q1").variable == "A"
    assert survey.item_in("confidence", "2027-Q2").variable == "B"


def test_a_scale_turned_round_keeps_the_meaning_of_each_answer():
    survey = with_item(from_wave={FROM: {"reversed": True}, "2027-Q2": {"reversed": False}})
    assert names(survey, "2026-Q3") == [code["name"] for code in AGREEMENT.values()]
    assert names(survey, "2027-Q1") == [code["name"] for code in AGREEMENT.values()][::-1]
    assert names(survey, "2027-Q2") == names(survey, "2026-Q3")

    before = decode(raw_return(), survey, "2026-Q3")
    turned = raw_return(small_rows(Q1=6.0 - small_rows()["Q1"]))
    after = decode(turned, survey, FROM)
    confident = [indicators(wave, survey)["confident"] for wave in (before, after)]
    pd.testing.assert_series_equal(*confident)


def test_codes_given_later_are_as_they_stand():
    given = {1: AGREEMENT[5], 2: AGREEMENT[1]}
    survey = with_item(from_wave={FROM: {"reversed": True}, "2027-Q2": {"codes": given}})
    assert names(survey, "2027-Q3") == ["strongly_disagree", "strongly_agree"]


def test_a_number_turned_round_is_counted_from_its_other_end():
    """Of 0 to 10, an 8 in the return is 0 + 10 − 8 = 2; a missing code stays one."""
    scale = {
        "label": "Trust",
        "type": "number",
        "minimum": 0,
        "maximum": 10,
        "missing": {97: REFUSED},
        "in_wave": {FROM: {"reversed": True}},
    }
    survey = small_survey({"questionnaire": {"items": {"trust": scale}}})
    rows = small_rows(4).assign(trust=[8.0, 0.0, 10.0, 97.0])
    for wave, expected in (("2026-Q3", [8, 0, 10]), (FROM, [2, 10, 0])):
        decoded = decode(raw_return(rows), survey, wave)
        assert decoded.codes["trust"].tolist()[:3] == expected
        assert decoded.reasons["trust"].tolist()[3] == "refused"


def test_routing_holds_by_wave():
    """From 2026-Q4 everybody is asked Q3: who does not know Live Chat answers as others do."""
    used = {"asked_if": {}}
    survey = small_survey({"questionnaire": {"items": {"chat_used": {"from_wave": {FROM: used}}}}})
    rows = small_rows(Q3=[1.0] * 8, Q4=[1.0] * 8)
    before = decode(raw_return(rows), survey, "2026-Q3")
    after = decode(raw_return(rows), survey, FROM)
    assert before.codes["chat_used"].notna().tolist() == [True, False] * 4
    assert after.codes["chat_used"].notna().all()
    assert after.codes["chat_satisfied"].notna().all()


AREAS = {"north": {"label": "North"}, "south": {"label": "South"}, "east": {"label": "East"}}


def renumbered(recode: dict[object, str]) -> Survey:
    """Three old areas, whose codes are swapped and merged from 2026-Q4 on; two areas of today."""
    old = {1: "north", 2: "south", 3: "east"}
    new = {1: "south_and_east", 2: "north"}
    codes = [{c: {"name": n, "label": n} for c, n in one.items()} for one in (old, new)]
    area = {"codes": codes[0], "from_wave": {FROM: {"codes": codes[1]}}}
    domain = {
        "values": {"north": AREAS["north"], "rest": AREAS["south"]},
        "source": [{"item": "area", "recode": recode}],
    }
    return small_survey(
        {"questionnaire": {"items": {"area": area}}, "measured": {"domains": {"area": domain}}}
    )


def test_areas_whose_codes_changed_meaning_are_recoded_by_name():
    recode = {"north": "north", "south": "rest", "east": "rest", "south_and_east": "rest"}
    survey = renumbered(recode)
    rows = raw_return(small_rows(area=[1.0, 2.0] * 4))
    before = classify(decode(rows, survey, "2026-Q3"), survey)["area"]
    after = classify(decode(rows, survey, FROM), survey)["area"]
    assert before.tolist() == ["north", "rest"] * 4
    assert after.tolist() == ["rest", "north"] * 4


@pytest.mark.parametrize("change", [{"reversed": True}, {"variable": "NQ1"}])
def test_a_simulated_return_is_written_as_its_wave_says(change):
    survey = simulated_survey(
        changes={"questionnaire": {"items": {"confidence": {"from_wave": {FROM: change}}}}}
    )
    plain = simulated_survey()
    now = decode(raw_return(simulate_wave(survey, FROM).rows), survey, FROM)
    as_ever = decode(raw_return(simulate_wave(plain, FROM).rows), plain, FROM)
    pd.testing.assert_frame_equal(indicators(now, survey), indicators(as_ever, plain))
