"""How closely a member follows a topic or a space: theirs alone, so nothing is recorded."""

from django.db.models import QuerySet

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.actions._steps import REFUSALS
from fireside.conversation.models import Habits, Reading, SpaceLevel, Topic, WrittenBy
from fireside.conversation.queries.sight import get_talk
from fireside.conversation.rules import Level, level_of
from fireside.lib.errors import Refused
from fireside.lib.ready import change
from fireside.members.queries import ids_of_person
from fireside.members.rights import require, require_scope
from fireside.spaces.models import Space
from fireside.spaces.queries import space_to_read

BY = Reading.By


@quiet
def follow_topic(actor: Actor, *, topic: Topic, level: str) -> Topic:
    """Choose how closely to follow a topic: watch, follow, normal or mute. This beats what was chosen for its space."""
    require_scope(actor, "write")
    topic, chosen = get_talk(actor.member, topic.pk), _level(level)
    change(
        "INSERT INTO conversation_reading (member_id, topic_id, number, at, level, level_by) VALUES (%s, %s, 0, %s, %s, 'hand')"
        " ON CONFLICT (member_id, topic_id) DO UPDATE SET level = excluded.level, level_by = 'hand'",
        actor.member.pk, topic.pk, actor.now, chosen,
    )  # fmt: skip
    _of_person(actor, topic).update(level=chosen, level_by=BY.HAND)
    return topic


@quiet
def follow_as_space(actor: Actor, *, topic: Topic) -> Topic:
    """Let a topic have no level of its own: what was chosen for its space holds again."""
    require_scope(actor, "write")
    topic = get_talk(actor.member, topic.pk)
    _of_person(actor, topic).update(level=None, level_by="")
    return topic


@quiet
def follow_space(actor: Actor, *, space: Space, level: str) -> Space:
    """Choose how closely to follow a space: watch, follow, normal or mute. A topic in it with a level of its own keeps that."""
    require_scope(actor, "write")
    space = space_to_read(actor.member, space.pk)
    chosen, mine = _level(level), ids_of_person(actor.member)
    change(
        "INSERT INTO conversation_spacelevel (member_id, space_id, level) VALUES (%s, %s, %s)"
        " ON CONFLICT (member_id, space_id) DO UPDATE SET level = excluded.level",
        actor.member.pk, space.pk, chosen,
    )  # fmt: skip
    SpaceLevel.objects.filter(member__in=mine, space=space).update(level=chosen)
    read = Reading.objects.filter(member__in=mine, topic__space=space)
    if chosen >= Level.FOLLOW:  # what they have read there is counted from now on
        read.filter(level__isnull=True, number__gt=0).update(level=Level.FOLLOW, level_by=BY.SPACE)
    else:
        read.filter(level_by=BY.SPACE).update(level=None, level_by="")
    return space


@quiet
def change_habits(actor: Actor, *, follow_spoken: bool) -> None:
    """Choose whether a topic is followed by opening it or replying in it. What is followed already stays so."""
    require_scope(actor, "write")
    Habits.objects.update_or_create(member=actor.member, defaults={"follow_spoken": follow_spoken})


@quiet(right="self.change")
def choose_who_writes(actor: Actor, *, wish: str) -> None:
    """Choose who may begin a private conversation with you: everyone, spaces (who shares one with you) or nobody. Who runs the community,
    and who looks after a space of yours, always may."""
    require(actor, "self.change")
    if wish not in WrittenBy.values:
        raise Refused("unknown_wish", REFUSALS["unknown_wish"], field="wish")
    Habits.objects.filter(member__in=ids_of_person(actor.member)).update(written_by=wish)
    Habits.objects.update_or_create(member=actor.member, defaults={"written_by": wish})


def note_spoken(actor: Actor, topic: Topic, number: int) -> None:
    """Whoever speaks has read what they said, if they had read all before it; and follows the topic, unless their hand or their habits
    say otherwise. One statement."""
    change(
        "INSERT INTO conversation_reading (member_id, topic_id, number, at, level, level_by) VALUES (%s, %s, %s, %s,"
        " (SELECT CASE WHEN COUNT(*) = 0 THEN 2 END FROM conversation_habits WHERE member_id = %s AND NOT follow_spoken),"
        " (SELECT CASE WHEN COUNT(*) = 0 THEN 'spoke' ELSE '' END FROM conversation_habits WHERE member_id = %s AND NOT follow_spoken))"
        " ON CONFLICT (member_id, topic_id) DO UPDATE SET at = excluded.at,"
        " number = CASE WHEN conversation_reading.number >= excluded.number - 1 AND conversation_reading.number < excluded.number"
        "  THEN excluded.number ELSE conversation_reading.number END,"
        " level = CASE WHEN conversation_reading.level_by = 'hand' OR excluded.level IS NULL THEN conversation_reading.level ELSE excluded.level END,"
        " level_by = CASE WHEN conversation_reading.level_by = 'hand' OR excluded.level IS NULL THEN conversation_reading.level_by"
        "  ELSE excluded.level_by END",
        actor.member.pk, topic.pk, number, actor.now, actor.member.pk, actor.member.pk,
    )  # fmt: skip


def _of_person(actor: Actor, topic: Topic) -> QuerySet[Reading]:
    return Reading.objects.filter(member__in=ids_of_person(actor.member), topic=topic)


def _level(word: str) -> Level:
    found = level_of(word)
    if found is None:
        raise Refused("unknown_level", REFUSALS["unknown_level"], field="level")
    return found
