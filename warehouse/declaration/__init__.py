"""Reading a survey's declaration: its folder's files in, one Survey or every mistake out."""

from warehouse.declaration.survey_folder import load_survey, survey_names

__all__ = ["load_survey", "survey_names"]
