"""Metrics meet an engine: the mirror's parts as ibis tables over in-memory DuckDB, and expressions run on them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from fireside.insights.metrics.base import Metric, Params, Tables
from fireside.insights.mirror.engine import files_sql, limits
from fireside.insights.mirror.plans import rows_of
from fireside.insights.mirror.state import Snapshot
from fireside.lib.cores import anywhere

log = logging.getLogger(__name__)
T = TypeVar("T")
PARTS = {"lines": "activity", "people": "people", "days": "member_day", "places": "member_space_day"}
SMALL = 300_000  # lines that are copied into memory when many answers are asked of them: some 30 MB


@contextmanager
def session(snapshot: Snapshot, *, solid: bool = False) -> Iterator[tuple[Any, Tables]]:
    """(engine, tables) of one state of the mirror. In memory, with its limits, gone at the end.

    `solid` copies the files into tables first: slower, and free of the dictionaries of Parquet.
    """
    import ibis

    ibis.options.sql.fuse_selects = False  # the engine flattens them itself; ibis takes a third of its time for it
    with anywhere():
        con = ibis.duckdb.connect(**limits())
    try:
        for name, part in PARTS.items():
            con.raw_sql(f"CREATE {'TABLE' if solid else 'VIEW'} {name} AS SELECT * FROM {files_sql(part, snapshot.paths.get(part, []))}")  # noqa: S608  paths are ours
        yield con, Tables(**{name: con.table(name) for name in PARTS})
    finally:
        con.disconnect()


class Sitting:
    """One session for many answers on one state of the mirror: opened at the first, read from memory when it is small."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._open: ExitStack | None = None
        self._engine: tuple[Any, Tables] | None = None

    def __enter__(self) -> "Sitting":
        return self

    def __exit__(self, *_why: object) -> None:
        self._close()

    def compute(self, metric: Metric, params: Params) -> Any:
        """The metric's body. A session in which DuckDB failed is lost: the next answer opens another."""
        return solidly(lambda solid: self._alone(metric, params) if solid else self._here(metric, params))

    def _here(self, metric: Metric, params: Params) -> Any:
        if self._engine is None:
            self._open = ExitStack()
            self._engine = self._open.enter_context(session(self.snapshot, solid=self.snapshot.rows <= SMALL))
        try:
            return _body(*self._engine, metric, params)
        except BaseException:
            self._close()
            raise

    def _alone(self, metric: Metric, params: Params) -> Any:
        with session(self.snapshot, solid=True) as engine:
            return _body(*engine, metric, params)

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = self._engine = None


def compute(metric: Metric, params: Params, snapshot: Snapshot) -> Any:
    """The metric's body on one state of the mirror, in a session of its own."""
    with Sitting(snapshot) as alone:
        return alone.compute(metric, params)


def solidly(work: Callable[[bool], T]) -> T:
    """`work(False)`, and `work(True)` when DuckDB fails inside: 2.0.0 does (“dict-surviving join”) at millions of lines, when a
    joined column comes from many files. A session of its own each time, because the first one is lost."""
    import duckdb

    try:
        return work(False)
    except duckdb.InternalException:
        log.warning("DuckDB failed inside; trying again on solid tables", exc_info=True)
        return work(True)


def _body(con: Any, tables: Tables, metric: Metric, params: Params) -> Any:
    return metric.shape(rows_of(con, metric, tables, params), params)
