"""Metrics meet an engine: the mirror's parts as ibis tables over in-memory DuckDB, and expressions run on them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fireside.insights.metrics.base import Metric, Params, Rows, Tables
from fireside.insights.mirror.engine import files_sql, limits
from fireside.insights.mirror.state import Snapshot

PARTS = {"lines": "activity", "people": "people", "days": "member_day", "places": "member_space_day"}


@contextmanager
def session(snapshot: Snapshot) -> Iterator[tuple[Any, Tables]]:
    """(engine, tables) of one state of the mirror. In memory, with its limits, gone at the end."""
    import ibis

    con = ibis.duckdb.connect(**limits())
    try:
        for name, part in PARTS.items():
            con.raw_sql(f"CREATE VIEW {name} AS SELECT * FROM {files_sql(part, snapshot.paths.get(part, []))}")  # noqa: S608  paths are ours
        yield con, Tables(**{name: con.table(name) for name in PARTS})
    finally:
        con.disconnect()


def run(con: Any, expressions: Mapping[str, Any], *, columnar: bool = False) -> dict[str, Any]:
    """The rows of each expression; Arrow tables for metrics that read columns."""
    found: dict[str, Any] = {}
    for name, expression in expressions.items():
        table = con.to_pyarrow(expression)
        found[name] = table if columnar else table.to_pylist()
    return found


def compute(metric: Metric, params: Params, snapshot: Snapshot) -> Any:
    """The metric's body on one state of the mirror."""
    with session(snapshot) as (con, tables):
        found: Mapping[str, Rows] = run(con, metric.tables(held(con, metric, tables, params), params), columnar=metric.columnar)
    return metric.shape(found, params)


def held(con: Any, metric: Metric, tables: Tables, params: Params) -> Tables:
    """Tables with what the metric wants worked out once: its other expressions become short, and so does compiling them."""
    if metric.hold is None:
        return tables
    made = {name: con.create_table(f"held_{name}", expression, temp=True) for name, expression in metric.hold(tables, params).items()}
    return replace(tables, held=made)
