"""The mirror's files as others meet them: an upgraded house, and an analyst with DuckDB."""

import json
import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from fireside.insights import actions, queries
from fireside.insights.mirror import files
from fireside.insights.mirror.state import snapshot
from fireside.insights.models import Mirror
from fireside.insights.tests.test_mirror import NOON, someone, write

pytestmark = [pytest.mark.django_db]


def test_files_of_an_older_house_are_made_anew_and_read_until_then(mirror):
    """Before imported lines told of which source they are, the column was not there."""
    actor = mirror("UTC", NOON)
    someone("Ann")
    write(actor, 5)
    actions.bring_up_to_date(actor)
    assert actions.needs_rebuild() == ""
    for path in snapshot().paths["activity"]:
        pq.write_table(pq.read_table(files.root() / path).drop_columns(["source"]), files.root() / path)
    Mirror.objects.update(kinds="of an older house")
    assert queries.answer("first_reply", now=actor.now, viewer=actor)["rows"]
    assert actions.make_rollups(actor) == 0
    assert actions.needs_rebuild() == "columns"
    actions.rebuild_mirror(actor)
    assert actions.needs_rebuild() == ""
    assert "source" in pq.read_schema(files.root() / snapshot().paths["activity"][0]).names


def test_an_analyst_opens_the_live_files_as_the_page_on_numbers_says(mirror, capsys):
    """The Python of docs/numbers.md, on a mirror with replaced files beside the live ones."""
    actor = mirror("UTC", NOON)
    write(actor, 5, member=someone("Ann"))
    actions.bring_up_to_date(actor)
    actions.rebuild_mirror(actor)
    call_command("mirror", "--files", "--json")
    live = json.loads(capsys.readouterr().out)
    assert {part: len(paths) for part, paths in live.items()} == {"activity": 1, "people": 1, "member_day": 1, "member_space_day": 1}
    page = Path(__file__).resolve().parents[3] / "docs" / "numbers.md"
    query = re.search(r'duckdb\.sql\("""(.*?)"""', page.read_text(encoding="utf-8"), re.DOTALL)[1]
    lines, people = duckdb.read_parquet(live["activity"]), duckdb.read_parquet(live["people"])  # noqa: F841  the query names them
    assert [people for _week, people in duckdb.sql(query).fetchall()] == [1]
