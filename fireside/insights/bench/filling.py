"""A mirror of made-up lines of two years, written the way segments are, without a database beside it."""

from datetime import UTC, date, datetime
from pathlib import Path

from fireside.insights.mirror import files
from fireside.insights.mirror.engine import copy_to, raw_session
from fireside.insights.mirror.making import rollups
from fireside.insights.mirror.state import Snapshot, counting_kinds, kept_kinds, told_kinds
from fireside.insights.rules import day_no

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, DAYS = day_no(date(2024, 1, 1)), 731
A_PERSON = 100  # lines: ten million are of a hundred thousand people
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
      FROM range({low}, {high}))
"""
PEOPLE = """
SELECT range + 1 AS member_id, range + 1 AS person_id, range % 500 = 0 AS is_bot, range % 997 = 0 AS is_staff, false AS is_sample,
       ({first} + hash(range, 9) % {days})::INTEGER AS joined_day, false AS removed
FROM range({people}::BIGINT + 1)
"""


def fill(lines: int) -> Snapshot:
    """Write the mirror's files for so many lines into its folder (settings.MIRROR). Returns what a reader opens."""
    people, paths = lines // A_PERSON, {"activity": [], "people": [], "member_day": [], "member_space_day": []}  # type: ignore[var-annotated]
    with raw_session() as con:
        con.execute("CREATE TABLE lines AS " + LINES.format(first=FIRST, days=DAYS, lines=lines, people=people, low=0, high=lines))
        months = con.execute("SELECT DISTINCT strftime(DATE '1970-01-01' + day, '%Y-%m') FROM lines").fetchall()
        for (month,) in sorted(months):
            path = files.new_path("activity", month)
            copy_to(con, f"SELECT * FROM lines WHERE strftime(DATE '1970-01-01' + day, '%Y-%m') = '{month}'", _target(path))  # noqa: S608
            paths["activity"].append(path)
        path = files.new_path("people", "")
        copy_to(con, PEOPLE.format(first=FIRST, days=DAYS, people=people), _target(path))
        paths["people"].append(path)
    with raw_session() as con:
        for path in paths["activity"]:
            for made in rollups(con, Path(path).parent.name, [path], counting_kinds(), kept_kinds(), told_kinds()):
                paths[made.part].append(made.path)
    return Snapshot(1, lines, lines, "UTC", NOW, paths)


def _target(path: str) -> Path:
    return files.root() / path
