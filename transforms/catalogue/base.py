"""What every declared thing shares: it never changes, and an unknown word is a mistake."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints

SLUG_PATTERN = r"^[a-z][a-z0-9_]*$"
VALUE_NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_+-]*$"

WEB_ADDRESS_PATTERN = r"^https?://[^\s\"<>]*[^\s\"<>/]$"

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
"""A name used in queries: lower case, digits and underscores."""

ValueName = Annotated[str, StringConstraints(pattern=VALUE_NAME_PATTERN)]
"""The name of a code or of a domain's value: such as `tend_to_agree`, `16-24` or `75+`."""

WebAddress = Annotated[str, StringConstraints(pattern=WEB_ADDRESS_PATTERN)]
"""Where a folder is served, without a slash at its end."""

WHOLE = "all"
"""The domain of the whole population, and its one value."""

CodeValue = int | str
"""An answer as the supplier codes it."""

TrueFalse = StrictBool
"""true or false; never a word that might mean one of them."""


class Declared(BaseModel):
    """Base of every declaration: frozen, strict about unknown words, and every number finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
