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
    return replace(tables, held=made)
