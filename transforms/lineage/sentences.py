"""A figure's lineage in plain sentences, its sums spelled out so that they can be done again."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from transforms.lineage.figures import Figure, Lineage, Source, Weighting
from transforms.wording import number, period_name_words, table

RULES = {
    "small_count": "too few people gave one of the answers",
    "gives_away": "with what else is published it would give a small count away",
    "base": "too few people answered",
}
CHANGE = """\
Difference = {estimate:.12g} − {earlier:.12g} = {difference:.12g}
Each wave adds v = α²·V(Y) − 2αβ·C + β²·V(X), where α = a/X − a'/X' and β = a·r/X − a'·r'/X'
(a', X', r' are those of the earlier period; a is 0 in a wave that a period lacks)."""


def lineage_text(told: Lineage) -> str:
    """Return the whole story, from the published figure to the files."""
    parts = [_headline(told), _figure_text(told.figure, told.kind)]
    if told.judged is not None:
        parts.append("\n".join(_judged(told)))
    parts += ["\n".join(_weighting(one) for one in told.weightings)]
    parts += ["\n".join(_sources(told)), "\n".join(_findings(told))]
    return "\n\n".join(part for part in parts if part)


def _headline(told: Lineage) -> str:
    one, words = told.figure, period_name_words(told.figure.period)
    lines = [f"{told.label}: {told.group}, {words} ({one.period}). Build {told.build}."]
    if one.estimate is None:
        rule = RULES.get(one.withheld_by or "")
        lines.append(f"Not published: {one.suppression_reason} {one.marker or ''}".rstrip() + ".")
        return "\n".join([*lines, f"The rule: {rule}."] if rule else lines)
    counted = f" An answer counts that is one of: {', '.join(told.counts)}." if told.counts else ""
    return "\n".join([*lines, f"Published: {one.estimate:.6f}.{counted}"])


def _figure_text(one: Figure, kind: str) -> str:
    """Return the sums of a figure by wave, the figure, and its standard error."""
    if not one.parts:
        return ""
    y, x = (sum(p.factor * getattr(p, name) for p in one.parts) for name in ("y", "x"))
    counted = "weighted sum of scores" if kind == "mean" else "weighted number whose answer counts"
    return "\n".join(
        [
            f"{one.period} is made of {number(len(one.parts))} wave"
            f"{'s' if len(one.parts) > 1 else ''}. Y: {counted}; X: weighted number in the base.",
            _sums(one),
            f"Sum of a·Y = {y:.6f}; sum of a·X = {x:.6f}; Y/X = {y / x:.12f}",
            *_error(one, x),
            f"Respondents: {' + '.join(number(p.n) for p in one.parts)}"
            f" = {number(sum(p.n for p in one.parts))}; effective base "
            f"{number(one.effective_base or 0)}",
        ]
    )


def _sums(one: Figure) -> str:
    rows = [
        [p.wave, f"{p.factor:.15g}", f"{p.y:.6f}", f"{p.x:.6f}"]
        + [f"{value:.12g}" for value in (p.var_y, p.cov_yx, p.var_x)]
        + ["" if p.n_y is None else number(p.n_y)]
        for p in one.parts
    ]
    header = ["Wave", "Factor a", "Y", "X", "V(Y)", "C", "V(X)", "Counts"]
    return table(header, rows, right=tuple(range(1, len(header))))


def _error(one: Figure, x: float) -> Iterator[str]:
    r = one.estimate or 0.0
    v_y, c, v_x = (
        sum(p.factor**2 * getattr(p, name) for p in one.parts)
        for name in ("var_y", "cov_yx", "var_x")
    )
    if r in (0.0, 1.0) and one.standard_error == 0:
        yield "All answer alike: the standard error is 0."
        return
    yield (
        f"Sum of a²·V(Y) = {v_y:.12g}; of a²·C = {c:.12g}; of a²·V(X) = {v_x:.12g}; with r = Y/X "
        "the variance is (V(Y) − 2r·C + r²·V(X)) / X²"
    )
    yield f"Standard error = {sqrt(max(v_y - 2 * r * c + r * r * v_x, 0.0)) / x:.12f}"
    if one.ci_lower is not None and one.ci_upper is not None:
        yield (
            f"Interval: {one.ci_lower:.6f} to {one.ci_upper:.6f} ({one.interval_method}, "
            f"{one.df:.6g} degrees of freedom)"
        )


def _judged(told: Lineage) -> Iterator[str]:
    one = told.judged
    assert one is not None
    yield f"Status: {one.status} (required: {one.required_direction}). {one.evidence}"
    if one.difference is None or told.figure.estimate is None:
        return
    if told.before is not None and told.before.estimate is not None:
        yield f"It is compared with {told.before.period}, the {one.comparison.replace('_', ' ')}."
        yield _figure_text(told.before, told.kind)
        yield CHANGE.format(
            estimate=told.figure.estimate,
            earlier=told.before.estimate,
            difference=one.difference,
        )
        yield _change_sum(told.figure, told.before)
    else:
        yield f"It is compared with {one.compared_with}: the difference is {one.difference:.12g}."
    if one.p_value is None:
        return
    yield (
        f"Its standard error is {one.difference_standard_error:.12g}, with "
        f"{one.difference_df:.12g} degrees of freedom; p = {one.p_value:.6g}."
    )
    yield (
        f"Adjusted for the {one.family_size} tests of the family {one.family} ({one.adjustment}): "
        f"p = {one.adjusted_p:.6g}."
    )


def _change_sum(now: Figure, before: Figure) -> str:
    """Return each wave's part of the variance of a change, and the root of their sum."""
    sides = [({p.wave: p for p in one.parts}, one) for one in (now, before)]
    lines, whole = [], 0.0
    for wave in dict.fromkeys([*sides[1][0], *sides[0][0]]):
        (a, b), part = [0.0, 0.0], None
        for sign, (parts, one) in zip((1, -1), sides, strict=True):
            if wave in parts:
                part = parts[wave]
                share = sign * part.factor / sum(p.factor * p.x for p in one.parts)
                a, b = a + share, b + share * (one.estimate or 0.0)
        assert part is not None
        v = a * a * part.var_y - 2 * a * b * part.cov_yx + b * b * part.var_x
        whole += v
        lines.append([wave, f"{a:.12g}", f"{b:.12g}", f"{v:.12g}"])
    text = table(["Wave", "α", "β", "v"], lines, right=(1, 2, 3))
    return f"{text}\nRoot of the sum of v = {sqrt(max(whole, 0.0)):.12g}"


def _weighting(one: Weighting) -> str:
    return (
        f"Weights of {one.wave}: {one.method}, {one.iterations} rounds, margins met to "
        f"{one.largest_relative_gap:.1e}; {number(one.respondents)} respondents, effective base "
        f"{number(one.effective_base)} (design effect of weighting {one.deff_kish:.2f}); weights "
        f"from {one.smallest_weight:.2f} to {one.largest_weight:.2f} of their mean."
    )


def _sources(told: Lineage) -> Iterator[str]:
    for one in told.sources:
        yield _source(one)
    yield from (f"Superseded: {text}" for text in told.superseded)


def _source(one: Source) -> str:
    came = f", received {one.received_at:%Y-%m-%d %H:%M %Z}" if one.received_at else ""
    rows = f", {number(one.row_count)} rows" if one.row_count is not None else ""
    return (
        f"{one.wave} ({one.sample}) is from {one.file_name}, sha256 {one.sha256}{came}{rows}: "
        f"{one.passed} of {one.rules} rules hold. Computed by declaration "
        f"{one.survey_version[:12]} and code {one.code_version}."
    )


def _findings(told: Lineage) -> Iterator[str]:
    for one in told.findings:
        accepted = f"accepted by {one.accepted}" if one.accepted else "accepted by nobody"
        yield f"Found in {one.wave} ({one.file_name}), {accepted}: {one.rule}: {one.finding}"
    if not told.findings and told.sources:
        yield "No rule that was broken had to be accepted."
