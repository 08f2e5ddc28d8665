"""Were the interviews held as they should be? Figures with a chart each, and never a refusal."""

from expectations.fieldwork.checks import fieldwork_checks

__all__ = ["fieldwork_checks"]
