"""Questions to a database file, asked by whatever DuckDB this interpreter has; needs nothing else.

Takes the file's path; reads a JSON list of queries, writes their answers as JSON.
"""

import json
import sys

import duckdb


def answer(connection, query):
    """Return columns and rows, or the first line of the error."""
    try:
        found = connection.sql(query)
        return {"columns": found.columns, "rows": [list(row) for row in found.fetchall()]}
    except duckdb.Error as error:
        return {"error": str(error).splitlines()[0]}


def main():
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        answers = [answer(connection, query) for query in json.load(sys.stdin)]
    json.dump({"version": duckdb.__version__, "answers": answers}, sys.stdout, default=str)


if __name__ == "__main__":
    main()
