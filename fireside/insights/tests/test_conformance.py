"""The same expressions give the same rows on DuckDB and on ClickHouse (its embedded engine, through ibis' own ClickHouse backend).

Also the traps of engines by name: each is shown to be there, so that nobody “simplifies” an expression back into one.
"""

import math
import os
from datetime import date
from importlib.util import find_spec

import pyarrow as pa
import pytest

from fireside.insights import actions, metrics
from fireside.insights.metrics.base import Params, Tables
from fireside.insights.metrics.parts import interval
from fireside.insights.mirror import files
from fireside.insights.mirror.columns import COLUMNS
from fireside.insights.mirror.reading import PARTS, session
from fireside.insights.mirror.state import snapshot
from fireside.insights.rules import day_no, day_of, interval_of
from fireside.insights.tests import archive
from fireside.insights.tests.anew import held, run

pytestmark = [pytest.mark.real_data, pytest.mark.once]  # engines and arithmetic: no database of records is in it
# In CI nothing is skipped: without chDB the import fails there.
needs_chdb = pytest.mark.skipif(
    not find_spec("chdb") and not os.environ.get("CI"), reason="chDB (ClickHouse embedded) is not installed: make dev"
)


def _type(kind, missing):
    """A column as a ClickHouse table of the mirror would declare it."""
    plain = {"int64": "Int64", "int32": "Int32", "string": "String", "bool": "Bool"}[kind]
    return f"Nullable({plain})" if missing else plain


class ClickHouse:
    """ibis' ClickHouse backend over the engine in this process. One engine a process, so one for the whole session."""

    name = "clickhouse"

    def __init__(self):
        import clickhouse_connect
        from ibis.backends.clickhouse import Backend

        self.client = clickhouse_connect.create_client(interface="chdb")
        self.backend = Backend()
        self.backend.con = self.client
        self.made = {}  # table -> what it was made by: a mode that holds the same does not make it again

    def load(self, state):
        for name, part in PARTS.items():
            self.client.command(f"DROP TABLE IF EXISTS {name}")
            columns = ", ".join(f"{column} {_type(*of)}" for column, of in COLUMNS[part].items())
            self.client.command(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
            for path in state.paths[part]:
                self.client.command(f"INSERT INTO {name} SELECT * FROM file('{files.root() / path}', Parquet)")
        return Tables(**{name: self.backend.table(name) for name in PARTS})

    def create_table(self, name, expression, temp=False):
        select = None if isinstance(expression, pa.Table) else self.backend.compile(expression)
        if select is not None and self.made.get(name) == select:
            return self.backend.table(name)
        self.client.command(f"DROP TABLE IF EXISTS {name}")
        if isinstance(expression, pa.Table):
            columns = ", ".join(f"{column} Int64" for column in expression.column_names)
            self.client.command(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
            self.client.insert_arrow(name, expression)
            return self.backend.table(name)
        self.client.command(f"CREATE TABLE {name} ENGINE = Memory AS {select}")
        self.made[name] = select
        return self.backend.table(name)

    def to_pyarrow(self, expression):
        return self.backend.to_pyarrow(expression)


@pytest.fixture(scope="session")
def clickhouse():
    return ClickHouse()


@pytest.fixture
def filled(mirror, real_data):
    """A mirror with a real archive, a merge of two traces, help and acceptance, a removal and a closed topic."""
    from fireside.activity.log import Line, record_many
    from fireside.conversation import kinds as talk
    from fireside.members.models import Member

    actor = mirror("America/Denver")
    messages = archive.read(real_data("ncar-zulip"), 1500)
    fed = archive.feed(messages, staff=[messages[50].who])
    people = list(fed.members.values())
    Member.objects.filter(pk=people[7]).update(person_id=people[3])
    at, space = archive.moment(messages[-1].at), next(iter(fed.spaces.values()))
    last = {"space_id": space}
    asker = next(fed.members[m.who] for m in messages if fed.topics[m.topic] == 6)
    record_many(actor, [
        Line(talk.HELPED, at, people[5], target_id=40, other_id=people[9], parent_id=3, **last),
        Line(talk.HELPED, at, people[6], target_id=41, other_id=people[9], parent_id=3, **last),
        Line(talk.HELP_TAKEN_BACK, at, people[6], target_id=41, other_id=people[9], parent_id=3, **last),
        Line(talk.ACCEPTED, at, asker, target_id=42, other_id=people[9], parent_id=6, **last),
        Line(talk.REMOVED, at, people[1], target_id=90, parent_id=9, **last),
        Line(talk.CLOSED, at, people[1], target_id=11, parent_id=11, **last),
    ])  # fmt: skip
    actions.bring_up_to_date(actor)
    return actor, snapshot()


def cases():
    for metric in metrics.every():
        for mode in metric.modes or [""]:
            yield pytest.param(metric, mode, id=f"{metric.name}-{mode or 'plain'}")


def params(actor, metric, mode, by="month", spaces=None):
    today = day_no(actor.now.date())
    return Params(since=day_no(date(2020, 6, 1)), until=day_no(date(2022, 3, 15)), by=by, as_of_ms=int(actor.now.timestamp() * 1000),
                  as_of_day=today, zone="America/Denver", mode=mode, staff=metric.staff, offsets=6, spaces=spaces)  # fmt: skip


def rows_of(found):
    """Every expression's rows, sorted, with floats rounded to what engines agree on."""
    return {name: sorted((tuple(_plain(row[k]) for k in sorted(row)) for row in rows), key=repr) for name, rows in found.items()}


def _plain(value):
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.9g}")
    return int(value) if isinstance(value, bool) or hasattr(value, "as_integer_ratio") else value


@needs_chdb
@pytest.mark.django_db
def test_every_metric_and_its_evidence_give_the_same_rows_on_both_engines(filled, clickhouse, whole):
    """One house for both questions, because filling it is the slow part."""
    actor, state = filled
    there = clickhouse.load(state)
    with session(state) as (con, here):
        ways = [("month", None), ("week", tuple(range(1, 2000, 2)))]
        for n, case in enumerate(cases()):
            metric, mode = case.values
            first = mode == next(iter(metric.modes), "")
            for by, spaces in ways if whole else [ways[0 if first else n % 2]]:  # in turn, and both with FULL=1
                p = params(actor, metric, mode, by, spaces)
                one, other = again(con, metric, here, p), held(clickhouse, metric, there, p)
                the_same_figures(con, one, clickhouse, other, metric, p)
                if first and by == "month":
                    the_same_evidence(con, one, clickhouse, other, metric, p)
            if first and not whole and n % 2:  # and in some spaces, by weeks
                p = params(actor, metric, mode, *ways[1])
                the_same_figures(con, again(con, metric, here, p), clickhouse, held(clickhouse, metric, there, p), metric, p)


def the_same_figures(con, one, clickhouse, other, metric, p):
    here, there = rows_of(run(con, metric.tables(one, p))), rows_of(run(clickhouse, metric.tables(other, p)))
    assert here == there, (metric.name, p.mode, p.by)
    assert any(here.values())


def the_same_evidence(con, one, clickhouse, other, metric, p):
    for which in metric.which:
        found = []
        for engine, t in ((con, one), (clickhouse, other)):
            of = metric.evidence(t, p, which, {})
            found.append(rows_of(run(engine, {"e": of.rows.select(*of.columns)})))
        assert found[0] == found[1], (metric.name, which)
        assert found[0]["e"] or metric.name != "helped", which


def again(con, metric, tables, p):
    """Held tables are made once a session in the house; here many times."""
    for (name,) in con.con.sql("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'held%'").fetchall():
        con.raw_sql(f"DROP TABLE {name}")
    return held(con, metric, tables, p)


@needs_chdb
def test_the_traps_are_there(clickhouse):
    """Why the expressions look as they do. If one of these fails, an engine was mended: the expression may stay."""
    import ibis

    table = ibis.memtable({"x": [1, 1, 2, 2, 3]})
    assert "uniq(" in clickhouse.backend.compile(table.x.nunique()).lower().replace("uniqexact(", "")  # approximate: we count distinct rows
    ranked = clickhouse.backend.compile(table.mutate(r=ibis.rank().over(order_by=table.x)))
    assert "ROWS BETWEEN" in ranked.upper()  # which makes ranks of ties into row numbers: we never rank
    duck = ibis.duckdb.connect()
    duck.raw_sql("CREATE TABLE t AS SELECT make_timestamp_ms(1609459200600) AS at")
    with pytest.raises(pa.ArrowInvalid):  # a fraction of a second comes out of DuckDB, whole seconds elsewhere: we keep milliseconds
        duck.to_pyarrow(duck.table("t").select(s=duck.table("t").at.epoch_seconds()))


@needs_chdb
def test_the_calendar_is_the_same_everywhere(clickhouse):
    """Intervals by whole-number arithmetic, over 80 years with their leap days."""
    import ibis

    days = list(range(0, 365 * 80, 1))
    con = ibis.duckdb.connect()
    con.raw_sql(f"CREATE TABLE days AS SELECT range::INTEGER AS day FROM range({len(days)})")
    here = con.table("days")
    for by in ("day", "week", "month"):
        expected = [interval_of(d, by) for d in days]
        assert con.to_pyarrow(here.select(i=interval(here.day, by)).order_by("i"))["i"].to_pylist() == sorted(expected)
    clickhouse.client.command("DROP TABLE IF EXISTS days")
    clickhouse.client.command(f"CREATE TABLE days ENGINE = Memory AS SELECT toInt32(number) AS day FROM numbers({len(days)})")
    there = clickhouse.backend.table("days")
    for by in ("day", "week", "month"):
        got = clickhouse.to_pyarrow(there.select(day=there.day, i=interval(there.day, by)).order_by("day"))["i"].to_pylist()
        assert [int(i) for i in got] == [interval_of(d, by) for d in days]


def test_intervals_begin_where_a_calendar_says():
    for no in range(17_000, 22_000, 13):
        day = day_of(no)
        assert interval_of(no, "month") == day.year * 12 + day.month - 1
        assert day_of(interval_of(no, "week") * 7 - 3).weekday() == 0
