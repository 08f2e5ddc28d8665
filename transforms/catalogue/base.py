"""What every declared thing shares: it never changes, and an unknown word is a mistake."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name used in queries: lower case, digits and underscores."""

ValueName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]*$")]
"""The name of a code or of a domain's value: such as `tend_to_agree`, `16-24` or `75+`."""

CodeValue = int | str
"""An answer as the supplier codes it."""


class Declared(BaseModel):
    """Base of every declaration: frozen, and strict about unknown words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
