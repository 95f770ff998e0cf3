"""What ibis made of a metric, kept as SQL: a session on any state of the mirror runs it again.

In a small house ibis needs six times as long to put expressions together and compile them as DuckDB needs to answer them. Nothing
in them depends on the lines, and of the parameters only the instant moves from minute to minute: it stands in the text as a number of
its own and is put in each time. So a figure is planned once a day, however often it is made anew.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from fireside.insights.metrics.base import Metric, Params, Tables
from fireside.insights.metrics.parts import kind_names

if TYPE_CHECKING:
    import pyarrow as pa

INSTANT = 4_242_424_242_424_242_424  # milliseconds: no day, id or time is as large
MOST = 400  # plans of a process: 20 KB each, or 140 where 2 500 spaces are named
T = TypeVar("T")


_held: dict[tuple[Any, ...], dict[str, str]] = {}  # name -> SELECT
_answers: dict[tuple[Any, ...], dict[str, tuple[str, Any]]] = {}  # name -> SELECT, its schema


def rows_of(con: Any, metric: Metric, tables: Tables, params: Params) -> dict[str, Any]:
    """The rows of each of the metric's expressions: Arrow tables for metrics that read columns, else lists of dictionaries."""
    key = _key(metric, params)
    held = _hold(con, metric, tables, params)
    plan = _answers.get(key)
    if plan is None:
        shapes = replace(tables, held={name: con.table(f"held_{name}") for name in held})
        made = metric.tables(shapes, replace(params, as_of_ms=INSTANT))
        plan = _keep(_answers, key, {name: (con.compile(expression), expression.schema()) for name, expression in made.items()})
    found = {name: _fetch(con, _now(select, params), schema) for name, (select, schema) in plan.items()}
    for name in held:
        con.raw_sql(f"DROP TABLE held_{name}")
    return found if metric.columnar else {name: table.to_pylist() for name, table in found.items()}


def held(con: Any, metric: Metric, tables: Tables, params: Params) -> Tables:
    """Tables with what the metric wants worked out once, for expressions of whoever asks."""
    return replace(tables, held={name: con.table(f"held_{name}") for name in _hold(con, metric, tables, params)})


def _hold(con: Any, metric: Metric, tables: Tables, params: Params) -> list[str]:
    """Work it out. Returns the names."""
    if metric.hold is None:
        return []
    key = _key(metric, params)
    plan = _held.get(key)
    if plan is None:
        made = metric.hold(tables, replace(params, as_of_ms=INSTANT))
        plan = _keep(_held, key, {name: _typed(con, expression) for name, expression in made.items()})
    for name, select in plan.items():
        con.raw_sql(f"CREATE OR REPLACE TEMP TABLE held_{name} AS {_now(select, params)}")
    return [*plan, *_reckon(con, metric, params)]


def _reckon(con: Any, metric: Metric, params: Params) -> list[str]:
    """What Python makes of it, held beside it. Returns the names."""
    if metric.reckon is None:
        return []
    read = {name: con.con.sql(f"SELECT * FROM held_{name}").to_arrow_table() for name in metric.reckon.reads}  # noqa: S608
    made = metric.reckon.work(read, params)
    for name, table in made.items():
        con.con.register("reckoned", table)
        con.raw_sql(f"CREATE OR REPLACE TEMP TABLE held_{name} AS SELECT * FROM reckoned")  # noqa: S608
        con.con.unregister("reckoned")
    return list(made)


def _key(metric: Metric, params: Params) -> tuple[Any, ...]:
    return metric.name, replace(params, as_of_ms=0), tuple(kind_names())


def _keep(plans: dict[tuple[Any, ...], T], key: tuple[Any, ...], made: T) -> T:
    if len(plans) >= MOST:
        plans.clear()  # another thread has its own plan in hand
    plans[key] = made
    return made


def _typed(con: Any, expression: Any) -> str:
    """Its SELECT with the types that ibis says it has: the engine's own sums are wider."""
    types = {name: con.compiler.type_mapper.to_string(of) for name, of in expression.schema().items()}
    columns = ", ".join(f'"{name}"::{of} AS "{name}"' for name, of in types.items())
    return f"SELECT {columns} FROM ({con.compile(expression)})"  # noqa: S608


def _fetch(con: Any, select: str, schema: Any) -> "pa.Table":
    from ibis.formats.pyarrow import PyArrowData

    return PyArrowData.convert_table(con.con.sql(select).to_arrow_table(), schema)


def _now(select: str, params: Params) -> str:
    return select.replace(str(INSTANT), str(params.as_of_ms))
