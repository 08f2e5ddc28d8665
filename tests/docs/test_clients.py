"""Every question of the documents, asked by the oldest supported DuckDB: `make clients`."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from offices import current
from test_documents import ROOT, blocks

OTHER = ROOT / ".venv-clients" / "bin" / "python"
ASK = Path(__file__).parents[1] / "clients" / "ask.py"
MISSPELT = [
    "FROM estimate.published('live_chat_awar')",
    "FROM estimate.published('live_chat_aware', domain := 'aera')",
]
MISSPELT_RESTRICTED = [
    "FROM survey.estimate('live_chat_awar')",
    "FROM survey.estimate('live_chat_aware', by_columns := ['aera'])",
    "FROM survey.difference('live_chat_aware', 'sex', 'Woman')",
]


def questions(restricted):
    told = [block for block in blocks("sql") if (block.note == "restricted") == restricted]
    queries = [query for block in told for query in block.text.split(";\n") if query.strip()]
    return queries + (MISSPELT_RESTRICTED if restricted else MISSPELT)


def answers(interpreter, database, queries):
    ended = subprocess.run(
        [str(interpreter), str(ASK), str(database)],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    told = json.loads(ended.stdout)
    return told["version"], told["answers"]


def comparable(answer):
    """Rows in an order of their own; figures are compared one by one."""
    return sorted(answer.get("rows", []), key=lambda row: [place(one) for one in row])


def place(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) or one != one != other != other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.slow
@pytest.mark.parametrize("restricted", [False, True], ids=["published", "warehouse"])
def test_the_oldest_supported_duckdb_gives_the_same_answers(demonstration, restricted):
    if not OTHER.exists():
        pytest.skip("the other DuckDB is not installed: make clients")
    name = "warehouse.duckdb" if restricted else "published.duckdb"
    database, queries = current(demonstration[0]) / name, questions(restricted)
    (ours, expected), (theirs, found) = (
        answers(interpreter, database, queries) for interpreter in (sys.executable, OTHER)
    )
    assert ours.split(".")[0] == "2"
    assert theirs.startswith("1.5.")
    assert len(queries) > 15
    for query, one, other in zip(queries, expected, found, strict=True):
        assert one.get("columns") == other.get("columns"), query
        assert one.get("error") == other.get("error"), query
        assert ("There is no" in one.get("error", "")) == (query in MISSPELT + MISSPELT_RESTRICTED)
        assert same(comparable(one), comparable(other)), query
