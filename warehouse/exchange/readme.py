"""The page that goes with exported respondents: what the files are, which number equals which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

import pandas as pd
from jinja2 import Environment, StrictUndefined

TEMPLATE = "README.md.j2"


def readme_text(
    facts: Mapping[str, pd.DataFrame], waves: Sequence[str], build: str, form: str
) -> str:
    """Return the page as Markdown. `facts`: as `fact_tables` gives them."""
    environment = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, not HTML
    )
    source = files("warehouse.exchange").joinpath(TEMPLATE).read_text(encoding="utf-8")
    coded = facts["variables"][facts["variables"]["kind"] == "code"]
    return environment.from_string(source).render(
        survey=facts["survey"].iloc[0].to_dict(),
        waves=waves,
        build=build,
        form=form,
        measure=facts["windows"]["measure"].iloc[-1],
        by=coded["name"].iloc[0],
        corrected=bool(facts["survey"]["corrected"].iloc[0]),
        replicated=bool((facts["replicates"]["wave"] == waves[-1]).any()),
    )
