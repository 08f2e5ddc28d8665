"""Write the JSON Schemas that are kept: python -m warehouse.write_schemas.

Of a declaration's files beside the shipped surveys; of the published kpis.json in docs/contract.
"""

from __future__ import annotations

from pathlib import Path

from transforms.catalogue.json_schema import json_schemas
from transforms.contract import contract_schema
from warehouse.declaration import SCHEMAS


def write_schemas(folder: Path) -> None:
    """Write a schema for each of a declaration's files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in json_schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


CONTRACT = Path(__file__).parents[1] / "docs" / "contract" / "kpis.schema.json"


if __name__ == "__main__":
    write_schemas(SCHEMAS)
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_text(contract_schema(), encoding="utf-8")
