"""The folder where a survey's state lives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transforms.errors import UsageError
from warehouse.disk import PRIVATE_FOLDER, disk_errors, private_folder


@dataclass(frozen=True, slots=True)
class Home:
    """One survey's folder under PERCEPTIONS_HOME, and what lies in it."""

    survey: str
    folder: Path

    @property
    def inbox(self) -> Path:
        """Where returns are put to be taken in."""
        return self.folder / "inbox"

    @property
    def archive(self) -> Path:
        """Returns as received, in a folder each, named by their SHA-256."""
        return self.folder / "archive"

    @property
    def quarantine(self) -> Path:
        """Rejected returns with their reports, in a folder each, named by their SHA-256."""
        return self.folder / "quarantine"

    @property
    def reports(self) -> Path:
        """Reports of accepted returns, in a folder each, named by the return's SHA-256."""
        return self.folder / "reports"

    @property
    def builds(self) -> Path:
        """Builds by number, each with both databases and the pages made from them."""
        return self.folder / "builds"

    @property
    def current(self) -> Path:
        """The symbolic link to the build in use."""
        return self.folder / "current"

    @property
    def candidate(self) -> Path:
        """The release that waits for sign-off."""
        return self.folder / "candidate"

    @property
    def releases(self) -> Path:
        """Releases that were signed, by number: nothing published earlier is lost."""
        return self.folder / "releases"

    @property
    def public_folders(self) -> Path:
        """What is public, and what was just before; the link `public` leads to the one in use."""
        return self.folder / "public_folders"

    @property
    def public(self) -> Path:
        """The symbolic link to the folder that may be shown to everybody."""
        return self.folder / "public"

    @property
    def lock(self) -> Path:
        """The file that the one writer holds."""
        return self.folder / "lock"

    @property
    def access_log(self) -> Path:
        """The file that says who opened the restricted database, when, and to ask what."""
        return self.folder / "access.log"

    @property
    def secret_key(self) -> Path:
        """The key of the respondents' pseudonyms."""
        return self.folder / "secret.key"


def place_of(survey_name: str, root: Path) -> Home:
    """Return the survey's home under `root`, whether it is there or not; nothing is made."""
    return Home(survey_name, root.absolute() / survey_name)


def home_of(survey_name: str, root: Path) -> Home:
    """Return the survey's home under `root`, made where it does not exist; StorageError if not.

    Archive, quarantine, builds and releases are closed to other accounts each time; root, home and
    inbox only when they are made, since a supplier's account may have been let into an inbox.
    """
    home = place_of(survey_name, root)
    with disk_errors(f"The folder {home.folder} cannot be used."):
        root.parent.mkdir(parents=True, exist_ok=True)
        for folder in (root, home.folder, home.inbox):
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        for folder in (home.archive, home.quarantine, home.builds, home.releases):
            private_folder(folder)
    return home


def home_in_use(survey_name: str, root: Path) -> Home:
    """Return the survey's home under `root`; UsageError where there is none, and none is made.

    For whatever asks of what is kept: in a misspelt folder "nobody has this serial number" would be
    true, and wrong.
    """
    folder = place_of(survey_name, root).folder
    if not folder.is_dir():
        raise UsageError(
            f"There is no {folder}: nothing of the survey has come in there.",
            expected="in PERCEPTIONS_HOME, or else in ./data, what earlier runs have made.",
            remedy="name the folder the runs use (export PERCEPTIONS_HOME=...), or run first: "
            "perceptions run FILES",
        )
    return home_of(survey_name, root)
