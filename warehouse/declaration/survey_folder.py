"""A survey's folder: finding it, reading its files, and telling one version from another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import surveys
from transforms.catalogue import Survey
from transforms.catalogue.build import MODELS, REQUIRED_FILES, build_survey
from transforms.catalogue.mistakes import SourceFile, did_you_mean, listing
from transforms.catalogue.published import FILE as PUBLISHED_FILE
from transforms.errors import Mistake, UsageError
from warehouse.declaration.table_source import read_table
from warehouse.declaration.yaml_source import read_yaml

SHIPPED = Path(next(iter(surveys.__path__)))
"""The folder of the surveys that come with the program, wherever it is installed."""

SCHEMAS = SHIPPED / "schema"
"""The folder of the JSON Schemas that editors check a declaration's files with."""

TABLE_FOLDERS = ("margins", "series")
"""The folders of a declaration's CSV files: control totals, and figures of records."""

_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".tsv")

ReadFile = tuple[SourceFile, list[Mistake]]


def survey_names() -> tuple[str, ...]:
    """Return the names of the surveys that come with the program."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/survey.yaml")))


def load_survey(name_or_path: str) -> Survey:
    """Return the survey declared in a folder, given as a path or as a shipped survey's name.

    UsageError where there is no such survey; DeclarationError, with every mistake, where its
    files have any.
    """
    folder = _survey_folder(name_or_path)
    contents, unread = _file_contents(folder)
    read = [read_declared(name, content) for name, content in contents.items()]
    return build_survey(
        folder.name,
        _digest(contents),
        [*(source for source, _ in read), *unread],
        [
            *(mistake for _, mistakes in read for mistake in mistakes),
            *_overlooked(folder),
        ],
        folder=str(folder) if name_or_path in survey_names() else name_or_path,
    )


def _survey_folder(name_or_path: str) -> Path:
    if name_or_path in survey_names():
        return SHIPPED / name_or_path
    folder = Path(name_or_path).resolve()
    if any((folder / file).is_file() for file in REQUIRED_FILES):
        return folder
    _require_returns(name_or_path, folder)
    close = did_you_mean(name_or_path, survey_names())
    raise UsageError(
        f"There is no survey called '{name_or_path}', and no survey's folder at {folder}.",
        expected=f"{listing(survey_names())}, or the path of a folder that holds survey.yaml.",
        remedy=f"write --survey {close}."
        if close
        else "write one of these names, or make a folder with: perceptions new-survey NAME.",
    )


def _require_returns(name_or_path: str, folder: Path) -> None:
    """Raise UsageError where the folder, or a shipped one of this name, has published figures."""
    if any((one / PUBLISHED_FILE).is_file() for one in (folder, SHIPPED / name_or_path)):
        raise UsageError(
            f"{name_or_path} declares figures that another office has published: it has no "
            "returns and no respondents.",
            remedy=f"take its tables over: perceptions adopt TABLE.csv --survey {name_or_path}; "
            "publish, status, sql, builds, restore and backup work as for a survey.",
        )


def _file_contents(folder: Path) -> tuple[dict[str, bytes], list[SourceFile]]:
    """Return the bytes of each declared file by name, and the files that could not be opened."""
    contents: dict[str, bytes] = {}
    unread: list[SourceFile] = []
    for path in _declared_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            contents[name] = path.read_bytes()
        except OSError:
            unread.append(SourceFile(name, readable=False))
    return contents, unread


def _declared_files(folder: Path) -> list[Path]:
    tables = [
        path
        for name in TABLE_FOLDERS
        for path in _visible(folder / name)
        if path.suffix.lower() == ".csv"
    ]
    return sorted([*(path for path in _visible(folder) if path.name in MODELS), *tables])


def _visible(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for what editors and systems hide there."""
    return [path for path in folder.glob("*") if not path.name.startswith((".", "~"))]


def _digest(contents: Mapping[str, bytes]) -> str:
    """Return the sha256 over every file's name, length and bytes, in order of name."""
    total = hashlib.sha256()
    for name, content in sorted(contents.items()):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def read_declared(name: str, content: bytes) -> ReadFile:
    """Return a declaration's file, YAML or a table, as plain data, and what is wrong in it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SourceFile(name, readable=False), [_not_utf8(name, content[: error.start])]
    reader: Callable[[str, str], ReadFile] = read_table if name.endswith(".csv") else read_yaml
    return reader(name, text)


def _not_utf8(name: str, before: bytes) -> Mistake:
    return Mistake(
        name,
        before.count(b"\n") + 1,
        "A character is not written in UTF-8.",
        "a text file saved as UTF-8.",
        "save the file again with the encoding UTF-8 (in Excel: 'CSV UTF-8').",
    )


def _overlooked(folder: Path) -> Iterator[Mistake]:
    """Yield a mistake for each file that looks declared, and that nothing would read."""
    for path in _visible(folder):
        if path.suffix.lower() in (".yaml", ".yml") and path.name not in MODELS:
            yield _unknown_file(path.name, MODELS)
    for name in TABLE_FOLDERS:
        for path in _visible(folder / name):
            if path.suffix.lower() in _SPREADSHEETS:
                yield _unknown_file(f"{name}/{path.name}", [f"{name}/{path.stem}.csv"])


def _unknown_file(name: str, known: Iterable[str]) -> Mistake:
    names = list(known)
    stems = {PurePosixPath(known).stem: known for known in names}
    close = did_you_mean(PurePosixPath(name).stem, stems)
    return Mistake(
        name,
        1,
        "Nothing reads a file of this name.",
        f"{listing(names)}.",
        f"save it as {stems[close]}." if close else "rename it, or move it out of the folder.",
    )
