"""A folder that declares a survey with returns, or figures that another office has published."""

from __future__ import annotations

from transforms.catalogue import Survey
from transforms.catalogue.published import PublishedSurvey
from warehouse.declaration.published_folder import is_published, load_published
from warehouse.declaration.survey_folder import load_survey


def load_either(name_or_path: str) -> Survey | PublishedSurvey:
    """Return what a folder declares, whichever it is; raises as `load_survey`."""
    return load_published(name_or_path) if is_published(name_or_path) else load_survey(name_or_path)
