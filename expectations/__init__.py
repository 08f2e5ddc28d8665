"""May we believe the input? Rules generated from the declaration, and the report of a check."""

from expectations.report import report_html, report_json
from expectations.validate import validate

__all__ = ["report_html", "report_json", "validate"]
