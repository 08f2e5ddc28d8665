"""The truth of a simulated survey, by hand: 6,000 adults in the north, 4,000 in the south."""

from math import log

import numpy as np
import pytest
from builders import small_survey
from hypothesis import given
from hypothesis import strategies as st
from simulated_survey import simulated_survey, tendency

from transforms.catalogue import Survey
from transforms.errors import DeclarationError
from transforms.simulation import truth
from transforms.simulation.population import ADULTS, simulated_population

LOG_3 = log(3)


def share(survey: Survey, measure: str, domain: str = "all", value: str = "all") -> float:
    return share_in(survey, "2026-Q2", measure, domain, value)


def share_in(survey: Survey, wave: str, measure: str, domain: str, value: str) -> float:
    rows = truth(survey, wave).set_index(["measure", "domain", "domain_value"])
    return float(rows.loc[(measure, domain, value), "true_value"])


def answered(item: str, **tendencies: object) -> dict[str, object]:
    return {"tendencies": {item: tendency(**tendencies)}}


def test_the_whole_is_the_areas_weighted_by_their_adults():
    survey = simulated_survey(answered("chat_aware", effects={"area": {"north": LOG_3}}))
    assert share(survey, "chat_aware", "area", "north") == pytest.approx(3 / 4)  # odds 1 × 3
    assert share(survey, "chat_aware", "area", "south") == pytest.approx(1 / 2)
    assert share(survey, "chat_aware") == pytest.approx((6000 * 3 / 4 + 4000 * 1 / 2) / 10_000)


def test_the_trend_moves_the_odds_from_wave_to_wave():
    survey = simulated_survey(answered("chat_aware", trend=LOG_3))
    odds = [1, 3, 9]
    waves = ["2026-Q2", "2026-Q3", "2026-Q4"]
    shares = [share_in(survey, wave, "chat_aware", "all", "all") for wave in waves]
    assert shares == pytest.approx([o / (1 + o) for o in odds])


def test_effects_of_several_domains_add_up_on_the_logit_scale():
    effects = {"area": {"north": LOG_3}, "sex": {"male": LOG_3}}
    changes = {"measured": {"measures": {"chat_aware": {"by": ["sex"]}}}}
    survey = simulated_survey(answered("chat_aware", effects=effects), changes)
    men = 0.6 * 9 / 10 + 0.4 * 3 / 4
    women = 0.6 * 3 / 4 + 0.4 * 1 / 2
    assert share(survey, "chat_aware", "sex", "male") == pytest.approx(men)
    assert share(survey, "chat_aware", "sex", "female") == pytest.approx(women)
    assert share(survey, "chat_aware") == pytest.approx(0.49 * men + 0.51 * women)


def test_a_characteristic_s_values_hold_whoever_has_them():
    survey = simulated_survey(
        {"tendencies": {"confidence": {"effects": {"sex": {"male": LOG_3}}}}},
    )
    young_men, young_women = 4900 * 0.4, 5100 * 0.3
    leaves_base, stays = 0.05, 0.10  # refused; don't know stays in the base and does not count
    counting = (young_men * 3 / 4 + young_women * 1 / 2) * (1 - leaves_base - stays)
    in_base = (young_men + young_women) * (1 - leaves_base)
    assert share(survey, "confident", "age_band", "16-34") == pytest.approx(counting / in_base)


def test_dont_know_stays_in_the_base_unless_it_is_declared_to_leave():
    stays = simulated_survey(answered("chat_aware", missing={"dont_know": 0.2, "refused": 0.1}))
    assert share(stays, "chat_aware") == pytest.approx(0.5 * 0.7 / 0.9)
    leaves = simulated_survey(
        answered("chat_aware", missing={"dont_know": 0.2, "refused": 0.1}),
        {"measured": {"measures": {"chat_aware": {"leaves_base": ["dont_know", "refused"]}}}},
    )
    assert share(leaves, "chat_aware") == pytest.approx(0.5)


def test_a_routed_measure_is_among_those_the_routing_reaches():
    tendencies = {
        "chat_aware": tendency(effects={"area": {"north": LOG_3}}, missing={"dont_know": 0.2}),
        "chat_used": tendency(effects={"area": {"north": -LOG_3}}, missing={"refused": 0.1}),
        "chat_satisfied": tendency(effects={"area": {"south": LOG_3}}),
    }
    survey = simulated_survey({"tendencies": tendencies})
    used_north = 6000 * (3 / 4 * 0.8) * (1 / 4 * 0.9)
    used_south = 4000 * (1 / 2 * 0.8) * (1 / 2 * 0.9)
    satisfied = (used_north * 1 / 2 + used_south * 3 / 4) / (used_north + used_south)
    assert share(survey, "chat_satisfied") == pytest.approx(satisfied)


def test_those_not_asked_stay_in_the_base_where_the_measure_keeps_them():
    used = {
        "label": "Used Live Chat",
        "item": "chat_used",
        "counts": ["yes"],
        "leaves_base": ["refused"],
        "base_label": "all adults",
    }
    survey = simulated_survey(
        {
            "tendencies": {
                "chat_aware": tendency(0.4),
                "chat_used": tendency(0.25, missing={"refused": 0.1}),
            }
        },
        {"measured": {"measures": {"used_of_all": used}}},
    )
    counting = 0.4 * 0.25 * 0.9
    in_base = 0.6 + 0.4 * 0.9  # those not aware, and those asked who did not refuse
    assert share(survey, "used_of_all") == pytest.approx(counting / in_base)


def test_a_condition_set_twice_counts_once():
    """chat_satisfied is asked of users, who are aware already: naming it again changes nothing."""
    twice = {"chat_used": ["yes"], "chat_aware": ["yes"]}
    survey = simulated_survey(
        answered("chat_aware", effects={"area": {"north": LOG_3}}),
        {
            "questionnaire": {"items": {"chat_satisfied": {"asked_if": twice}}},
            "measured": {"measures": {"chat_satisfied": {"leaves_base": ["refused"]}}},
        },
    )
    aware = 0.6 * 3 / 4 + 0.4 * 1 / 2
    assert share(survey, "chat_satisfied") == pytest.approx(aware * 1 / 2 * 1 / 2)


def test_adults_at_the_address_can_matter():
    """A quarter of the north's adults and half of the south's live alone: 35% of all."""
    survey = simulated_survey(
        answered("chat_aware", effects={"household": {"alone": LOG_3}}),
        {"measured": {"measures": {"chat_aware": {"by": ["household"]}}}},
    )
    assert share(survey, "chat_aware", "household", "alone") == pytest.approx(3 / 4)
    assert share(survey, "chat_aware") == pytest.approx(0.35 * 3 / 4 + 0.65 * 1 / 2)


def test_an_association_ties_two_margins_together_and_leaves_both_as_they_are():
    odds = {"north": {"male": 4.0}}
    survey = simulated_survey({"associations": [{"domains": ["area", "sex"], "odds": odds}]})
    population = simulated_population(survey)
    (nm, nf), (sm, sf) = population.summed_to(["area", "sex"], population.adults)
    assert nm * sf / (nf * sm) == pytest.approx(4.0)
    assert (nm + nf, sm + sf, nm + sm) == pytest.approx((6000, 4000, 4900))


@given(st.lists(st.floats(min_value=0.1, max_value=10), min_size=4, max_size=4))
def test_the_population_meets_its_margins_whatever_the_association(odds):
    table = {"north": dict(zip(["male", "female"], odds[:2], strict=True))}
    table["south"] = dict(zip(["male", "female"], odds[2:], strict=True))
    survey = simulated_survey({"associations": [{"domains": ["area", "sex"], "odds": table}]})
    population = simulated_population(survey)
    assert population.summed_to(["area"], population.adults) == pytest.approx([6000, 4000])
    assert population.summed_to(["sex"], population.adults) == pytest.approx([4900, 5100])
    by_adults = population.summed_to(["area", ADULTS], population.adults)
    assert by_adults == pytest.approx(np.array([[1500, 4500], [2000, 2000]]))


def test_a_domain_that_cuts_across_the_population_s_bands_is_refused():
    across = {"label": "Age", "values": {"under_50": {"label": "Under 50"}}}
    across["source"] = [{"item": "age", "bands": {"under_50": [16, 49]}}]
    changes = {
        "measured": {
            "domains": {"halves": across},
            "measures": {"chat_aware": {"by": ["halves"]}},
        }
    }
    with pytest.raises(DeclarationError, match="divides the value 35-64 of age_band"):
        truth(simulated_survey(changes=changes), "2026-Q2")


def test_a_measure_whose_item_has_no_tendency_is_refused():
    survey = simulated_survey()
    tendencies = {k: v for k, v in survey.simulation.tendencies.items() if k != "chat_used"}
    without = survey.simulation.model_copy(update={"tendencies": tendencies})
    with pytest.raises(DeclarationError, match="how the item chat_used is answered"):
        truth(survey.model_copy(update={"simulation": without}), "2026-Q2")


def test_a_survey_without_a_simulation_is_refused():
    with pytest.raises(DeclarationError, match="declares no simulation"):
        truth(small_survey(), "2026-Q2")


def test_margins_with_different_totals_are_refused():
    sexes = {"male": 4900.0, "female": 5200.0}
    cells = [
        {
            "category": [sex],
            "population": adults,
            "source": "made up",
            "reference_date": "2022-06-30",
        }
        for sex, adults in sexes.items()
    ]
    survey = simulated_survey(changes={"margins": {"sex": {"control_totals": cells}}})
    with pytest.raises(DeclarationError, match="No population agrees"):
        truth(survey, "2026-Q2")
