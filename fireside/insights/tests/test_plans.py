"""A figure is planned once, and what is kept of that says the same as putting it together anew, at any instant and on any state."""

from dataclasses import replace

import pytest

from fireside.insights import actions, metrics
from fireside.insights.mirror import plans
from fireside.insights.mirror.reading import session
from fireside.insights.mirror.state import snapshot
from fireside.insights.queries.asking import Ask, read
from fireside.insights.tests import archive
from fireside.insights.tests.anew import held, run
from fireside.insights.tests.conftest import ASK_AT

pytestmark = [pytest.mark.real_data, pytest.mark.django_db, pytest.mark.once]


def in_order(found):
    """Rows as lists in one order; an engine adds fractions up in any order, so their last digits are left out."""

    def plain(row):
        return {name: float(f"{value:.9g}") if isinstance(value, float) else value for name, value in row.items()}

    return {name: sorted(map(plain, rows if isinstance(rows, list) else rows.to_pylist()), key=repr) for name, rows in found.items()}


def test_a_kept_plan_says_what_a_new_one_says(mirror, real_data):
    actor = mirror("Asia/Shanghai")
    said = archive.read(real_data("ncar-zulip"), 1500)
    archive.feed(said)
    actions.bring_up_to_date(actor)
    state = snapshot()
    plans._held.clear()
    plans._answers.clear()
    with session(state) as (con, tables):
        for metric in metrics.every():
            for mode in metric.modes or ("",):
                params = read(metric, Ask(mode=mode, since="2016-01-01", by="month"), viewer=actor, snapshot=state, now=ASK_AT)
                first = plans.rows_of(con, metric, tables, params)
                earlier = replace(params, as_of_ms=said[len(said) // 2].at * 1000)
                kept = plans.rows_of(con, metric, tables, earlier)
                full = held(con, metric, tables, earlier)
                anew = run(con, metric.tables(full, earlier))
                for name in full.held:
                    con.raw_sql(f"DROP TABLE held_{name}")
                assert in_order(kept) == in_order(anew), (metric.name, mode)
                assert in_order(plans.rows_of(con, metric, tables, params)) == in_order(first), (metric.name, mode)
