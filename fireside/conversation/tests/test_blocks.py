"""Whom one has blocked reaches one no more, is told nothing, and sees what anybody sees who cannot reach one."""

import re

import pytest
from django.test import Client

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.queries import talks, topic_page, unread_talks
from fireside.lib.errors import Refused
from fireside.members.actions import block_member, change_role, merge_members, unblock_member
from fireside.members.models import Block
from fireside.members.queries import blocked_by
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both


def begin(world, who, to, text="Between us.", **more):
    return actions.begin_conversation(world.as_(who), people=[world.people[one] for one in to], text=text, **more)


def no(act):
    with pytest.raises(Refused) as said:
        act()
    return said.value.code, str(said.value)


def bell(world, who):
    Notice.objects.all().delete()
    tell(list(Activity.objects.filter(kind__startswith="conversation.").order_by("pk")), world.now)
    return list(Notice.objects.filter(member=world.people[who]).values_list("kind", flat=True))


def test_blocked_and_let_nobody_write_are_the_same_to_the_other_side(world):
    """Beginning, going on, and what the page says then, byte for byte."""
    begin(world, "cat", ("ben",))
    begin(world, "ben", ("cat",), "Fine.")

    def tries():
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.cat, backend="allauth.account.auth_backends.AuthenticationBackend")
        answers = [
            client.post("/api/v1/messages", {"people": ["ben"], "text": "x"}, content_type="application/json"),
            client.post("/api/v1/messages", {"people": ["ben", "ann"], "text": "x", "title": "T"}, content_type="application/json"),
            client.post("/messages", {"to": "ben", "text": "x", "key": "k"}),
            client.get("/people/ben"),
            client.get("/messages/new?to=ben"),
        ]
        plain = [
            re.sub(r'csrfmiddlewaretoken" value="[^"]*"|name="key" value="[^"]*"|<span class="mono">[^<]*</span>', "", one.content.decode())
            for one in answers
        ]
        return [(one.status_code, words) for one, words in zip(answers, plain, strict=True)]

    block_member(world.as_("ben"), member=world.cat)
    blocked = tries()
    unblock_member(world.as_("ben"), member=world.cat)
    actions.choose_who_writes(world.as_("ben"), wish="nobody")
    assert tries() == blocked
    assert blocked[0][0] == 409
    assert "cannot be reached" in blocked[0][1]
    actions.choose_who_writes(world.as_("ben"), wish="everyone")
    assert tries() != blocked


def test_nothing_of_theirs_rings(world):
    block_member(world.as_("ben"), member=world.cat)
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    post = actions.reply(world.as_("cat"), topic=topic, text="Trim it, @ben, @ann.")
    actions.react(world.as_("cat"), post=topic.posts.get(number=1))
    assert bell(world, "ben") == []
    assert bell(world, "ann") == ["conversation.replied"]
    unblock_member(world.as_("ben"), member=world.cat)
    assert "conversation.replied" in bell(world, "ben")
    block_member(world.as_("ben"), member=world.ann)  # who looks after the place
    actions.reply(world.as_("ann"), topic=topic, text="Please close it, @ben.", reply_to=post)
    assert "conversation.replied" in bell(world, "ben")


def test_their_posts_are_folded_but_not_those_of_who_looks_after_the_place(world):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    for who in ("cat", "ann", "dan"):
        actions.reply(world.as_(who), topic=topic, text=f"words of {who}")
    for who in ("cat", "ann"):
        block_member(world.as_("ben"), member=world.people[who])
    assert no(lambda: block_member(world.as_("ben"), member=world.dan))[0] == "block_runner"
    assert [row.folded for row in topic_page(world.ben, topic).posts] == [False, True, False, False]
    assert not any(row.folded for row in topic_page(world.olu, topic).posts)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/t/{topic.pk}").content.count(b"By someone you blocked") == 1
    change_role(world.as_("olu"), member=world.cat, role="operator")  # the block sleeps while they run the community
    assert not any(row.folded for row in topic_page(world.ben, topic).posts)


def test_in_a_conversation_of_several_their_words_are_folded_and_count_for_nothing(world):
    topic = begin(world, "ann", ("ben", "cat"), title="Saturday")
    actions.write_privately(world.as_("cat"), topic=topic, text="I come.")
    actions.mark_topic_read(world.as_("ben"), topic=topic)
    block_member(world.as_("ben"), member=world.cat)
    actions.write_privately(world.as_("cat"), topic=topic, text="Hello, @ben?")
    assert (unread_talks(world.ben).count(), unread_talks(world.ann).count()) == (0, 1)
    assert bell(world, "ben") == ["conversation.talk_said"]  # Ann's
    topic.refresh_from_db()
    assert [row.folded for row in topic_page(world.ben, topic).posts] == [False, True, True]


def test_declined_and_blocked_in_one_press(world, client):
    topic = begin(world, "cat", ("ben",))
    client.force_login(world.ben)
    client.post(f"/messages/{topic.pk}/acceptance/end", {"block": "1"})
    assert Block.objects.get().blocked == world.cat
    assert not talks(world.ben, which="asked").rows
    assert "Cat" in client.get("/me/blocked").content.decode()
    assert client.get("/api/v1/me/blocked").json()["items"][0]["handle"] == "cat"
    assert client.post("/people/cat/block/end", {"listed": "1"}).status_code == 302
    assert not blocked_by(world.ben).rows


def test_a_block_holds_for_the_person(world):
    block_member(world.as_("ben"), member=world.mira)
    merge_members(world.as_("olu"), member=world.cat, into=world.mira, reason="one person")
    assert no(lambda: begin(world, "cat", ("ben",)))[0] == "unreachable"
    assert no(lambda: block_member(world.as_("ben"), member=world.ben))[0] == "block_oneself"
