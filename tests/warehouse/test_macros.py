"""The table macros beside the pipeline's own functions, and what they refuse."""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from asked_warehouse import asked_warehouse
from scipy import stats

from transforms.catalogue import Survey
from transforms.change import testing
from transforms.decode import decode
from transforms.estimation import (
    estimates_from_totals,
    korn_graubard,
    logit,
    student,
    wilson,
)
from transforms.reference import declaration_tables
from transforms.responses import RawReturn, Variable
from transforms.simulation import simulate_wave
from transforms.wave import process_wave
from transforms.windows import Window, against_rest, difference, wave_by_wave, window_totals
from warehouse.database import OPEN_SCHEMA, create_warehouse
from warehouse.declaration import load_survey
from warehouse.store import replace_all, replace_wave
from warehouse.wide import write_wide

WAVES = ("2027-Q4", "2028-Q1")
EXACT = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(scope="module")
def survey() -> Survey:
    """West Midlands without calibration: final weights and design weights are the same."""
    declared = load_survey("west_midlands").model_dump()
    declared["about"] |= {"calibration": None, "replicates": None}
    declared["about"]["rolling_year"]["factors"] = "population"
    return Survey.model_validate(declared)


@pytest.fixture(scope="module")
def totals(survey) -> pd.DataFrame:
    return pd.concat([made["estimate.total"] for made in _waves(survey).values()])


@pytest.fixture(scope="module")
def warehouse(survey, tmp_path_factory):
    path = tmp_path_factory.mktemp("asked") / "warehouse.duckdb"
    with create_warehouse(path, survey.name, simulated=True) as connection:
        replace_all(connection, declaration_tables(survey))
        for wave, tables in _waves(survey).items():
            replace_wave(connection, wave, tables)
        write_wide(connection, survey.name)
        yield connection


_MADE: dict[str, dict[str, pd.DataFrame]] = {}


def _waves(survey):
    for wave in WAVES:
        if wave not in _MADE:
            rows = simulate_wave(load_survey("west_midlands"), wave, 1).rows
            variables = {name: Variable(name) for name in rows.columns}
            raw = RawReturn(f"{wave}.sav", "0" * 64, rows, variables, simulated=True)
            responses = decode(raw, survey, wave)
            _MADE[wave] = process_wave(responses, responses.respondents["serial"], survey)
    return _MADE


def window(totals, waves):
    by_wave = wave_by_wave(totals, WAVES)
    return window_totals(by_wave, Window(tuple(waves), (1.0,) * len(waves)))


def labels(survey, domain):
    return {name: about.label for name, about in dict(survey.domains[domain].values).items()}


def by_label(survey, domain, rows):
    named = rows["domain_value"].map(labels(survey, domain))
    return rows.assign(label=named).set_index("label")


@pytest.mark.parametrize(
    ("measure", "domain", "waves"),
    [("live_chat_used", "area", WAVES), ("local_confidence", "age_band", WAVES[1:])],
)
def test_by_a_domain_they_give_all_that_the_pipeline_gives(
    warehouse, totals, survey, measure, domain, waves
):
    rule = survey.about.estimation
    expected = by_label(
        survey,
        domain,
        estimates_from_totals(window(totals, waves), rule).query(
            "measure == @measure and domain == @domain"
        ),
    )
    query = f"FROM survey.estimate('{measure}', by_columns := ['{domain}'], waves := {list(waves)})"
    found = warehouse.sql(query).df().set_index(domain).loc[expected.index]
    declared = (
        f"FROM estimate.calibrated('{measure}', domain := '{domain}', waves := {list(waves)})"
    )
    stored = warehouse.sql(declared).df().set_index("domain_label").loc[expected.index]
    assert len(found) == len(expected) > 1
    for column in (
        *("estimate", "standard_error", "df", "ci_lower", "ci_upper", "unweighted_base"),
        *("weighted_base", "effective_base"),
    ):
        of_pipeline = expected[column].to_numpy(float)
        np.testing.assert_allclose(found[column].to_numpy(float), of_pipeline, **EXACT)
        np.testing.assert_allclose(stored[column].to_numpy(float), of_pipeline, **EXACT)


def test_one_against_everybody_else_is_the_pipelines_contrast(warehouse, totals, survey):
    """All but the degrees of freedom, of which the pipeline knows a bound only."""
    rows = window(totals, WAVES).query("measure == 'live_chat_used' and domain in ('all', 'area')")
    contrast = against_rest(rows.reset_index(drop=True))
    for place, value in list(enumerate(contrast.cells["domain_value"]))[:2]:
        label = labels(survey, "area")[value]
        query = (
            f"FROM survey.difference('live_chat_used', 'area', '{label}', waves := {list(WAVES)})"
        )
        (found,) = warehouse.sql(query).df().to_dict("records")
        same_df = replace(contrast, df=np.full(len(contrast.df), found["df"]))
        expected = testing.tested(same_df, (np.zeros(7), np.ones(7)), 0.95)
        assert found["difference"] == pytest.approx(contrast.difference[place], rel=1e-9)
        for name in ("standard_error", "ci_lower", "ci_upper", "p_value"):
            assert found[name] == pytest.approx(expected[name][place], rel=1e-8), name
        assert 0.5 * contrast.df[place] < found["df"] < 2 * contrast.df[place]


def test_the_change_of_two_waves_is_the_pipelines(warehouse, totals, survey):
    by_wave = wave_by_wave(totals, WAVES).of_measures(["live_chat_aware"])
    now, before = (Window((wave,), (1.0,)) for wave in reversed(WAVES))
    expected = difference(by_wave, now, before)
    figures = testing.tested(
        expected, (np.zeros(len(expected.df)), np.ones(len(expected.df))), 0.95
    )
    rows = expected.cells.assign(difference=expected.difference, **figures)
    rows = by_label(survey, "area", rows.query("domain == 'area'"))
    query = (
        f"FROM survey.change('live_chat_aware', '{WAVES[1]}', '{WAVES[0]}', by_columns := ['area'])"
    )
    found = warehouse.sql(query).df().set_index("area").loc[rows.index]
    for name in ("difference", "standard_error", "df", "ci_lower", "ci_upper", "p_value"):
        np.testing.assert_allclose(found[name].to_numpy(), rows[name].to_numpy(), **EXACT)


def test_the_wide_view_has_a_row_a_respondent_and_labels(warehouse, survey):
    wide = warehouse.sql(f"FROM survey.{survey.name}").df()
    assert len(wide) == len(warehouse.sql("FROM survey.respondent").df())
    assert set(wide["area"]) == set(labels(survey, "area").values())
    assert wide["local_confidence"].cat.categories.tolist()[0] == "Excellent"
    assert wide["y_reported"].notna().sum() < wide["y_victim"].notna().sum()
    silent = warehouse.execute(
        "SELECT column_name FROM duckdb_columns() WHERE NOT internal "
        "AND table_name IN ('wide', ?) AND coalesce(comment, '') = ''",
        [survey.name],
    )
    assert silent.fetchall() == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("survey.estimate('live_chat_awre')", 'no measure: "live_chat_awre".*live_chat_aware'),
        ("survey.estimate('victim', by_columns := ['arae'])", 'no column.*"arae".*area'),
        ("survey.estimate('victim', periods := ['2028Q1'])", 'no period: "2028Q1".*2028-Q1'),
        ("survey.estimate('victim', waves := ['2029-Q1'])", 'no wave: "2029-Q1".*2028-Q1'),
        ("survey.estimate('victim', periods := ['2027-Q2/2028-Q1'])", "no figure of .*2027-Q4"),
        ("survey.difference('victim', 'sex', 'Woman')", 'no value of sex: "Woman".*Women'),
        ("survey.difference('victim', 'sexx', 'Women')", 'no column.*"sexx"'),
        ("survey.change('victim', '2028-Q1', '2027-Q3')", 'no period: "2027-Q3"'),
        ("survey.estimate_by_replicates('victim')", "no replicate weights"),
        ("estimate.calibrated('victim', domain := 'areas')", 'no domain of victim: "areas".*area'),
        ("estimate.published('victims')", 'no measure: "victims".*victim'),
        ("estimate.published('victim', domain := 'arae')", "no domain of victim"),
        ("estimate.published_change('victim', comparison := 'x')", "no comparison"),
    ],
)
def test_a_question_that_cannot_be_answered_is_an_error_that_helps(warehouse, question, told):
    with pytest.raises(duckdb.InvalidInputException, match=told):
        warehouse.sql(f"FROM {question}").fetchall()


PEOPLE = pd.DataFrame(
    {
        "wave": ["2026-Q1"] * 6 + ["2026-Q2"] * 6,
        "stratum": ["a", "a", "a", "b", "b", "b"] * 2,
        "psu": ["1", "1", "2", "3", "3", "4", "5", "5", "6", "7", "7", "8"],
        "weight": [1.0, 2.0, 3.0, 1.0, 1.0, 2.0] * 2,
        "sex": ["f", "m", "f", None, "m", "f"] * 2,
        "agrees": [1.0, 0.0, 1.0, 0.0, np.nan, 0.0] * 2,
        "score": [7.0, 3.0, 5.0, 0.0, 10.0, 5.0] * 2,
    }
)
KINDS = {"agrees": "proportion", "score": "mean"}


def test_a_share_and_its_error_by_hand():
    """The base is all but the fifth: Y = 1 + 3, X = 1 + 2 + 3 + 1 + 2 = 9, r = 4/9.

    e = w(y − r)/9 summed by unit: (1·5/9 − 2·4/9)/9 = −3/81, (3·5/9)/9 = 15/81; −4/81, −8/81.
    Both strata have two units: V = (e₁ − e₂)² in each, (18² + 4²)/81².
    """
    people = PEOPLE[PEOPLE["wave"] == "2026-Q1"]
    with asked_warehouse(people, KINDS, ["sex"]) as connection:
        (row,) = connection.sql("FROM survey.estimate('agrees')").df().to_dict("records")
    assert row["estimate"] == pytest.approx(4 / 9, rel=1e-14)
    assert row["standard_error"] == pytest.approx(np.sqrt(18**2 + 4**2) / 81, rel=1e-13)
    assert (row["df"], row["unweighted_base"], row["weighted_base"]) == (2, 5, 9)
    assert row["effective_base"] == pytest.approx(9**2 / (1 + 4 + 9 + 1 + 4))
    assert (row["marker"], row["interval_method"]) == ("[c]", "korn_graubard")


def test_groups_hold_those_without_a_value_too_and_a_mean_has_its_own_interval():
    with asked_warehouse(PEOPLE[:6], KINDS, ["sex"]) as connection:
        rows = connection.sql("FROM survey.estimate('score', by_columns := ['sex'])").df()
        whole = connection.sql("FROM survey.estimate('score')").df()
    # The stranger is a row of its own: 0 · 1 / 1.
    assert rows["unweighted_base"].tolist() == [3, 2, 1]
    assert rows["estimate"].tolist() == pytest.approx([(7 + 15 + 10) / 6, 16 / 3, 0])
    (row,) = whole.to_dict("records")
    half = stats.t.ppf(0.975, 2) * row["standard_error"]
    assert row["interval_method"] == "t"
    assert row["ci_upper"] == pytest.approx(min(row["estimate"] + half, 10), rel=1e-9)


def test_a_window_across_a_break_and_waves_of_unknown_size_are_refused():
    ask = "FROM survey.estimate('agrees', waves := ['2026-Q1', '2026-Q2'])"
    sizes = {"2026-Q1": 10.0, "2026-Q2": 11.0}
    with asked_warehouse(PEOPLE, KINDS, ["sex"], sizes) as connection:
        (row,) = connection.sql(ask).df().to_dict("records")
        # The mean population is 10.5: each wave's 9 weighs 10.5/10 and 10.5/11 of it.
        assert row["weighted_base"] == pytest.approx(9 * 10.5 / 10 + 9 * 10.5 / 11)
    for given in ({"breaks": ["2026-Q2"], "populations": sizes}, {}):
        with (
            asked_warehouse(PEOPLE, KINDS, ["sex"], **given) as connection,
            pytest.raises(duckdb.InvalidInputException, match=r"break in the series.*calibrated"),
        ):
            connection.sql(ask).fetchall()


def test_waves_whose_respondents_are_gone_are_named():
    with asked_warehouse(PEOPLE, KINDS, ["sex"]) as connection:
        connection.execute("DELETE FROM survey.wide WHERE wave = '2026-Q1'")
        with pytest.raises(duckdb.InvalidInputException, match="2026-Q1 are no longer kept"):
            connection.sql("FROM survey.estimate('agrees', periods := ['2026-Q1'])").fetchall()


DFS = np.array([1.0, 1.3, 2, 3, 5.5, 8, 10, 29.7, 100, 259, 1036.4, 20000, 1e6])


def asked(query, **columns):
    with duckdb.connect() as connection:
        connection.execute(OPEN_SCHEMA)
        connection.register("given", pd.DataFrame(columns))
        return connection.sql(query).df()


def test_quantiles_and_p_values_are_those_of_t():
    found = asked("SELECT estimate.t_quantile(0.95, df) AS q FROM given", df=DFS)["q"]
    np.testing.assert_allclose(found, stats.t.ppf(0.975, DFS), rtol=1e-9)
    t, df = (grid.ravel() for grid in np.meshgrid([0.0, 1e-5, 0.3, 1, 1.96, 4, 20], DFS))
    found = asked("SELECT estimate.two_sided_p(t, df) AS p FROM given", t=t, df=df)["p"]
    np.testing.assert_allclose(found, 2 * stats.t.sf(t, df), rtol=5e-9)


@pytest.mark.parametrize(
    ("method", "ends"), [("korn_graubard", korn_graubard), ("wilson", wilson), ("logit", logit)]
)
def test_ends_of_shares_are_the_pipelines(method, ends):
    rng = np.random.default_rng(1)
    smallest = 400 if method == "logit" else 2
    n = np.repeat([smallest, 400, 30_000], 50).astype(float)
    r = rng.choice([0, 1, 0.5, 0.0003, 0.9996, 0.02, 0.31], len(n))
    deff, df = rng.uniform(0.4, 4, len(n)), rng.choice([0, 1, 2.6, 14, 77.7, 3000], len(n))
    variance = np.where((r == 0) | (r == 1), 0, deff * r * (1 - r) / n)
    variance[::17] = 0
    kish = n / rng.uniform(1, 2, len(n))
    found = asked(
        "SELECT unnest(estimate._ends(r, v, n, kish, df, m, 0.95, 0.0, 1.0)) FROM given",
        **{"r": r, "v": variance, "n": n, "kish": kish, "df": df, "m": method},
    )
    given = (r, variance, df, 0.95) if method == "logit" else (r, variance, n, kish, df, 0.95)
    expected = ends(*given)
    np.testing.assert_allclose(found["lower"], expected.lower, rtol=1e-8, atol=1e-300)
    np.testing.assert_allclose(found["upper"], expected.upper, rtol=1e-8)
    assert np.isnan(found["lower"]).sum() > 5


def test_ends_of_means_are_the_pipelines():
    mean, variance, df = np.array([0.1, 5, 9.9]), np.array([0.2, 0.3, 0.0]), np.array([4.0, 9, 9])
    found = asked(
        "SELECT unnest(estimate._ends(r, v, 50, 40.0, df, 't', 0.95, 0.0, 10.0)) FROM given",
        **{"r": mean, "v": variance, "df": df},
    )
    expected = student(mean, variance, df, (np.zeros(3), np.full(3, 10.0)), 0.95)
    np.testing.assert_allclose(found["lower"], expected.lower, rtol=1e-9)
    np.testing.assert_allclose(found["upper"], expected.upper, rtol=1e-9)
