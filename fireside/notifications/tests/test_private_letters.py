"""E-mail about private messages, through a real SMTP server: to those who take part, when they have not read it, and to nobody else."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from fireside.conversation.actions import begin_conversation, follow_topic, mark_topic_read, write_privately
from fireside.members.actions import block_member
from fireside.notifications.models import Notice
from fireside.notifications.tests.letters_out import fates, minutes, telling

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world: Any, mailbox: Any) -> Any:
    """Ann has written to Ben and Mira, all of whom have verified addresses."""
    EmailAddress.objects.update(verified=True)
    world.talk = begin_conversation(world.as_("ann"), people=[world.ben], text="The key is under the third tile.")
    telling(world)
    Notice.objects.exclude(kind__startswith="conversation.").delete()
    return world


def said(world: Any, who: str = "ann", text: str = "And the lamp is full.") -> None:
    write_privately(world.later(minutes=1).as_(who), topic=world.talk, text=text)
    telling(world)


def test_whoever_has_not_read_it_hears_of_it_and_finds_the_way_there(world: Any, mailbox: Any) -> None:
    said(world)
    minutes(world, 11)
    (letter,) = mailbox.letters
    text = letter.get_body(("plain",)).get_content()
    assert letter["To"] == "ben@example.org" and text.startswith("Ann wrote to you privately")
    assert f"https://lantern.example/t/{world.talk.pk}" in text and letter["List-Unsubscribe"]
    assert "third tile" not in letter["Subject"] and "lamp" not in letter["Subject"]
    assert fates() == [("Ben", "sent", 2)], "one letter for what was said meanwhile"
    said(world, "ben", "Found it.")
    minutes(world, 11)
    assert [one["To"] for one in mailbox.letters] == ["ben@example.org", "ann@example.org"]


def test_what_was_read_muted_or_comes_from_whom_one_blocked_brings_no_letter(world: Any, mailbox: Any) -> None:
    mark_topic_read(world.as_("ben"), topic=world.talk)
    minutes(world, 11)
    follow_topic(world.as_("ben"), topic=world.talk, level="mute")
    said(world)
    minutes(world, 11)
    assert mailbox.letters == [] and {fate for _name, fate, _n in fates()} <= {"seen", "read"}
    follow_topic(world.as_("ben"), topic=world.talk, level="watch")
    tea = begin_conversation(world.as_("ann"), people=[world.ben, world.mira], text="Tea?", title="Saturday")
    telling(world)
    block_member(world.as_("ben"), member=world.ann)
    minutes(world, 11)
    assert "ben@example.org" not in [one["To"] for one in mailbox.letters], f"of {tea.pk}, too"
