"""From a declaration's files, as read, to one Survey; or every mistake in them together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from transforms.catalogue.base import SLUG_PATTERN, Declared
from transforms.catalogue.checks import mistakes_between_files
from transforms.catalogue.draft import Draft
from transforms.catalogue.kpis import Kpis
from transforms.catalogue.margin_table import is_margin_file, margin_name, read_margin_table
from transforms.catalogue.margins import Margin
from transforms.catalogue.measures import Measures
from transforms.catalogue.mistakes import SourceFile, declaration_error, in_words
from transforms.catalogue.questionnaire import Questionnaire
from transforms.catalogue.record_table import figures_of
from transforms.catalogue.records import RecordFigure, RecordsFile
from transforms.catalogue.shape import shape_mistakes
from transforms.catalogue.simulation import Simulation
from transforms.catalogue.survey import Survey, SurveyFile
from transforms.errors import Mistake

MODELS: Mapping[str, type[Declared]] = MappingProxyType(
    {
        "survey.yaml": SurveyFile,
        "questionnaire.yaml": Questionnaire,
        "measures.yaml": Measures,
        "kpis.yaml": Kpis,
        "series.yaml": RecordsFile,
        "simulation.yaml": Simulation,
    }
)
"""What each YAML file of a declaration holds."""

OPTIONAL_FILES = frozenset({"series.yaml", "simulation.yaml"})
REQUIRED_FILES = tuple(file for file in MODELS if file not in OPTIONAL_FILES)


def build_survey(
    name: str,
    digest: str,
    sources: Iterable[SourceFile],
    mistakes: Collection[Mistake] = (),
    folder: str | None = None,
) -> Survey:
    """Return the survey that the files declare; `name` is its folder's.

    DeclarationError where the files hold mistakes or some were found in reading them (`mistakes`);
    it names the `folder`, if given.
    """
    files = {source.name: source for source in sources}
    margins, margin_mistakes = _margins(files)
    found = [
        *mistakes,
        *_unread_files(files, {mistake.file for mistake in mistakes}),
        *name_mistakes(name, "survey.yaml"),
        *_missing_files(files),
        *_shape_mistakes(files),
        *margin_mistakes,
        *mistakes_between_files(Draft(files, margins)),
    ]
    if found:
        raise declaration_error(folder or name, found)
    records = _records(files)
    return Survey(
        name=name,
        digest=digest,
        about=SurveyFile.model_validate(files["survey.yaml"].content),
        questionnaire=Questionnaire.model_validate(files["questionnaire.yaml"].content),
        measured=Measures.model_validate(files["measures.yaml"].content),
        margins={name: margin for name, margin in margins.items() if margin is not None},
        plan=Kpis.model_validate(files["kpis.yaml"].content),
        simulation=_simulation(files),
        records=records,
        record_figures=_record_figures(records, files),
    )


def _margins(
    files: Mapping[str, SourceFile],
) -> tuple[dict[str, Margin | None], list[Mistake]]:
    margins: dict[str, Margin | None] = {}
    mistakes: list[Mistake] = []
    for file in sorted(file for file in files if is_margin_file(file)):
        margins[margin_name(file)], found = read_margin_table(files[file])
        mistakes.extend(found)
    return margins, mistakes


def name_mistakes(name: str, file: str) -> Iterator[Mistake]:
    """Yield a mistake, said of `file`, where a folder's name cannot be a survey's."""
    if not re.match(SLUG_PATTERN, name):
        yield Mistake(
            file,
            1,
            f"The folder is called {in_words(name)}; the folder's name is the survey's.",
            "a name of lower-case letters, digits and underscores that begins with a letter.",
            "rename the folder.",
        )


def _missing_files(files: Mapping[str, SourceFile]) -> Iterator[Mistake]:
    for file in REQUIRED_FILES:
        if file not in files:
            yield Mistake(
                file,
                1,
                "There is no such file.",
                f"the files {', '.join(REQUIRED_FILES)} in the survey's folder.",
                "write it, or take the file of a new survey: perceptions new-survey NAME.",
            )


def _unread_files(files: Mapping[str, SourceFile], explained: set[str]) -> Iterator[Mistake]:
    for file, source in files.items():
        if not source.readable and file not in explained:
            yield Mistake(
                file,
                1,
                "The file cannot be opened.",
                "a file that you may read.",
                "check its permissions, and that it is not a folder.",
            )


def _shape_mistakes(files: Mapping[str, SourceFile]) -> Iterator[Mistake]:
    for file, model in MODELS.items():
        if file in files and files[file].readable:
            yield from shape_mistakes(files[file], model)


def _simulation(files: Mapping[str, SourceFile]) -> Simulation | None:
    source = files.get("simulation.yaml")
    return Simulation.model_validate(source.content) if source else None


def _records(files: Mapping[str, SourceFile]) -> RecordsFile:
    source = files.get("series.yaml")
    return RecordsFile.model_validate(source.content if source else {"series": {}})


def _record_figures(
    records: RecordsFile, files: Mapping[str, SourceFile]
) -> dict[str, tuple[RecordFigure, ...]]:
    return {
        name: figures_of(series, files[series.file])
        for name, series in records.series.items()
        if series.file is not None
    }
