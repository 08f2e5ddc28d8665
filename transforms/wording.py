"""Numbers, periods, markers and statuses in words: rounded once, and worded alike everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from types import MappingProxyType

from transforms.waves import QUARTER_NAME, Wave, quarter, shift_quarter

MINUS = "\N{MINUS SIGN}"
MARKER = re.compile(r"\[[a-z]+\]")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

NUMBER_WORDS = (*("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),)

MARKER_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "[b]": "break in series: not comparable with the figures before it",
        "[c]": "confidential: withheld because so few people gave one of the answers that the "
        "figure might say something about them, or because such a figure could be worked out "
        "from it",
        "[u]": "low reliability: too few people or sampling points for a dependable figure; "
        "withheld where no figure is shown",
        "[x]": "not available",
        "[z]": "not applicable",
        "[i]": "no interval: published without standard error, interval or base, so how precise it "
        "is is not known, and no change is judged",
        "[low]": "rounds to zero but is not zero",
        "[p]": "provisional",
        "[r]": "revised since it was first published",
        "[s]": "statistically significant at the 5% level",
        "[ss]": "statistically significant at the 1% level",
        "[sss]": "statistically significant at the 0.1% level",
        "[ns]": "not statistically significant",
    }
)
"""What each shorthand marker means, in the order of publication (GSS symbols in tables)."""

WITHHOLDING = ("[c]", "[u]", "[x]", "[z]")
"""The markers that may stand in a value's place."""


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A KPI's status as a reader sees it: a symbol beside the word, and one plain sentence."""

    word: str
    symbol: str
    meaning: str


STATUS_WORDS: Mapping[str, StatusWords] = MappingProxyType(
    {
        "improving": StatusWords(
            "Improving", "✓", "a statistically significant change in the required direction"
        ),
        "worsening": StatusWords(
            "Worsening", "✗", "a statistically significant change against the required direction"
        ),
        "no significant change": StatusWords(
            "No significant change",
            "=",
            "the difference may be chance; that is not evidence that nothing changed",
        ),
        "not yet measurable": StatusWords(
            "Not yet measurable", "…", "there is no comparison to judge yet"
        ),
    }
)
"""Each status of `kpi.kpi` in words. No symbol is an arrow: it would be read as a change."""


def percent(value: float) -> str:
    """Return a share from 0 to 1 as a percentage with one decimal: 0.5238 is "52.4%"."""
    return f"{rounded(value, 1, times=100)}%"


def level_words(level: float) -> str:
    """Return a level of confidence or significance: 0.95 is "95%", 0.975 "97.5%"."""
    return f"{100 * level:g}%"


def rounded(value: float, decimals: int, times: int = 1) -> Decimal:
    """Return `times` × `value` to so many decimals, halves away from zero; never minus zero."""
    if not isfinite(value):
        raise ValueError(f"{value} cannot be published")
    exact = Decimal(repr(float(value))) * times
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def number(count: float) -> str:
    """Return a count in whole numbers with thousands separated: "12,345"."""
    return f"{Decimal(repr(float(count))).quantize(Decimal(1), ROUND_HALF_UP) + 0:,}"


def wave_words(wave: str) -> str:
    """Return a quarter's name in words: "2026-Q2" is "April to June 2026"; others unchanged."""
    if QUARTER_NAME.match(wave) is None:
        return wave
    first, last = quarter(wave).start, quarter(wave).end
    return f"{_month(first)} to {_month(last)} {last.year}"


def period_name_words(period: str) -> str:
    """Return a period's name in words, to follow "in" or "from".

    "2026-Q2/2027-Q1" is "the year to March 2027", "2026-Q2/2026-Q3" "April to September 2026", a
    single quarter as in `wave_words`; what is no quarter stays as it is.
    """
    first, _, last = period.partition("/")
    if not last:
        return wave_words(period)
    if QUARTER_NAME.match(first) is None or QUARTER_NAME.match(last) is None:
        return f"{first} to {last}"
    start, end = quarter(first).start, quarter(last).end
    if shift_quarter(first, 3) == last:
        return f"the year to {_month(end)} {end.year}"
    since = _month(start) if start.year == end.year else f"{_month(start)} {start.year}"
    return f"{since} to {_month(end)} {end.year}"


def as_heading(label: str) -> str:
    """Return a period's label as a heading: "the year to March 2027" is "Year to March 2027"."""
    name = label.removeprefix("the ")
    return name[:1].upper() + name[1:]


def as_sentence(text: str) -> str:
    """Return what a person has written as a sentence that another may follow: "First."."""
    written = text.strip()
    return written if written.endswith((".", "!", "?")) or not written else f"{written}."


def number_word(count: int) -> str:
    """Return a whole number in words up to nine, as text has it: "seven", "14"."""
    return NUMBER_WORDS[count] if 0 <= count < len(NUMBER_WORDS) else number(count)


def wave_short(wave: str) -> tuple[str, str]:
    """Return a quarter's months and year for an axis: ("Apr–Jun", "2026"); others (name, "")."""
    if QUARTER_NAME.match(wave) is None:
        return wave, ""
    first, last = quarter(wave).start, quarter(wave).end
    return f"{_month(first)[:3]}–{_month(last)[:3]}", str(last.year)


def wave_end(wave: str) -> str:
    """Return a quarter's last month for a small axis: "2027-Q1" is "Mar 2027"; others unchanged."""
    if QUARTER_NAME.match(wave) is None:
        return wave
    last = quarter(wave).end
    return f"{_month(last)[:3]} {last.year}"


def listed(names: Sequence[str]) -> str:
    """Return names as a text has them: "Dudley, Solihull and Walsall"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def date_words(day: date) -> str:
    """Return a date in words: "1 April 2026"."""
    return f"{day.day} {_month(day)} {day.year}"


def period_words(wave: Wave) -> str:
    """Return the days a wave covers: "1 April 2026 to 30 June 2026"."""
    return f"{date_words(wave.start)} to {date_words(wave.end)}"


def markers(marker: str | None) -> tuple[str, ...]:
    """Return the single markers of a marker column: "[p][r]" is ("[p]", "[r]")."""
    return tuple(MARKER.findall(marker or ""))


def marker_word(marker: str) -> str:
    """Return what one marker means in a word or two: "[c]" is "confidential"."""
    return MARKER_MEANINGS[marker].partition(":")[0]


def withheld_marker(marker: str | None) -> str:
    """Return the marker that stands in a withheld value's place; "[x]" where none says why."""
    reasons = [single for single in markers(marker) if single in WITHHOLDING]
    return reasons[0] if reasons else "[x]"


def _month(day: date) -> str:
    """Return the month's English name, whatever the locale of the process."""
    return MONTHS[day.month - 1]


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return rows under a header in aligned columns; `right` are columns set to the right."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
    lines = [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
