"""Pseudonyms: what stands for a respondent's serial number in the warehouse."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from pathlib import Path

import pandas as pd

from transforms.errors import ContractError, StorageError
from warehouse.disk import disk_errors, sync_folder, write_all, write_private
from warehouse.home import Home
from warehouse.lock import require_lock

KEY_BYTES = 32
SEPARATOR = "\0"
"""Between the parts of the message; no part can hold it, so no two messages are alike."""


def pseudonyms(home: Home, survey: str, wave: str, sample: str, serials: pd.Series) -> pd.Series:
    """Return each serial's pseudonym: 32 hexadecimal digits of HMAC-SHA256 under the home's key.

    The same serial has the same pseudonym each time it is computed, another in another wave or
    sample. Whoever has the key and a list of serials can undo them, so this is pseudonymous, not
    anonymous, data: the key lies in the home, readable for this account alone. Without the key
    they cannot be undone, and a wave computed again has others.
    """
    if serials.isna().any():
        raise ContractError(f"{wave}: a respondent without a serial number was to be stored.")
    key = secret_key(home)
    prefix = SEPARATOR.join((survey, wave, sample, "")).encode()
    return serials.map(lambda serial: _pseudonym(key, prefix + serial.encode())).astype("str")


def renew_key(home: Home) -> None:
    """Put a new key in the place of the home's. Needs `writer_lock`.

    Pseudonyms made with the old one stay what they are until their wave is computed again.
    """
    require_lock(home)
    with disk_errors(f"The key {home.secret_key} cannot be replaced."):
        write_private(home.secret_key, secrets.token_bytes(KEY_BYTES))


def _pseudonym(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha256").hex()[:32]


def secret_key(home: Home) -> bytes:
    """Return the home's key, made at random the first time it is asked for."""
    with disk_errors(f"The key {home.secret_key} cannot be used."):
        if not home.secret_key.exists():
            _make_key(home.secret_key)
        key = home.secret_key.read_bytes()
    if len(key) != KEY_BYTES:
        raise StorageError(
            f"The key {home.secret_key} is damaged: {len(key)} bytes.",
            expected=f"{KEY_BYTES} bytes.",
            remedy="restore it from a backup. If there is none, remove it: waves computed from "
            "then on have new pseudonyms.",
        )
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole, unless another process was first."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    beside = Path(name)
    try:
        write_all(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        os.close(descriptor)
        beside.unlink()
    sync_folder(path.parent)
