"""How long the numbers take: 10 000 000 lines of two years with FULL=1, 200 000 otherwise. Prints a table (pytest -s)."""

import resource
import time
from datetime import UTC, date, datetime

import pytest

from fireside.insights import actions, metrics
from fireside.insights.metrics.base import Params
from fireside.insights.mirror import files
from fireside.insights.mirror.engine import copy_to, raw_session
from fireside.insights.mirror.reading import compute
from fireside.insights.mirror.state import fingerprint, snapshot
from fireside.insights.models import Mirror, Segment
from fireside.insights.rules import day_no

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.once]  # the engine and its files alone
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, DAYS = day_no(date(2024, 1, 1)), 731
LINES = """
SELECT row_number() OVER ()::BIGINT AS id, at_ms, (at_ms // 86400000)::INTEGER AS day, kind, member_id,
       CASE WHEN kind IN ('conversation.replied', 'conversation.helped') THEN (hash(id, 3) % {people} + 1)::BIGINT END AS other_id,
       (power(hash(id, 4) % 1000000 / 1e6, 3) * 250)::BIGINT + 1 AS space_id, id AS target_id,
       CASE WHEN kind IN ('conversation.asked', 'conversation.opened') THEN id ELSE greatest(1, id - 1 - hash(id, 5) % 40) END AS parent_id,
       true AS imported, 'import' AS via, 7::BIGINT AS source
FROM (SELECT range AS id, ({first} * 86400000::BIGINT + (range::DOUBLE / {lines} * {days} * 86400000)::BIGINT) AS at_ms,
             (power(hash(range, 1) % 1000000 / 1e6, 2) * {people})::BIGINT + 1 AS member_id,
             CASE WHEN hash(range, 2) % 100 < 8 THEN 'conversation.asked' WHEN hash(range, 2) % 100 < 16 THEN 'conversation.opened'
                  WHEN hash(range, 2) % 100 < 88 THEN 'conversation.replied' WHEN hash(range, 2) % 100 < 94 THEN 'conversation.thanked'
                  ELSE 'conversation.helped' END AS kind
      FROM range({lines}))
"""


@pytest.fixture
def large(mirror, whole):
    """A mirror of made-up lines, written the way segments are."""
    actor, lines = mirror("UTC", NOW), 10_000_000 if whole else 200_000
    people = lines // 100
    began = time.monotonic()
    with raw_session() as con:
        con.execute("CREATE TABLE lines AS " + LINES.format(first=FIRST, days=DAYS, lines=lines, people=people))
        months = con.execute("SELECT DISTINCT strftime(DATE '1970-01-01' + day, '%Y-%m') FROM lines").fetchall()
        for (month,) in sorted(months):
            path = files.new_path("activity", month)
            rows = copy_to(con, f"SELECT * FROM lines WHERE strftime(DATE '1970-01-01' + day, '%Y-%m') = '{month}'", files.root() / path)
            Segment.objects.create(path=path, month=month, rows=rows, made_at=NOW)
        path = files.new_path("people", "")
        query = (f"SELECT range + 1 AS member_id, range + 1 AS person_id, range % 500 = 0 AS is_bot, range % 997 = 0 AS is_staff, false AS is_sample,"
                 f" ({FIRST} + hash(range, 9) % {DAYS})::INTEGER AS joined_day, false AS removed FROM range({people}::BIGINT + 1)")  # fmt: skip
        rows = copy_to(con, query, files.root() / path)
        Segment.objects.create(part="people", path=path, rows=rows, made_at=NOW)
    Mirror.objects.create(pk=1, last_line=lines, rows=lines, moved_at=NOW, people_stale=False, kinds=fingerprint())
    made = time.monotonic()
    actions.make_rollups(actor)
    print(f"\n{lines:,} lines, {people:,} people: made {made - began:.1f} s, rollups {time.monotonic() - made:.1f} s")
    return actor


def test_how_long_every_metric_takes(large, whole):
    state, until, slowest = snapshot(), day_no(date(2025, 12, 31)), 0.0
    for metric in metrics.every():
        for mode in metric.modes or [""]:
            p = Params(since=until - 363, until=until, by="week", as_of_ms=int(NOW.timestamp() * 1000), as_of_day=until + 1, zone="UTC",
                       mode=mode, staff=metric.staff, offsets=12)  # fmt: skip
            began = time.monotonic()
            body = compute(metric, p, state)
            took = time.monotonic() - began
            slowest = max(slowest, took)
            print(f"{metric.name:>14} {mode:<12} {took:6.2f} s   {body.headline['value']}")
            assert body.rows
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    assert slowest < (300 if whole else 60)
