"""Private conversations of several: bringing somebody in, leaving, another name; and putting any of them out of one's list."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds
from fireside.conversation import rules as words
from fireside.conversation.actions._steps import refuse
from fireside.conversation.actions.privately import REFUSALS as OF_BEGINNING
from fireside.conversation.actions.privately import bring_in, lock_talk
from fireside.conversation.models import Participant, Post, Topic
from fireside.conversation.privately import rules
from fireside.conversation.privately.reaching import ways_to
from fireside.lib.errors import Refused
from fireside.lib.hold import hold_one
from fireside.lib.text import straight
from fireside.members.models import Member
from fireside.members.queries import traces_of
from fireside.members.rights import require
from fireside.spaces.queries import person_id

STATE = Participant.State
REFUSALS: dict[str, Any] = OF_BEGINNING | {
    "stays_of_two": _("A conversation of two stays one of two. Begin another one, with a name, for all of you."),
    "leave_of_two": _("A conversation of two cannot be left. Archive it, or block the other one."),
    "has_left": _("%(name)s has left this conversation."),
    "accept_first": _("Say first whether you want this conversation."),
}


@action(right="talk.private")
def add_to_conversation(actor: Actor, *, topic: Topic, member: Member) -> Topic:
    """Bring a member into a private conversation that has a name. They can read everything that was said there, from the beginning.

    Whom you share no space with is asked first whether they want it.
    """
    require(actor, "talk.private")
    hold_one("private", actor.member.pk)
    topic = lock_talk(actor, topic)
    person = person_id(member)
    rows = Participant.objects.filter(topic=topic)
    there = set(rows.filter(member__person_id=person).values_list("state", flat=True))
    taking = rows.filter(state__in=[STATE.IN, STATE.ASKED]).count()
    obstacle = rules.why_not_add(pair=topic.pair is not None, takes_part=_takes_part(actor, topic), there=there, taking=taking)
    if obstacle == "there":
        return already(topic)
    if not obstacle and (ways := ways_to(actor, [person]))[person] == "no":
        obstacle = "unreachable"
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle] % {"name": member.name}, field="names")
    bring_in(actor, topic, ways)
    first = Post.objects.filter(topic=topic, number=1).first()
    kind = kinds.TALK_ADDED if ways[person] == "in" else kinds.TALK_ASKED
    record(actor, kind, first, parent=topic, told=[person])
    return topic


@action(right="talk.private")
def leave_conversation(actor: Actor, *, topic: Topic) -> Topic:
    """Take part no longer in a private conversation of several. What you said there stays; nobody brings you back in."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    _refuse("leave_of_two" if topic.pair is not None else "")
    _mine(actor, topic).update(state=STATE.LEFT, unread=False)
    record(actor, kinds.TALK_LEFT, topic)
    return topic


@action(right="talk.private")
def rename_conversation(actor: Actor, *, topic: Topic, title: str) -> Topic:
    """Give a private conversation another name, for everybody who takes part."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    _refuse("stays_of_two" if topic.pair is not None else "" if _takes_part(actor, topic) else "accept_first")
    title = straight(title)
    refuse(words.why_not_title(title))
    if title == topic.title:
        return already(topic)
    topic.title = title
    topic.save(update_fields=["title"])
    record(actor, kinds.TALK_RENAMED, topic)
    return topic


@quiet(right="talk.private")
def archive_conversation(actor: Actor, *, topic: Topic) -> Topic:
    """Put a private conversation out of your list until somebody writes there. Nobody else sees that."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    _mine(actor, topic).update(archived_at=actor.now, unread=False)
    return topic


@quiet(right="talk.private")
def fetch_conversation(actor: Actor, *, topic: Topic) -> Topic:
    """Put an archived private conversation back into your list."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    _mine(actor, topic).update(archived_at=None)
    return topic


def _mine(actor: Actor, topic: Topic) -> Any:
    return Participant.objects.filter(topic=topic, member__in=traces_of(actor.member))


def _takes_part(actor: Actor, topic: Topic) -> bool:
    return bool(_mine(actor, topic).filter(state=STATE.IN).exists())


def _refuse(obstacle: str) -> None:
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle])
