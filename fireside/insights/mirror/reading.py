"""Metrics meet an engine: the mirror's parts as ibis tables over in-memory DuckDB, and expressions run on them."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from fireside.insights.metrics.base import Metric, Params, Rows, Tables
from fireside.insights.mirror.engine import files_sql, limits
from fireside.insights.mirror.state import Snapshot

log = logging.getLogger(__name__)
T = TypeVar("T")
PARTS = {"lines": "activity", "people": "people", "days": "member_day", "places": "member_space_day"}


@contextmanager
def session(snapshot: Snapshot, *, solid: bool = False) -> Iterator[tuple[Any, Tables]]:
    """(engine, tables) of one state of the mirror. In memory, with its limits, gone at the end.

    `solid` copies the files into tables first: slower, and free of the dictionaries of Parquet.
    """
    import ibis

    con = ibis.duckdb.connect(**limits())
    try:
        for name, part in PARTS.items():
            con.raw_sql(f"CREATE {'TABLE' if solid else 'VIEW'} {name} AS SELECT * FROM {files_sql(part, snapshot.paths.get(part, []))}")  # noqa: S608  paths are ours
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
    return solidly(lambda solid: _compute(metric, params, snapshot, solid))


def solidly(work: Callable[[bool], T]) -> T:
    """`work(False)`, and `work(True)` when DuckDB fails inside: 2.0.0 does (“dict-surviving join”) at millions of lines, when a
    joined column comes from many files. A session of its own each time, because the first one is lost."""
    import duckdb

    try:
        return work(False)
    except duckdb.InternalException:
        log.warning("DuckDB failed inside; trying again on solid tables", exc_info=True)
        return work(True)


def _compute(metric: Metric, params: Params, snapshot: Snapshot, solid: bool) -> Any:
    with session(snapshot, solid=solid) as (con, tables):
        found: Mapping[str, Rows] = run(con, metric.tables(held(con, metric, tables, params), params), columnar=metric.columnar)
    return metric.shape(found, params)


def held(con: Any, metric: Metric, tables: Tables, params: Params) -> Tables:
    """Tables with what the metric wants worked out once: its other expressions become short, and so does compiling them."""
    if metric.hold is None:
        return tables
    made = {name: con.create_table(f"held_{name}", expression, temp=True) for name, expression in metric.hold(tables, params).items()}
    return replace(tables, held=made)
