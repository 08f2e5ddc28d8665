"""Every command and code block of the documents is run, and every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml
from offices import COMMAND

from transforms.catalogue import Accepted, CheckRule, Declared, InterviewRule, Sample
from transforms.catalogue.base import Slug
from transforms.catalogue.kpis import Kpis
from transforms.catalogue.measures import Measures
from transforms.catalogue.questionnaire import Questionnaire
from transforms.catalogue.records import RecordsFile
from transforms.catalogue.returns import ReturnRule
from transforms.catalogue.survey import Fieldwork, KeepingRule

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
AFTER_A_RUN = {"publishing.md", "explaining.md", "keeping.md"}
"""Their commands are for an office that has run; those of other documents begin with nothing."""
STANDING = "scheduling.md"
"""Its commands need a server and a worker: `make proofs` runs them."""


@dataclass(frozen=True)
class Block:
    """A code block: where it stands, its language, what follows the language, its text."""

    document: Path
    language: str
    note: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.name}: {self.text.splitlines()[0][:40]}"


def blocks(language: str) -> Iterator[Block]:
    for document in DOCUMENTS:
        for found in BLOCK.finditer(document.read_text()):
            if found[1] == language:
                yield Block(document, found[1], found[2].strip(), found[3])


def commands(block: Block) -> list[str]:
    lines = block.text.splitlines()
    assert all(line.startswith("$ ") for line in lines), f"{block}: a console block holds commands"
    return [line.removeprefix("$ ") for line in lines]


def test_every_language_of_a_block_is_one_that_is_tested():
    languages = {f[1] for d in DOCUMENTS for f in BLOCK.finditer(d.read_text())}
    assert languages <= {"console", "sql", "python", "yaml"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    for link in LINK.findall(document.read_text()):
        assert (document.parent / link).exists(), link


@pytest.mark.parametrize(
    "block", [b for b in blocks("console") if b.document.name != STANDING], ids=str
)
def test_commands_end_well(block, request):
    begins = "office" if block.document.name in AFTER_A_RUN else "empty_office"
    office = request.getfixturevalue(begins)
    for command in commands(block):
        program, *arguments = shlex.split(command)
        if program == "make":
            made = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True)
            assert made.returncode == 0, command
        elif program == "perceptions":
            ended = office.call(*arguments)
            assert ended.status == 0, f"{command}\n{ended.out}\n{ended.err}"
        else:
            assert command == ". .venv/bin/activate"


@pytest.mark.slow
def test_a_standing_server_and_worker_run_the_deployment(empty_office):
    """The commands of scheduling.md in order, on a port of their own."""
    environment = empty_office.environment() | {
        "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
        "PREFECT_HOME": str(empty_office.root / "server"),
        "PREFECT_SERVER_API_PORT": "4377",
        "DO_NOT_TRACK": "1",
    }
    empty_office.call("simulate", empty_office.survey() / "inbox", "--wave", "2026-Q2")
    (empty_office.survey() / "inbox" / "truth.csv").unlink()
    told = [c for b in blocks("console") if b.document.name == STANDING for c in commands(b)]
    script = "\n".join(["set -e", "trap 'prefect server stop' EXIT", *told])
    script = script.replace("127.0.0.1:4200", "127.0.0.1:4377")
    log = empty_office.root / "log"
    # To a file: the server and the worker would hold a pipe open after the shell has ended.
    with log.open("w") as output:
        ended = subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=300,
            check=False,
        )
    assert ended.returncode == 0, log.read_text()
    assert (empty_office.survey() / "current" / "site" / "index.html").is_file()


@pytest.mark.parametrize("block", list(blocks("sql")), ids=str)
def test_queries_have_an_answer(block, demonstration):
    database = "warehouse.duckdb" if block.note == "restricted" else "published.duckdb"
    path = demonstration[0].survey() / "current" / database
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        for query in block.text.split(";\n"):
            if query.strip():
                assert connection.sql(query).fetchall(), query


@pytest.mark.parametrize("block", list(blocks("python")), ids=str)
def test_python_runs(block, demonstration, tmp_path, monkeypatch, capsys):
    shutil.copytree(demonstration[0].root, tmp_path / "data", symlinks=True)
    monkeypatch.chdir(tmp_path)
    exec(compile(block.text, str(block), "exec"), {})
    assert len(capsys.readouterr().out) > 40


class Samples(Declared):
    """What survey.yaml holds under samples."""

    samples: Mapping[Slug, Sample]


class Returns(Declared):
    """What survey.yaml holds under returns."""

    returns: ReturnRule


class Response(Declared):
    """What survey.yaml holds under fieldwork and contact."""

    fieldwork: Mapping[str, Fieldwork]
    contact: str


class Keeping(Declared):
    """What survey.yaml holds under keeping."""

    keeping: KeepingRule


class Checks(Declared):
    """What survey.yaml holds under checks and accepted."""

    checks: CheckRule
    accepted: tuple[Accepted, ...]


class Interviews(Declared):
    """What survey.yaml holds under interviews."""

    interviews: InterviewRule


@pytest.mark.parametrize("block", list(blocks("yaml")), ids=str)
def test_declarations_shown_are_valid(block):
    model = {
        **{"kpis": Kpis, "items": Questionnaire},
        **{"measures": Measures, "samples": Samples, "returns": Returns},
        **{"keeping": Keeping, "checks": Checks, "interviews": Interviews},
        **{"series": RecordsFile, "fieldwork": Response},
    }
    held = yaml.safe_load(block.text)
    if "measures" in held:
        held = {"domains": {}, **held}
    next(model[key] for key in model if key in held).model_validate(held)


def test_every_command_is_in_the_documents():
    help_text = subprocess.run([str(COMMAND), "--help"], capture_output=True, text=True, check=True)
    named = re.findall(r"^│ ([a-z][a-z-]+) ", help_text.stdout, re.MULTILINE)
    assert len(named) > 10
    told = "\n".join(document.read_text() for document in DOCUMENTS)
    for command in set(named) - {"demo"}:
        assert f"perceptions {command}" in told, command
    assert "make demo" in told
