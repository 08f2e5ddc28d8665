import hmac
import threading

import pandas as pd
import pytest

from transforms.errors import ContractError, StorageError
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.pseudonyms import pseudonyms, renew_key

SERIALS = pd.Series(["1001", "1002"], index=[5, 9])


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path)


def test_a_pseudonym_is_the_start_of_an_hmac_under_the_homes_key(home):
    home.secret_key.write_bytes(b"k" * 32)
    message = b"small\0" + b"2026-Q2\0" + b"main\0" + b"1001"
    expected = hmac.new(b"k" * 32, message, "sha256").hexdigest()[:32]
    found = pseudonyms(home, "small", "2026-Q2", "main", SERIALS)
    assert found[5] == expected
    assert list(found.index) == [5, 9]
    assert found.dtype == "str"


def test_the_key_is_random_private_and_made_once(home, tmp_path):
    first = pseudonyms(home, "small", "2026-Q2", "main", SERIALS)
    key = home.secret_key.read_bytes()
    assert len(key) == 32
    assert home.secret_key.stat().st_mode & 0o777 == 0o600
    assert pseudonyms(home, "small", "2026-Q2", "main", SERIALS).equals(first)
    assert [path.name for path in home.folder.glob("*key*")] == ["secret.key"]
    other = home_of("other", tmp_path)
    assert not pseudonyms(other, "small", "2026-Q2", "main", SERIALS).isin(first).any()


def test_threads_that_start_together_use_one_key(home):
    found, start = [], threading.Barrier(4)

    def compute():
        start.wait()
        found.append(tuple(pseudonyms(home, "small", "2026-Q2", "main", SERIALS)))

    threads = [threading.Thread(target=compute) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_serial_has_another_pseudonym_in_every_survey_wave_and_sample(home):
    places = [
        *(("small", "2026-Q2", "main"), ("small", "2026-Q2", "boost")),
        *(("small", "2026-Q3", "main"), ("other", "2026-Q2", "main")),
    ]
    found = [pseudonyms(home, *place, SERIALS)[5] for place in places]
    assert len(set(found)) == 4


def test_a_missing_serial_gets_no_pseudonym(home):
    with pytest.raises(ContractError, match="2026-Q2"):
        pseudonyms(home, "small", "2026-Q2", "main", pd.Series(["1001", None]))


def test_a_damaged_key_is_not_used(home):
    home.secret_key.write_bytes(b"short")
    with pytest.raises(StorageError, match="damaged"):
        pseudonyms(home, "small", "2026-Q2", "main", SERIALS)
    assert home.secret_key.read_bytes() == b"short"


def test_a_new_key_is_private_and_gives_other_pseudonyms(home):
    first = pseudonyms(home, "small", "2026-Q2", "main", SERIALS)
    with writer_lock(home):
        renew_key(home)
    assert home.secret_key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.folder.glob("*key*")] == ["secret.key"]
    second = pseudonyms(home, "small", "2026-Q2", "main", SERIALS)
    assert not second.isin(first).any()
    assert pseudonyms(home, "small", "2026-Q2", "main", SERIALS).equals(second)
