"""What commands print: findings, summaries and tables in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from flows.outcomes import Checked, ComputedWave, Fate, FileOutcome, RunSummary
from transforms.catalogue.mistakes import series
from transforms.resubmission import Difference
from transforms.validation import SERIALS_SHOWN, CheckResult, Severity, Validation
from transforms.wording import as_heading, number, table
from warehouse.headlines import Headline

WIDTH = 100


def headline_table(headlines: Sequence[Headline]) -> str:
    """Return the KPIs' latest figures, one a line."""
    rows = [
        [
            one.title,
            as_heading(one.period),
            one.scale.figure(one.estimate) if one.estimate is not None else one.marker or "",
            _interval(one),
            number(one.unweighted_base) if one.unweighted_base is not None else "",
            _change(one),
            one.required_direction,
            one.status,
        ]
        for one in headlines
    ]
    header = ["KPI", "Period", "Latest", "Interval", "Base", "Change", "Required", "Status"]
    return table(header, rows, right=(2, 4))


def _change(one: Headline) -> str:
    if one.difference is None:
        return ""
    return f"{one.scale.signed(one.difference)} on {one.compared_with}"


def _interval(one: Headline) -> str:
    if one.ci_lower is None or one.ci_upper is None:
        return ""
    return f"{one.scale.figure(one.ci_lower)} to {one.scale.figure(one.ci_upper)}"


def validation_text(validation: Validation) -> str:
    """Return the verdict on a return, what to do first, then each finding."""
    critical = validation.failures(Severity.CRITICAL)
    warnings = validation.failures(Severity.WARNING)
    verdict = "ACCEPTED" if validation.accepted else "REFUSED"
    sample = f", {validation.sample}" if validation.sample else ""
    placed = f" ({validation.wave}{sample}, {number(validation.rows)} rows)"
    placed = placed if validation.wave else ""
    lines = [f"{validation.file_name}{placed}: {verdict}"]
    lines += [finding_text(result) for result in (*critical, *warnings)]
    lines += [
        _wrapped(f"Accepted by {result.accepted}: {result.finding}")
        for result in validation.accepted_findings
    ]
    lines += _left_out(validation.withdrawn)
    if validation.compared_with:
        lines.append(f"Compared with {validation.compared_with}, the wave before.")
    if validation.waits_for:
        lines.append(
            _wrapped(
                f"Not checked, since it takes {series(validation.waits_for)} too: whether weights "
                "can be formed, the figures, and how they stand to the wave before."
            )
        )
    passed = sum(result.passed for result in validation.results)
    lines.append(f"{passed} of {len(validation.results)} rules passed.")
    if validation.charts:
        lines.append(
            f"How its interviews were held: {len(validation.charts)} charts in the report "
            "(`--report FILE`)."
        )
    return "\n".join(lines)


def finding_text(result: CheckResult) -> str:
    """Return a finding as an indented paragraph: what was found, expected, and what to do."""
    word = "Problem" if result.severity is Severity.CRITICAL else "Warning"
    parts = [f"{word}: {result.finding}"]
    if result.serials:
        more = result.failing_rows > SERIALS_SHOWN
        first = f"the first {SERIALS_SHOWN} of {number(result.failing_rows)} rows: " if more else ""
        parts.append(f"Serial numbers: {first}{', '.join(result.serials)}.")
    if result.expected:
        parts.append(f"Expected: {result.expected}")
    if result.remedy:
        parts.append(f"What to do: {result.remedy}")
    lines = [_wrapped(part) for part in parts]
    lines.append(_wrapped(f"Rule: {result.rule}"))
    if result.paste:
        lines += ["  Where it is right so, write into the declaration:", _indented(result.paste)]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
    )


def run_text(summary: RunSummary) -> str:
    """Return what became of each file, and where the results lie."""
    lines = [_file_text(file) for file in summary.files]
    lines += [f"{one.name}: left where it is\n{_wrapped(one.reason)}" for one in summary.left]
    if not summary.files and not summary.left:
        lines.append("The inbox holds no returns.")
    lines += [
        f"{wave} is not computed yet: it waits for {series(samples)}."
        for wave, samples in summary.waves_waiting.items()
    ]
    lines += [
        f"{wave} is computed without {series(samples)}, which has not come: it is not whole."
        for wave, samples in summary.waves_partial.items()
    ]
    lines += [
        f"{wave}: {number(count)} respondents without a value of a margin were given one, for "
        "weighting only."
        for wave, count in summary.imputed.items()
    ]
    for wave, findings in summary.findings_again.items():
        lines.append(f"{wave}: no return of it came, and its figures were checked again")
        lines += [finding_text(finding) for finding in findings]
    lines += _withheld_too_late(summary.shown_and_withheld)
    if summary.build is None:
        lines.append("Nothing was built: no return has been accepted yet.")
    return "\n".join(lines)


def _withheld_too_late(figures: Sequence[str]) -> list[str]:
    if not figures:
        return []
    counted = "1 figure is" if len(figures) == 1 else f"{number(len(figures))} figures are"
    return [
        f"WARNING: {counted} confidential by now that an earlier build published. Withholding them "
        "does not take them back: whoever kept that build still has them.",
        *(_wrapped(figure) for figure in figures),
        _wrapped("What to do: tell whoever has that build to delete it. (ops.shown_and_withheld)"),
    ]


def _file_text(file: FileOutcome) -> str:
    placed = ", ".join(word for word in (file.wave, file.sample) if word)
    line = f"{file.file_name} ({placed})" if placed else file.file_name
    line = f"{line}: {file.fate.value}"
    if file.report and (file.fate is Fate.REJECTED or file.findings):
        line += f"; report: {file.report}"
    findings = (finding_text(finding) for finding in file.findings)
    changes = difference_lines(file.difference) if file.difference else []
    late = [_wrapped(f"It came {_days(file.late_by)} after it was due.")] if file.late_by else []
    return "\n".join([line, *late, *_left_out(file.withdrawn), *changes, *findings])


def _days(count: int) -> str:
    return f"{number(count)} day{'' if count == 1 else 's'}"


def difference_lines(told: Difference) -> list[str]:
    """Return what a return changes against the one that it supersedes; no answers."""
    if told.nothing:
        return [_wrapped("It supersedes a return with the same content: nothing differs.")]
    lines = [
        f"It supersedes a return of {number(told.rows_before)} respondents: "
        f"{number(len(told.added))} added, {number(len(told.gone))} gone, "
        f"{number(told.changed_rows)} of the others with another value."
    ]
    lines += [f"Added: {_shortened(told.added)}."] if told.added else []
    lines += [f"Gone: {_shortened(told.gone)}."] if told.gone else []
    if told.changed:
        counts = [f"{name} ({number(count)})" for name, count in told.changed.items()]
        lines.append(f"Respondents with another value, by variable: {', '.join(counts)}.")
    lines += [f"New variables: {', '.join(told.new)}."] if told.new else []
    lines += [f"Variables gone: {', '.join(told.dropped)}."] if told.dropped else []
    return [_wrapped(line) for line in lines]


def _shortened(serials: Sequence[str], most: int = 20) -> str:
    """Return the first serial numbers, and how many more there are."""
    more = len(serials) - most
    shown = ", ".join(serials[:most])
    return f"{shown} and {number(more)} more" if more > 0 else shown


def _left_out(withdrawn: int) -> list[str]:
    """Return that respondents who were withdrawn are left out; nothing where there is none."""
    if not withdrawn:
        return []
    who = (
        "1 respondent who was withdrawn is"
        if withdrawn == 1
        else (f"{number(withdrawn)} respondents who were withdrawn are")
    )
    return [_wrapped(f"{who} left out, and not kept with the return.")]


def describe_arrivals(new: int, seen_before: int, left: int) -> str:
    """Return one line of progress about what came in."""
    noted = f", {left} left where they are" if left else ""
    return f"{new} new, {seen_before} seen before{noted}"


def describe_check(one: Checked) -> str:
    """Return one line of progress about a checked return."""
    validation = one.validation
    verdict = "accepted" if validation.accepted else "refused"
    sample = f", {validation.sample}" if validation.sample else ""
    wave = f"  {validation.wave}{sample}, {number(validation.rows)} rows"
    wave = wave if validation.wave else ""
    warnings = len(validation.failures(Severity.WARNING))
    noted = f", {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
    return f"{validation.file_name}{wave}: {verdict}{noted}"


def describe_wave(computed: ComputedWave) -> str:
    """Return one line of progress about a computed wave."""
    if computed.refusal is not None:
        return f"{computed.work.wave}: refused"
    weighting = computed.tables["survey.calibration"].iloc[0]
    imputed = int(weighting["imputed"])
    return (
        f"{computed.work.wave}: {number(weighting['respondents'])} respondents, effective base "
        f"{number(weighting['effective_base'])}, design effect of weighting "
        f"{weighting['deff_kish']:.2f}" + (f", {number(imputed)} imputed" if imputed else "")
    )
