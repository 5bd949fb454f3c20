"""The floor, and the product's own statement: what both read and write is the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.beliefs import COLUMNS, SIGNALS, TODAY, Form, project
from benchmarks.inputs import Inputs
from benchmarks.measuring import Cost
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.warehouse.compile import day_number
from bullseye.warehouse.connect import connect
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, publish_rows, reading


def ready(inputs: Inputs) -> duckdb.DuckDBPyConnection:
    """Return a connection that has imported all it will: no import is on the clock, of nobody.

    The engine imports pandas, where there is one, as soon as it is given a first Arrow table.
    """
    connection = connect(inputs.scratch)
    connection.register("first", pa.table({"nothing": [0]}))
    connection.unregister("first")
    connection.execute(f"DESCRIBE SELECT * FROM {reading(inputs.signals)}").fetchall()
    DUCKDB.identifier("first")
    return connection


def score(inputs: Inputs, target: Path, form: Form = Form.PORTABLE, icps: int = 1) -> Cost:
    """Compile the definitions, score every account and publish the scores to `target`."""
    connection, beliefs, cost = ready(inputs), project(form, icps), Cost()
    with cost.part("compile"):
        scoring = Scoring.of(beliefs, TODAY)
    with cost.part("weights"):
        load_weights(connection, beliefs)
    with cost.part("run"):
        parts = scoring.parts(connection, inputs.accounts(form), inputs.signals, previous=None)
        publish_rows(parts, target, varied=scoring.varied)
    return cost


def floor(inputs: Inputs, scores: Path, target: Path, form: Form = Form.PORTABLE) -> Cost:
    """Read the columns that scoring needs, and write a table like `scores`: no less is possible.

    Sums, because an engine answers counts and extremes from a file's statistics. What is written
    lies in memory before the clock starts.
    """
    connection, cost = ready(inputs), Cost()
    accounts = _account_scan(connection, inputs.accounts(form), form)
    signals = _signal_scan(inputs.signals)
    with cost.part("accounts"):
        connection.execute(accounts).fetchall()
    with cost.part("signals"):
        connection.execute(signals).fetchall()
    connection.execute(f"CREATE TEMP TABLE scores AS SELECT * FROM {reading(scores)}")
    with cost.part("write"):
        publish(connection, "SELECT * FROM scores", target)
    return cost


def _account_scan(connection: duckdb.DuckDBPyConnection, accounts: Path, form: Form) -> str:
    described = connection.execute(f"DESCRIBE SELECT * FROM {reading(accounts)}").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    sums = ", ".join(f"sum({_number(name, kinds[name])})" for name in COLUMNS[form])
    return f"SELECT {sums} FROM {reading(accounts)}"


def _number(name: str, kind: str) -> str:
    match kind:
        case "VARCHAR":
            return f"strlen({name})"
        case "VARCHAR[]":
            return f"len({name})"
        case "BOOLEAN":
            return f"CAST({name} AS TINYINT)"
        case _:
            return name


def _signal_scan(signals: Path) -> str:
    first = day_number(TODAY) - max(window for *_, window, _, _ in SIGNALS)
    types = ", ".join(sorted({DUCKDB.literal(each[1]) for each in SIGNALS}))
    return (
        "SELECT sum(strlen(account_id)), sum(strlen(type)), sum(strlen(subject)),"
        f" sum(occurred_day), sum(signal_no) FROM {reading(signals)}"
        f" WHERE occurred_day BETWEEN {first} AND {day_number(TODAY)} AND type IN ({types})"
    )


def profile(inputs: Inputs, target: Path, form: Form = Form.PORTABLE) -> list[tuple[str, float]]:
    """Return the seconds per kind of operator of the statement, on one thread, longest first."""
    connection, beliefs = connect(inputs.scratch, threads=1), project(form)
    load_weights(connection, beliefs)
    out = inputs.folder / "profile.json"
    sql = Scoring.of(beliefs, TODAY).sql(
        accounts=reading(inputs.accounts(form)), events=reading(inputs.signals), previous=None
    )
    connection.execute("SET enable_profiling = 'json'")
    connection.execute(f"SET profiling_output = {DUCKDB.literal(str(out))}")
    publish(connection, sql, target)
    connection.execute("SET enable_profiling = 'no_output'")
    spent: dict[str, float] = {}
    for name, seconds in _operators(json.loads(out.read_text())):
        spent[name] = spent.get(name, 0.0) + seconds
    return sorted(spent.items(), key=lambda each: -each[1])


def _operators(node: Any) -> Iterator[tuple[str, float]]:
    """Yield name and seconds of every operator, as any supported engine version writes them."""
    if isinstance(node, list):
        for each in node:
            yield from _operators(each)
        return
    name = node.get("operator_type") or node.get("type")
    seconds = node.get("operator_timing", node.get("timing"))
    if name and seconds is not None:
        yield str(name).strip(), float(seconds)
    yield from _operators(node.get("children", node.get("operator", [])))
