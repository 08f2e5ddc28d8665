"""What respondents of a stored wave answered is what they answered when it was computed."""

import duckdb
import pandas as pd
from defects.clean import WAVE, clean, survey

from transforms.decode import decode
from transforms.ties import answers_given
from transforms.wave import process_wave
from warehouse.facts import given_in


def test_stored_answers_are_the_answers_given():
    responses = decode(clean().raw, survey(), WAVE)
    serials = responses.respondents["serial"].sort_values()
    tables = process_wave(responses, responses.respondents["serial"], survey())
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA survey")
        for name in ("respondent", "answer"):
            connection.register("rows", tables[f"survey.{name}"])
            connection.execute(f"CREATE TABLE survey.{name} AS FROM rows")
        stored = given_in(connection, WAVE, survey())
    given = answers_given(responses, survey()).loc[serials.index].reset_index(drop=True)
    pd.testing.assert_frame_equal(stored, given, check_dtype=False)
