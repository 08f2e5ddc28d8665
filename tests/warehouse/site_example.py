"""An invented survey in most of the states a site can show: one KPI a state."""

import site_database as db
from site_records import record_rows

LAST = "2028-Q1"
YEAR, BASELINE = db.year(LAST), db.year("2027-Q1")
NEW_SINCE = "2027-Q4"
BREAK = "2027-Q1"

JUDGED = {"judged": "baseline", "judged_by": {"area": "baseline"}}
KPIS = [
    db.kpi("confidence", 0, **JUDGED),
    db.kpi("new", 1, title="New question", statement="Increase what was asked lately", **JUDGED),
    db.kpi(
        "broken",
        2,
        title="Reworded question",
        statement="Decrease what was asked in other words",
        section="prevention",
        section_order=1,
        section_title="Preventing crime",
        required_direction="decrease",
        **JUDGED,
    ),
    db.kpi(
        "never",
        3,
        title="Not asked yet",
        statement="Increase what nobody was asked",
        section="prevention",
        section_order=1,
        section_title="Preventing crime",
    ),
    db.kpi(
        "aware",
        4,
        title="Live Chat awareness",
        statement="Increase the share of people who have heard of Live Chat",
        section="access",
        section_order=2,
        section_title="An accessible service",
    ),
    db.kpi(
        "score",
        5,
        title="Trust",
        statement="Increase trust in the police",
        section="access",
        section_order=2,
        section_title="An accessible service",
    ),
]
CONFIDENCE, NEW, BROKEN, *_ = KPIS
SCORE = {
    "label": "Trust in the police",
    "kind": "mean",
    "counts": [],
    "scale_upper": 10.0,
    "unit": "points on a scale from 0 to 10",
}
STEPS = {
    "aware": ("Have heard of Live Chat", None),
    "used": ("Have used it", "used_of_aware"),
    "satisfied": ("Were satisfied with it", "satisfied_of_used"),
}
EVIDENCE = (
    "Rose by 3.1 points, from 49.3% in the year to March 2027 to 52.4% in the year to March 2028; "
    "this is a statistically significant increase, as required."
)


def write_example(path):
    """Write the survey's published.duckdb."""
    return db.write_database(
        path,
        ("ref.survey", [db.SURVEY]),
        ("ref.wave", db.waves()),
        ("ref.period", db.periods(years=True)),
        ("ref.item", [db.item(name, order) for order, name in enumerate(measures())]),
        ("ref.measure", list(measures().values())),
        ("ref.chain", list(chain())),
        ("ref.domain", db.domains()),
        ("ref.margin", [db.margin()]),
        ("ref.kpi", KPIS),
        ("estimate.estimate", list(figures())),
        ("estimate.change", list(confidence_changes())),
        ("estimate.trend", [slope()]),
        ("kpi.kpi", list(findings())),
        *record_rows().items(),
    )


def measures():
    """The measures of the KPIs and of the chain, by name."""
    names = [*(kpi["measure"] for kpi in KPIS), *(n for step in chain() for n in shares_of(step))]
    ordered = enumerate(dict.fromkeys(names))
    return {name: db.measure(name, i, **(SCORE if name == "score" else {})) for i, name in ordered}


def chain():
    """Hearing of Live Chat, using it, being satisfied: a chain of questions."""
    for place, (share_of_all, (label, share_of_previous)) in enumerate(STEPS.items(), start=1):
        yield {
            "chain": "live_chat",
            "chain_order": 1,
            "chain_label": "Live Chat",
            "step": place,
            "step_label": label,
            "share_of_all": share_of_all,
            "share_of_previous": share_of_previous,
        }


def shares_of(step):
    return [step[name] for name in ("share_of_all", "share_of_previous") if step[name]]


def figures():
    yield from confidence_figures()
    yield from new_figures()
    yield from broken_figures()
    yield db.estimate(YEAR, "aware", 0.4, 0.01, 11000)
    yield db.estimate(YEAR, "used", 0.08, 0.005, 11000)
    yield db.estimate(YEAR, "used_of_aware", 0.2, 0.01, 4400)
    yield db.estimate(YEAR, "satisfied", None, base=None, marker="[c]")
    yield db.estimate(YEAR, "satisfied_of_used", None, base=31)
    for order, wave in enumerate(quarters_since("2027-Q1")):
        ends = {"ci_lower": 6.0 + 0.1 * order, "ci_upper": 6.4 + 0.1 * order}
        score = 6.2 + 0.1 * order
        yield db.estimate(db.year(wave), "score", score, 0.2, interval_method="t", **ends)


def quarters_since(first):
    names = [wave.name for wave in db.QUARTERS]
    return names[names.index(first) :]


def confidence_figures():
    """Eight quarters (the latest provisional), the years, and every group of the latest year."""
    for order, wave in enumerate(quarters_since("2026-Q2")):
        changes = {"marker": "[p]"} if wave == LAST else {}
        yield db.estimate(wave, "confidence", 0.47 + 0.008 * order, 0.023, 2800, **changes)
    for wave in ("2026-Q2", "2026-Q3", "2026-Q4"):
        yield incomplete(wave, "confidence")
    for order, wave in enumerate(quarters_since("2027-Q1")):
        share = 0.5238 if wave == LAST else 0.493 + 0.006 * order
        yield db.estimate(db.year(wave), "confidence", share, 0.012, 11000)
        for place, area in enumerate(db.AREAS):
            if area == "walsall" and wave == LAST:
                yield db.estimate(
                    YEAR, "confidence", None, base=None, marker="[c]", domain=("area", area)
                )
            else:
                share = 0.44 + 0.02 * place + 0.005 * order
                yield db.estimate(
                    db.year(wave), "confidence", share, 0.03, 1550, domain=("area", area)
                )
    for domain in ("sex", "age"):
        for place, value in enumerate(db.DOMAINS[domain][1]):
            marker = {"marker": "[u]"} if value == "75+" else {}
            yield db.estimate(
                YEAR, "confidence", 0.4 + 0.02 * place, 0.03, 900, (domain, value), **marker
            )


def incomplete(wave, measure):
    return db.estimate(
        db.year(wave),
        measure,
        None,
        base=None,
        marker="[x]",
        suppression_reason="not every quarter of the year has a figure",
    )


def new_figures():
    """Two quarters, so that no year is complete; one area's figure is withheld."""
    for wave in quarters_since(NEW_SINCE):
        yield db.estimate(wave, "new", 0.2, 0.03, 700)
        yield incomplete(wave, "new")
        yield db.estimate(wave, "new", 0.25, 0.08, 100, domain=("area", "birmingham"))
        yield db.estimate(wave, "new", None, base=31, domain=("area", "solihull"))


def broken_figures():
    """Quarters with a break, and the first year that lies after it."""
    for wave in quarters_since("2026-Q2"):
        marker = {"marker": "[b]"} if wave == BREAK else {}
        yield db.estimate(wave, "broken", 0.30, 0.02, 2800, **marker)
    for wave in ("2027-Q1", "2027-Q2", "2027-Q3"):
        yield incomplete(wave, "broken")
    yield db.estimate(db.year("2027-Q4"), "broken", 0.30, 0.01, 11000, marker="[b]")
    yield db.estimate(YEAR, "broken", 0.301, 0.01, 11000)


def confidence_changes():
    """The judged change and others of the force; each area's, and its contrast."""
    judged = {"comparison": "baseline"}
    yield db.judged(YEAR, BASELINE, "confidence", 0.031, "increase", size=3, **judged)
    yield db.change(YEAR, BASELINE, "confidence", 0.031, comparison="previous_year")
    yield db.change(LAST, "2027-Q4", "confidence", -0.004)
    for area in db.AREAS:
        if area != "walsall":
            changed = {"domain": "area", "domain_value": area, **judged}
            verdict = "increase" if area == "dudley" else "no significant change"
            yield db.judged(YEAR, BASELINE, "confidence", 0.02, verdict, size=6, **changed)
    differing = {"birmingham": "lower", "wolverhampton": "higher"}
    for area in db.AREAS:
        found = differing.get(area, "no significant difference")
        sign = -1 if found == "lower" else 1
        yield db.contrast(YEAR, "confidence", area, sign * 0.06, found)


def slope():
    return {
        "measure": "confidence",
        "domain": "all",
        "domain_value": "all",
        "first_wave": "2026-Q2",
        "last_wave": LAST,
        "waves": 8,
        "seasonal": True,
        "slope": 0.008,
        "standard_error": 0.002,
        "df": 100.0,
        "ci_lower": 0.004,
        "ci_upper": 0.012,
        "p_value": 0.001,
    }


def findings():
    """The newest release's findings, and an older one of confidence that no page may show."""
    tested = {"comparison": "baseline", "compared_with": BASELINE, "adjustment": "holm"}
    force = {"family_size": 3, "detectable_change": 0.034, "difference": 0.031, "period": YEAR}
    old = {"period": db.year("2027-Q4")}
    yield db.finding(CONFIDENCE, "2027-Q4", 0.5, "not yet measurable", "An older finding.", **old)
    yield db.finding(CONFIDENCE, LAST, 0.5238, "improving", EVIDENCE, **tested, **force)
    for area in db.AREAS:
        status = "improving" if area == "dudley" else "no significant change"
        shown = {"period": YEAR, "domain": "area", "domain_value": area, "family_size": 6}
        share, changed = 0.5, {"difference": 0.02}
        if area == "walsall":
            share, status, changed = None, "not yet measurable", {"family_size": None}
        evidence = f"The finding on {area}."
        yield db.finding(CONFIDENCE, LAST, share, status, evidence, **tested | shown | changed)
    for kpi, evidence in ((NEW, "There is no figure yet."), (BROKEN, "The series is new.")):
        share = None if kpi is NEW else 0.301
        reason = {"suppression_reason": "not every quarter of the year has a figure"}
        yield db.finding(
            kpi,
            LAST,
            share,
            "not yet measurable",
            evidence,
            period=YEAR,
            measurable_from="2028-Q1",
            **(reason if share is None else {}),
        )
