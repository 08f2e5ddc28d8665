"""What survey.yaml says of how interviews are held: understood, or reported with a remedy."""

from pathlib import Path

import pytest
from declared_folder import write_survey
from test_declaration_mistakes import Broken, line_of, mistakes_of

from warehouse.declaration import load_survey

BEFORE = "comparisons: [previous_wave, same_quarter_year_before]"
ITEMS = "  stratum: {label: Stratum, type: identifier}\n"
MORE = (
    "  who: {label: Interviewer, type: identifier}\n"
    "  began: {label: Beginning, type: date}\n"
    "  took: {label: Minutes, type: number}\n"
    "  trust: {label: Trust, type: number, minimum: 0, maximum: 10}\n"
    "  liking: {label: Liking, type: number, minimum: 0, maximum: 10}\n"
    "  esteem: {label: Esteem, type: number, minimum: 0, maximum: 10}\n"
)
WITH_ITEMS = ("questionnaire.yaml", ITEMS, ITEMS + MORE)


def broken(interviews: str, found: str, remedy: str, line: str | None = None) -> Broken:
    new = f"{BEFORE}\ninterviews:\n{interviews}"
    return Broken(
        "survey.yaml", BEFORE, new, found, remedy, line or interviews, None, (WITH_ITEMS,)
    )


TABLE = [
    broken("  interviewer: whom", "There is no item called 'whom'.", "did you mean 'who'?"),
    broken("  start: took", "The item 'took' is of type number.", "name another item"),
    broken("  minutes: began", "The item 'began' is of type date.", "name another item"),
    broken(
        "  end: began",
        "The interview's end is declared, but not its start.",
        "add 'start', or name the item for its length under 'minutes'.",
    ),
    broken("  alike: 90", "'alike' is the number 90.", "correct the number."),
    broken("  speeders: 0.1", "'speeders' is not a key that is known here.", "remove 'speeders'"),
    broken("  batteries: {views: [trust, liking]}", "'views'", "3"),
    broken(
        "  batteries: {views: [trust, liking, took]}",
        "The items of this battery have different answers.",
        "take out the items of another scale, or make two batteries.",
    ),
    broken(
        "  batteries: {views: [trust, liking, liking]}",
        "An item is named twice in this battery.",
        "remove one of the two.",
    ),
    broken(
        "  batteries: {views: [trust, esteem, likings]}",
        "There is no item called 'likings'.",
        "did you mean 'liking'?",
    ),
    broken(
        "  batteries: {views: [trust, liking, who]}",
        "The item 'who' is of type identifier.",
        "name another item",
    ),
]


@pytest.mark.parametrize("mistaken", TABLE, ids=lambda one: one.found[:60])
def test_a_mistake_is_reported_with_its_line_and_a_remedy(mistaken: Broken, tmp_path: Path) -> None:
    changes = [(mistaken.file, mistaken.old, mistaken.new), *mistaken.with_also]
    folder = write_survey(tmp_path, changes)
    line = line_of(folder / "survey.yaml", str(mistaken.line).strip())
    found = [one for one in mistakes_of(folder) if mistaken.found in one.found]
    assert found, mistakes_of(folder)
    assert (found[0].file, found[0].line) == ("survey.yaml", line)
    assert mistaken.remedy in found[0].remedy + found[0].expected


def test_all_that_may_be_declared_is_understood(tmp_path: Path) -> None:
    said = (
        "interviews:\n  interviewer: who\n  start: began\n  end: interviewed\n  minutes: took\n"
        "  batteries: {views: [trust, liking, esteem]}\n  alike: 0.95\n"
    )
    folder = write_survey(tmp_path, [WITH_ITEMS, ("survey.yaml", BEFORE, f"{BEFORE}\n{said}")])
    (folder / "simulation.yaml").unlink()
    rule = load_survey(str(folder)).about.interviews
    assert rule.named == {
        "interviewer": "who",
        "start": "began",
        "end": "interviewed",
        "minutes": "took",
    }
    assert (rule.alike, rule.copies) == (0.95, 0.005)
    assert rule.batteries == {"views": ("trust", "liking", "esteem")}
