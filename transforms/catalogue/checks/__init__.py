"""Do the names in a declaration fit together? Each check yields every mistake it finds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from transforms.catalogue.checks.chains import chain_mistakes
from transforms.catalogue.checks.domains import domain_mistakes
from transforms.catalogue.checks.margins import margin_mistakes
from transforms.catalogue.checks.measures import measure_mistakes
from transforms.catalogue.checks.plan import plan_mistakes
from transforms.catalogue.checks.questionnaire import questionnaire_mistakes
from transforms.catalogue.checks.records import series_mistakes
from transforms.catalogue.checks.simulation import simulation_mistakes
from transforms.catalogue.checks.survey import survey_mistakes
from transforms.catalogue.draft import Draft
from transforms.errors import Mistake


def mistakes_between_files(draft: Draft) -> Iterator[Mistake]:
    """Yield every mistake that shows only when the parts are seen together."""
    return chain(
        survey_mistakes(draft),
        questionnaire_mistakes(draft),
        domain_mistakes(draft),
        measure_mistakes(draft),
        chain_mistakes(draft),
        margin_mistakes(draft),
        plan_mistakes(draft),
        series_mistakes(draft),
        simulation_mistakes(draft),
    )
