import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from exported import REPLICATES, answers, quarters

from transforms.errors import StorageError, UsageError
from warehouse.exchange import export_respondents, require_free, waves_to_export
from warehouse.exchange.export import WRITERS
from warehouse.home import home_of
from warehouse.spss import missing_ranges, variable_names
from warehouse.wide import write_wide

CODES = [
    *(("1", "Good", None), ("2", "Bad", None)),
    *(
        ("97", "Don't know", "dont_know"),
        ("98", "Refused", "refused"),
        ("99", "No card", "refused"),
    ),
]
GIVEN = [("1", None), ("2", None), (None, "dont_know"), (None, "refused"), (None, "not_asked")]


@pytest.fixture(scope="module")
def held():
    with quarters() as connection:
        answers(connection, CODES, GIVEN)
        write_wide(connection, "small")
        yield connection


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path / "homes")


def exported(connection, home, target, form, waves=("2026-Q2", "2026-Q3")):
    return export_respondents(home, home.builds / "0007", connection, waves, target, form).folder


@pytest.fixture
def sav(held, home, tmp_path):
    folder = exported(held, home, tmp_path / "sav", "sav")
    return pyreadstat.read_sav(folder / "respondents" / "wave_2026-Q2.sav", user_missing=True)


def test_parquet_holds_the_wide_table_by_wave(held, home, tmp_path):
    folder = exported(held, home, tmp_path / "out", "parquet")
    read = (
        f"read_parquet('{folder}/respondents/*/*.parquet', hive_partitioning = true, "
        "hive_types = {'wave': VARCHAR})"
    )
    columns = ", ".join(held.sql("FROM survey.wide").columns)
    stored = f"SELECT {columns} FROM survey.wide WHERE wave IN ('2026-Q2', '2026-Q3') ORDER BY ALL"
    pd.testing.assert_frame_equal(
        duckdb.sql(f"SELECT {columns} FROM {read} ORDER BY ALL").df(),
        held.sql(stored).df(),
        check_dtype=False,
        check_categorical=False,
    )


@pytest.mark.parametrize("form", ["parquet", "sav"])
def test_replicate_weights_are_those_of_the_view(held, home, tmp_path, form):
    folder = exported(held, home, tmp_path / form, form, ["2026-Q2"]) / "respondents"
    rows = (
        pd.read_parquet(folder / "wave=2026-Q2" / "respondents.parquet")
        if form == "parquet"
        else pyreadstat.read_sav(folder / "wave_2026-Q2.sav")[0]
    )
    view = held.sql("FROM survey.replicate_weight WHERE wave = '2026-Q2'").df()
    names = [f"replicate_{place:02d}" for place in range(1, REPLICATES + 1)]
    expected = view.pivot_table(index="respondent", columns="replicate", values="weight")
    found = rows.set_index("respondent")[names].sort_index()
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy())


def test_an_spss_file_has_labels_levels_and_missing_codes(sav):
    rows, about = sav
    assert about.variable_value_labels["view"] == {
        **{1.0: "Good", 2.0: "Bad", 97.0: "Don't know"},
        98.0: "Refused, or: No card",
    }
    assert about.column_names_to_labels["view"] == "What is your view?"
    assert about.missing_ranges["view"] == [{"lo": 97.0, "hi": 97.0}, {"lo": 98.0, "hi": 98.0}]
    assert rows["view"].head(4).tolist() == [1.0, 2.0, 97.0, 98.0]
    assert rows["view"].iloc[4:].isna().all()
    levels = {name: about.variable_measure[name] for name in ("view", "sex", "y_trusts", "psu")}
    assert levels == {"view": "nominal", "sex": "nominal", "y_trusts": "scale", "psu": "nominal"}
    assert about.file_label == "SIMULATED small 2026-Q2"


def test_an_spss_file_has_the_warehouses_numbers_to_the_last_bit(sav, held):
    rows, _ = sav
    stored = held.sql("FROM survey.wide WHERE wave = '2026-Q2' ORDER BY respondent").df()
    for name in ("design_weight", "calibration_weight", "y_trusts"):
        np.testing.assert_array_equal(rows[name].to_numpy(), stored[name].to_numpy())
    assert rows["sex"].map({1.0: "Female", 2.0: "Male"}).tolist() == stored["sex"].tolist()


def test_codes_that_are_no_numbers_are_numbered(home, tmp_path):
    with quarters() as connection:
        codes = [("Y", "Yes", None), ("N", "No", None), ("DK", "Don't know", "dont_know")]
        answers(connection, codes, [("Y", None), (None, "dont_know")])
        write_wide(connection, "small")
        folder = exported(connection, home, tmp_path / "out", "sav", ["2026-Q2"])
    rows, about = pyreadstat.read_sav(
        folder / "respondents" / "wave_2026-Q2.sav", user_missing=True
    )
    labels = about.variable_value_labels["view"]
    assert [labels[code] for code in rows["view"].head(2)] == ["Yes", "Don't know"]
    told = pd.read_csv(folder / "facts" / "variables.csv")
    assert told.loc[told["name"] == "view", "renumbered"].all()


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_build_gives_the_same_bytes(held, home, tmp_path, form):
    first, second = (exported(held, home, tmp_path / name, form) for name in ("one", "two"))
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(names) == 10
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_files_are_closed_to_other_accounts(held, home, tmp_path):
    folder = exported(held, home, tmp_path / "out", "parquet")
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_what_is_there_is_not_written_over(held, home, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="is there already"):
        exported(held, home, tmp_path / "out", "parquet")


@pytest.mark.parametrize("place", ["public", "public_folders", "releases/0001", "new"])
def test_nothing_is_written_into_the_home(home, place):
    with pytest.raises(UsageError, match="lies in"):
        require_free(home.folder / place, home)


def test_nothing_is_written_into_the_home_by_another_name(home, tmp_path):
    (tmp_path / "link").symlink_to(home.releases)
    with pytest.raises(UsageError, match="lies in"):
        require_free(tmp_path / "link" / "out", home)


def test_an_export_that_fails_leaves_nothing(held, home, tmp_path, monkeypatch):
    def fail(connection, wave, folder):
        (folder / "half").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, "sav", fail)
    (tmp_path / "place").mkdir()
    with pytest.raises(StorageError, match="No space left"):
        exported(held, home, tmp_path / "place" / "out", "sav")
    assert not list((tmp_path / "place").iterdir())


def test_a_wave_that_is_not_held_is_named_with_those_that_are(held):
    with pytest.raises(UsageError, match=r"no respondents of 2026-Q1.*2026-Q2, 2026-Q3"):
        waves_to_export(held, ["2026-Q1"])
    assert waves_to_export(held, ["2026-Q3", "2026-Q2"]) == ("2026-Q2", "2026-Q3")


def test_a_wave_whose_respondents_are_gone_says_so():
    with quarters() as connection:
        connection.execute("DELETE FROM survey.respondent WHERE wave = '2026-Q2'")
        connection.execute("INSERT INTO ops.reduction VALUES ('2026-Q2', '2027-01-01', 5)")
        with pytest.raises(UsageError, match="2026-Q2 are no longer kept"):
            waves_to_export(connection, ["2026-Q2"])
        assert "2026-Q2" not in waves_to_export(connection, [])


def test_only_periods_that_are_exported_whole_have_windows(held, home, tmp_path):
    folder = exported(held, home, tmp_path / "out", "parquet")
    windows = pd.read_csv(folder / "facts" / "windows.csv")
    assert windows["period"].tolist() == ["2026-Q2", "2026-Q3"]


def test_names_that_spss_allows():
    long = "x" * 70
    names = ["area", "Area", "all", "2nd", "a b", "ends_", long, long + "y", "é"]
    found = variable_names(names)
    assert [found[name] for name in names[:6]] == ["area", "Area_2", "all_2", "v2nd", "a_b", "ends"]
    assert found["é"] == "é"
    assert all(len(name.encode()) <= 64 for name in found.values())
    assert len({name.upper() for name in found.values()}) == len(names)


@pytest.mark.parametrize(
    ("missing", "valid", "expected"),
    [
        ([], [1, 2], []),
        ([98, 97], [1], [(97, 97), (98, 98)]),
        ([96, 97, 98, 99], [1, 2], [(96, 99)]),
        ([-1, 96, 97, 98], [1, 2], [(96, 98), (-1, -1)]),
        ([7, 97, 98, 99], [8], [(97, 99), (7, 7)]),
        ([0, 5, 97, 99], [1, 98], None),
    ],
)
def test_missing_codes_as_the_format_takes_them(missing, valid, expected):
    found = missing_ranges(missing, valid)
    assert (found if found is None else [(one["lo"], one["hi"]) for one in found]) == expected
