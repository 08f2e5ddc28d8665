"""A wave's respondents as a file: Parquet with labels, or SPSS with codes and labels."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from transforms.arrays import Floats
from warehouse.exchange.rows import (
    Variable,
    coded_rows,
    labelled_rows,
    replicate_names,
    replicate_weights,
    variables_of,
)
from warehouse.spss import (
    FILE_LABEL_BYTES,
    VALUE_LABEL_BYTES,
    VARIABLE_LABEL_BYTES,
    Range,
    cut,
    dated,
    missing_ranges,
    variable_names,
)

FORMATS = {"number": "F12.4", "date": "DATE11", "code": "F8.0"}
REPLICATE = "Replicate weight"


def write_parquet(connection: duckdb.DuckDBPyConnection, wave: str, folder: Path) -> Path:
    """Write a wave as `wave=…/respondents.parquet` under `folder`: labels, replicates last."""
    table = labelled_rows(connection, wave)
    weights = replicate_weights(connection, wave)
    for place, name in enumerate(replicate_names(weights.shape[1])):
        table = table.append_column(name, pa.array(weights[:, place]))
    target = folder / f"wave={wave}" / "respondents.parquet"
    target.parent.mkdir(parents=True)
    pq.write_table(table, target, compression="zstd")
    return target


def write_sav(connection: duckdb.DuckDBPyConnection, wave: str, folder: Path) -> Path:
    """Write a wave as `wave_….sav` under `folder`: codes with labels, missing codes declared.

    The same rows give the same bytes: the header dates the file on the last day of fieldwork.
    """
    variables = variables_of(connection, wave)
    rows = coded_rows(connection, wave)
    missing = {one.name: _declared(one, rows[one.name]) for one in variables}
    weights = replicate_weights(connection, wave)
    rows = _with_replicates(_storable(rows, variables, missing), weights)
    target = folder / f"wave_{wave}.sav"
    folder.mkdir(parents=True, exist_ok=True)
    names = variable_names(rows.columns)
    told = _described(variables, missing, names, _title(connection, wave))
    pyreadstat.write_sav(rows.rename(columns=names), target, **told)
    target.write_bytes(dated(target.read_bytes(), _last_day(connection, wave)))
    return target


def _declared(variable: Variable, values: pd.Series) -> list[Range]:
    """Return the ranges that declare a variable's missing codes; none where there cannot be."""
    if not variable.missing:
        return []
    others = set(values.dropna()) | set(variable.labels) if variable.kind != "date" else set()
    found = missing_ranges(variable.missing, others - set(variable.missing))
    return list(found or [])


def _storable(
    rows: pd.DataFrame, variables: list[Variable], missing: dict[str, list[Range]]
) -> pd.DataFrame:
    """Return the rows with no number where a missing code could not be declared as one."""
    undeclared = [one for one in variables if one.missing and not missing[one.name]]
    columns = {
        one.name: rows[one.name].where(~rows[one.name].isin(one.missing)) for one in undeclared
    }
    return rows[[one.name for one in variables]].assign(**columns)


def _with_replicates(rows: pd.DataFrame, weights: Floats) -> pd.DataFrame:
    names = replicate_names(weights.shape[1])
    if not names:
        return rows
    return pd.concat([rows, pd.DataFrame(weights, columns=names, index=rows.index)], axis="columns")


def _described(
    variables: list[Variable], missing: dict[str, list[Range]], names: dict[str, str], title: str
) -> dict[str, object]:
    """Return what pyreadstat is told besides the rows. `names`: in the file, of every column."""
    replicates = [name for name in names if name not in missing]
    labels = {one.name: one.label for one in variables}
    labels |= {name: f"{REPLICATE} {place}" for place, name in enumerate(replicates, 1)}
    return {
        "file_label": cut(title, FILE_LABEL_BYTES),
        "column_labels": [cut(labels[name], VARIABLE_LABEL_BYTES) for name in names],
        "row_compress": True,
        "variable_value_labels": {names[one.name]: _labels(one) for one in variables if one.labels},
        "missing_ranges": {names[name]: held for name, held in missing.items() if held},
        "variable_measure": {names[one.name]: one.level for one in variables}
        | {names[name]: "scale" for name in replicates},
        "variable_format": {names[o.name]: FORMATS[o.kind] for o in variables if o.kind != "text"}
        | {names[name]: FORMATS["number"] for name in replicates},
    }


def _labels(variable: Variable) -> dict[float, str]:
    return {code: cut(label, VALUE_LABEL_BYTES) for code, label in variable.labels.items()}


def _title(connection: duckdb.DuckDBPyConnection, wave: str) -> str:
    ((survey, simulated),) = connection.execute(
        "SELECT survey, simulated FROM ref.survey"
    ).fetchall()
    return f"{'SIMULATED ' if simulated else ''}{survey} {wave}"


def _last_day(connection: duckdb.DuckDBPyConnection, wave: str) -> date:
    ((day,),) = connection.execute(
        "SELECT period_end FROM ref.wave WHERE wave = ?", [wave]
    ).fetchall()
    found: date = day
    return found
