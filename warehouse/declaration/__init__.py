"""Reading a survey's declaration: its folder's files in, one Survey or every mistake out."""

from warehouse.declaration.either_folder import load_either
from warehouse.declaration.published_folder import load_published, published_names
from warehouse.declaration.survey_folder import SCHEMAS, load_survey, survey_names

__all__ = [
    "SCHEMAS",
    "load_either",
    "load_published",
    "load_survey",
    "published_names",
    "survey_names",
]
