"""The simulation study's tests of changes, differences and trends, and what its report says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from transforms.catalogue import Survey
from transforms.catalogue.measures import Measure
from transforms.change import changes, judged
from transforms.estimation.totals import FORCE
from transforms.periods import periods_ending
from transforms.proof import (
    EVERYWHERE,
    SOUGHT_IN,
    Run,
    Study,
    examined,
    found_in,
    headline_outcomes,
    report_figures,
    report_markdown,
    report_of,
    shifted_outcomes,
    study_of,
)
from transforms.proof.comparing import (
    CONTRASTS,
    KINDS,
    QUARTER,
    REST_IN_YEAR,
    YEARS,
    Compared,
    comparisons,
    every_test,
    fewest_expected,
    unchanged,
)
from transforms.proof.figures import Rate
from transforms.proof.judging import judged_in_families
from transforms.proof.plan import AREA
from transforms.proof.report import Report
from transforms.proof.shifts import LOOKED, SHIFTED, Looked, change_sought, detectable
from transforms.proof.slopes import slope_p_values
from transforms.proof.surveyed import measure_in, surveyed
from transforms.proof.tables import Table, Target, meets
from transforms.trend import trends
from warehouse.declaration import load_survey

WAVES = 8


@pytest.fixture(scope="module")
def study():
    return study_of(load_survey("west_midlands"), headline_outcomes(WAVES, 7))


@pytest.fixture(scope="module")
def drawn(study):
    return surveyed(study, np.random.SeedSequence(11).spawn(2))


@pytest.fixture(scope="module")
def runs(study):
    """Six surveys of a population that stays, six of one that drifts."""
    drifting = study_of(study.survey, study.outcomes, drifting=True)
    seeds = np.random.SeedSequence(12).spawn(12)
    return [Run(study, examined(study, seeds[:6])), Run(drifting, examined(drifting, seeds[6:]))]


@pytest.fixture(scope="module")
def shifted(runs):
    study = study_of(runs[0].study.survey, shifted_outcomes(runs[0]), domains=SOUGHT_IN)
    return Run(study, found_in(study, np.random.SeedSequence(13).spawn(4)))


@pytest.fixture(scope="module")
def report(runs, shifted):
    return report_of(runs, shifted, ("seed 12",))


def declaring(study: Study, measures: list[str]) -> Survey:
    """The survey with the study's outcomes as measures and KPIs, judged as it judges its own."""
    survey = study.survey
    measure: Measure = next(iter(survey.measures.values()))
    kpi = next(iter(survey.kpis.values()))
    kpis = {name: kpi.model_copy(update={"measure": name}) for name in measures}
    return survey.model_copy(
        update={
            "measured": survey.measured.model_copy(
                update={"measures": dict.fromkeys(measures, measure)}
            ),
            "plan": survey.plan.model_copy(update={"kpis": kpis}),
        }
    )


@pytest.fixture(scope="module")
def released(study, drawn):
    """The first survey's changes, as the release of its last wave forms and judges them."""
    names = [measure_in(name, 0) for name in study.outcomes.names]
    survey = declaring(study, names)
    totals = drawn.totals.of_measures(names)
    last = totals.waves[-1]
    return judged(changes(totals, periods_ending(last, survey), survey), survey)


NOW = {
    QUARTER: ("2028-Q1", "previous_wave"),
    "quarter on same quarter a year before": ("2028-Q1", "same_quarter_year_before"),
    YEARS[0]: ("2027-Q2/2028-Q1", "previous_year"),
    "domain against rest of force, quarter": ("2028-Q1", "rest_of_force"),
    REST_IN_YEAR: ("2027-Q2/2028-Q1", "rest_of_force"),
}


@pytest.mark.parametrize("kind", NOW)
def test_tests_are_those_of_a_release(kind, study, drawn, released):
    period, comparison = NOW[kind]
    rows = released[(released["period"] == period) & (released["comparison"] == comparison)]
    tests = every_test(drawn, comparisons(WAVES))
    cells = study.cells.assign(
        p_value=tests.p_value[tests.of_kind(kind)[0], 0],
        measure=[measure_in(name, 0) for name in study.cells["measure"]],
    )
    both = rows.merge(cells, on=["measure", "domain", "domain_value"], suffixes=("", "_here"))
    assert len(both) == len(rows) > 500
    assert both["p_value"].isna().any()
    assert both["p_value"].to_numpy(dtype=float) == pytest.approx(
        both["p_value_here"].to_numpy(), nan_ok=True, rel=1e-12
    )


def test_verdicts_are_those_of_a_release(study, drawn, released):
    """Judged: the rolling year on the first one; a family of KPIs, and of each KPI's areas."""
    rows = released[released["role"] == "judged"]
    wanted = rows.set_index(["measure", "domain", "domain_value"])["verdict"]
    tests = every_test(drawn, comparisons(WAVES))
    verdicts = judged_in_families(tests, study, "holm")
    here = tests.of_kind(YEARS[0])[0]
    values = [FORCE, *((AREA, value) for value in study.domains[AREA])]
    assert len(wanted) == len(study.outcomes.names) * len(values)
    for place, name in enumerate(study.outcomes.names):
        for nth, key in enumerate(values):
            verdict = wanted[(measure_in(name, 0), *key)]
            is_found = pd.notna(verdict) and verdict != "no significant change"
            assert verdicts.found[0, here, place, nth] == is_found


def test_slopes_are_those_of_the_trend(study, drawn):
    names = [measure_in(name, 1) for name in study.outcomes.names]
    found = trends(drawn.totals.of_measures(names), declaring(study, names))
    assert slope_p_values(drawn)[1, 1] == pytest.approx(
        found["p_value"].to_numpy(dtype=float), nan_ok=True, rel=1e-12
    )


def test_what_is_compared_in_eight_waves():
    each = {kind: [one for one in comparisons(8) if one.kind == kind] for kind in KINDS}
    assert [(one.now, one.before) for one in each[QUARTER]] == [
        *(((7,), (6,)), ((5,), (4,))),
        *(((3,), (2,)), ((1,), (0,))),
    ]
    assert each[YEARS[3]] == [Compared(YEARS[3], (1, 2, 3, 4), (0, 1, 2, 3))]
    assert [one.now for one in each[REST_IN_YEAR]] == [(4, 5, 6, 7), (0, 1, 2, 3)]
    for shared, kind in enumerate(YEARS):
        assert len({*each[kind][0].now} & {*each[kind][0].before}) == shared


def test_counts_expected_on_either_side_leave_shared_quarters_out(study):
    """Three of four shared: what is compared is the fifth quarter with the first."""
    overlapping, apart = Compared("", (1, 2, 3, 4), (0, 1, 2, 3)), Compared("", (4,), (0,))
    assert fewest_expected(study, overlapping) == pytest.approx(fewest_expected(study, apart))
    contrast = fewest_expected(study, Compared("", (0,), ()))
    half = (study.cells["domain_value"] == "female").to_numpy()
    own = study.expected[0, half].min(axis=-1)
    assert (contrast[half] <= own).all()


def test_nothing_differs_where_it_is_counted_as_size(study, runs):
    drifting = runs[1].study
    in_time = Compared("", (7,), (0,))
    strata = (study.cells["domain"] == "stratum").to_numpy()
    assert unchanged(study, in_time).all()
    assert unchanged(drifting, in_time)[~strata].all()
    assert not unchanged(drifting, in_time)[strata].any()
    contrast = unchanged(study, Compared("", (7,), ()))
    assert contrast[~strata].all()
    assert contrast[strata].mean() < 0.1


def test_shifts_are_as_large_as_their_test_can_detect(runs, shifted):
    for place, looked in enumerate(LOOKED):
        for nth, share in enumerate(SHIFTED):
            outcome = place * len(SHIFTED) + nth
            size = detectable(runs[0], looked, share)
            assert change_sought(shifted.study, looked, outcome) == pytest.approx(size, abs=1e-12)
    truth = shifted.study.outcomes.truth
    assert (truth > 0).all()
    assert (truth < 1).all()


def test_the_truth_of_the_population_has_the_shift(shifted):
    """The force's change between the two years, at ten per cent, by the cells' own truth."""
    outcome = LOOKED.index(Looked(YEARS[0], FORCE)) * len(SHIFTED) + 1
    study = shifted.study
    cell = outcome * (len(study.cells) // len(study.outcomes.names))
    change = study.truth[4:, cell].mean() - study.truth[:4, cell].mean()
    assert change == pytest.approx(change_sought(study, LOOKED[4], outcome), abs=1e-12)
    assert study.truth[:, cell].mean() == pytest.approx(0.10)


def test_most_changes_are_found(shifted):
    counts = shifted.found.counts
    assert counts["sought"].mean() > 0.95
    assert 0.6 < counts["reached"].sum() / counts["sought"].sum() < 0.95


def test_the_report_says_what_is_met_and_the_figures_say_the_same(report):
    text, figures = report_markdown(report), report_figures(report)
    assert text == report_markdown(report)
    targets = figures[figures["table"] == "targets"]
    assert len(targets) == len(report.targets) > 100
    again = [
        meets(row.value, row.monte_carlo_error, row.low, row.high) for row in targets.itertuples()
    ]
    assert again == (targets["met"] == "yes").tolist()
    assert f"{sum(again)} of {len(again)} targets are met" in text
    for table in report.tables:
        assert f"## {table.title}" in text
        assert len(figures[figures["table"] == table.name]) == len(table.rows) * len(table.figures)


def test_every_kind_of_test_has_its_size_in_the_report(report):
    wheres = [target.where for target in report.targets if target.what.startswith("size")]
    for kind in KINDS:
        assert any(where.startswith(kind) for where in wheres)
    sizes = next(table for table in report.tables if table.name == "size_by_count")
    assert {labels[0] for labels, _ in sizes.rows} == set(KINDS)
    made = next(table for table in report.tables if table.name == "size_of_tests_made")
    assert sum(labels[1] == "t = D/SE" for labels, _ in made.rows) == len(CONTRASTS)


def test_a_missed_target_is_called_so():
    missed = Target("coverage", "somewhere", Rate(0.8, 0.01, 100), 0.935, 1.0)
    met = replace(missed, where="elsewhere", figure=Rate(0.94, 0.01, 100))
    assert (missed.met, met.met) == (False, True)
    table = Table("t", "T", "n", ("where",), ("a",), ((("here",), (Rate(0.8, 0.01, 100),)),))
    text = report_markdown(Report((), (missed, met), (table,)))
    assert "1 of 2 targets are met" in text
    assert "| coverage | at least 93.5% | 1 of 2 | 80.0% ± 1.0% | 94.0% ± 1.0% |" in text
    assert "| coverage | somewhere | 80.0% ± 1.0% | at least 93.5% |" in text


def test_the_domains_are_those_that_are_looked_into(study):
    assert tuple(study.domains) == EVERYWHERE
    assert {looked.place[0] for looked in LOOKED} <= {FORCE[0], *SOUGHT_IN}
