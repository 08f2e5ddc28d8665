"""A folder that declares published figures of another office: published.yaml, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    declaration_error,
    listing,
    unknown_name,
)
from transforms.catalogue.published import FILE, PublishedFile, PublishedSurvey, Spelt
from transforms.catalogue.shape import shape_mistakes
from transforms.errors import Mistake, UsageError
from warehouse.declaration.survey_folder import SHIPPED
from warehouse.declaration.yaml_source import read_yaml


def published_names() -> tuple[str, ...]:
    """Return the names of the declarations of published figures that come with the program."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}")))


def load_published(name_or_path: str) -> PublishedSurvey:
    """Return what a folder declares, given as a path or as a shipped one's name.

    UsageError where there is none; DeclarationError, with every mistake, where it has any.
    """
    shipped = name_or_path in published_names()
    folder = SHIPPED / name_or_path if shipped else Path(name_or_path).resolve()
    file = folder / FILE
    if not file.is_file():
        raise UsageError(
            f"There is no {FILE} in {folder}.",
            expected=f"{listing(published_names())}, or the path of a folder that holds one.",
            remedy="write one of these names, or take surveys/mopac_pas as an example.",
        )
    content = file.read_bytes()
    source, mistakes = read_yaml(FILE, content.decode("utf-8", errors="replace"))
    found = mistakes or shape_mistakes(source, PublishedFile) or _between(source)
    if found:
        raise declaration_error(str(folder), found)
    about = PublishedFile.model_validate(source.content)
    return PublishedSurvey(name=folder.name, about=about, digest=sha256(content).hexdigest())


def _between(source: SourceFile) -> list[Mistake]:
    """Return names that are none, and spellings that stand for two things."""
    about = PublishedFile.model_validate(source.content)
    found = []
    for name, kpi in about.kpis.items():
        path = ("kpis", name)
        found += unknown_name(source, (*path, "measure"), "measure", kpi.measure, about.measures)
        found += unknown_name(source, (*path, "section"), "section", kpi.section, about.sections)
    found += _spelt_twice(source, ("areas", "listed"), about.areas.listed)
    return [*found, *_spelt_twice(source, ("measures",), about.measures)]


def _spelt_twice(
    source: SourceFile, path: KeyPath, declared: Mapping[str, Spelt]
) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for name, one in declared.items():
        for text in one.spellings:
            if first.setdefault(text, name) != name:
                yield source.mistake(
                    (*path, name),
                    f"'{text}' is a spelling of '{first[text]}' too.",
                    expected="each spelling once.",
                    remedy="remove it from one of the two.",
                )
