"""Estimates made by hand, for tests of charts."""

from datetime import date
from xml.etree import ElementTree as ET

from transforms.svg import Words
from transforms.waves import quarters
from warehouse.site.facts import Estimate, PeriodFacts

WORDS = Words("kpi-trend", "A title & more", "What it <shows>")
FOUR = quarters("2026-Q2", "2027-Q1")


def period(wave="2026-Q2", kind="wave", waves=None):
    """A wave, or the rolling year that ends with it."""
    held = waves or [wave]
    name = wave if kind == "wave" else f"{held[0]}/{wave}"
    return PeriodFacts(name, kind, wave, held, date(2026, 4, 1), date(2026, 6, 30), name)


def estimate(share, lower=None, upper=None, of=None, label="West Midlands", marker=None):
    return Estimate(
        period=of or period(),
        measure="m",
        domain="all",
        value="all",
        label=label,
        share=share,
        lower=lower,
        upper=upper,
        base=700,
        interval_method="korn_graubard",
        marker=marker,
        suppression_reason=None if share is not None else "fewer than 50 people answered",
    )


def series(*shares, waves=FOUR, markers=None, half=0.05, kind="wave"):
    """A figure a wave, or a rolling year that ends with it, each ± `half`."""
    return tuple(
        estimate(
            share,
            None if share is None else share - half,
            None if share is None else share + half,
            period(wave.name, kind, None if kind == "wave" else ["2025-Q1", wave.name]),
            marker=(markers or {}).get(wave.name),
        )
        for share, wave in zip(shares, waves, strict=True)
    )


def drawn(chart, name, kind=None):
    found = ET.fromstring(chart).iter(name)
    return [e for e in found if kind is None or kind in e.get("class", "").split()]


def texts(chart, kind):
    return [text.text for text in drawn(chart, "text", kind)]


def stops(chart, kind="line"):
    """How many figures each path joins."""
    return [path.get("d").count("L") + 1 for path in drawn(chart, "path", kind)]
