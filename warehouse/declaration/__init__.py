"""Reading a survey's declaration: its folder's files in, one Survey or every mistake out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import surveys
from transforms.catalogue import Survey
from transforms.catalogue.build import REQUIRED_FILES, build_survey
from transforms.catalogue.mistakes import SourceFile, did_you_mean, listing
from transforms.errors import Mistake, UsageError
from warehouse.declaration.margin_source import read_margin
from warehouse.declaration.yaml_source import read_yaml

__all__ = ["load_survey", "survey_names"]

_SHIPPED = Path(next(iter(surveys.__path__)))


def survey_names() -> tuple[str, ...]:
    """Return the names of the surveys that come with the program."""
    return tuple(sorted(path.parent.name for path in _SHIPPED.glob("*/survey.yaml")))


def load_survey(name_or_path: str) -> Survey:
    """Return the survey declared in a folder, given as a path or as a shipped survey's name.

    UsageError where there is no such survey; DeclarationError, with every mistake, where its
    files have any.
    """
    folder = _survey_folder(name_or_path)
    bytes_by_file = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in _declared_files(folder)
    }
    sources, mistakes = _read_sources(bytes_by_file)
    return build_survey(
        folder.name, _digest(bytes_by_file), sources, [*mistakes, *_misnamed(folder, bytes_by_file)]
    )


def _survey_folder(name_or_path: str) -> Path:
    if name_or_path in survey_names():
        return _SHIPPED / name_or_path
    folder = Path(name_or_path).expanduser().resolve()
    if any((folder / file).is_file() for file in REQUIRED_FILES):
        return folder
    raise UsageError(
        f"There is no survey called '{name_or_path}', nor a survey's folder at {folder}.",
        expected=f"{listing(survey_names())}, or the path of a folder that holds survey.yaml.",
        remedy=_naming_remedy(name_or_path),
    )


def _naming_remedy(name_or_path: str) -> str:
    close = did_you_mean(name_or_path, survey_names())
    if close is not None:
        return f"write --survey {close}."
    return "write one of these names, or make a new folder with: perceptions new-survey NAME."


def _declared_files(folder: Path) -> list[Path]:
    margins = [path for path in (folder / "margins").glob("*") if path.suffix.lower() == ".csv"]
    return sorted(path for path in [*folder.glob("*.yaml"), *margins] if path.is_file())


def _digest(bytes_by_file: Mapping[str, bytes]) -> str:
    """Return the sha256 over every file's name, length and bytes, in order of name."""
    total = hashlib.sha256()
    for name, content in sorted(bytes_by_file.items()):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _read_sources(
    bytes_by_file: Mapping[str, bytes],
) -> tuple[list[SourceFile], list[Mistake]]:
    sources: list[SourceFile] = []
    mistakes: list[Mistake] = []
    for name, content in bytes_by_file.items():
        source, found = _read_source(name, content)
        sources.append(source)
        mistakes.extend(found)
    return sources, mistakes


def _read_source(name: str, content: bytes) -> tuple[SourceFile, list[Mistake]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SourceFile(name, readable=False), [
            Mistake(
                name,
                content.count(b"\n", 0, error.start) + 1,
                "A character is not written in UTF-8.",
                "a text file saved as UTF-8.",
                "save the file again with the encoding UTF-8 (in Excel: 'CSV UTF-8').",
            )
        ]
    return (read_yaml if name.endswith(".yaml") else read_margin)(name, text)


def _misnamed(folder: Path, known: Iterable[str]) -> list[Mistake]:
    """Return a mistake for each file that looks declared but that nothing would read."""
    return []
