"""A new survey's folder: a small declaration that works, whose comments explain every key."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from transforms.catalogue.base import SLUG_PATTERN
from transforms.catalogue.mistakes import in_words
from transforms.errors import UsageError
from warehouse.declaration import SCHEMAS, published_names, survey_names

_SKELETON = Path(__file__).parent / "skeleton"
_PUBLISHED = Path(__file__).parent / "skeleton_published"
_SCHEMAS_OF_SKELETON = "../../surveys/schema/"


def write_skeleton(name: str, folder: Path, *, published: bool = False) -> Path:
    """Write the folder of a new survey called `name` into `folder`; return its path.

    `published`: of one of which only figures are at hand that another office has published.
    UsageError where the name cannot be a survey's, is taken, or nothing can be written there.
    """
    _require_free_name(name)
    target = folder / name
    if target.exists():
        raise UsageError(
            f"{target} exists already.",
            expected="a name that is not taken.",
            remedy="choose another name, or move the old folder away; nothing was changed.",
        )
    unfinished = folder / f".{name}.unfinished"
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        _write_files(_PUBLISHED if published else _SKELETON, unfinished, target)
        unfinished.rename(target)
    except OSError as error:
        raise UsageError(
            f"The folder {target} cannot be written ({error.strerror}).",
            expected="a place where you may write.",
            remedy="choose another folder.",
        ) from None
    return target


def _require_free_name(name: str) -> None:
    if not re.fullmatch(SLUG_PATTERN, name):
        proposal = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        fits = re.fullmatch(SLUG_PATTERN, proposal) is not None
        raise UsageError(
            f"{in_words(name)} cannot be the name of a survey.",
            expected="lower-case letters, digits and underscores, a letter first.",
            remedy=f"write {proposal}." if fits else "choose such a name.",
        )
    if name in (*survey_names(), *published_names()):
        raise UsageError(
            f"A survey called {name} comes with the program: --survey {name} would mean that one.",
            expected="a name that is not taken.",
            remedy="choose another name.",
        )


def _write_files(skeleton: Path, folder: Path, target: Path) -> None:
    """Write every file of the skeleton; editors find the schemas from where the folder will lie."""
    schemas = Path(os.path.relpath(SCHEMAS, target.resolve())).as_posix() + "/"
    for path in sorted(skeleton.rglob("*")):
        if path.suffix not in (".yaml", ".csv"):
            continue
        copy = folder / path.relative_to(skeleton)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        copy.write_text(text.replace(_SCHEMAS_OF_SKELETON, schemas), encoding="utf-8")
