"""The kinds of fields that published rows are made of: each rounded once, and described."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from transforms.wording import rounded

DECIMALS = 6
"""Of shares, means, errors and probabilities in files: a ten-thousandth of a point."""


class Row(BaseModel):
    """A row of a published file; its fields are the columns, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _to(decimals: int) -> BeforeValidator:
    def rounding(value: Any) -> Any:
        return None if value is None else float(rounded(value, decimals))

    return BeforeValidator(rounding)


Figured = Annotated[float | None, _to(DECIMALS)]
"""A share from 0 to 1, or a mean on its scale; None where it is withheld."""
NotNegative = Annotated[float, Field(ge=0)]
Error = Annotated[NotNegative | None, _to(DECIMALS)]
"""A standard error, on the scale of its figure."""
Probability = Annotated[Annotated[float, Field(ge=0, le=1)] | None, _to(DECIMALS)]
"""A p value."""
Base = Annotated[NotNegative | None, _to(1)]
"""A weighted or an effective base."""
Count = Annotated[int, Field(ge=0)] | None
"""A number of people, of waves or of tests."""
Freedom = Annotated[NotNegative | None, _to(2)]
"""Degrees of freedom."""
Effect = Annotated[NotNegative | None, _to(4)]
"""A design effect."""
TimePeriod = Annotated[str, Field(pattern=r"^(\d{4}-Q[1-4]|\d{4}-\d\d-\d\d/P\d+[YMD])$")]
"""A period as SDMX writes it."""
Kind = Literal["wave", "rolling_year", "baseline"]
Direction = Literal["increase", "decrease"]
Status = Literal["improving", "worsening", "no significant change", "not yet measurable"]
