"""A metric's expressions put together anew each time, on any engine: what the house keeps of them is compared with this."""

from dataclasses import replace


def run(con, expressions):
    """The rows of each expression."""
    return {name: con.to_pyarrow(expression).to_pylist() for name, expression in expressions.items()}


def held(con, metric, tables, params):
    """Tables with what the metric wants worked out once."""
    if metric.hold is None:
        return tables
    made = {name: con.create_table(f"held_{name}", expression, temp=True) for name, expression in metric.hold(tables, params).items()}
    if metric.reckon is not None:
        work = metric.reckon.work({name: con.to_pyarrow(made[name]) for name in metric.reckon.reads}, params)
        made |= {name: put(con, f"held_{name}", table) for name, table in work.items()}
    return replace(tables, held=made)


def put(con, name, table):
    """Columns as a table of the engine. ibis 12 cannot with DuckDB 2: it drops a view without a name."""
    if con.name != "duckdb":
        return con.create_table(name, table)
    con.con.register("columns", table)
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM columns")
    return con.table(name)
