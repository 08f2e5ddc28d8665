"""Every page in headless Chromium against WCAG 2.2 AA, on a phone and a desktop, light and dark.

`make accessibility` runs it. Debian's chromium, node 20 and npm are needed; what scans the pages is
installed by npm into a folder of its own, at the versions of package-lock.json.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from offices import Ended, Office, current
from site_example import write_example
from test_adopting import adopt

from expectations import report_html
from transforms.fieldwork.shown import Bar, Chart
from transforms.validation import CheckResult, Severity, Validation
from warehouse.publication import write_publication
from warehouse.publication.announcing import (
    Announced,
    Announcement,
    Withdrawn,
    releases_page,
    withdrawn_page,
)

SCANNER = Path(__file__).parent / "accessibility"
pytestmark = pytest.mark.slow
WAYS = 4
"""Light and dark, at 390 and 1280 pixels."""


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that scans a folder of pages."""
    programs = {name: shutil.which(name) for name in ("chromium", "node", "npm")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed: no browser to scan the pages in")
    folder = tmp_path_factory.mktemp("scanner")
    for name in ("package.json", "package-lock.json", "scan.mjs"):
        shutil.copy(SCANNER / name, folder)
    install = [str(programs["npm"]), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    installed = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(
            f"npm could not install axe-core and playwright-core: {installed.stderr[-200:]}"
        )
    return [str(programs["node"]), str(folder / "scan.mjs"), str(programs["chromium"])]


def scan(scanner: list[str], folder: Path) -> list[dict[str, object]]:
    ended = subprocess.run([*scanner, str(folder)], capture_output=True, text=True, timeout=3600)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def assert_accessible(results: list[dict[str, object]], pages: int) -> None:
    assert len(results) == WAYS * pages
    for found in results:
        assert found["violations"] == [], found
        assert found["requests"] == [], found
        assert found["overflow"] == 0, found
        assert found["passes"] > 10, found


def test_every_state_of_a_page_can_be_read_by_everybody(scanner: list[str], tmp_path: Path) -> None:
    index = write_publication(write_example(tmp_path / "published.duckdb"), tmp_path / "site")
    assert_accessible(scan(scanner, index.parent), pages=20)


def test_figures_that_were_taken_over_can_be_read_by_everybody(
    scanner: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCEPTIONS_HOME", str(tmp_path / "home"))
    adopt(tmp_path)
    site = tmp_path / "home" / "other_office" / "current" / "site"
    assert_accessible(scan(scanner, site), pages=8)


def test_what_is_said_of_releases_can_be_read_by_everybody(
    scanner: list[str], tmp_path: Path
) -> None:
    moment = datetime(2028, 5, 4, 8, 30, tzinfo=UTC)
    gone = Withdrawn(moment, moment.date(), "Two areas were exchanged.")
    releases = (
        Announced(2, moment, moment.date(), "2028-Q1", 1, "As they should be.", 12, None),
        Announced(1, moment, moment.date(), "2028-Q1", None, None, 0, gone),
    )
    said = Announcement("small", "Small survey", "An office", True, releases)
    (tmp_path / "releases.html").write_text(releases_page(said, ""))
    (tmp_path / "withdrawn.html").write_text(withdrawn_page(said, releases[1], ""))
    assert_accessible(scan(scanner, tmp_path), pages=2)


def test_every_page_of_the_demonstration_can_be_read_by_everybody(
    scanner: list[str], demonstration: tuple[Office, Ended]
) -> None:
    folder = current(demonstration[0]) / "site"
    pages = len(list(folder.rglob("*.html")))
    assert pages > 25
    assert_accessible(scan(scanner, folder), pages)


def test_the_report_of_a_return_can_be_read_by_everybody(
    scanner: list[str], tmp_path: Path
) -> None:
    finding = CheckResult(
        "fieldwork.alike",
        "Interviews that differ",
        Severity.WARNING,
        passed=False,
        failing_rows=40,
        serials=tuple(f"{number}" for number in range(100_001, 100_021)),
        finding="40 interviews are too alike.",
        expected="Interviews that differ.",
        remedy="Ask the supplier for the recordings.",
        paste="checks:\n  nonresponse_of: {a_rather_long_name_of_an_item_that_does_not_wrap: 0.45}",
    )
    refused = replace(finding, rule="serial.unique", severity=Severity.CRITICAL)
    chart = Chart(
        rule="fieldwork.alike",
        title="Interviews that stand in another almost whole",
        told="Each interview beside the one most like it.",
        of="Share of an interview",
        counted="Interviews",
        bars=(Bar("80% to 90%", 900.0, "900"), Bar("90% to 100%", 40.0, "40", beyond=True)),
        heads=("Interview", "Most like", "Share of it there"),
        rows=(("100001", "150001", "97.5%"),),
    )
    checked = Validation("a.sav", "ab" * 32, "2026-Q2", 940, (finding, refused), charts=(chart,))
    (tmp_path / "report.html").write_text(report_html(checked, "Small survey"))
    assert_accessible(scan(scanner, tmp_path), pages=1)


def test_a_page_with_faults_is_found_out(scanner: list[str], tmp_path: Path) -> None:
    faulty = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Faulty</title></head><body>'
        '<p style="color:#aaa;background:#fff">Too faint</p><img src="missing.png">'
        '<div style="width:900px">Too wide</div></body></html>'
    )
    (tmp_path / "faulty.html").write_text(faulty)
    results = scan(scanner, tmp_path)
    assert len(results) == WAYS
    for found in results:
        broken = {violation["id"] for violation in found["violations"]}
        assert broken == {"color-contrast", "html-has-lang", "image-alt"}
        assert len(found["requests"]) == 1
        assert found["overflow"] > 500
