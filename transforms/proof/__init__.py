"""The simulation study: surveys with a known truth, put through the code that publishes figures."""

from transforms.proof.examined import examined
from transforms.proof.figures import SurveyFigures, collected
from transforms.proof.outcomes import Outcomes, headline_outcomes
from transforms.proof.plan import EVERYWHERE, Study, study_of
from transforms.proof.powered import found_in
from transforms.proof.report import Report, report_figures, report_markdown, report_of
from transforms.proof.runs import Run
from transforms.proof.shifts import SOUGHT_IN, shifted_outcomes

__all__ = [
    "EVERYWHERE",
    "SOUGHT_IN",
    "Outcomes",
    "Report",
    "Run",
    "Study",
    "SurveyFigures",
    "collected",
    "examined",
    "found_in",
    "headline_outcomes",
    "report_figures",
    "report_markdown",
    "report_of",
    "shifted_outcomes",
    "study_of",
]
