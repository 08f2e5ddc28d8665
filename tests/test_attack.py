"""Small counts against somebody who has the published database and does all the algebra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from attacker import Attacker, Known, Number, true_numbers
from small_cells import (
    PARTITIONS,
    release_all,
    survey_of_small_cells,
    totals_of_small_cells,
    weighted_numbers,
    whole_numbers,
)
from totals_rows import releases_of

from transforms import combine
from transforms.catalogue import Survey
from transforms.combine import Release
from transforms.disclosure.deciding import Decisions, decide
from transforms.periods import Period
from transforms.windows import WaveTotals

MEASURES = set(survey_of_small_cells(5).measures)


def small_sums(
    truth: Mapping[Number, float], minimum: int
) -> Iterator[tuple[dict[Number, float], float]]:
    """Who gave an answer, who gave another, and both together, where these are few."""
    for *where, value, wave, part in truth:
        if part == "y" and value:
            y, o = ((*where, value, wave, one) for one in "yo")
            for terms in ({y: 1.0}, {o: 1.0}, {y: 1.0, o: 1.0}):
                people = sum(truth[one] for one in terms)
                if 0 < people < minimum:
                    yield terms, people


def small_differences(truth: Mapping[Number, float], minimum: int) -> Iterator[dict[Number, float]]:
    """Who is confident but not strongly, and who is not in contact, where these are few."""
    for measure, domain, value, wave, part in truth:
        if measure == "strongly" and part == "y" and value:
            less = {("confident", domain, value, wave, "y"): 1.0}
            less[measure, domain, value, wave, part] = -1.0
        elif domain == "contact":
            less = {(measure, "all", "all", wave, part): 1.0}
            less[measure, domain, value, wave, part] = -1.0
        else:
            continue
        if 0 < sum(sign * truth[one] for one, sign in less.items()) < minimum:
            yield less


def without_memory(
    totals: Mapping[Period, pd.DataFrame],
    by_wave: WaveTotals,
    published: pd.DataFrame,
    shown: pd.DataFrame,
    survey: Survey,
) -> dict[Period, Decisions]:
    """Decide a release as if nothing had been published before it."""
    return decide(totals, by_wave, published.head(0), shown, survey)


@dataclass(frozen=True)
class Case:
    """A simulated survey, what its releases published, and who has it."""

    survey: Survey
    by_wave: WaveTotals
    releases: list[Release]
    attacker: Attacker

    @property
    def truth(self) -> dict[Number, float]:
        return true_numbers(whole_numbers(self.by_wave), PARTITIONS)

    @property
    def weighted(self) -> dict[Number, float]:
        return true_numbers(weighted_numbers(self.by_wave), PARTITIONS)


def released(folder: Path, seed: int, minimum: int = 5, waves: int = 5) -> Case:
    survey = survey_of_small_cells(waves, minimum)
    by_wave = totals_of_small_cells(seed, survey)
    releases = release_all(by_wave, survey, folder / "published.duckdb")
    return Case(survey, by_wave, releases, Attacker(folder / "published.duckdb"))


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    return released(tmp_path_factory.mktemp("released"), seed=1)


def worked_out(known: Known, truth: Mapping[Number, float], minimum: int) -> list[object]:
    """Few people whose number is settled, or shown to be below the minimum."""
    wanted = [terms for terms, _ in small_sums(truth, minimum)]
    wanted += small_differences(truth, minimum)
    return [terms for terms in wanted if known.largest(terms) < minimum - 1e-6]


def require_safe(case: Case, minimum: int) -> None:
    truth, weighted = case.truth, case.weighted
    assert case.attacker.told_elsewhere() == []
    assert len(list(small_sums(truth, minimum))) > 20
    assert list(small_differences(truth, minimum))
    assert worked_out(case.attacker.from_counts(MEASURES, truth), truth, minimum) == []
    known = case.attacker.from_weighted(MEASURES, weighted)
    assert [terms for terms, _ in small_sums(truth, minimum) if known.told(terms) is not None] == []


def test_no_small_count_can_be_worked_out(case):
    require_safe(case, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "minimum"), [*((seed, 5) for seed in range(2, 10)), (10, 3), (11, 3), (12, 10)]
)
def test_no_small_count_of_random_surveys_can_be_worked_out(seed, minimum, tmp_path):
    require_safe(released(tmp_path, seed, minimum, waves=9), minimum)


def test_the_rules_do_not_win_by_withholding_everything(case):
    own = case.attacker.estimates[case.attacker.estimates["unweighted_base"].notna()]
    years = own["waves"].map(len) == 4
    shown = own["estimate"].notna()
    assert shown[~years].mean() > 0.3
    assert shown[years].mean() > 0.5


def test_without_memory_of_earlier_releases_the_same_attack_succeeds(tmp_path, monkeypatch):
    """What it works out is right: the test above can fail."""
    monkeypatch.setattr(combine, "decide", without_memory)
    case = released(tmp_path, seed=1)
    truth, weighted = case.truth, case.weighted
    known = case.attacker.from_weighted(MEASURES, weighted)
    found = {
        number: known.told(terms)
        for terms, _ in small_sums(truth, 5)
        if len(terms) == 1 and known.told(terms) is not None
        for number in terms
    }
    assert len(found) > 5
    assert found == pytest.approx({number: weighted[number] for number in found}, rel=1e-6)
    assert worked_out(case.attacker.from_counts(MEASURES, truth), truth, 5)


def test_a_later_wave_changes_nothing_that_was_published_before(case):
    until = case.by_wave.of_waves(case.by_wave.waves[:-1])
    before = releases_of(until, case.survey)
    for one, same in zip(before, case.releases[:-1], strict=True):
        pd.testing.assert_frame_equal(one.estimates, same.estimates)
        pd.testing.assert_frame_equal(one.changes, same.changes)
        pd.testing.assert_frame_equal(one.disclosure, same.disclosure)


@pytest.mark.slow
def test_deciding_again_with_everything_published_decides_the_same(case):
    estimates = pd.concat([one.estimates for one in case.releases], ignore_index=True)
    shown = estimates[estimates["estimate"].notna()]
    for one, same in zip(releases_of(case.by_wave, case.survey, shown), case.releases, strict=True):
        pd.testing.assert_frame_equal(one.estimates, same.estimates)
