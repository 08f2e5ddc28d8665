"""A published.duckdb of invented figures, for tests of the page."""

from datetime import date
from pathlib import Path

import duckdb

from transforms.waves import quarters, shift_quarter
from transforms.wording import period_name_words

SCHEMA = Path(__file__).parents[2] / "warehouse" / "schema.sql"
QUARTERS = quarters("2026-Q2", "2028-Q1")

SURVEY = {
    "survey": "test_survey",
    "title": "Public perceptions survey",
    "run_by": "a commissioner",
    "fieldwork_by": "an agency",
    "covers": "adults aged 16 and over in the seven boroughs",
    "whole": "West Midlands",
    "simulated": True,
    "illustrative": "The questionnaire and the KPIs are illustrations, not the Commissioner's own.",
    "survey_version": "0123456789abcdef0123456789abcdef",
    "confidence": 0.95,
    "significance_level": 0.05,
    "minimum_count": 5,
    "minimum_base": 50,
    "method_note": "Addresses were drawn, one adult at each.",
    "sources": ["A citation of the survey <2026>"],
}

AREAS = {
    "birmingham": ("Birmingham", "E08000025"),
    "coventry": ("Coventry", "E08000026"),
    "dudley": ("Dudley", "E08000027"),
    "sandwell": ("Sandwell", "E08000028"),
    "solihull": ("Solihull", "E08000029"),
    "walsall": ("Walsall", "E08000030"),
    "wolverhampton": ("Wolverhampton", "E08000031"),
}
DOMAINS = {
    "area": ("Local Policing Area", AREAS),
    "sex": ("Sex", {"female": ("Female", None), "male": ("Male", None)}),
    "age": (
        "Age",
        {
            name: (name.replace("-", " to ").replace("+", " and over"), None)
            for name in ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
        },
    ),
}


def write_database(path, *tables):
    """Write a database of the published schemas; each of `tables` is (name, rows as dicts)."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, rows in tables:
            for row in rows:
                names, places = ", ".join(row), ", ".join("?" for _ in row)
                connection.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values())
                )
        connection.commit()
    return path


def waves(declared=QUARTERS):
    return [
        {"wave": w.name, "wave_order": i, "period_start": w.start, "period_end": w.end}
        for i, w in enumerate(declared)
    ]


def year(last):
    """The name of the rolling year that ends with a quarter."""
    return f"{shift_quarter(last, -3)}/{last}"


def periods(declared=QUARTERS, years=False):
    """Every wave and, where asked for, the rolling year that ends with it."""
    rows = []
    for wave in declared:
        names = [(wave.name, "wave", [wave.name])]
        if years:
            held = [shift_quarter(wave.name, by) for by in range(-3, 1)]
            names.append((year(wave.name), "rolling_year", held))
        for name, kind, held in names:
            rows.append(
                {
                    "period": name,
                    "period_order": len(rows) + 1,
                    "kind": kind,
                    "wave": wave.name,
                    "waves": held,
                    "period_start": wave.start,
                    "period_end": wave.end,
                    "label": period_name_words(name),
                }
            )
    return rows


def domains(declared=DOMAINS):
    whole = {"all": ("All", {"all": (SURVEY["whole"], None)})}
    return [
        {
            "domain": domain,
            "domain_value": value,
            "domain_order": i,
            "value_order": j,
            "domain_label": label,
            "value_label": value_label,
            "area_code": code,
        }
        for i, (domain, (label, values)) in enumerate((whole | declared).items())
        for j, (value, (value_label, code)) in enumerate(values.items())
    ]


def item(measure, order=0, question="How good a job do the police do in your area?"):
    return {
        "item": f"item_{measure}",
        "item_order": order,
        "label": measure,
        "question": question,
        "type": "code",
    }


def measure(name, order=0, by=("area", "sex", "age"), **changes):
    return {
        "measure": name,
        "measure_order": order,
        "label": "Good or excellent job",
        "kind": "proportion",
        "item": f"item_{name}",
        "counts": ["excellent", "good"],
        "scale_lower": 0.0,
        "scale_upper": 1.0,
        "leaves_base": ["refused"],
        "base_label": "adults who answered",
        "domains": list(by),
        "breaks": [],
    } | changes


def kpi(name, order=0, measure=None, **changes):
    return {
        "kpi": name,
        "kpi_order": order,
        "section": "confidence",
        "section_order": 0,
        "section_title": "Building trust and confidence",
        "title": "Local confidence",
        "statement": "An increase in the share who think the police do a good job locally",
        "measure": measure or name,
        "required_direction": "increase",
        "judged": "same_quarter_year_before",
        "judged_by": {},
        "family": "headline",
        "owner": "Assistant Chief Constable",
    } | changes


def estimate(wave, measure, share, half=0.03, base=700, domain=("all", "all"), **changes):
    shown = share is not None
    return {
        "period": wave,
        "measure": measure,
        "domain": domain[0],
        "domain_value": domain[1],
        "estimate": share,
        "standard_error": half / 1.96 if shown else None,
        "ci_lower": max(0.0, share - half) if shown else None,
        "ci_upper": min(1.0, share + half) if shown else None,
        "unweighted_base": base,
        "interval_method": "korn_graubard",
        "marker": None if shown else "[u]",
        "suppression_reason": None if shown else "fewer than 50 people answered",
    } | changes


JUDGED = {"p_value": 0.01, "adjusted_p": 0.02, "family": "headline"}
"""What the schema asks of a test; the page does not read it."""


def finding(kpi_row, wave, share, status, evidence, **changes):
    judged = JUDGED if status != "not yet measurable" else {}
    return {
        "kpi": kpi_row["kpi"],
        "wave": wave,
        "period": wave,
        "domain": "all",
        "domain_value": "all",
        "section": kpi_row["section"],
        "title": kpi_row["title"],
        "statement": kpi_row["statement"],
        "required_direction": kpi_row["required_direction"],
        "status": status,
        "evidence": evidence,
        "measure": kpi_row["measure"],
        "estimate": share,
        "unweighted_base": 700,
        "suppression_reason": None if share is not None else "fewer than 50 people answered",
        "comparison": kpi_row["judged"],
        "simulated": True,
        "illustrative": True,
        **judged,
    } | changes


def change(wave, compared_with, measure, difference, half=0.04, **changes):
    shown = difference is not None
    return {
        "period": wave,
        "compared_with": compared_with,
        "comparison": "previous_wave",
        "measure": measure,
        "domain": "all",
        "domain_value": "all",
        "difference": difference,
        "standard_error": half / 1.96 if shown else None,
        "ci_lower": difference - half if shown else None,
        "ci_upper": difference + half if shown else None,
        "shared_waves": 0,
        "role": "shown",
        "marker": None if shown else "[u]",
        "suppression_reason": None if shown else "fewer than 50 people answered",
    } | changes


def judged(wave, compared_with, measure, difference, verdict, size=7, **changes):
    """A comparison that carries a verdict."""
    tested = {**JUDGED, "family_size": size, "adjustment": "holm", "verdict": verdict}
    role = {"role": "judged"}
    return change(wave, compared_with, measure, difference, **role | tested | changes)


def contrast(wave, measure, value, difference, verdict, **changes):
    """An area compared with the rest of the force."""
    against = {"comparison": "rest_of_force", "role": "contrast", "domain": "area"}
    row = judged(wave, "rest of force", measure, difference, verdict, **against)
    return row | {"domain_value": value} | changes


def margin(name="area_age", variables=("area", "age"), **changes):
    return {
        "margin": name,
        "from_wave": QUARTERS[0].name,
        "category": "birmingham 16-24",
        "variables": list(variables),
        "population": 1000.0,
        "source": "Population estimates & more",
        "reference_date": date(2022, 6, 30),
    } | changes


CONFIDENCE = kpi("confidence")


def one_kpi(
    path,
    estimates,
    findings=(),
    changes=(),
    survey=None,
    declared=QUARTERS,
    years=False,
    planned=None,
    slopes=(),
    **measured,
):
    """Write a survey with one KPI, `confidence`, and the estimates, findings and changes given."""
    return write_database(
        path,
        ("ref.survey", [SURVEY | (survey or {})]),
        ("ref.wave", waves(declared)),
        ("ref.period", periods(declared, years)),
        ("ref.item", [item("confidence")]),
        ("ref.measure", [measure("confidence", **measured)]),
        ("ref.domain", domains()),
        ("ref.margin", [margin()]),
        ("ref.kpi", [CONFIDENCE | (planned or {})]),
        ("estimate.estimate", list(estimates)),
        ("estimate.change", list(changes)),
        ("estimate.trend", list(slopes)),
        ("kpi.kpi", list(findings)),
    )
