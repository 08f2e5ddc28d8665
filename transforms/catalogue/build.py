"""From a declaration's files, as read, to one Survey; or every mistake in them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from transforms.catalogue.base import Declared
from transforms.catalogue.kpis import Kpis
from transforms.catalogue.measures import Measures
from transforms.catalogue.mistakes import SourceFile, declaration_error
from transforms.catalogue.questionnaire import Questionnaire
from transforms.catalogue.simulation import Simulation
from transforms.catalogue.survey import Survey, SurveyFile
from transforms.errors import Mistake

REQUIRED_FILES = ("survey.yaml", "questionnaire.yaml", "measures.yaml", "kpis.yaml")


def build_survey(
    name: str, digest: str, sources: Iterable[SourceFile], mistakes: Iterable[Mistake]
) -> Survey:
    """Return the survey; DeclarationError where there are `mistakes` or the files hold any."""
    files = {source.name: source for source in sources}
    found = list(mistakes)
    parts = {
        part: _part(model, files, file, found)
        for part, (model, file) in {
            "about": (SurveyFile, "survey.yaml"),
            "questionnaire": (Questionnaire, "questionnaire.yaml"),
            "measured": (Measures, "measures.yaml"),
            "plan": (Kpis, "kpis.yaml"),
            "simulation": (Simulation, "simulation.yaml"),
        }.items()
    }
    if found:
        raise declaration_error(name, found)
    margins = {
        file.removeprefix("margins/").removesuffix(".csv"): _margin(source)
        for file, source in files.items()
        if file.startswith("margins/")
    }
    return Survey.model_validate({"name": name, "digest": digest, "margins": margins, **parts})


def _margin(source: SourceFile) -> Mapping[str, object]:
    content = source.content
    assert isinstance(content, dict)
    columns: list[str] = content["columns"]
    variables = [c for c in columns if c not in ("population", "source", "reference_date")]
    return {
        "name": source.name.removeprefix("margins/").removesuffix(".csv"),
        "variables": variables,
        "control_totals": [
            {
                "category": [row[columns.index(v)] for v in variables],
                "population": row[columns.index("population")],
                "source": row[columns.index("source")],
                "reference_date": row[columns.index("reference_date")],
            }
            for row in content["rows"]
        ],
    }


def _part(
    model: type[Declared], files: Mapping[str, SourceFile], file: str, found: list[Mistake]
) -> Declared | None:
    source = files.get(file)
    if source is None or not source.readable:
        return None
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            path = tuple(wrong["loc"])
            found.append(
                source.mistake(
                    path, f"{'.'.join(map(str, path))}: {wrong['msg']}.", expected="-", remedy="-"
                )
            )
        return None
