import pytest
from builders import small_survey
from stored_rows import empty_warehouse, estimates, respondents

from transforms.reference import declaration_tables
from warehouse.database import read_connection
from warehouse.published import write_published
from warehouse.store import primary_keys, read_table, replace_all, replace_wave

PSEUDONYM = "5ec2e7f00d5ec2e7f00d5ec2e7f00d42"
PUBLISHED = (
    *("estimate.change", "estimate.distribution", "estimate.estimate", "estimate.trend"),
    *("kpi.kpi", "kpi.release", "kpi.revision"),
    *("quality.accepted", "quality.wave"),
    *("record.break", "record.change", "record.figure", "record.revision", "record.series"),
    *(
        "ref.chain",
        "ref.code",
        "ref.domain",
        "ref.item",
        "ref.kpi",
        "ref.margin",
        "ref.measure",
        "ref.period",
    ),
    *("ref.survey", "ref.wave"),
)


@pytest.fixture
def warehouse():
    """A warehouse with a declaration and two waves, one of them stored twice."""
    connection = empty_warehouse()
    replace_all(connection, declaration_tables(small_survey()))
    for wave in ("2026-Q3", "2026-Q2", "2026-Q3"):
        rows = {
            "survey.respondent": respondents(wave, (PSEUDONYM,)),
            "estimate.estimate": estimates(wave),
        }
        replace_wave(connection, wave, rows)
    return connection


def test_only_what_may_be_published_is(warehouse, tmp_path):
    write_published(warehouse, tmp_path / "published.duckdb")
    with read_connection(tmp_path / "published.duckdb") as published:
        assert tuple(primary_keys(published)) == PUBLISHED
        schemas = published.execute(
            "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal ORDER BY ALL"
        )
        expected = {"estimate", "kpi", "quality", "record", "ref"}
        assert {name for (name,) in schemas.fetchall()} - {"main"} == expected


def test_the_published_rows_are_the_warehouses_in_the_order_of_the_key(warehouse, tmp_path):
    write_published(warehouse, tmp_path / "published.duckdb")
    with read_connection(tmp_path / "published.duckdb") as published:
        for name in PUBLISHED:
            expected = read_table(warehouse, name)
            assert read_table(published, name).equals(expected), name
        periods = published.execute("SELECT period FROM estimate.estimate").fetchall()
        assert [period for (period,) in periods] == ["2026-Q2"] * 2 + ["2026-Q3"] * 2


def test_the_published_tables_keep_comments_and_constraints(warehouse, tmp_path):
    write_published(warehouse, tmp_path / "published.duckdb")
    described = """
        SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE NOT internal AND schema_name || '.' || table_name IN $published ORDER BY ALL
    """
    constrained = """
        SELECT table_name, constraint_text FROM duckdb_constraints()
        WHERE schema_name || '.' || table_name IN $published ORDER BY ALL
    """
    with read_connection(tmp_path / "published.duckdb") as published:
        for query in (described, constrained):
            found = published.execute(query, {"published": list(PUBLISHED)}).fetchall()
            expected = warehouse.execute(query, {"published": list(PUBLISHED)}).fetchall()
            assert found == expected
            assert len(found) > len(PUBLISHED)


def test_no_byte_of_a_respondent_reaches_the_published_file(warehouse, tmp_path):
    write_published(warehouse, tmp_path / "published.duckdb")
    warehouse.execute(f"ATTACH '{tmp_path / 'restricted.duckdb'}' AS restricted")
    warehouse.execute("CREATE TABLE restricted.kept AS FROM survey.respondent")
    warehouse.execute("DETACH restricted")
    assert PSEUDONYM.encode() in (tmp_path / "restricted.duckdb").read_bytes()
    assert PSEUDONYM.encode() not in (tmp_path / "published.duckdb").read_bytes()
