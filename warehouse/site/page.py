"""The page itself: the views in the templates, written as one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transforms import wording
from transforms.waves import Wave
from warehouse.site.read import (
    Change,
    Estimate,
    MarginFacts,
    Published,
    SurveyFacts,
    read_published,
)
from warehouse.site.views import latest_wave, sections

HERE = Path(__file__).parent

COMPARISONS = {
    "previous_wave": "the wave before",
    "same_quarter_year_before": "the same quarter a year before",
}

INTERVAL_METHODS = {
    "korn_graubard": "Korn and Graubard's method: exact binomial limits at the survey's "
    "effective sample size",
    "logit": "a t interval on the logit scale",
}


def write_site(published: Path, target_folder: Path) -> Path:
    """Write `index.html` of the survey in `published` (a published.duckdb) and return its path.

    The same database content gives the same bytes.
    """
    target_folder.mkdir(parents=True, exist_ok=True)
    target = target_folder / "index.html"
    target.write_bytes(render_page(read_published(published)).encode())
    return target


def render_page(published: Published) -> str:
    """Return the survey's page as HTML."""
    templates = _environment(published)
    parts = sections(published)
    latest = latest_wave(published)
    body = templates.get_template("body.html").render(sections=parts, latest=latest)
    return templates.get_template("page.html").render(
        body=Markup(body),
        style=Markup((HERE / "style.css").read_text(encoding="utf-8")),
        marker_meanings=_marker_meanings(body, published.survey),
        margins=[_margin_words(margin, published) for margin in published.margins],
        sources=_sources(published),
        methods=_interval_methods(published),
    )


def _environment(published: Published) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "percent": wording.percent,
        "points": wording.points,
        "base": _base,
        "wave": wording.wave_words,
        "cell": _cell,
        "notes": _notes,
        "interval": _interval,
        "change": _change,
        "comparison": _comparison,
    }
    templates.globals |= {
        "survey": published.survey,
        "status_words": wording.STATUS_WORDS,
        "wave_heading": _wave_heading,
    }
    return templates


def _wave_heading(wave: Wave) -> str:
    """Return a wave's name, with its days where the name does not tell them."""
    name = wording.wave_words(wave.name)
    return name if wave.is_quarter else f"{name} ({wording.period_words(wave)})"


def _cell(value: float | None, estimate: Estimate) -> str:
    """Return a table's cell: the percentage, or the marker that stands in its place."""
    if value is not None:
        return wording.percent(value)
    return wording.withheld_marker(estimate.marker) if estimate.share is None else "[x]"


def _notes(estimate: Estimate) -> str:
    """Return the notes column: each marker with its meaning in a word or two."""
    if estimate.share is not None:
        return "; ".join(f"{marker} {wording.marker_word(marker)}" for marker in estimate.markers)
    marker = wording.withheld_marker(estimate.marker)
    return f"{marker} {wording.marker_word(marker)}: {estimate.suppression_reason}"


def _interval(estimate: Estimate) -> str:
    """Return an estimate's interval in words; empty where it has none."""
    if estimate.lower is None or estimate.upper is None:
        return ""
    return wording.interval_words(estimate.lower, estimate.upper)


def _change(change: Change, survey: SurveyFacts) -> str:
    """Return a change and its interval in words, or the marker of a withheld one."""
    if change.difference is None:
        marker = wording.withheld_marker(change.marker)
        return f"{marker} {wording.marker_word(marker)}"
    words = f"{wording.signed_points(change.difference)} points"
    if change.lower is None or change.upper is None:
        return words
    interval = wording.difference_interval_words(change.lower, change.upper)
    return f"{words} ({survey.interval}: {interval})"


def _base(base: int | None) -> str:
    """Return an unweighted base, or the marker of one that is withheld itself."""
    return "[c]" if base is None else wording.number(base)


def _comparison(comparison: str) -> str:
    return COMPARISONS.get(comparison, comparison.replace("_", " "))


def _marker_meanings(body: str, survey: SurveyFacts) -> Mapping[str, str]:
    """Return the meaning of every marker that stands somewhere on the page."""
    rules = {
        "[c]": survey.minimum_count and f"few: from 1 to {survey.minimum_count - 1}",
        "[u]": survey.minimum_base and f"withheld where the base is below {survey.minimum_base}",
    }
    return {
        marker: f"{meaning} ({rules[marker]})" if rules.get(marker) else meaning
        for marker, meaning in wording.MARKER_MEANINGS.items()
        if marker in body
    }


def _margin_words(margin: MarginFacts, published: Published) -> str:
    """Name a margin by its variables' labels: "Local Policing Area × Age"."""
    labels = {domain.domain: domain.label for domain in published.domains}
    return " × ".join(labels.get(variable, variable) for variable in margin.variables)


def _sources(published: Published) -> tuple[str, ...]:
    """Return every citation once: the survey's own, then the control totals'."""
    control_totals = (
        f"{source} (control totals, {wording.date_words(day)})"
        for margin in published.margins
        for source in margin.sources
        for day in margin.reference_dates
    )
    return tuple(dict.fromkeys([*(published.survey.sources or ()), *control_totals]))


def _interval_methods(published: Published) -> tuple[str, ...]:
    names = sorted({estimate.interval_method for estimate in published.estimates})
    return tuple(INTERVAL_METHODS.get(name, name) for name in names)
