"""Reading a survey's declaration: its folder's files in, one Survey or every mistake out."""

from warehouse.declaration.survey_folder import SCHEMAS, load_survey, survey_names

__all__ = ["SCHEMAS", "load_survey", "survey_names"]
