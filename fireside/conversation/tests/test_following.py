"""How closely people follow topics and spaces: what holds, who is told, who is spared, and that a crowd is told in batches."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Crowd, Reading
from fireside.conversation.queries import latest, mark_of, space_level, topics_chosen
from fireside.conversation.reactions import tell_watchers
from fireside.conversation.rules import Level
from fireside.conversation.sweeps import tell_crowds
from fireside.lib.bulk import insert
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.members.actions import merge_members
from fireside.members.models import Member
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell
from fireside.spaces.actions import join_space, leave_space

pytestmark = pytest.mark.both


@pytest.fixture
def world(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    world.start = Activity.objects.order_by("-id").values_list("id", flat=True)[0]
    return world


def told(world):
    """Who has been told since the last time, as the worker does it."""
    lines = list(Activity.objects.filter(pk__gt=world.start).order_by("id"))
    Notice.objects.all().delete()
    tell(lines, world.now)
    tell_watchers([one for one in lines if one.kind in {"conversation.asked", "conversation.opened", "conversation.replied"}], world.now)
    world.start = lines[-1].pk
    return sorted(Notice.objects.values_list("member__handle", flat=True))


def level(world, name, topic=None):
    return mark_of(world.people[name], topic or world.topic).level


@pytest.mark.parametrize(
    ("own", "by_hand", "space", "level"),
    [
        (None, False, None, Level.NORMAL),
        (None, False, Level.WATCH, Level.WATCH),
        (None, False, Level.MUTE, Level.MUTE),
        (Level.FOLLOW, False, Level.WATCH, Level.WATCH),  # to speak in a watched space lowers nothing
        (Level.FOLLOW, False, Level.MUTE, Level.FOLLOW),  # but it opens one topic of a muted one
        (Level.MUTE, True, Level.WATCH, Level.MUTE),
        (Level.NORMAL, True, Level.WATCH, Level.NORMAL),
        (Level.WATCH, True, Level.MUTE, Level.WATCH),
    ],
)
def test_what_holds(own, by_hand, space, level):
    assert rules.level_here(own, by_hand, space) == level


def test_who_speaks_follows_unless_hand_or_habit_say_otherwise(world):
    assert level(world, "ben") == Level.FOLLOW and level(world, "cat") == Level.NORMAL
    actions.reply(world.as_("cat"), topic=world.topic, text="Trim it.")
    assert level(world, "cat") == Level.FOLLOW
    actions.follow_topic(world.as_("cat"), topic=world.topic, level="normal")
    actions.reply(world.as_("cat"), topic=world.topic, text="Again.")
    assert level(world, "cat") == Level.NORMAL
    actions.follow_as_space(world.as_("cat"), topic=world.topic)
    assert mark_of(world.cat, world.topic).own is None
    actions.change_habits(world.as_("ann"), follow_spoken=False)
    actions.reply(world.as_("ann"), topic=world.topic, text="No.")
    assert mark_of(world.ann, world.topic).own is None
    actions.change_habits(world.as_("ann"), follow_spoken=True)
    actions.reply(world.as_("ann"), topic=world.topic, text="Yes.")
    assert mark_of(world.ann, world.topic).by == "spoke"
    assert not Activity.objects.filter(pk__gt=world.start).exclude(kind="conversation.replied").exclude(kind="spaces.joined").exists()
    with pytest.raises(Refused):
        actions.follow_topic(world.as_("cat"), topic=world.topic, level="loud")


def test_own_words_are_read(world):
    assert mark_of(world.ben, world.topic).number == 1
    actions.reply(world.as_("ann"), topic=world.topic, text="Trim it.")
    actions.reply(world.as_("ben"), topic=world.topic, text="I did.")
    assert mark_of(world.ben, world.topic).number == 1, "Ann’s words are still to be read"
    actions.reply(world.as_("ann"), topic=world.topic, text="Again.")
    assert mark_of(world.ann, world.topic).number == 2, "Ben’s, too"
    actions.follow_topic(world.as_("mira"), topic=world.topic, level="watch")
    row = next(one for one in latest(world.mira).rows if one.id == world.topic.pk)
    assert row.unread == -1, "a level is no reading"


def test_watchers_are_told_of_every_post_once(world):
    actions.follow_topic(world.as_("cat"), topic=world.topic, level="watch")
    actions.follow_space(world.as_("mira"), space=world.hearth, level="watch")
    actions.follow_space(world.as_("cat"), space=world.hearth, level="watch")
    actions.reply(world.as_("ann"), topic=world.topic, text="@cat trim it.")
    assert told(world) == ["ben", "cat", "mira"]
    actions.reply(world.as_("mira"), topic=world.topic, text="Mine does not.")
    assert told(world) == ["ben", "cat"]
    actions.follow_topic(world.as_("mira"), topic=world.topic, level="follow")
    actions.reply(world.as_("ben"), topic=world.topic, text="Thanks.")
    assert told(world) == ["cat"], "for Mira the topic’s own level beats the space’s"
    actions.open_topic(world.as_("ben"), space=world.hearth, title="Oil?", text="Which?")
    assert told(world) == ["cat", "mira"]
    actions.open_topic(world.as_("ben"), space=world.workshop, title="Elsewhere", text="x")
    assert told(world) == []


def test_whoever_mutes_is_told_nothing(world):
    topic = world.topic
    actions.follow_topic(world.as_("ben"), topic=topic, level="mute")
    actions.follow_space(world.as_("cat"), space=world.hearth, level="mute")
    own = actions.reply(world.as_("ann"), topic=topic, text="@cat @ben look")
    assert told(world) == []
    actions.reply(world.as_("cat"), topic=topic, text="I am here.")
    told(world)
    actions.reply(world.as_("ann"), topic=topic, text="@cat and?")
    assert told(world) == ["cat"], "to speak in a topic follows it, though its space is muted"
    actions.follow_topic(world.as_("ann"), topic=topic, level="mute")
    actions.remove_post(world.as_("dan"), post=own, reason="Rule 2")
    assert told(world) == ["ann"], "what was done to their own words is no talk"


def test_own_topic_followed_no_more_tells_only_of_what_is_said_to_oneself(world):
    first = actions.reply(world.as_("ann"), topic=world.topic, text="Trim it.")
    actions.follow_topic(world.as_("ben"), topic=world.topic, level="normal")
    told(world)
    actions.reply(world.as_("cat"), topic=world.topic, text="To Ann.", reply_to=first)
    assert told(world) == ["ann"]
    actions.reply(world.as_("cat"), topic=world.topic, text="To all.")
    assert told(world) == ["ben"]
    actions.reply(world.as_("cat"), topic=world.topic, text="To Ann, @ben", reply_to=first)
    assert told(world) == ["ann", "ben"]


def test_a_watched_space_that_closed_tells_nobody_outside(world):
    join_space(world.as_("mira"), space=world.hearth)
    for space in (world.workshop, world.cellar):
        with pytest.raises((NotFound, NotAllowed)):
            actions.follow_space(world.as_("cat"), space=space, level="watch")
        actions.follow_space(world.as_("ben"), space=space, level="watch")
    leave_space(world.as_("ben"), space=world.workshop)
    actions.open_topic(world.as_("ann"), space=world.workshop, title="Inside", text="x")
    assert told(world) == []


def test_reading_in_a_followed_space_counts(world):
    other = actions.open_topic(world.as_("ann"), space=world.hearth, title="Oil?", text="Which?")
    actions.mark_topic_read(world.as_("cat"), topic=other)
    assert mark_of(world.cat, other).own is None
    actions.follow_space(world.as_("cat"), space=world.hearth, level="follow")
    actions.mark_topic_read(world.as_("cat"), topic=world.topic)
    assert [mark_of(world.cat, one).by for one in (other, world.topic)] == ["space", "space"]
    actions.follow_topic(world.as_("cat"), topic=other, level="watch")
    actions.follow_space(world.as_("cat"), space=world.hearth, level="normal")
    assert [mark_of(world.cat, one).by for one in (other, world.topic)] == ["hand", ""]
    assert [row.title for row in topics_chosen(world.cat).rows] == ["Oil?"]


def test_two_names_of_one_person_follow_as_one(world):
    actions.follow_topic(world.as_("cat"), topic=world.topic, level="watch")
    merge_members(world.as_("olu"), member=world.cat, into=world.mira, reason="one")
    for name in ("cat", "mira"):
        world.people[name].refresh_from_db()
        assert level(world, name) == Level.WATCH
    actions.follow_topic(world.as_("mira"), topic=world.topic, level="mute")
    assert set(Reading.objects.filter(topic=world.topic, member__in=[world.cat, world.mira]).values_list("level", flat=True)) == {
        Level.MUTE
    }


def test_a_crowd_is_told_in_batches(world, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("fireside.conversation.actions.crowds.AT_ONCE", 40)
    columns = ("password", "name", "name_key", "handle", "role", "language", "time_zone", "about", "why", "picture", "theme", "joined_at",
               "is_active", "is_bot", "bot_reason", "is_sample", "imported_from")  # fmt: skip
    insert("members_member", columns, [
        ("", f"W{n}", f"w{n}", f"w{n}", "member", "", "", "", "", "", "", world.now, True, False, "", False, "") for n in range(95)
    ])  # fmt: skip
    crowd = Member.objects.filter(handle__startswith="w", name__regex=r"^W\d")
    crowd.update(person_id=F("pk"))
    insert(
        "conversation_spacelevel",
        ("member_id", "space_id", "level"),
        [(pk, world.hearth.pk, 3) for pk in crowd.values_list("pk", flat=True)],
    )
    post = actions.reply(world.as_("ann"), topic=world.topic, text="To all.")
    line = Activity.objects.get(target_type="conversation.post", target_id=post.pk)
    with django_assert_max_num_queries(20):
        tell_watchers([line], world.now)
    assert Notice.objects.filter(activity=line).count() == 40 and Crowd.objects.count() == 1
    tell_watchers([line], world.now)  # read again by another worker: nobody twice
    assert Notice.objects.filter(activity=line).count() == 40
    tell_crowds(world.as_("house"))
    assert Notice.objects.filter(activity=line).count() == 95 and not Crowd.objects.exists()


def test_doors(world, client):
    topic = f"/t/{world.topic.pk}"
    client.force_login(world.cat)
    page = client.get(topic).content.decode()
    assert 'id="following"' in page and "You are told when somebody answers or names you." in page
    part = client.post(f"{topic}/following", {"level": "watch"}, HTTP_HX_REQUEST="true").content.decode()
    assert "You are told of every reply." in part and "You chose this." in part
    assert client.post(f"{topic}/following", {"level": "loud"}).status_code == 409
    assert "You chose this." not in client.post(f"{topic}/following/end", HTTP_HX_REQUEST="true").content.decode()
    client.post(f"{topic}/following", {"level": "watch"})
    assert client.post(f"/spaces/{world.hearth.slug}/following", {"level": "mute"}).headers["Location"] == f"/spaces/{world.hearth.slug}"
    assert "You are told of nothing here" in client.get(f"/spaces/{world.hearth.slug}").content.decode()
    page = client.get("/following").content.decode()
    assert "Which wick?" in page and "Hearth" in page
    client.post("/following/habits", {})
    api = f"/api/v1/topics/{world.topic.pk}/following"
    assert client.get(api).json() == {"topic": world.topic.pk, "level": "watch", "by": "hand", "read_to": 1}
    assert client.delete(api).json()["level"] == "mute"
    assert client.put(api, {"level": "follow"}, content_type="application/json").json()["level"] == "follow"
    assert client.put(api, {"level": "loud"}, content_type="application/json").status_code == 422
    found = client.get("/api/v1/following").json()
    assert (found["follow_spoken"], found["spaces"], [one["level"] for one in found["topics"]]) == (
        False,
        [{"space": world.hearth.slug, "level": "mute"}],
        ["follow"],
    )
    call_command("act", "conversation.follow_space", "as=cat", f"space={world.hearth.slug}", "level=watch", stdout=StringIO())
    assert space_level(world.cat, world.hearth) == Level.WATCH
    client.logout()
    assert 'id="following"' not in client.get(f"/spaces/{world.hearth.slug}").content.decode()
