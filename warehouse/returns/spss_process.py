"""Read an SPSS file in a process of its own: `python spss_process.py FILE`.

A damaged .sav can crash the reader's C code or make it ask for all memory; here it takes nothing
else with it. Standard output carries an .npz archive: an array for each column of numbers, and the
data dictionary with the columns of text, as JSON. A failure ends the process with status 1 and one
word, never a value, on standard error. Nothing here imports pandas: it would triple the time.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat

MEMORY = 8 * 1024**3
DICTIONARY = "dictionary"
FEWER_ROWS = "fewer_rows"
DAMAGED = "damaged"


def archive(path: Path) -> bytes:
    """Return the file's rows and dictionary: user-missing codes kept, dates as SPSS's seconds."""
    _, header = pyreadstat.read_sav(path, metadataonly=True, output_format="dict")
    columns, full = pyreadstat.read_sav(
        path, user_missing=True, disable_datetime_conversion=True, output_format="dict"
    )
    texts = {
        name: column
        for name, column in columns.items()
        if full.readstat_variable_types[name] == "string"
    }
    numbers = {
        f"{place}": np.array(column, dtype=np.float64)
        for place, (name, column) in enumerate(columns.items())
        if name not in texts
    }
    packed = io.BytesIO()
    dictionary = json.dumps(_dictionary(header, full.missing_ranges) | {"texts": texts})
    encoded = np.frombuffer(dictionary.encode(), dtype=np.uint8)
    np.savez(packed, allow_pickle=False, **{DICTIONARY: encoded}, **numbers)
    return packed.getvalue()


def _dictionary(header: Any, missing_ranges: Mapping[str, Any]) -> dict[str, object]:
    return {
        "names": header.column_names,
        "rows_stated": header.number_rows,
        "file_label": header.file_label,
        "labels": header.column_names_to_labels,
        "formats": header.original_variable_types,
        "value_labels": {
            name: list(labels.items()) for name, labels in header.variable_value_labels.items()
        },
        "missing_ranges": {
            name: [(span["lo"], span["hi"]) for span in spans]
            for name, spans in missing_ranges.items()
        },
    }


def main() -> None:
    """Write the archive of the file named on the command line, or say why not."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    try:
        packed = archive(Path(sys.argv[1]))
    except pyreadstat.ReadstatError as error:
        sys.exit(FEWER_ROWS if "expected number of rows" in str(error) else DAMAGED)
    except Exception as error:
        sys.exit(type(error).__name__)
    sys.stdout.buffer.write(packed)


if __name__ == "__main__":
    main()
