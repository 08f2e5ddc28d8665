"""Rows of the schema `record` for an invented survey: real recorded crime, and what is missing."""

from transforms.catalogue import RecordFigure, RecordSeries
from transforms.catalogue.records import RecordsFile
from transforms.counts import record_tables
from transforms.record_periods import RecordPeriod, record_period
from warehouse.declaration import load_survey

WAITING = RecordSeries(
    title="Live Chat waiting time",
    kind="operational",
    quantity="duration",
    unit="seconds",
    beside=("aware",),
    supplied_by="The police",
    every="month",
    file="series/waiting.csv",
    source="An invented log",
    licence="None",
    simulated=True,
    breaks=({"since": "2027-06", "reason": "of another clock"},),
)


def record_rows():
    """Return the rows of every table, by its name."""
    survey = load_survey("west_midlands")
    beside = {
        name: one.model_copy(update={"beside": ("aware",) if "chat" in name else ("new",)})
        for name, one in survey.records.series.items()
        if name != "live_chat_waiting_time"
    }
    start = record_period("2027-01", "month").index
    waits = tuple(
        RecordFigure(area="all", period=RecordPeriod("month", start + i).name, value=40.5 + i)
        for i in range(12)
    )
    declared = survey.model_copy(
        update={
            "records": RecordsFile(series=beside | {"waiting": WAITING}),
            "record_figures": survey.record_figures | {"waiting": waits},
        }
    )
    return {name: _rows(table) for name, table in record_tables(declared).items()}


def _rows(table):
    held = table.astype("object")
    rows = held.where(held.notna(), None).to_dict(orient="records")
    return [{name: _listed(value) for name, value in row.items()} for row in rows]


def _listed(value):
    return list(value) if isinstance(value, tuple) else value
