"""R's numbers, one row each, whatever file they stand in."""

from pathlib import Path

import pandas as pd
from builders import shared

KEY = ["design", "fn", "variable", "domain", "statistic"]
TABLES = ["01_api.csv", "02_uk_bcs_csew.csv", "06_raking_published.csv"]
WEIGHTS = {
    "api_clus1_calibrations": "snum",
    "api_rep_clus1_nofpc_JK1": "snum",
    "api_rep_strat_nofpc_bootstrap": "snum",
    "api_rep_strat_nofpc_subbootstrap": "snum",
    "api_rep_clus1_nofpc_JK1_scales": "replicate",
    "api_rep_strat_nofpc_bootstrap_scales": "replicate",
    "api_rep_strat_nofpc_subbootstrap_scales": "replicate",
    "csew1314_raked_to_bcs0708": "rowlabel",
    "pew_dec13_raked_to_acs": "psraid",
}
"""Each file of weights, and the column that says whose weight it is."""
GIVEN = ["dnum", "stype", "sch.wide", "api99", "base", "base_weight", "w"]
"""Columns of these files that are R's input, not its result."""

Key = tuple[str, str, str, str, str]


def expected_path(*parts: str) -> Path:
    return shared("reference", "expected", *parts)


def inputs(name: str, **reading: object) -> pd.DataFrame:
    return pd.read_csv(shared("reference", "inputs", name), **reading)


def expected_rows() -> pd.DataFrame:
    """Return every number: `file`, the five columns of KEY, `value`."""
    tables = [_table(name) for name in TABLES]
    weights = [_weights(name, who) for name, who in WEIGHTS.items()]
    return pd.concat([*tables, *weights], ignore_index=True)


def _table(name: str) -> pd.DataFrame:
    rows = pd.read_csv(expected_path(name), dtype=dict.fromkeys(KEY, "str"))
    return rows.assign(file=name)[["file", *KEY, "value"]]


def _weights(name: str, who: str) -> pd.DataFrame:
    """One row a case (or replicate) and column of a file of weights."""
    wide = weights_file(name)
    columns = [column for column in wide.columns if column not in [who, *GIVEN]]
    long = wide.melt(id_vars=[who], value_vars=columns, var_name="variable", value_name="value")
    return long.assign(
        file=f"weights/{name}.csv",
        design=name,
        fn="weights",
        domain=long[who].astype("str"),
        statistic="weight",
    )[["file", *KEY, "value"]]


def weights_file(name: str) -> pd.DataFrame:
    return pd.read_csv(expected_path("weights", f"{name}.csv"))
