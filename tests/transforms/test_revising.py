import pandas as pd
import pytest

from transforms.lineage import Made, State, differences, revised, revised_text

YEAR = "2026-Q2/2027-Q1"
WAVES = {"2026-Q2": ("2026-Q2",), "2027-Q1": ("2027-Q1",), YEAR: ("2026-Q2", "2027-Q1")}


def made(wave, sha256="a" * 64, declaration="d" * 64, code="0.1.0+c0de", sample="main"):
    return Made(wave, sample, sha256, f"{sample}_{wave}_{sha256[0]}.sav", declaration, code)


def state(shares, *sources, recorded=True):
    """A figure of each period; None is withheld."""
    rows = [
        {
            **{"period": period, "measure": "trust", "domain": "all", "domain_value": "all"},
            **{"estimate": share, "ci_lower": share, "ci_upper": share},
            **{"unweighted_base": 100.0, "marker": None if share else "[c]"},
        }
        for period, share in shares.items()
    ]
    return State(pd.DataFrame(rows), WAVES, sources if recorded else None)


BEFORE = state({"2026-Q2": 0.5, "2027-Q1": 0.6, YEAR: 0.55}, made("2026-Q2"), made("2027-Q1"))


def causes(after):
    return differences(BEFORE, after).set_index("period")["cause"].to_dict()


def test_nothing_differs_where_nothing_changed():
    assert differences(BEFORE, BEFORE).empty


def test_a_return_that_took_anothers_place_is_the_cause_of_its_waves_figures():
    after = state(
        {"2026-Q2": 0.5, "2027-Q1": 0.7, YEAR: 0.6}, made("2026-Q2"), made("2027-Q1", "b" * 64)
    )
    old, new = f"main_2027-Q1_a.sav ({'a' * 12})", f"main_2027-Q1_b.sav ({'b' * 12})"
    told = f"2027-Q1: {new} took the place of {old}"
    assert causes(after) == {"2027-Q1": told, YEAR: told}
    found = differences(BEFORE, after)
    assert found["before"].tolist() == [0.55, 0.6]
    assert found["after"].tolist() == [0.6, 0.7]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (
            [made("2027-Q1"), made("2027-Q1", sample="boost")],
            "boost_2027-Q1_a.sav (aaaaaaaaaaaa) was added",
        ),
        (
            [made("2027-Q1", declaration="e" * 64)],
            f"the declaration changed ({'d' * 12} to {'e' * 12})",
        ),
        ([made("2027-Q1", code="0.2.0+beef")], "the program changed (0.1.0+c0de to 0.2.0+beef)"),
        ([], "main_2027-Q1_a.sav (aaaaaaaaaaaa) is no longer there"),
        ([made("2027-Q1")], "because of other figures"),
    ],
)
def test_what_else_may_be_the_cause(sources, said):
    after = state({"2026-Q2": 0.5, "2027-Q1": 0.7, YEAR: 0.55}, made("2026-Q2"), *sources)
    assert said in causes(after)["2027-Q1"]


def test_two_causes_are_both_told():
    sources = [made("2026-Q2"), made("2027-Q1", "b" * 64, code="0.2.0+beef")]
    cause = causes(state({"2026-Q2": 0.5, "2027-Q1": 0.7, YEAR: 0.55}, *sources))["2027-Q1"]
    assert "took the place" in cause
    assert "the program changed" in cause


def test_a_figure_that_is_withheld_now_is_not_said_again():
    after = state({"2026-Q2": 0.5, "2027-Q1": None, YEAR: 0.55}, made("2026-Q2"), made("2027-Q1"))
    (row,) = differences(BEFORE, after).to_dict("records")
    assert pd.isna(row["before"])
    assert pd.isna(row["after"])


def test_where_it_was_not_recorded_no_cause_is_made_up():
    after = state({"2026-Q2": 0.4, "2027-Q1": 0.6, YEAR: 0.55}, recorded=False)
    assert causes(after) == {"2026-Q2": "what it was made of was not recorded"}


def test_in_words_figures_stand_under_their_cause():
    after = state(
        {"2026-Q2": 0.5, "2027-Q1": 0.7, YEAR: 0.6}, made("2026-Q2"), made("2027-Q1", "b" * 64)
    )
    text = revised_text(revised("release 1", "release 2", differences(BEFORE, after), None))
    assert text.startswith(
        "Before: release 1.\nAfter: release 2.\nPublished figures that differ: 2."
    )
    assert "took the place of main_2027-Q1_a.sav (aaaaaaaaaaaa) (2):" in text
    assert "2027-Q1          trust    all=all  0.600000  0.700000" in text
    assert not revised("", "", differences(BEFORE, after), "other").revisions
