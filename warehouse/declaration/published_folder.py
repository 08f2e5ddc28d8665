"""A folder that declares published figures of another office: published.yaml, and nothing else."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from transforms.catalogue.build import name_mistakes
from transforms.catalogue.checks.published import published_mistakes
from transforms.catalogue.mistakes import SourceFile, declaration_error, listing
from transforms.catalogue.published import FILE, PublishedFile, PublishedSurvey
from transforms.catalogue.shape import shape_mistakes
from transforms.errors import Mistake, UsageError
from warehouse.declaration.survey_folder import SHIPPED, read_declared


def published_names() -> tuple[str, ...]:
    """Return the names of the declarations of published figures that come with the program."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}")))


def is_published(name_or_path: str) -> bool:
    """True where a name or a path leads to published.yaml."""
    return (_folder(name_or_path) / FILE).is_file()


def load_published(name_or_path: str) -> PublishedSurvey:
    """Return what a folder declares, given as a path or as a shipped one's name.

    UsageError where there is none; DeclarationError, with every mistake, where it has any.
    """
    folder = _folder(name_or_path)
    if not is_published(name_or_path):
        raise UsageError(
            f"There is no {FILE} in {folder}.",
            expected=f"{listing(published_names())}, or the path of a folder that holds one.",
            remedy="write one of these names, or make a folder with: "
            "perceptions new-survey NAME --published",
        )
    content = _content(folder / FILE)
    source, mistakes = read_declared(FILE, content)
    found = mistakes or shape_mistakes(source, PublishedFile) or _between(source, folder.name)
    if found:
        raise declaration_error(str(folder), found)
    about = PublishedFile.model_validate(source.content)
    return PublishedSurvey(name=folder.name, about=about, digest=sha256(content).hexdigest())


def _folder(name_or_path: str) -> Path:
    shipped = name_or_path in published_names()
    return SHIPPED / name_or_path if shipped else Path(name_or_path).resolve()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be opened ({error.strerror}).", remedy="check its permissions."
        ) from None


def _between(source: SourceFile, folder: str) -> list[Mistake]:
    """Return what is wrong in a file whose keys are as they should be, and in its folder's name."""
    about = PublishedFile.model_validate(source.content)
    return [*published_mistakes(source, about), *name_mistakes(folder, FILE)]
