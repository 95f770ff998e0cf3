"""A ready query is the query it was made of; a row added at once is the row that save would have written."""

from datetime import UTC, datetime

import pytest

from fireside.activity.models import Activity, Job
from fireside.lib.ready import Ready, add, add_new

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = datetime(2026, 3, 2, 12, 30, 15, 250, UTC)


def line(**more):
    return Activity(kind="x.y", at=AT, via="cli", member_id=7, data={"title": "“ü”", "n": 1}, **more)


def kept(pk):
    return Activity.objects.filter(pk=pk).values().get()


def test_an_added_row_is_as_saved_and_the_database_fills_in_its_defaults():
    saved, added = line(), add(line())
    saved.save(force_insert=True)
    one, other = kept(saved.pk), kept(added.pk)
    assert one.pop("id") != other.pop("id")
    assert one.pop("recorded_at") <= datetime.now(UTC)
    assert other.pop("recorded_at") is not None
    assert one == other
    added.via = "web"
    added.save(update_fields=["via"])  # it knows that it stands in the table
    assert kept(added.pk)["via"] == "web"


def test_a_row_that_is_there_is_not_added_again():
    assert add_new(line(source="s", external_id="1"))
    again = line(source="s", external_id="1")
    assert not add_new(again)
    assert again.pk is None
    assert Activity.objects.count() == 1


def test_a_ready_query_gives_the_same_models_time_after_time():
    ready = Ready(lambda kind, least: Job.objects.filter(name=kind, done__gte=least).order_by("pk"))
    rows = [add(Job(name="a" if n % 2 else "b", asked_at=AT, done=n, counts={"n": n}, total=None)) for n in range(6)]
    for name, least in (("a", 0), ("b", 2), ("a", 4), ("c", 0)):
        plain = list(Job.objects.filter(name=name, done__gte=least).order_by("pk"))
        assert [vars(one) | {"_state": 0} for one in ready.all(name, least)] == [vars(one) | {"_state": 0} for one in plain]
        assert ready.first(name, least) == (plain[0] if plain else None)
    assert rows[0].pk


def test_what_is_no_whole_model_is_told_at_once():
    with pytest.raises(TypeError):
        Ready(lambda name: Job.objects.filter(name=name).values("pk")).all("a")
