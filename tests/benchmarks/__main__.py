"""`python -m benchmarks`: every race, every program, and docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.alone import by_areas_of, by_history_of, whole_way_of
from benchmarks.races import OURS, ROOT, Program, Race, Result, has_r_survey, peers, run
from benchmarks.report import Alone, Section, document, duration
from benchmarks.samples import sample_of, write_multipliers

CODED = Program("ours, already coded", OURS.command, "rake_coded")
OF_TOTALS = Program("ours, from stored totals", OURS.command, "table_of_totals")
RAKED, REPLICATED, ASKED, QUARTERS = (2_000, 100_000, 1_000_000), (2_000, 20_000), 40_000, 20
A_QUARTER = ASKED // QUARTERS
WAYS = (2_000, 20_000, 200_000)
WEIGHTS_AGREE, ESTIMATES_AGREE = 1e-8, 1e-9
SLOW = {"samplics": "it rakes one replicate after the other, 500 times as long as one raking"}


def raking() -> tuple[Race, ...]:
    return tuple(
        Race(
            "raking", size, "rake", lambda size=size: sample_of(size), WEIGHTS_AGREE, (OURS, CODED)
        )
        for size in RAKED
    )


def replicates() -> tuple[Race, ...]:
    return tuple(
        Race(
            "replicates",
            size,
            "replicates",
            lambda size=size: sample_of(size),
            WEIGHTS_AGREE,
            prepare=write_multipliers,
            without=SLOW,
        )
        for size in REPLICATED
    )


def table() -> tuple[Race, ...]:
    return (
        Race(
            "table",
            ASKED,
            "table",
            lambda: sample_of(ASKED, QUARTERS),
            ESTIMATES_AGREE,
            (OURS, OF_TOTALS),
        ),
    )


TEXTS = {
    "Raking on five margins": (
        "Areas (7), age by sex (12), NS-SEC (4), tenure (3), ethnic group (5): 5,040 combinations. "
        "Ours starts from the categories as decoding leaves them (pandas), or already coded as "
        f"numbers. Tolerance {WEIGHTS_AGREE:g}, every weight."
    ),
    "500 replicates, each raked again": (
        "All are given the same draws of sampling points, and return all weights as one matrix. "
        f"Tolerance {WEIGHTS_AGREE:g}, every weight of every replicate."
    ),
    "8 measures × 7 areas × 20 quarters": (
        "1,120 shares with standard errors (ours with intervals, bases, degrees of freedom and the "
        "covariances with the force; and 160 estimates of the force too), from the respondents of "
        "all quarters, quarter by quarter. Weights are not calibrated here: samplics knows no "
        "variance of calibrated weights. From stored totals is how reports are made. "
        f"Tolerance {ESTIMATES_AGREE:g}, every estimate and standard error."
    ),
}


def raced(races: tuple[Race, ...], programs: tuple[Program, ...]) -> tuple[Result, ...]:
    results = []
    for race in races:
        result = run(race, programs)
        results.append(result)
        for entry in result.entries:
            _say(
                f"{race.title:12} {race.size:>9,}  {entry.name:26} {duration(entry.least_busy):>9}"
                f"  {entry.least_busy / result.entries[0].least_busy:>8.3g}"
                f"  {entry.difference:.0e}{'' if result.agrees(entry) else '  DISAGREES'}"
            )
    return tuple(results)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    out = parser.parse_args().out
    programs = peers()
    _say("race         respondents program                    processor    ratio  difference")
    sections = [
        Section(title, text, raced(races, programs))
        for (title, text), races in zip(
            TEXTS.items(), (raking(), replicates(), table()), strict=True
        )
    ]
    _say("the whole way of a return")
    ways = tuple((size, whole_way_of(size)) for size in WAYS)
    alone = Alone(ASKED, by_areas_of(ASKED), by_history_of(A_QUARTER), ways)
    left_out = "" if has_r_survey() else "; R's survey is not installed here, and left out"
    out.write_text(document(sections, alone, left_out), encoding="utf-8")
    _say(f"{out}")
    agree = all(
        result.agrees(entry)
        for section in sections
        for result in section.results
        for entry in result.entries
    )
    return 0 if agree else 1


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
