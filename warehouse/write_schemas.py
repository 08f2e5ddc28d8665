"""Write the JSON Schemas beside the shipped surveys: python -m warehouse.write_schemas."""

from __future__ import annotations

from pathlib import Path

from transforms.catalogue.json_schema import json_schemas
from warehouse.declaration import SCHEMAS


def write_schemas(folder: Path) -> None:
    """Write a schema for each of a declaration's files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in json_schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(SCHEMAS)
