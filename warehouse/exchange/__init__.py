"""Respondents handed on to R, SPSS and other programs, with weights, design and instructions."""

from warehouse.exchange.export import (
    Exported,
    Format,
    export_respondents,
    require_free,
    waves_to_export,
)

__all__ = ["Exported", "Format", "export_respondents", "require_free", "waves_to_export"]
