"""What is new and what is unread: what stands there, being done with it, and what it costs where much is said."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Reading, Topic
from fireside.conversation.queries import counts_of, latest
from fireside.conversation.tests.test_costs import UNIT, work_of
from fireside.lib.bulk import insert, next_ids
from fireside.members.actions import merge_members
from fireside.notifications.queries import has_unread
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both


@pytest.fixture
def world(world):
    world.now += timedelta(hours=1)  # everybody has joined by then
    world.one = actions.open_topic(world.as_("ben"), space=world.hearth, title="One", text="x")
    world.two = actions.open_topic(world.as_("ann"), space=world.hearth, title="Two", text="x")
    world.inside = actions.open_topic(world.as_("ann"), space=world.workshop, title="Inside", text="x")
    world.later(minutes=5)
    return world


def titles(world, name, show, space=None, **more):
    return [row.title for row in latest(world.people[name], filter=show, space=space, now=world.now, **more).rows]


def counts(world, name, space=None):
    found = counts_of(world.people[name], space=space, since=rules.waiting_since(world.now), now=world.now)
    assert found.new == len(titles(world, name, "new", space)) and found.unread == len(titles(world, name, "unread", space))
    return found.new, found.unread


def test_new_is_what_was_opened_and_never_read(world):
    assert titles(world, "ben", "new") == ["Inside", "Two"], "not his own"
    assert titles(world, "cat", "new") == ["Two", "One"], "only what she may read"
    assert titles(world, "ben", "new", world.workshop) == ["Inside"]
    assert counts(world, "ben") == (2, 0)
    assert latest(None, filter="new", now=world.now).rows == []
    actions.mark_topic_read(world.as_("ben"), topic=world.two)
    actions.follow_topic(world.as_("cat"), topic=world.one, level="watch")
    assert titles(world, "ben", "new") == ["Inside"]
    assert titles(world, "cat", "new") == ["Two", "One"], "a level is no reading"
    actions.follow_topic(world.as_("cat"), topic=world.one, level="mute")
    assert titles(world, "cat", "new") == ["Two"]
    actions.follow_space(world.as_("cat"), space=world.hearth, level="mute")
    assert titles(world, "cat", "new") == []
    page = latest(world.mira, filter="new", now=world.now, size=1)
    assert [row.title for row in latest(world.mira, filter="new", now=world.now, size=1, cursor=page.next).rows] == ["One"]


def test_new_ends_after_two_weeks_and_begins_with_joining(world):
    Topic.objects.filter(pk=world.one.pk).update(opened_at=world.now - timedelta(days=rules.NEW_DAYS, seconds=1))
    assert titles(world, "cat", "new") == ["Two"]
    type(world.cat).objects.filter(pk=world.cat.pk).update(joined_at=world.now)
    world.cat.refresh_from_db()
    assert titles(world, "cat", "new") == []


def test_unread_is_what_one_follows_and_has_read(world):
    for topic in (world.one, world.two):
        actions.reply(world.later(minutes=1).as_("cat"), topic=topic, text="And?")
    assert titles(world, "ben", "unread") == ["One"] and titles(world, "ann", "unread") == ["Two"]
    assert titles(world, "cat", "unread") == [], "her own words"
    actions.mark_topic_read(world.as_("mira"), topic=world.one)
    actions.reply(world.later(minutes=1).as_("ben"), topic=world.one, text="So.")
    assert titles(world, "mira", "unread") == [], "read, not followed"
    actions.follow_topic(world.as_("mira"), topic=world.one, level="follow")
    assert titles(world, "mira", "unread") == ["One"] and counts(world, "mira") == (1, 1)
    actions.follow_space(world.as_("mira"), space=world.hearth, level="mute")
    assert titles(world, "mira", "unread") == ["One"], "the topic’s own level beats the space’s"
    actions.follow_topic(world.as_("mira"), topic=world.one, level="mute")
    assert titles(world, "mira", "unread") == []
    actions.reply(world.later(minutes=1).as_("ann"), topic=world.one, text="Late.")
    actions.reply(world.later(minutes=1).as_("mira"), topic=world.two, text="Last.")
    assert titles(world, "cat", "unread") == ["Two", "One"], "the latest word first"
    page = latest(world.cat, filter="unread", now=world.now, size=1)
    assert [row.title for row in latest(world.cat, filter="unread", now=world.now, size=1, cursor=page.next).rows] == ["One"]
    actions.remove_post(world.as_("olu"), post=world.two.posts.get(number=1), reason="gone")
    assert titles(world, "cat", "unread") == ["One"]


def test_read_under_another_name_is_read(world):
    actions.follow_topic(world.as_("cat"), topic=world.one, level="follow")
    actions.mark_topic_read(world.as_("cat"), topic=world.one)
    actions.reply(world.as_("ann"), topic=world.one, text="And?")
    world.one.refresh_from_db()
    actions.mark_topic_read(world.as_("mira"), topic=world.one)
    merge_members(world.as_("olu"), member=world.cat, into=world.mira, reason="one")
    world.mira.refresh_from_db()
    assert titles(world, "mira", "unread") == [] and titles(world, "mira", "new") == ["Two"]


def test_being_done_with_all_of_it_up_to_what_was_seen(world):
    seen = world.now
    actions.reply(world.as_("cat"), topic=world.one, text="@ben and?")
    actions.reply(world.later(minutes=1).as_("cat"), topic=world.two, text="And?")
    actions.follow_topic(world.as_("ben"), topic=world.two, level="follow")
    actions.mark_topic_read(world.as_("ben"), topic=world.two, number=1)
    tell(list(Activity.objects.order_by("id")), world.now)
    assert titles(world, "ben", "unread") == ["Two", "One"] and has_unread(world.ben, "conversation.post", [world.one.pk])
    assert actions.mark_all_read(world.as_("ben"), before=seen) == 1
    assert titles(world, "ben", "unread") == ["Two"] and not has_unread(world.ben, "conversation.post", [world.one.pk])
    assert actions.mark_all_read(world.as_("ben"), space=world.workshop) == 0
    assert actions.mark_all_read(world.as_("ben"), space=world.hearth) == 1 and titles(world, "ben", "unread") == []
    actions.reply(world.later(minutes=1).as_("cat"), topic=world.two, text="Again?")
    assert [row.unread for row in latest(world.ben, filter="unread", now=world.now).rows] == [1]
    assert titles(world, "cat", "new") == [] and titles(world, "mira", "new") == ["Two", "One"]
    actions.dismiss_new(world.as_("mira"), space=world.hearth, before=seen)
    assert titles(world, "mira", "new") == []
    actions.open_topic(world.later(minutes=1).as_("ben"), space=world.hearth, title="Three", text="x")
    assert titles(world, "mira", "new") == ["Three"]
    actions.dismiss_new(world.as_("mira"))
    actions.dismiss_new(world.as_("mira"), before=seen)  # from a page that was shown long ago
    assert titles(world, "mira", "new") == []


@pytest.fixture
def today(world):
    """What was opened is of today for those who ask through a door, by its own clock."""
    now = datetime.now(UTC)
    Topic.objects.update(opened_at=now - timedelta(minutes=3), last_post_at=now - timedelta(minutes=2))
    Reading.objects.update(at=now - timedelta(minutes=3))
    Reading.objects.filter(member=world.ben).update(number=0)
    Reading.objects.filter(member=world.ben, topic=world.one).update(number=1)
    Topic.objects.filter(pk=world.one.pk).update(last_number=3)
    return now


def test_pages(world, today, client):
    assert "show=new" not in client.get("/talk").content.decode()
    assert client.get("/talk?show=new").status_code == 200, "to a visitor as all talk"
    client.force_login(world.ben)
    page = client.get("/talk").content.decode()
    assert re.search(r'New <span class="count">2<', page) and re.search(r'Unread <span class="count">1<', page)
    page = client.get("/talk?show=unread").content.decode()
    assert f'href="/t/{world.one.pk}#new"' in page and "2 new" in page and "Mark all as read" in page
    before = re.search(r'name="before" value="([^"]+)"', page)[1]
    answer = client.post("/talk/read", {"before": before})
    assert answer.headers["Location"] == "/talk?show=unread"
    assert "Everything is read" in client.get("/talk?show=unread").content.decode()
    page = client.get(f"/spaces/{world.workshop.slug}?show=new").content.decode()
    assert "Inside" in page and f'name="space" value="{world.workshop.slug}"' in page
    assert client.post("/talk/new/end", {"space": world.workshop.slug}).headers["Location"] == f"/spaces/{world.workshop.slug}?show=new"
    assert "Nothing is new" in client.get(f"/spaces/{world.workshop.slug}?show=new").content.decode()
    assert "Two" in client.get("/talk?show=new").content.decode()
    client.post("/talk/new/end", {"before": "nonsense"})
    assert "Nothing is new" in client.get("/talk?show=new").content.decode()


def test_json(world, today, client):
    assert client.get("/api/v1/topics?show=new").json()["items"] == []
    assert client.get("/api/v1/topics/counts").status_code == 401
    client.force_login(world.ben)
    asked = lambda where: [one["title"] for one in client.get(f"/api/v1/topics?{where}").json()["items"]]  # noqa: E731
    assert asked("show=unread") == ["One"] and asked("show=new&space=workshop") == ["Inside"]
    found = client.get("/api/v1/topics/counts").json()
    assert (found["waiting"], found["new"], found["unread"]) == (3, 2, 1) and found["oldest"]
    assert client.put("/api/v1/topics/read", {"space": "workshop"}, content_type="application/json").json() == {"topics": 0}
    assert client.put("/api/v1/topics/read", {}, content_type="application/json").json() == {"topics": 1}
    assert client.delete("/api/v1/topics/new?space=workshop").json()["new"] == 0
    assert client.delete("/api/v1/topics/new").json() == client.get("/api/v1/topics/counts").json() and asked("show=new") == []
    client.force_login(world.cat)
    missing = client.get("/api/v1/topics/counts?space=never-was")
    assert missing.status_code == 404
    for method, path, body in (("GET", "counts?space={}", None), ("PUT", "read", "{}"), ("DELETE", "new?space={}", None)):
        there, never = (
            client.generic(method, f"/api/v1/topics/{path.format(slug)}", json.dumps({"space": slug}) if body else "", content_type="application/json")
            for slug in (world.cellar.slug, "never-was")
        )  # fmt: skip
        assert (there.status_code, there.content) == (never.status_code, never.content) == (404, missing.content)


def test_command_line(world, today):
    call_command("act", "conversation.mark_all_read", "as=ben", stdout=StringIO())
    call_command("act", "conversation.dismiss_new", "as=ben", "space=workshop", stdout=StringIO())
    assert [row.title for row in latest(world.ben, filter="new", now=today).rows] == ["Two"]


FOLLOWED = 300


def crowd_of_topics(world, many: int) -> None:
    """Many topics of today, of which Cat has opened the newest and follows some that she has read to their end."""
    ids = list(next_ids("conversation_topic", many))
    columns = ("id", "space_id", "author_id", "title", "asks", "opened_at", "last_post_at", "posts_count", "last_number", "helped_count", "imported")  # fmt: skip
    insert("conversation_topic", columns, [
        (pk, world.hearth.pk, world.ben.pk, f"Topic {pk}", False, world.now - timedelta(seconds=many - n), world.now - timedelta(seconds=many - n), 2, 2, 0, False)
        for n, pk in enumerate(ids)
    ])  # fmt: skip
    Reading.objects.filter(member=world.cat).delete()
    marks = ("member_id", "topic_id", "number", "at", "level", "level_by")
    insert("conversation_reading", marks, [
        (world.cat.pk, pk, 1 if n < 5 else 2, world.now, 2 if n < FOLLOWED else None, "spoke" if n < FOLLOWED else "") for n, pk in enumerate(reversed(ids[-5500:]))
    ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_it_costs_the_same_however_many_topics_there_are(world, full):
    work: dict[str, list[int]] = {}
    for many in (6_000, 94_000 if full else 18_000):
        crowd_of_topics(world, many)
        since = rules.waiting_since(world.now)
        calls = {
            "new, all of it opened": lambda: latest(world.cat, filter="new", now=world.now),
            "new to Mira": lambda: latest(world.mira, filter="new", now=world.now),
            "new in a space": lambda: latest(world.mira, filter="new", now=world.now, space=world.hearth),
            "unread": lambda: latest(world.cat, filter="unread", now=world.now),
            "counts": lambda since=since: counts_of(world.cat, since=since, now=world.now),
            "counts for Mira": lambda since=since: counts_of(world.mira, since=since, now=world.now),
        }
        for name, call in calls.items():
            call()
            seen: list[str] = []
            work.setdefault(name, []).append(work_of(call, seen))
            assert len(seen) <= 3
    print("\n" + "\n".join(f"{name}: {a} {UNIT[connection.vendor]}, then {b}" for name, (a, b) in work.items()))
    assert len(latest(world.cat, filter="unread", now=world.now).rows) == 5
    for name, (small, large) in work.items():
        most = 1.5 * small + 200
        if connection.vendor == "postgresql" and name in ("unread", "counts"):
            # it joins few topics as a whole and many one by one; of however many, it looks at no more than is followed
            most = max(most, 10 * FOLLOWED)
        assert 0 < large < most, name
