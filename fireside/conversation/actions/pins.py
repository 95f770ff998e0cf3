"""Topics that stand above the others for a while: in a space by those who tidy there, above all talk by those who run the community."""

from datetime import date

from django.db import connection

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_topic, refuse
from fireside.conversation.models import Topic
from fireside.conversation.queries.pinned import ABOVE_ALL, IN_SPACE, MOST_PINNED, Spot
from fireside.members.queries import day_here
from fireside.members.rights import require
from fireside.spaces.queries import require_in

PINS = 0x70696E73  # the key of PostgreSQL's advisory lock


@action(right="talk.tidy")
def pin_topic(actor: Actor, *, topic: Topic, place: int = 0, until: date | None = None) -> Topic:
    """Pin a topic above the others of its space: at `place` (0: behind those that are pinned), to the end of the day `until`."""
    topic = lock_topic(actor, topic)
    require_in(actor, "talk.tidy", topic.space)
    return _pin(actor, topic, IN_SPACE, place, until)


@action(right="talk.tidy")
def unpin_topic(actor: Actor, *, topic: Topic) -> Topic:
    """Let a pinned topic stand among the others of its space again."""
    topic = lock_topic(actor, topic)
    require_in(actor, "talk.tidy", topic.space)
    return _unpin(actor, topic, IN_SPACE)


@action(right="talk.front")
def pin_above_all(actor: Actor, *, topic: Topic, place: int = 0, until: date | None = None) -> Topic:
    """Pin a topic above the talk of every space: at `place` (0: behind those that are pinned), to the end of the day `until`."""
    require(actor, "talk.front")
    return _pin(actor, lock_topic(actor, topic), ABOVE_ALL, place, until)


@action(right="talk.front")
def unpin_above_all(actor: Actor, *, topic: Topic) -> Topic:
    """Let a topic that is pinned above all talk stand among the others again."""
    require(actor, "talk.front")
    return _unpin(actor, lock_topic(actor, topic), ABOVE_ALL)


def _pin(actor: Actor, topic: Topic, spot: Spot, place: int, until: date | None) -> Topic:
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))
    _one_at_a_time()
    today = day_here(actor.now)
    before = list(spot.pinned(topic.place, today).values_list("pk", flat=True))
    others = [pk for pk in before if pk != topic.pk]
    refuse(rules.why_not_pin(others=len(others), place=place, until=until, today=today))
    after = rules.in_order(before, topic.pk, place)
    if after == before and getattr(topic, spot.until) == until:
        return already(topic)
    _put(topic.place, spot, after)
    Topic.objects.filter(pk=topic.pk).update(**{spot.until: until})
    topic.refresh_from_db(fields=[spot.place, spot.until])
    kind = kinds.PINNED_ABOVE_ALL if spot is ABOVE_ALL else kinds.PINNED
    record(actor, kind, topic, space=topic.space_id, parent=topic, title=topic.title, until=until.isoformat() if until else "")
    return topic


def hang_behind(actor: Actor, *, topic: int, space: int, above_all: bool, until: date | None) -> bool:
    """Pin a topic of an archive behind those that are pinned. False: its last day has passed, or there is no room for one more."""
    _one_at_a_time()
    spot, today = ABOVE_ALL if above_all else IN_SPACE, day_here(actor.now)
    before = list(spot.pinned(space, today).values_list("pk", flat=True))
    if (until is not None and until < today) or len(before) >= MOST_PINNED:
        return False
    _put(space, spot, [*before, topic])
    Topic.objects.filter(pk=topic).update(**{spot.until: until})
    return True


def _unpin(actor: Actor, topic: Topic, spot: Spot) -> Topic:
    _one_at_a_time()
    before = list(spot.pinned(topic.place, day_here(actor.now)).values_list("pk", flat=True))
    if topic.pk not in before:
        return already(topic)
    _put(topic.place, spot, [pk for pk in before if pk != topic.pk])
    topic.refresh_from_db(fields=[spot.place, spot.until])
    kind = kinds.UNPINNED_ABOVE_ALL if spot is ABOVE_ALL else kinds.UNPINNED
    record(actor, kind, topic, space=topic.space_id, parent=topic, title=topic.title)
    return topic


def _put(space: int, spot: Spot, order: list[int]) -> None:
    """These stand there, in this order, and no others: the day of the rest has passed, or they were taken down."""
    spot.held(space).exclude(pk__in=order).update(**{spot.place: None, spot.until: None})
    for n, pk in enumerate(order, 1):
        Topic.objects.filter(pk=pk).update(**{spot.place: n})


def _one_at_a_time() -> None:
    """Two who pin at once would each find the last place free. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PINS])
