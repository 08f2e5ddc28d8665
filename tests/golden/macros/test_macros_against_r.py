"""The table macros against R's survey package, on final weights taken as they are.

reference.csv is made by reference.R (R 4.2.2, survey 4.1-1) from the samples of ../designs and
../windows; of replicate weights, and of shares by one group, ../replicates and ../reference.csv.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from asked_warehouse import asked_warehouse

HERE = Path(__file__).parent
REFERENCE = pd.read_csv(HERE / "reference.csv")
LONELY = {"fail": "fail", "adjust": "centre", "average": "average", "certainty": "certainty"}
POPULATION = dict(
    zip(
        ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"],
        [10000.0, 10100.0, 10250.0, 10200.0, 10500.0, 10400.0],
        strict=True,
    )
)
NAMES = {
    **{"estimate": "estimate", "se": "standard_error", "df": "df", "n": "unweighted_base"},
    **{"weighted": "weighted_base", "kish": "effective_base"},
}


def expected(survey, what, group):
    held = REFERENCE[
        (REFERENCE["survey"] == survey)
        & (REFERENCE["what"] == what)
        & (REFERENCE["group"] == group)
    ]
    assert len(held), (survey, what, group)
    return held.set_index("statistic")["value"]


def assert_same(row, held, leave_out=()):
    for statistic, column in NAMES.items():
        if statistic not in leave_out:
            assert row[column] == pytest.approx(held[statistic], rel=1e-8, abs=1e-14), column


def surveyed(name, policy):
    samples = pd.read_csv(HERE.parent / "designs" / "samples.csv")
    people = samples[samples["survey"] == name].assign(wave="2026-Q2").reset_index(drop=True)
    people["psu"] = people["point"].astype(str)
    return asked_warehouse(
        people, {"trusts": "proportion"}, ["age", "sex"], lonely_psu=LONELY[policy]
    )


@pytest.mark.parametrize("case", [c for c in REFERENCE["survey"].unique() if c != "windows"])
def test_shares_by_crossed_groups_and_differences_of_groups(case):
    with surveyed(*case.split()) as connection:
        found = connection.sql("FROM survey.estimate('trusts', by_columns := ['age', 'sex'])").df()
        assert len(found) == 6
        for _, row in found.iterrows():
            held = expected(case, "age sex", f"{row['age']} {row['sex'].lower()}")
            # Where all answer alike R's error is the rounding of a zero.
            assert_same(row, held, ("se",) if row["estimate"] in (0, 1) else ())
        (whole,) = connection.sql("FROM survey.estimate('trusts')").df().to_dict("records")
        assert_same(whole, expected(case, "all", "all"))
        for other, group in [("'16-34'", "16-34"), ("NULL", "rest")]:
            query = f"FROM survey.difference('trusts', 'age', '65+', other := {other})"
            (row,) = connection.sql(query).df().to_dict("records")
            held = expected(case, "difference", f"65+ less {group}")
            assert row["difference"] == pytest.approx(held["difference"], rel=1e-8)
            assert row["standard_error"] == pytest.approx(held["se"], rel=1e-8)


@pytest.fixture(scope="module")
def quarters():
    people = pd.read_csv(HERE.parent / "windows" / "sample.csv")
    people["trusts"] = people["trusts"].where(people["asked"] == 1)
    people["psu"] = people["point"]
    with asked_warehouse(
        people, {"trusts": "proportion"}, ["sex", "area"], POPULATION
    ) as connection:
        yield connection


WINDOWS = {
    **{"first": (0, 4), "third": (2, 6), "early": (0, 2), "single": (2, 3)},
}


@pytest.mark.parametrize("window", WINDOWS)
def test_pooled_quarters(quarters, window):
    """R's degrees of freedom are those of all quarters together; ours are Satterthwaite's."""
    waves = list(POPULATION)[slice(*WINDOWS[window])]
    query = f"FROM survey.estimate('trusts', by_columns := ['sex'], waves := {waves})"
    for _, row in quarters.sql(query).df().iterrows():
        assert_same(row, expected("windows", window, row["sex"].lower()), ("df",))


@pytest.mark.parametrize("sex", ["female", "male"])
def test_the_change_of_rolling_years_that_share_quarters(quarters, sex):
    query = (
        "FROM survey.change('trusts', '2026-Q4/2027-Q3', '2026-Q2/2027-Q1', "
        f"by_columns := ['sex']) WHERE lower(sex) = '{sex}'"
    )
    (row,) = quarters.sql(query).df().to_dict("records")
    held = expected("windows", "change", f"third first {sex}")
    assert row["difference"] == pytest.approx(held["difference"], rel=1e-8)
    assert row["standard_error"] == pytest.approx(held["se"], rel=1e-8)


def test_shares_and_their_errors_from_replicate_weights():
    sample = pd.read_csv(HERE.parent / "sample.csv").assign(wave="2026-Q2")
    multipliers = pd.read_csv(HERE.parent / "replicates" / "multipliers.csv")
    names = {"confident": "proportion", "rare": "proportion"}
    reference = pd.read_csv(HERE.parent / "replicates" / "reference.csv")
    with asked_warehouse(sample, names, ["area", "age", "sex"]) as connection:
        replicate(connection, sample, multipliers.set_index("psu"))
        for by in ("area", "age", "sex"):
            for measure in names:
                query = f"FROM survey.estimate_by_replicates('{measure}', by_columns := ['{by}'])"
                for _, row in connection.sql(query).df().iterrows():
                    held = reference[
                        (reference["design"] == "bootstrap")
                        & (reference["fn"] == "svymean")
                        & (reference["variable"] == measure)
                        & (reference["domain"].str.lower() == f"{by}={row[by].lower()}")
                    ].set_index("statistic")["value"]
                    assert row["method"] == "replicate weights"
                    assert row["estimate"] == pytest.approx(held["estimate"], rel=1e-8)
                    assert row["standard_error"] == pytest.approx(held["se"], rel=1e-8)


def replicate(connection, sample, multipliers):
    count = multipliers.shape[1]
    connection.execute(
        "INSERT INTO survey.replication VALUES "
        "('2026-Q2', 'bootstrap', ?, 'redraw', 0, 0, 0, 0, 'seed', ?, ?)",
        [count, 1 / (count - 1), [1.0] * count],
    )
    points = sample[["stratum", "psu"]].drop_duplicates()
    for stratum, psu in points.itertuples(index=False):
        drawn = np.asarray(multipliers.loc[psu], dtype=float).tolist()
        connection.execute(
            "INSERT INTO survey.replicate_draw VALUES ('2026-Q2', ?, ?, ?)",
            [str(stratum), str(psu), drawn],
        )
