"""What is published of how good the data are: interviews, what checks found, what was accepted.

Never a finding's text, nor a reason typed to a command: they can name serial numbers. A reason in
the declaration is written to be read.
"""

from __future__ import annotations

import duckdb

from transforms.errors import DeclarationError
from transforms.wording import number
from warehouse.database import transaction

WAVES = """
    WITH found AS (
        SELECT wave, count(*) AS findings FROM ops."check" JOIN ops.delivery USING (sha256)
        WHERE status = 'accepted' AND NOT passed GROUP BY wave
    ), unaccepted AS (
        SELECT wave, count(*) AS findings FROM ops.open_finding GROUP BY wave
    )
    INSERT INTO quality.wave BY NAME
    SELECT weighted.wave, respondents AS interviews, left_out_rows AS left_out,
        coalesce(found.findings, 0) AS findings,
        coalesce(unaccepted.findings, 0) AS not_accepted
    FROM survey.calibration AS weighted
    LEFT JOIN found USING (wave) LEFT JOIN unaccepted USING (wave)
    ORDER BY weighted.wave
"""
ACCEPTED = """
    WITH decided AS (
        SELECT delivery.wave, found.rule, decided.wave AS decided_for,
            CASE WHEN accepted_at IS NULL THEN accepted_by END AS accepted_by,
            CASE WHEN accepted_at IS NULL THEN decided.reason END AS reason
        FROM ops."check" AS found JOIN ops.delivery USING (sha256)
        LEFT JOIN ops.acceptance AS decided
            ON decided.rule = found.rule AND decided.wave IN (delivery.wave, '*')
        WHERE status = 'accepted' AND NOT passed
            AND (found.accepted IS NOT NULL OR decided.rule IS NOT NULL)
    )
    INSERT INTO quality.accepted BY NAME
    SELECT wave, rule, accepted_by, reason FROM decided
    -- What is accepted of a wave stands before what is accepted in all ('*').
    QUALIFY row_number() OVER (
        PARTITION BY wave, rule ORDER BY decided_for DESC, reason NULLS LAST
    ) = 1
    ORDER BY wave, rule
"""
TOO_MANY = """
    SELECT wave, interviews, cases_issued - coalesce(cases_not_eligible, 0)
    FROM quality.wave JOIN ref.wave USING (wave)
    WHERE interviews > cases_issued - coalesce(cases_not_eligible, 0) ORDER BY wave_order
"""


def record_quality(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Put what the warehouse holds now in the place of what it said of quality before.

    DeclarationError where more people were interviewed than survey.yaml says could be.
    """
    with transaction(warehouse):
        for table, rows in (("quality.wave", WAVES), ("quality.accepted", ACCEPTED)):
            warehouse.execute(f"DELETE FROM {table}")
            warehouse.execute(rows)
    beyond = warehouse.execute(TOO_MANY).fetchall()
    if beyond:
        told = "; ".join(
            f"{wave}: {number(interviews)} interviews from {number(cases)} eligible cases"
            for wave, interviews, cases in beyond
        )
        raise DeclarationError(
            f"More people were interviewed than survey.yaml says could be. {told}.",
            remedy="correct `fieldwork` in survey.yaml: issued, or not_eligible; both are of all "
            "samples of the wave together.",
        )
