import pytest

from transforms.errors import StorageError
from warehouse.home import home_of


def rights(path) -> int:
    return path.stat().st_mode & 0o777


def test_a_home_is_made_for_one_account_alone(tmp_path):
    home = home_of("small", tmp_path / "data")
    made = [home.folder.parent, home.folder, home.inbox, home.archive, home.quarantine, home.builds]
    assert home.folder == tmp_path / "data" / "small"
    assert {rights(folder) for folder in made} == {0o700}


def test_a_home_made_again_is_the_same_and_keeps_the_inbox_open_to_the_supplier(tmp_path):
    home = home_of("small", tmp_path)
    home.inbox.chmod(0o770)
    home.archive.chmod(0o755)
    assert home_of("small", tmp_path) == home
    assert rights(home.inbox) == 0o770
    assert rights(home.archive) == 0o700


def test_a_home_that_cannot_be_made_says_why_and_what_to_do(tmp_path):
    (tmp_path / "data").write_text("a file where a folder is needed")
    with pytest.raises(StorageError) as caught:
        home_of("small", tmp_path / "data")
    assert str(tmp_path / "data") in caught.value.what
    assert "another PERCEPTIONS_HOME" in caught.value.remedy
