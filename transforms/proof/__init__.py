"""The simulation study: surveys with a known truth, put through the code that publishes figures."""

from transforms.proof.coverage import Run
from transforms.proof.figures import Collected, SurveyFigures, collected
from transforms.proof.outcomes import Outcomes, headline_outcomes
from transforms.proof.plan import Study, study_of
from transforms.proof.report import Report, report_figures, report_markdown, report_of
from transforms.proof.surveyed import examined

__all__ = [
    "Collected",
    "Outcomes",
    "Report",
    "Run",
    "Study",
    "SurveyFigures",
    "collected",
    "examined",
    "headline_outcomes",
    "report_figures",
    "report_markdown",
    "report_of",
    "study_of",
]
