"""An invented survey in most of the states a site can show: one KPI a state."""

import site_database as db

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
]
CONFIDENCE, NEW, BROKEN, _ = KPIS
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
        ("ref.item", [db.item(kpi["measure"], order) for order, kpi in enumerate(KPIS)]),
        ("ref.measure", [db.measure(kpi["measure"], order) for order, kpi in enumerate(KPIS)]),
        ("ref.domain", db.domains()),
        ("ref.margin", [db.margin()]),
        ("ref.kpi", KPIS),
        ("estimate.estimate", [*confidence_figures(), *new_figures(), *broken_figures()]),
        ("estimate.change", list(confidence_changes())),
        ("estimate.trend", [slope()]),
        ("kpi.kpi", list(findings())),
    )


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
