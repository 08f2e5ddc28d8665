"""Questions that follow one another: each step's share of all, and of those at the step before."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from builders import WAVE, raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_survey import simulated_survey, tendency
from totals_rows import published_alone

from transforms.catalogue import EstimationRule
from transforms.decode import decode
from transforms.estimation import estimates_from_totals, sample_design, wave_totals
from transforms.indicators import indicators
from transforms.reference import declaration_tables
from transforms.simulation import truth
from transforms.weighting import Calibrated

YES, NO, UNSURE, REFUSED, BLANK = 1.0, 2.0, 97.0, 98.0, np.nan


def measure(item: str, base: str, **more):
    return {
        "label": item,
        "item": item,
        "counts": ["yes"],
        "base_label": base,
        "by": ["area"],
        **more,
    }


STEPS = [
    {"label": "Heard of it", "share_of_all": "chat_aware"},
    {"label": "Used it", "share_of_all": "chat_used", "share_of_previous": "used_of_aware"},
    {
        "label": "Were satisfied",
        "share_of_all": "satisfied_of_all",
        "share_of_previous": "chat_satisfied",
    },
]
CHAIN = {
    "measured": {
        "measures": {
            "chat_used": measure("chat_used", "all adults", base_of="chat_aware"),
            "used_of_aware": measure("chat_used", "adults who know Live Chat"),
            "satisfied_of_all": measure("chat_satisfied", "all adults", base_of="chat_used"),
            "chat_satisfied": measure("chat_satisfied", "adults who used Live Chat"),
        },
        "chains": {"chat": {"label": "Live Chat", "steps": STEPS}},
    }
}
SURVEY = small_survey(CHAIN)
OF_ALL = ["chat_aware", "chat_used", "satisfied_of_all"]
OF_PREVIOUS = ["used_of_aware", "chat_satisfied"]

TEN = {
    #      1    2    3    4        5    6    7        8      9       10
    "Q2": [YES, YES, YES, YES, YES, YES, YES, NO, UNSURE, REFUSED],
    "Q3": [YES, YES, YES, YES, NO, NO, REFUSED, BLANK, BLANK, BLANK],
    "Q4": [YES, YES, NO, REFUSED, BLANK, BLANK, BLANK, BLANK, BLANK, BLANK],
}
"""Ten people: 1 to 7 have heard of Live Chat, 1 to 4 used it, 1 and 2 were satisfied.

7 refused the second question and 4 the third. 9 does not know whether they had heard of it, which
is not having heard of it; 10 refused to say.
"""


def reached(**answers):
    responses = decode(raw_return(small_rows(len(answers["Q2"]), **answers)), SURVEY, WAVE)
    return indicators(responses, SURVEY)


def values(column):
    return [None if np.isnan(value) else value for value in column]


def test_who_breaks_off_leaves_the_base_of_both_shares_from_that_step_on():
    frame = reached(**TEN)
    out = None
    assert values(frame["chat_aware"]) == [1, 1, 1, 1, 1, 1, 1, 0, 0, out]
    assert values(frame["chat_used"]) == [1, 1, 1, 1, 0, 0, out, 0, 0, out]
    assert values(frame["used_of_aware"]) == [1, 1, 1, 1, 0, 0, out, out, out, out]
    assert values(frame["satisfied_of_all"]) == [1, 1, 0, out, 0, 0, out, 0, 0, out]
    assert values(frame["chat_satisfied"]) == [1, 1, 0, out, out, out, out, out, out, out]


def estimated(frame: pd.DataFrame, weights) -> pd.DataFrame:
    w = np.asarray(weights, dtype=float)
    people = pd.Series(range(len(w)))
    totals = wave_totals(
        frame,
        pd.DataFrame(index=frame.index),
        Calibrated(w, w, None, "none", 0, 0.0),
        sample_design(people.map(lambda _: "s"), people),
        {str(name): [] for name in frame},
    )
    found = estimates_from_totals(totals, EstimationRule())
    return found.set_index("measure").assign(y=totals["y"].to_numpy(), x=totals["x"].to_numpy())


def test_the_shares_of_ten_people_by_hand():
    """Each weighs their number: 1 + … + 7 = 28 had heard of it, 1 + … + 9 = 45 said."""
    shares = estimated(reached(**TEN), range(1, 11))["estimate"]

    assert shares["chat_aware"] == pytest.approx(28 / 45)
    # Users are 1 + 2 + 3 + 4 = 10; 7 broke off, so 45 − 7 = 38 of all and 28 − 7 = 21 aware ones.
    assert shares["chat_used"] == pytest.approx(10 / 38)
    assert shares["used_of_aware"] == pytest.approx(10 / 21)
    # Satisfied are 1 + 2 = 3; 4 broke off too: 38 − 4 = 34 of all, and 10 − 4 = 6 users.
    assert shares["satisfied_of_all"] == pytest.approx(3 / 34)
    assert shares["chat_satisfied"] == pytest.approx(3 / 6)
    # So the product of the steps is not the share of all where somebody broke off.
    assert 28 / 45 * 10 / 21 * 3 / 6 > 3 / 34


paths = st.lists(st.sampled_from([0, 1, 2, 3]), min_size=6, max_size=30)
"""How far each person got; everybody answers every question they are asked."""


def answers_of(path: list[int]) -> dict[str, list[float]]:
    def answer(step: int, gone: int) -> float:
        return BLANK if gone < step - 1 else YES if gone >= step else NO

    return {f"Q{step + 1}": [answer(step, gone) for gone in path] for step in (1, 2, 3)}


@settings(max_examples=25, deadline=None)
@given(paths.filter(lambda path: max(path) == 3), st.randoms(use_true_random=False))
def test_where_everybody_answers_the_share_of_all_is_the_product_of_the_steps(path, random):
    weights = [random.uniform(1, 9) for _ in path]
    shares = estimated(reached(**answers_of(path)), weights)["estimate"]

    product = shares["chat_aware"]
    for of_all, of_previous in zip(OF_ALL[1:], OF_PREVIOUS, strict=True):
        product *= shares[of_previous]
        assert shares[of_all] == pytest.approx(product, rel=1e-12)


silences = st.sampled_from([YES, NO, UNSURE, REFUSED])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(silences, silences, silences), min_size=6, max_size=30))
def test_both_shares_of_a_step_count_the_same_people(people):
    frame = reached(
        **{f"Q{place + 2}": list(column) for place, column in enumerate(zip(*people, strict=True))}
    )
    for of_all, of_previous in zip(OF_ALL[1:], OF_PREVIOUS, strict=True):
        assert ((frame[of_all] == 1) == (frame[of_previous] == 1)).all()
    for before, after in pairwise(OF_ALL):
        # Nobody comes back, and nobody reaches a step without the one before.
        assert frame[before][frame[after].notna()].notna().all()
        assert (frame[before][frame[after] == 1] == 1).all()


def test_a_break_at_a_step_breaks_every_later_share_of_all():
    broken = {"breaks": [{"wave": "2027-Q1", "reason": "another wording"}]}
    survey = small_survey({**CHAIN, "questionnaire": {"items": {"chat_aware": broken}}})
    assert survey.breaks_of("satisfied_of_all") == ("2027-Q1",)
    assert survey.breaks_of("chat_satisfied") == ()


def test_the_chain_is_a_table_of_its_steps():
    rows = declaration_tables(SURVEY)["ref.chain"]
    assert rows["step"].tolist() == [1, 2, 3]
    assert rows["share_of_all"].tolist() == OF_ALL
    assert rows["share_of_previous"].isna().tolist() == [True, False, False]
    assert rows["share_of_previous"].tolist()[1:] == OF_PREVIOUS
    assert rows["step_label"].tolist() == ["Heard of it", "Used it", "Were satisfied"]
    measures = declaration_tables(SURVEY)["ref.measure"].set_index("measure")
    assert measures.loc["satisfied_of_all", "base_of"] == "chat_used"


def test_the_truth_of_a_simulated_chain_by_hand():
    """Refusals: 10% at the first question, 20% at the second; half know it, 40% of those use it."""
    survey = simulated_survey(
        {
            "tendencies": {
                "chat_aware": tendency(0.5, missing={"refused": 0.1}),
                "chat_used": tendency(0.4, missing={"refused": 0.2}),
                "chat_satisfied": tendency(0.7),
            }
        },
        CHAIN,
    )
    whole = truth(survey, WAVE).query("domain == 'all'").set_index("measure")["true_value"]
    aware, used = 0.9 * 0.5, 0.9 * 0.5 * 0.8 * 0.4
    assert whole["chat_aware"] == pytest.approx(0.5)
    assert whole["chat_used"] == pytest.approx(used / (0.9 - 0.2 * aware))
    assert whole["used_of_aware"] == pytest.approx(0.4)
    assert whole["satisfied_of_all"] == pytest.approx(0.7 * used / (0.9 - 0.2 * aware))
    assert whole["chat_satisfied"] == pytest.approx(0.7)


def cells(counts: dict[str, dict[str, tuple[int, int]]]) -> pd.DataFrame:
    """Totals with unit weights: by measure and area how many count, of how many."""
    rows = []
    for name, areas in counts.items():
        whole = tuple(map(sum, zip(*areas.values(), strict=True)))
        for value, (n_y, n) in {"all": whole, **areas}.items():
            domain = "all" if value == "all" else "area"
            row = {"measure": name, "domain": domain, "domain_value": value, "n": n, "n_y": n_y}
            sums = {"y": n_y, "x": n, "sum_wy2": n_y, "sum_w2": n, "var_y": n / 4, "var_x": 0.0}
            rows.append({**row, **sums, "cov_yx": 0.0, "df": 40})
    return pd.DataFrame(rows)


def published(counts) -> pd.DataFrame:
    totals = cells(counts)
    estimates = estimates_from_totals(totals, EstimationRule())
    rows = published_alone(estimates, totals, SURVEY, WAVE)
    return rows.set_index(["measure", "domain_value"])


THREE_STAYED = {
    # In the north 3 of 60 aware people have not used it.
    "chat_aware": {"north": (60, 400), "south": (100, 400)},
    "chat_used": {"north": (57, 400), "south": (80, 400)},
    "used_of_aware": {"north": (57, 60), "south": (80, 100)},
    "satisfied_of_all": {"north": (40, 400), "south": (50, 400)},
    "chat_satisfied": {"north": (40, 57), "south": (50, 80)},
}


def test_a_confidential_step_takes_what_it_could_be_worked_out_from_with_it():
    """57/60 would be (57/400)/(60/400): used of all goes with used of the aware, in both areas.

    57 people were asked the third question, 60 the second: 60 − 57 would be the three, and so would
    60 − (40/400 × 400)/(40/57). So the third step's shares of those who used it and their bases go
    too; the share of all, 40/400, leaves 20 people for who has not used it or was not satisfied.
    """
    rows = published(THREE_STAYED)
    hidden = rows["suppression_reason"].notna()
    assert set(hidden.index[hidden]) == {
        (name, area)
        for name in ("used_of_aware", "chat_used", "chat_satisfied")
        for area in ("north", "south")
    }
    assert (rows.loc[hidden, "marker"] == "[c]").all()
    bases = rows["unweighted_base"]
    assert bases["used_of_aware", "north"] == 60
    assert bases[[("chat_satisfied", "north"), ("chat_satisfied", "south")]].isna().all()


def test_nothing_is_taken_along_where_nothing_is_confidential():
    enough = {**THREE_STAYED, "used_of_aware": {"north": (50, 60), "south": (80, 100)}}
    enough["chat_used"] = {"north": (50, 400), "south": (80, 400)}
    enough["chat_satisfied"] = {"north": (40, 50), "south": (50, 80)}
    rows = published(enough)
    assert rows["suppression_reason"].isna().all()
    assert rows["unweighted_base"].notna().all()


def test_a_later_confidential_step_leaves_the_earlier_ones():
    """3 of 57 users in the north were not satisfied: satisfied of all goes, nothing before it."""
    later = {**THREE_STAYED, "used_of_aware": {"north": (50, 60), "south": (80, 100)}}
    later |= {
        "chat_used": {"north": (50, 400), "south": (80, 400)},
        "satisfied_of_all": {"north": (47, 400), "south": (50, 400)},
        "chat_satisfied": {"north": (47, 50), "south": (50, 80)},
    }
    hidden = published(later)["suppression_reason"].notna()
    assert set(hidden.index[hidden]) == {
        (name, area)
        for name in ("chat_satisfied", "satisfied_of_all")
        for area in ("north", "south")
    }
