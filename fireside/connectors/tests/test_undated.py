"""People whom a list told of without a day: nobody is told since when, also of those that an earlier version took in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.dateparse import parse_datetime

from fireside.connectors.models import ImportRun
from fireside.members.models import Identity, Member
from fireside.members.queries import people_table

LIST = "id,name,joined\n1,Ada,\n2,Bo,2024-03-01\n3,Cy,\n4,Di,\n"


@pytest.mark.django_db
def test_pages_and_programs_are_not_told_the_day_of_the_import(bring, tmp_path, sign_in, django_assert_max_num_queries):
    (tmp_path / "list.csv").write_text(LIST)
    bring("members", tmp_path / "list.csv")
    client = sign_in("dan")
    for name, known in {"ada": False, "bo": True}.items():
        assert ("here since" in client.get(f"/people/{name}").content.decode()) is known
        row = client.get(f"/people/tend?q={name}").content.decode().split('class="small faint">test')[1].split("</span>")[0]
        assert ("since" in row) is known
        side = client.get(f"/people/{name}/identity").content.decode().split('class="faint">test')[1].split("</p>")[0]
        assert ("since" in side) is known
        told = client.get(f"/api/v1/people/{name}").json()["joined_at"]
        assert parse_datetime(told) == Member.objects.get(handle=name).joined_at if known else told is None
    with django_assert_max_num_queries(5):
        told = {one["handle"]: one["joined_at"] for one in client.get("/api/v1/people").json()["items"]}
    assert [name for name in ("ada", "bo", "cy", "di", "ann") if told[name] is None] == ["ada", "cy", "di"]


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_whom_an_earlier_version_took_in_is_undated_after_the_upgrade(bring, tmp_path, world):
    (tmp_path / "list.csv").write_text(LIST)
    bring("members", tmp_path / "list.csv")
    rows = Identity.objects.filter(source="test")
    rows.filter(data__undated=True).update(data={"phone": "1"})  # as it was written then
    began, again = world.now, world.now + timedelta(days=1)
    ImportRun.objects.update(started_at=began, ended_at=again)  # killed, and gone on with a day later
    for pk, at in {"1": began, "3": again, "4": began + timedelta(minutes=5)}.items():
        rows.filter(external_id=pk).update(first_seen_at=at)
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("connectors", "0003_renamed")])
    finally:
        MigrationExecutor(connection).migrate(latest)
    data = dict(rows.values_list("external_id", "data"))
    assert data == {"1": {"phone": "1", "undated": True}, "2": {}, "3": {"phone": "1", "undated": True}, "4": {"phone": "1"}}
    joined = {row.member_id: row.joined_at for row in people_table()}
    assert [name for name in ("Ada", "Bo", "Cy", "Di") if joined[Member.objects.get(name=name).pk] is None] == ["Ada", "Cy"]
