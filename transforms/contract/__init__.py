"""What is published as data: the rows of every file, and the file of the KPIs, as frozen models.

A consumer may rely on it: a field is never removed or given another meaning without a new major
version, and a new field is a new minor one. Models are closed: what is not here is not published.
"""

from transforms.contract.fields import Row
from transforms.contract.files import (
    CONTRACT_VERSION,
    ContractSchema,
    KpiEntry,
    KpisFile,
    MeasureEntry,
    ReleaseEntry,
    SurveyEntry,
    contract_schema,
)
from transforms.contract.records import (
    RecordBreak,
    RecordChange,
    RecordChangeRow,
    RecordEntry,
    RecordFigure,
    RecordRevisionRow,
    RecordRow,
    RecordSource,
)
from transforms.contract.rows import (
    ChangeRow,
    EstimateRow,
    Figure,
    Finding,
    KpiRow,
    RevisionRow,
)

__all__ = [
    "CONTRACT_VERSION",
    "ChangeRow",
    "ContractSchema",
    "EstimateRow",
    "Figure",
    "Finding",
    "KpiEntry",
    "KpiRow",
    "KpisFile",
    "MeasureEntry",
    "RecordBreak",
    "RecordChange",
    "RecordChangeRow",
    "RecordEntry",
    "RecordFigure",
    "RecordRevisionRow",
    "RecordRow",
    "RecordSource",
    "ReleaseEntry",
    "RevisionRow",
    "Row",
    "SurveyEntry",
    "contract_schema",
]
