"""An export's own script, run in R: its numbers are those of the warehouse's macros."""

import shutil
import subprocess

import pandas as pd
import pytest
from asked_warehouse import asked_warehouse
from exported import GOLDEN, quarters

from warehouse.exchange import export_respondents
from warehouse.home import home_of

HARNESS = """
no_example <- TRUE
for (folder in list.dirs(recursive = FALSE)) {
  setwd(folder)
  source("analysis.R")
  asked <- read.csv("asked.csv", stringsAsFactors = FALSE)
  found <- do.call(rbind, lapply(seq_len(nrow(asked)), function(i) {
    one <- asked[i, ]
    made <- if (one$method == "design") design else replicated
    by <- if (one$by == "") NULL else strsplit(one$by, " ")[[1]]
    cbind(one, estimate(made("trusts", one$period), "trusts", by), row.names = NULL)
  }))
  for (name in c("estimate", "standard_error")) found[[name]] <- formatC(found[[name]], digits = 17)
  write.csv(found, "found.csv", row.names = FALSE)
  setwd("..")
}
"""
BY_HAND = """
setwd("quarters")
shown <- capture.output(source("by_hand.R", echo = FALSE, print.eval = TRUE))
stopifnot(sum(grepl("^Female Female", shown)) == 2)
rm(no_example)
stopifnot(length(capture.output(source("analysis.R"))) == 4)
setwd("../unlike")
refused <- tryCatch(replicated("trusts", "2026-Q2/2027-Q1"), error = conditionMessage)
stopifnot(grepl("no replicate weights in common", refused))
"""
MACRO = {"design": "survey.estimate", "replicates": "survey.estimate_by_replicates"}
PACKAGES = "quit(status = !all(c('survey', 'haven') %in% dir(.libPaths())))"
YEARS = [
    (method, period, by)
    for method in MACRO
    for period, by in [("2026-Q4", "area sex"), ("2026-Q4/2027-Q3", "sex")]
]
WAVE = [("design", "2026-Q2", by) for by in ("", "age sex")]
LONELY = [("whole", "centre"), ("averaged", "average")]


def rscript(*arguments, folder=None):
    return subprocess.run(
        ["Rscript", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def surveyed(name, policy):
    samples = pd.read_csv(GOLDEN / "designs" / "samples.csv")
    people = samples[samples["survey"] == name].assign(wave="2026-Q2").reset_index(drop=True)
    people["psu"] = people["point"].astype(str)
    return asked_warehouse(people, {"trusts": "proportion"}, ["age", "sex"], lonely_psu=policy)


def unlike():
    """Quarters of which the first has no replicate weights."""
    connection = quarters()
    for table in ("replication", "replicate_draw"):
        connection.execute(f"DELETE FROM survey.{table} WHERE wave = '2026-Q2'")
    return connection


def export(connection, folder, asked):
    home = home_of("small", folder / "homes")
    waves = connection.sql("SELECT wave FROM ref.wave ORDER BY ALL").df()["wave"].tolist()
    export_respondents(home, home.builds / "0001", connection, waves, folder / "out", "sav")
    made = folder / "out"
    page = (made / "README.md").read_text()
    (made / "by_hand.R").write_text(page.split("```r\n")[1].split("```")[0])
    pd.DataFrame(asked, columns=["method", "period", "by"]).to_csv(made / "asked.csv", index=False)
    return made


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """One run of R over all exports: by name, the warehouse and what R found."""
    if not shutil.which("Rscript") or rscript("-e", PACKAGES).returncode:
        pytest.skip("R with the packages survey and haven is not installed")
    root = tmp_path_factory.mktemp("r")
    held = {"quarters": (quarters(), YEARS), "unlike": (unlike(), YEARS[1:2])}
    held |= {f"{name} {policy}": (surveyed(name, policy), WAVE) for name, policy in LONELY}
    for name, (connection, asked) in held.items():
        export(connection, tmp_path_factory.mktemp("export"), asked).rename(root / name)
    (root / "harness.R").write_text(HARNESS + BY_HAND)
    ended = rscript("harness.R", folder=root)
    assert ended.returncode == 0, ended.stderr
    yield {
        name: (
            connection,
            pd.read_csv(root / name / "found.csv", keep_default_na=False, dtype={"group": str}),
        )
        for name, (connection, _) in held.items()
    }
    for connection, _ in held.values():
        connection.close()


@pytest.mark.parametrize(
    "name", ["quarters", "unlike", *(f"{name} {policy}" for name, policy in LONELY)]
)
def test_r_gives_the_numbers_of_the_macros(answered, name):
    connection, found = answered[name]
    assert len(found) > 1
    for (method, period, by), rows in found.groupby(["method", "period", "by"]):
        columns = by.split()
        query = f"FROM {MACRO[method]}('trusts', by_columns := {columns}, periods := ['{period}'])"
        macro = connection.sql(query).df()
        labels = macro[columns].astype(str).agg(" / ".join, axis=1) if by else "all"
        expected = macro.assign(group=labels).set_index("group")
        assert sorted(expected.index) == sorted(rows["group"])
        for row in rows.itertuples():
            held = expected.loc[row.group]
            assert row.estimate == pytest.approx(held["estimate"], rel=1e-8)
            # Where all answer alike R's error is the rounding of a zero.
            error = pytest.approx(held["standard_error"], rel=1e-8, abs=1e-14)
            assert row.standard_error == error
            assert row.unweighted_base == held["unweighted_base"]
