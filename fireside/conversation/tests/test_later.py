"""What a member keeps for later: theirs alone, found again, gone with what they may no longer read."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Later
from fireside.conversation.queries import kept_for_later
from fireside.lib.errors import NotFound, Refused
from fireside.members.actions import merge_members
from fireside.spaces.actions import leave_space

pytestmark = pytest.mark.both


@pytest.fixture
def talked(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.workshop, title="Which wick?", text="Mine **smokes**.")
    world.answer = actions.reply(world.as_("ann"), topic=world.topic, text="Trim it.")
    return world


def kept(member):
    return [(row.post_id, row.note) for row in kept_for_later(member).rows]


@pytest.mark.parametrize(
    ("given", "obstacle"),
    [
        ({}, ""),
        ({"kept": rules.LATER_MAX - 1, "note": "x" * rules.NOTE_MAX}, ""),
        ({"kept": rules.LATER_MAX}, "later_full"),
        ({"note": "x" * (rules.NOTE_MAX + 1)}, "long_note"),
        ({"removed": True}, "post_removed"),
    ],
)
def test_what_keeps_a_post_from_being_kept(given, obstacle):
    assert rules.why_not_later(**({"kept": 0, "note": "", "removed": False} | given)) == obstacle


def test_kept_once_with_the_last_note_and_let_go(talked):
    lines = Activity.objects.count()
    actions.keep_for_later(talked.as_("ben"), post=talked.answer, note=" try on\nSunday ")
    actions.keep_for_later(talked.as_("ben"), post=talked.answer)
    assert kept(talked.ben) == [(talked.answer.pk, "try on Sunday")]
    actions.keep_for_later(talked.as_("ben"), post=talked.answer, note="")
    assert kept(talked.ben) == [(talked.answer.pk, "")]
    assert kept(talked.ann) == []
    actions.let_go(talked.as_("ben"), post=talked.answer)
    actions.let_go(talked.as_("ben"), post=talked.answer)
    assert kept(talked.ben) == []
    assert Activity.objects.count() == lines, "nobody is told"


def test_gone_with_what_may_no_longer_be_read(talked):
    first = talked.topic.posts.get(number=1)
    for post in (first, talked.answer):
        actions.keep_for_later(talked.as_("ben"), post=post)
    actions.remove_post(talked.as_("ann"), post=talked.answer, reason="no")
    assert [pk for pk, _ in kept(talked.ben)] == [first.pk]
    with pytest.raises(Refused):
        actions.keep_for_later(talked.as_("ben"), post=talked.answer)
    actions.restore_post(talked.as_("ann"), post=talked.answer)
    assert [pk for pk, _ in kept(talked.ben)] == [talked.answer.pk, first.pk]
    leave_space(talked.as_("ben"), space=talked.workshop)
    assert kept(talked.ben) == []
    with pytest.raises(NotFound):
        actions.keep_for_later(talked.as_("ben"), post=first)
    actions.let_go(talked.as_("ben"), post=first)
    assert Later.objects.count() == 1


def test_one_person_keeps_once(talked):
    other = actions.open_topic(talked.as_("cat"), space=talked.hearth, title="Open", text="words").posts.get()
    for name in ("ben", "cat"):
        actions.keep_for_later(talked.as_(name), post=other, note=name)
    merge_members(talked.as_("dan"), member=talked.cat, into=talked.ben, reason="one person")
    for member in (talked.ben, talked.cat):
        member.refresh_from_db()
        assert kept(member) == [(other.pk, "cat")]
    actions.let_go(talked.as_("ben"), post=other)
    assert not Later.objects.exists()


def test_web(talked, client):
    at = f"/t/{talked.topic.pk}/2/later"
    assert client.get("/later").status_code == 302
    client.force_login(talked.ben)
    assert "You keep nothing for later yet" in client.get("/later").content.decode()
    foot = client.post(at, HTTP_HX_REQUEST="true").content.decode()
    assert 'id="k2"' in foot and f'formaction="{at}/end"' in foot
    assert client.post(at).headers["Location"] == talked.answer.get_absolute_url()
    assert client.post(at, {"note": "<b>Sunday"}).headers["Location"] == "/later"
    page = client.get("/later").content.decode()
    assert "&lt;b&gt;Sunday" in page and "Trim it." in page and "Which wick?" in page
    assert f'formaction="{at}/end"' in client.get(f"/t/{talked.topic.pk}").content.decode()
    client.post(f"{at}/end", {"listed": "1"})
    assert not Later.objects.exists()


def test_json(talked, client):
    address = f"/api/v1/posts/{talked.answer.pk}/later"
    assert client.get("/api/v1/later").status_code == 401
    client.force_login(talked.ben)
    assert client.put(address, {"note": "Sunday"}, content_type="application/json").json()["for_later"] is True
    one = client.get("/api/v1/later").json()["items"][0]
    assert (one["post"], one["note"], one["title"], one["url"]) == (
        talked.answer.pk,
        "Sunday",
        "Which wick?",
        talked.answer.get_absolute_url(),
    )
    actions.keep_for_later(talked.as_("ben"), post=talked.topic.posts.get(number=1))
    page = client.get("/api/v1/later?size=1").json()
    rest = client.get(f"/api/v1/later?size=1&cursor={page['next']}").json()
    assert [one["items"][0]["number"] for one in (page, rest)] == [1, 2]
    assert rest["next"] == ""
    assert client.delete(address).json()["for_later"] is False
    client.force_login(talked.ann)
    assert client.get("/api/v1/later").json()["items"] == []
    assert client.get(f"/api/v1/posts/{talked.topic.posts.get(number=1).pk}").json()["for_later"] is False


def test_command_line(talked):
    call_command("act", "conversation.keep_for_later", "as=ben", f"post={talked.topic.pk}/2", "note=Sunday", stdout=StringIO())
    assert kept(talked.ben) == [(talked.answer.pk, "Sunday")]


def test_messages_of_private_conversations_are_kept_by_those_who_take_part(world, client):
    talk = actions.begin_conversation(world.as_("ann"), people=[world.ben], text="Under the third tile.")
    said = talk.posts.get()
    with pytest.raises(NotFound):
        actions.keep_for_later(world.as_("cat"), post=said)
    client.force_login(world.ben)
    assert client.post(f"/t/{talk.pk}/1/later", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="m1").status_code == 200
    assert [(row.post_id, row.title, row.space_slug, row.url) for row in kept_for_later(world.ben).rows] == [
        (said.pk, "Ann", "", f"/t/{talk.pk}/1#m1")
    ]
    assert "Private" in client.get("/later").content.decode()
    assert client.get("/api/v1/later").json()["items"][0]["space"] is None
    assert 'aria-pressed="true"' in client.get(f"/t/{talk.pk}").content.decode()
    tea = actions.begin_conversation(world.as_("ann"), people=[world.ben], text="Tea?", title="Saturday")
    actions.keep_for_later(world.as_("ben"), post=tea.posts.get())
    actions.leave_conversation(world.as_("ben"), topic=tea)
    assert [row.title for row in kept_for_later(world.ben).rows] == ["Ann"], "gone with what may no longer be read"
