"""Waves are combined as independent samples: none may draw the sampling units of another."""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import Survey
from transforms.errors import DeclarationError
from transforms.wording import number


def require_new_psus(psus: pd.DataFrame, survey: Survey) -> None:
    """Raise DeclarationError where two waves have sampling units of the same names.

    `psus`: rows of survey.psu of all waves; a name is of one unit within a wave, whatever its
    stratum, which may be drawn anew. Units that are kept correlate the waves: the variance
    of a rolling year would come out too small, and that of a change wrong. Where names are used
    again for other units, the survey declares so.
    """
    if survey.about.design.psu_names == "used_again":
        return
    waves = psus.groupby("psu")["wave"].agg(list)
    repeated = waves[waves.map(len) > 1]
    if repeated.empty:
        return
    raise DeclarationError(
        f"{number(len(repeated))} sampling points have the same name in more than one wave, such "
        f"as {repeated.index[0]} in {' and '.join(repeated.iloc[0][:2])}.",
        expected="new sampling points in every wave: waves that keep their points are not "
        "independent of each other, and cannot be compared or pooled here.",
        remedy="ask the supplier. If these are other points whose names are used again, write "
        "'psu_names: used_again' under design in survey.yaml.",
    )
