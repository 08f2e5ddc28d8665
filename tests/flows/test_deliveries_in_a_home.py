"""Returns sent again and a respondent withdrawn, in a home with refused returns and earlier builds.

The worked example: three quarters are taken in, the second one twice and once refused; a respondent
of the second asks to be withdrawn. What is left must be what a home holds that never had the row.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from offices import COMMAND, Ended, Office, current, tables
from plain_runs import plain_runs, run

from flows.computing import stale_waves
from flows.inspecting import survey_status
from flows.outcomes import Arrival, Checked, Fate, Held, RunSummary
from flows.receiving import held_by
from flows.resubmitting import late_by
from flows.shown import run_text
from transforms.simulation import simulate_wave
from transforms.validation import Validation
from warehouse.archive import Received
from warehouse.database import read_connection
from warehouse.declaration import load_survey
from warehouse.erasure import conditions_of
from warehouse.home import Home, home_of

FIRST, SECOND, THIRD = "2026-Q2", "2026-Q3", "2026-Q4"
SERIAL, OLDEST, REMARK = "7391552", "103.0", "wagtail-7391-canary"
CANARIES = (SERIAL.encode(), REMARK.encode())
ROW, ALL = 5, 688
"""The respondent's row; the second quarter's rows."""


@cache
def held_by_build(database: Path) -> dict[str, pd.DataFrame]:
    """Every table of a build, which does not change."""
    return tables(database)


@dataclass(frozen=True)
class Mine:
    """An office with a survey of its own."""

    office: Office

    @property
    def folder(self) -> Path:
        return self.office.root / "mine"

    @property
    def home(self) -> Home:
        return home_of("mine", self.office.root)

    @property
    def warehouse(self) -> Path:
        return current(self.office, "mine") / "warehouse.duckdb"

    def call(self, *arguments: object, status: int = 0) -> Ended:
        ended = self.office.call(*arguments, "--survey", self.folder)
        assert ended.status == status, ended.out + ended.err
        assert "Traceback" not in ended.out + ended.err
        return ended

    def run(self, *files: Path) -> RunSummary:
        return run(self.folder, self.office.root, *files)

    def copied(self, to: Path) -> Mine:
        shutil.copytree(self.office.root, to, symlinks=True)
        return Mine(Office(to))


def rows_of(folder: Path, wave: str) -> pd.DataFrame:
    """What a wave's respondents answered; one of the second's is like nobody else."""
    rows = simulate_wave(load_survey(str(folder)), wave).rows.assign(remark="")
    if wave == SECOND:
        rows.loc[ROW, ["SERIAL", "Q2", "remark"]] = [float(SERIAL), float(OLDEST), REMARK]
    return rows


def sent(rows: pd.DataFrame, folder: Path, wave: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    rows.to_csv(folder / f"mine_{wave}.csv", index=False)
    return folder / f"mine_{wave}.csv"


@pytest.fixture(scope="module", autouse=True)
def _plain() -> Iterator[None]:
    with plain_runs():
        yield


def new_office(root: Path) -> Mine:
    root.mkdir(exist_ok=True)
    office = Office(root)
    assert office.call("new-survey", "mine").status == 0
    return Mine(office)


def first_version(rows: pd.DataFrame) -> pd.DataFrame:
    """The second quarter as it was sent at first: an interview is missing, an answer differs."""
    other = rows["Q3"].where(rows.index != 40, 1.0 + (rows["Q3"] == 1.0))
    return rows.assign(Q3=other).drop(index=41)


def sha256_of(mine: Mine) -> str:
    """The second quarter's return in use."""
    rows = held_by_build(mine.warehouse)["ops.delivery"]
    return str(rows.query("wave == @SECOND and status == 'accepted'")["sha256"].iloc[0])


@pytest.fixture(scope="module")
def before_and_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mine, RunSummary]:
    """The home before, two builds, a superseded return and a refused one; and the second run."""
    root = tmp_path_factory.mktemp("before")
    mine = new_office(root / "office")
    rows = {wave: rows_of(mine.folder, wave) for wave in (FIRST, SECOND, THIRD)}
    first = first_version(rows[SECOND])
    earlier = {FIRST: rows[FIRST], THIRD: rows[THIRD], SECOND: first}
    mine.run(*(sent(earlier[wave], root / "earlier", wave) for wave in earlier))
    unplaced = sent(rows[SECOND].assign(kept="no"), root / "refused", "2031-Q1")
    done = mine.run(sent(rows[SECOND], root, SECOND), unplaced)
    assert [one.fate for one in done.files] == [Fate.ACCEPTED, Fate.REJECTED]
    return mine, done


@pytest.fixture(scope="module")
def before(before_and_run: tuple[Mine, RunSummary]) -> Mine:
    return before_and_run[0]


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> Mine:
    """A home that never had the row."""
    root = tmp_path_factory.mktemp("never")
    mine = new_office(root / "office")
    rows = {wave: rows_of(mine.folder, wave) for wave in (FIRST, SECOND, THIRD)}
    rows[SECOND] = rows[SECOND].drop(index=ROW)
    mine.run(*(sent(rows[w], root / w, w) for w in rows))
    return mine


@pytest.fixture(scope="module")
def after(before: Mine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mine, Ended]:
    mine = before.copied(tmp_path_factory.mktemp("after") / "office")
    return mine, mine.call("withdraw", SERIAL, "--yes")


def test_what_is_left_is_what_a_home_holds_that_never_had_the_row(after, never, before):
    found, wanted, old = (held_by_build(one.warehouse) for one in (after[0], never, before))
    history = {name for name in wanted if name.startswith("ops.") and name != "ops.disclosure"}
    for name in sorted(wanted.keys() - history):
        columns = [one for one in wanted[name].columns if one != "respondent"]
        order = {"by": columns, "ignore_index": True, "key": lambda column: column.astype(str)}
        pd.testing.assert_frame_equal(
            found[name][columns].sort_values(**order),
            wanted[name][columns].sort_values(**order),
            check_exact=True,
            obj=name,
        )
    assert not found["estimate.estimate"].equals(old["estimate.estimate"]), "it made a difference"


def test_only_what_depends_on_the_wave_is_made_again(after, before):
    found, old = held_by_build(after[0].warehouse), held_by_build(before.warehouse)
    runs = found["ops.run"]["waves_computed"].map(list).tolist()
    assert runs[-1] == [SECOND]
    for name in ("survey.respondent", "survey.answer", "estimate.total"):
        kept = [one[name][one[name]["wave"] != SECOND] for one in (found, old)]
        pd.testing.assert_frame_equal(*(one.reset_index(drop=True) for one in kept))
    first = [one["estimate.estimate"].query("period == @FIRST") for one in (found, old)]
    pd.testing.assert_frame_equal(*(one.reset_index(drop=True) for one in first))


def held_in(folder: Path) -> dict[Path, bytes]:
    """Every file's bytes, with what is compressed in kept returns laid open behind them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path: path.read_bytes() + laid_open(path) for path in files if not path.is_symlink()}


def laid_open(path: Path) -> bytes:
    if path.suffix == ".as_read":
        with pa.ipc.open_file(pa.py_buffer(path.read_bytes())) as file:
            return file.read_all().to_pandas().to_csv().encode()
    return b""


def test_no_byte_of_the_home_names_the_respondent_or_tells_the_answers(after, before):
    planted = [
        p for p, text in held_in(before.home.folder).items() if any(c in text for c in CANARIES)
    ]
    places = {path.relative_to(before.home.folder).parts[0] for path in planted}
    assert places == {"archive", "quarantine"}, "they were there to be found"
    left = held_in(after[0].office.root)
    assert not [path for path, text in left.items() if any(c in text for c in CANARIES)]


def test_no_database_holds_the_respondent(after, before):
    people = [held_by_build(mine.warehouse)["survey.respondent"] for mine in (before, after[0])]
    (pseudonym,) = set(people[0]["respondent"]) - set(people[1]["respondent"])
    left = held_in(after[0].home.folder).values()
    assert not any(pseudonym.encode() in text for text in left)
    answers = [held_by_build(mine.warehouse)["survey.answer"] for mine in (before, after[0])]
    assert [OLDEST in set(one["code"]) for one in answers] == [True, False]


def test_no_figure_of_before_is_put_into_the_new_file(before):
    """Before less after is the respondent's answer: a deleted row can lie on in a database file."""
    left_out = conditions_of(before.home, {SECOND}, [SECOND, THIRD])
    assert {"ops.revision", "ops.disclosure"} <= set(left_out)
    periods = held_by_build(before.warehouse)["ref.period"].set_index("period")["wave"]
    with read_connection(before.warehouse) as connection:
        for name, rows in held_by_build(before.warehouse).items():
            if name.startswith(("ref.", "ops.", "record.")) or name == "survey.wide":
                continue
            if name not in left_out:
                assert rows.empty, name
                continue
            kept = connection.sql(f"FROM {name} WHERE NOT ({left_out[name]})").df()
            if "period" in rows and not name.startswith("kpi."):
                assert not set(kept["period"].map(periods)) & {SECOND, THIRD}, name
            elif "wave" in rows:
                assert SECOND not in set(kept["wave"]), name
            else:
                assert kept.empty, name


def test_it_is_recorded_when_and_why_and_not_whom(after):
    mine, ended = after
    held = held_by_build(mine.warehouse)
    (row,) = held["ops.withdrawal"].itertuples()
    assert (row.wave, row.sample, row.respondents) == (SECOND, "main", 1)
    assert row.reason == "asked to be withdrawn"
    deliveries = held["ops.delivery"].query("wave == @SECOND").set_index("status")
    old = held_by_build(mine.warehouse)["ops.wave_version"].set_index("wave")["kept_sha256"]
    assert deliveries.loc["accepted", "kept_sha256"] == old[SECOND]
    assert deliveries["withdrawn"].to_dict() == {"accepted": 1, "superseded": 1}
    assert SERIAL not in ended.out + ended.err
    assert "Removed: 1 refused, with the report." in ended.out
    assert "perceptions restore" in ended.out
    assert "backups" in ended.out


def test_earlier_builds_that_held_the_respondent_are_gone(after):
    builds = [path.name for path in sorted(after[0].home.builds.iterdir())]
    assert builds == ["0003"]


def test_running_again_finds_everything_as_it_is(after):
    mine = after[0]
    survey = load_survey(str(mine.folder))
    assert stale_waves((), held_by(mine.home), mine.home, survey) == ()
    assert "Nothing to do: no return" in mine.call("withdraw", SERIAL, "--yes").out


def test_a_return_refused_since_that_cannot_be_searched_is_removed_when_asked_again(
    after, tmp_path, monkeypatch
):
    mine = after[0].copied(tmp_path / "office")
    folder = mine.home.quarantine / ("a" * 64)
    (folder / "return").mkdir(parents=True)
    (folder / "return" / f"mine_{SECOND}.sav").write_bytes(b"cut short")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    asked = mine.call("withdraw", SERIAL, status=2)
    assert "may hold the respondent and cannot be searched" in asked.out + asked.err
    assert folder.is_dir()
    assert "Removed: 1 refused since" in mine.call("withdraw", SERIAL, "--yes").out
    assert not folder.is_dir()


def test_a_return_sent_again_does_not_bring_the_respondent_back(after, tmp_path):
    """The very bytes, and other bytes with the respondent in them."""
    mine = after[0].copied(tmp_path / "office")
    rows = rows_of(mine.folder, SECOND)
    turned = sent(rows.iloc[::-1], tmp_path / "turned", SECOND)
    files = mine.run(sent(rows, tmp_path, SECOND), turned).files
    done = {one.fate: one for one in files}
    assert sorted(one.fate for one in files) == [Fate.ACCEPTED, Fate.DUPLICATE]
    assert (done[Fate.ACCEPTED].rows, done[Fate.ACCEPTED].withdrawn) == (len(rows) - 1, 1)
    left = held_in(mine.home.folder)
    assert not [path for path, text in left.items() if any(c in text for c in CANARIES)]
    assert OLDEST not in set(held_by_build(mine.warehouse)["survey.answer"]["code"])
    delivery = held_by_build(mine.warehouse)["ops.delivery"].query("status == 'accepted'")
    assert delivery.query("wave == @SECOND")["withdrawn"].tolist() == [1]


def test_nobody_is_withdrawn_who_is_not_there_or_without_a_yes(before, monkeypatch):
    ended = before.call("withdraw", "4711", "--yes", status=2)
    assert "2026-Q2, 2026-Q3" in ended.err
    assert "No return that is kept has this serial number" in ended.err
    assert before.call("withdraw", SERIAL, "--wave", "2031-Q1", status=2)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ended = before.call("withdraw", SERIAL, status=2)
    assert "cannot be undone" in ended.out
    assert "Nothing was changed" in ended.err
    assert not (before.home.folder / "withdrawn.json").exists()


def test_a_return_sent_again_says_what_it_changes(before_and_run):
    """One respondent more than at first, one with another answer to Q3."""
    mine, done = before_and_run
    told = done.files[0].difference
    assert told is not None
    assert (told.rows_before, told.rows_after, told.changed_rows) == (ALL - 1, ALL, 1)
    assert (len(told.added), told.gone, told.changed) == (1, (), {"Q3": 1})
    said = " ".join(run_text(done).split())
    assert "1 added, 0 gone, 1 of the others with another value" in said
    assert f"Added: {told.added[0]}." in said
    assert "by variable: Q3 (1)." in said
    kept = json.loads((mine.home.reports / sha256_of(mine) / "difference.json").read_text())
    assert kept["added"] == list(told.added)
    held = held_by_build(mine.warehouse)
    (row,) = held["ops.resubmission"].itertuples()
    assert (row.rows_added, row.rows_gone, row.rows_changed) == (1, 0, 1)
    variables = held["ops.resubmission_variable"]
    assert variables[["variable", "what", "respondents"]].to_numpy().tolist() == [
        ["Q3", "changed", 1]
    ]


def test_the_wave_after_a_return_sent_again_is_compared_with_what_it_is_now(before_and_run):
    """It was compared with one respondent fewer when it came."""
    mine, done = before_and_run
    held = held_by_build(mine.warehouse)
    in_use = held["ops.delivery"].query("status == 'accepted'").set_index("wave")["sha256"]
    found = held["ops.check"].query("of_wave").set_index("sha256")["finding"]
    assert found[in_use[THIRD]] == f"{THIRD} beside {SECOND} of {ALL}"
    assert in_use[FIRST] not in found.index, "it is the first"
    assert [*done.findings_again] == [THIRD], "and the run says so"
    assert f"{THIRD}: no return of it came" in run_text(done)
    assert done.waves_computed == (SECOND,)


def test_a_withdrawal_has_the_wave_after_it_looked_at_again_too(after):
    held = held_by_build(after[0].warehouse)
    in_use = held["ops.delivery"].query("status == 'accepted'").set_index("wave")["sha256"]
    found = held["ops.check"].query("of_wave").set_index("sha256")["finding"]
    assert found[in_use[THIRD]] == f"{THIRD} beside {SECOND} of {ALL - 1}"


def test_what_was_sent_again_is_removed_from_the_reports(after):
    """Its list of rows added and gone names respondents."""
    assert not (after[0].home.reports / sha256_of(after[0])).exists()


@pytest.mark.slow
def test_the_same_content_in_another_file_changes_nothing_and_says_so(before, tmp_path):
    mine = before.copied(tmp_path / "office")
    rows = rows_of(mine.folder, THIRD)
    before_it = held_by_build(mine.warehouse)
    done = mine.run(sent(rows.iloc[::-1], tmp_path, THIRD))
    assert "with the same content: nothing differs" in run_text(done)
    found = held_by_build(mine.warehouse)
    pd.testing.assert_frame_equal(
        found["estimate.estimate"], before_it["estimate.estimate"], rtol=1e-12
    )


def test_a_return_that_comes_after_it_was_due_says_so(before, tmp_path):
    """2026-Q2 ended on 30 June 2026; two days are given."""
    survey = load_survey(str(before.folder))
    returns = survey.about.returns.model_copy(update={"due_after": 2})
    about = survey.about.model_copy(update={"returns": returns})
    hurried = survey.model_copy(update={"about": about})
    assert hurried.due(hurried.wave(FIRST)) == date(2026, 7, 2)
    validation = Validation("mine.csv", "abc", FIRST, ALL, ())
    arrival = Arrival(Path("mine.csv"), Received("abc", "mine.csv", Path("mine.csv")), False)
    came = [Checked(arrival, validation)]
    assert late_by(came, Held(), hurried, date(2026, 7, 2)) == {}
    assert late_by(came, Held(), hurried, date(2026, 7, 5)) == {"abc": 3}
    assert late_by(came, held_by(before.home), hurried, date(2026, 7, 5)) == {}, "it corrects"
    assert late_by(came, Held(), survey, date(2026, 7, 5)) == {}, "no day is declared"
    states = {
        day: survey_status(hurried, home_of("mine", tmp_path), day).waves[0].state
        for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 3))
    }
    assert [*states.values()] == ["to come", "due by 2026-07-02", "late"]


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(
    ("stopped_at", "finished_by"),
    [
        ("build", ("run",)),
        pytest.param("remove_folders", ("withdraw", SERIAL, "--yes"), marks=pytest.mark.slow),
    ],
)
def test_what_was_interrupted_is_finished_by_the_next_command(
    stopped_at, finished_by, before, after, tmp_path, monkeypatch
):
    """Stopped when the returns were rewritten and before the build; after it, before the rest."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    mine = before.copied(tmp_path / "office")
    monkeypatch.setattr(f"flows.erasing.{stopped_at}", killed)
    with pytest.raises(Killed):
        mine.call("withdraw", SERIAL, "--yes")
    monkeypatch.undo()
    if finished_by == ("run",):
        mine.run()
    else:
        assert "interrupted is finished" in mine.call(*finished_by).out
    left = held_in(mine.home.folder)
    assert not [path for path, text in left.items() if any(c in text for c in CANARIES)]
    found, wanted = held_by_build(mine.warehouse), held_by_build(after[0].warehouse)
    for name in ("survey.answer", "estimate.total", "estimate.estimate", "estimate.change"):
        pd.testing.assert_frame_equal(found[name], wanted[name], check_exact=True)
    assert found["ops.withdrawal"]["respondents"].tolist() == [1]


@pytest.mark.slow
@pytest.mark.parametrize("said", ["written down", "rewritten", "Estimating", "Building"])
def test_a_command_that_is_killed_is_finished_by_the_next(said, before, after, tmp_path):
    """A real process, really killed."""
    mine = before.copied(tmp_path / "office")
    process = subprocess.Popen(
        [str(COMMAND), "withdraw", SERIAL, "--yes", "--survey", str(mine.folder)],
        env=mine.office.environment(),
        cwd=mine.office.root,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    with process:
        for line in process.stderr:
            if said in line:
                os.kill(process.pid, signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    mine.call("withdraw", SERIAL, "--yes")
    left = held_in(mine.home.folder)
    assert not [path for path, text in left.items() if any(c in text for c in CANARIES)]
    pd.testing.assert_frame_equal(
        held_by_build(mine.warehouse)["estimate.estimate"],
        held_by_build(after[0].warehouse)["estimate.estimate"],
    )
