"""Respondents handed on to other programs: a folder of files that is there whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import duckdb
import pyreadstat

from transforms.errors import StorageError, UsageError
from warehouse.disk import PRIVATE_FILE, PRIVATE_FOLDER, place_named, sync_folder, sync_tree
from warehouse.exchange.facts import fact_tables
from warehouse.exchange.files import write_parquet, write_sav
from warehouse.exchange.readme import readme_text
from warehouse.exchange.rows import held_waves, reduced_waves
from warehouse.home import Home

Format = Literal["parquet", "sav"]
WRITERS: dict[Format, Callable[[duckdb.DuckDBPyConnection, str, Path], Path]] = {
    "parquet": write_parquet,
    "sav": write_sav,
}
RESPONDENTS, FACTS, README, SCRIPT = "respondents", "facts", "README.md", "analysis.R"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported, and where; `left_out`: waves whose respondents are no longer kept."""

    folder: Path
    waves: tuple[str, ...]
    left_out: tuple[str, ...]


def waves_to_export(connection: duckdb.DuckDBPyConnection, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the waves asked for, or all, in order of time; UsageError where one is not held."""
    held = held_waves(connection)
    unknown = sorted(set(asked) - set(held))
    if unknown or not held:
        gone = sorted(set(unknown) & set(reduced_waves(connection)))
        raise UsageError(
            f"The respondents of {gone[0]} are no longer kept."
            if gone
            else f"There are no respondents of {', '.join(unknown) or 'any wave'}.",
            expected=f"one of {', '.join(held) or 'none: no wave has been computed yet'}.",
            remedy="correct --wave, or leave it out for all of them.",
        )
    return tuple(wave for wave in held if not asked or wave in asked)


def export_respondents(
    home: Home,
    build: Path,
    connection: duckdb.DuckDBPyConnection,
    waves: Sequence[str],
    target: Path,
    form: Format,
) -> Exported:
    """Write the respondents of `waves` with all that goes with them into the new folder `target`.

    For this account alone. UsageError where it is there already, lies in the home, or cannot be
    made; StorageError where the disk is full. Killed at any moment it leaves no folder of that
    name, but a hidden one beside, which the next export of the name removes. The same build and
    program give the same bytes.
    """
    target = target.absolute()
    require_free(target, home)
    partial = target.with_name(f".{target.name}.perceptions-partial")
    with place_named(target):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=PRIVATE_FOLDER)
    try:
        with place_named(target):
            _write(connection, waves, build, partial, form)
            _close(partial)
            sync_tree(partial)
            require_free(target, home)
            partial.rename(target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Exported(target, tuple(waves), tuple(reduced_waves(connection)))


def require_free(target: Path, home: Home) -> None:
    """Raise UsageError where `target` is there, or lies where others are shown what lies there."""
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"{target} is there already: an export never writes over what is there.",
            remedy="name a folder that does not exist yet.",
        )
    if (target.parent.resolve() / target.name).is_relative_to(home.folder.resolve()):
        raise UsageError(
            f"{target} lies in {home.folder}, parts of which are public, and which is backed up.",
            remedy="name a folder elsewhere, on an encrypted disk.",
        )


def _write(
    connection: duckdb.DuckDBPyConnection,
    waves: Sequence[str],
    build: Path,
    folder: Path,
    form: Format,
) -> None:
    facts = fact_tables(connection, waves)
    (folder / FACTS).mkdir()
    for name, table in facts.items():
        text = table.to_csv(index=False, lineterminator="\n")
        (folder / FACTS / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / RESPONDENTS).mkdir()
    for wave in waves:
        _write_wave(connection, wave, folder / RESPONDENTS, form)
    script = files("warehouse.exchange").joinpath(SCRIPT).read_text(encoding="utf-8")
    (folder / SCRIPT).write_text(script, encoding="utf-8")
    (folder / README).write_text(readme_text(facts, waves, build.name, form), encoding="utf-8")


def _write_wave(
    connection: duckdb.DuckDBPyConnection, wave: str, folder: Path, form: Format
) -> None:
    try:
        WRITERS[form](connection, wave, folder)
    except pyreadstat.ReadstatError as error:
        failed = str(error)
    else:
        return
    raise StorageError(
        f"The SPSS file of {wave} could not be written. pyreadstat says: {failed}.",
        remedy="see that the disk has space, or export with --format parquet.",
    )


def _close(folder: Path) -> None:
    """Let this account alone into every folder and file."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
