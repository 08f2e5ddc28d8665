"""A small warehouse with answers, missing codes and replicate weights, to be exported."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from asked_warehouse import asked_warehouse

GOLDEN = Path(__file__).parent / "golden"
WAVES = ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
POPULATION = dict(zip(WAVES, [10000.0, 10100.0, 10250.0, 10200.0, 10500.0, 10400.0], strict=True))
REPLICATES = 20


def quarters(**survey: object) -> duckdb.DuckDBPyConnection:
    """Six quarters of ../golden/windows, pooled `equal`, with bootstraps drawn here."""
    people = pd.read_csv(GOLDEN / "windows" / "sample.csv")
    people["trusts"] = people["trusts"].where(people["asked"] == 1)
    people["psu"] = people["point"]
    connection = asked_warehouse(
        people, {"trusts": "proportion"}, ["sex", "area"], POPULATION, **survey
    )
    bootstrap(connection)
    return connection


def bootstrap(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every wave replicates: sampling points counted 0, 1 or 2 times, by a fixed seed."""
    rng = np.random.default_rng(20261126)
    points = connection.execute(
        "SELECT DISTINCT wave, stratum, psu FROM survey.respondent ORDER BY ALL"
    ).fetchall()
    for wave in sorted({wave for wave, _, _ in points}):
        connection.execute(
            "INSERT INTO survey.replication VALUES (?, 'bootstrap', ?, 'redraw', 0, 0, 0, 0, "
            "'seed', ?, ?)",
            [wave, REPLICATES, 1 / (REPLICATES - 1), [1.0] * REPLICATES],
        )
    for point in points:
        drawn = rng.choice([0.5, 1.0, 1.5], REPLICATES).tolist()
        connection.execute("INSERT INTO survey.replicate_draw VALUES (?, ?, ?, ?)", [*point, drawn])


def answers(connection: duckdb.DuckDBPyConnection, codes: list[tuple], given: list) -> None:
    """Declare the item `view` with `codes` (code, label, missing reason); the first answer `given`.

    `given`: of the first respondents of 2026-Q2, a code, or None and a reason.
    """
    connection.execute(
        "INSERT INTO ref.item VALUES ('view', 1, 'View', 'What is\n your view?', 'code')"
    )
    for code, label, reason in codes:
        connection.execute(
            "INSERT INTO ref.code VALUES ('2026-Q2', 'view', ?, 'V1', ?, ?, ?)",
            [code, None if reason else label.lower(), label, reason],
        )
    names = connection.execute(
        "SELECT respondent FROM survey.respondent WHERE wave = '2026-Q2' ORDER BY respondent"
    ).fetchall()
    for (name,), (code, reason) in zip(names, given, strict=False):
        connection.execute(
            "INSERT INTO survey.answer VALUES ('2026-Q2', ?, 'view', ?, ?)", [name, code, reason]
        )
