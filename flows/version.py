"""The version of the code that made a number."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

TRANSFORMS = Path(__file__).parent.parent / "transforms"


@cache
def code_version() -> str:
    """Return the release and a digest of the code that makes numbers, such as 0.1.0+3f2a….

    A wave computed by other code is computed again, released or not.
    """
    digest = hashlib.sha256()
    for file in sorted(TRANSFORMS.rglob("*.py")):
        digest.update(str(file.relative_to(TRANSFORMS)).encode() + b"\0" + file.read_bytes())
    return f"{version('perceptions')}+{digest.hexdigest()[:12]}"
