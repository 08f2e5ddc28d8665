"""The demonstration's published database against somebody who does all the algebra."""

from __future__ import annotations

import duckdb
from attacker import Attacker, true_numbers
from offices import current

MINIMUM = 5


def numbers_of(warehouse) -> object:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql("""
            SELECT wave, measure, domain, domain_value, n_y AS y, n - n_y AS o FROM estimate.total
        """).df()


def test_no_small_count_of_the_demonstration_can_be_worked_out(demonstration):
    folder = current(demonstration[0])
    attacker = Attacker(folder / "published.duckdb")
    numbers = numbers_of(folder / "warehouse.duckdb")
    truth = true_numbers(numbers, set(numbers["domain"]) - {"all"})
    known = attacker.from_counts(set(numbers["measure"]), truth)
    small = [one for one, people in truth.items() if one[2] and 0 < people < MINIMUM]
    assert len(small) > 20
    shown = [one for one in small if known.largest({one: 1.0}) < MINIMUM - 1e-6]
    assert shown == []
    assert attacker.told_elsewhere() == []


def test_the_report_of_what_is_withheld_covers_every_confidential_figure(demonstration):
    folder = current(demonstration[0])
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        missing = connection.sql("""
            SELECT period, measure, domain, domain_value FROM estimate.estimate
            WHERE marker LIKE '%[c]%'
            EXCEPT SELECT period, measure, domain, domain_value FROM ops.disclosure
            WHERE rule IN ('small_count', 'gives_away')
        """).fetchall()
        counted = dict(
            connection.sql("SELECT rule, count(*) FROM ops.disclosure GROUP BY rule").fetchall()
        )
    assert missing == []
    # Protecting a small count costs a few other figures, not many.
    assert 0 < counted["gives_away"] < 4 * counted["small_count"]
