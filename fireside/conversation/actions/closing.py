"""Closing a topic, now or from a day on, and opening it again."""

from datetime import date

from django.db.models import Q

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.kinds import Kind
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_topic, refuse, require_tidy_or_own
from fireside.conversation.models import Topic
from fireside.conversation.queries.sight import is_own
from fireside.lib.text import one_line
from fireside.members.queries import day_here

FIELDS = ["closed_at", "close_reason", "closes_on", "opens_on", "story"]


@action(right="talk.tidy")
def close_topic(actor: Actor, *, topic: Topic, reason: str = "", on: date | None = None, until: date | None = None) -> Topic:
    """Close a topic, perhaps with a reason: it stays readable, nobody replies any more. Its author may, and those who tidy.

    `on`: only from that day; `until`: on that day it is open again by itself. Days are the community's.
    """
    topic = _may_close(actor, topic)
    reason, today = one_line(reason), day_here(actor.now)
    refuse(rules.why_not_close(reason=reason, on=on, until=until, today=today))
    later = on if on is not None and on > today else None
    was = _is_closed(topic, today)
    if (was, topic.closes_on if later else None, topic.opens_on, topic.close_reason or "") == (later is None, later, until, reason):
        return already(topic)
    topic.close_reason, topic.closes_on, topic.opens_on = reason or None, later, until
    if later is None:
        topic.closed_at = topic.closed_at if was and topic.closed_at else actor.now
        tell_story(topic, actor, "closed", why=reason)
    else:
        topic.closed_at = None
    topic.save(update_fields=FIELDS)
    kind = kinds.REOPENED if was and later else kinds.CLOSED if not was and later is None else kinds.CLOSING_CHANGED
    _say(actor, kind, topic)
    return topic


@action(right="talk.tidy")
def reopen_topic(actor: Actor, *, topic: Topic) -> Topic:
    """Open a closed topic again, or give up the day on which it would close."""
    topic = _may_close(actor, topic)
    if topic.closed_at is None and topic.closes_on is None:
        return already(topic)
    kind = kinds.REOPENED if topic.closed_at is not None else kinds.CLOSING_CHANGED
    _open(topic, actor)
    _say(actor, kind, topic)
    return topic


@quiet(passing=True)
def turn_topics(actor: Actor) -> int:
    """Make visible what the days say: topics that close or open again today. Returns how many."""
    today, turned = day_here(actor.now), 0
    due = Topic.objects.filter(Q(closes_on__lte=today) | Q(opens_on__lte=today), removed_at__isnull=True)
    for topic in due.order_by("pk").select_for_update()[:500]:
        if topic.closes_on is not None and topic.closes_on <= today:
            topic.closed_at, topic.closes_on = actor.now, None
            tell_story(topic, actor, "closed", why=topic.close_reason or "")
            topic.save(update_fields=FIELDS)
            _say(actor, kinds.CLOSED, topic)
        if topic.opens_on is not None and topic.opens_on <= today:
            _open(topic, actor)
            _say(actor, kinds.REOPENED, topic)
        turned += 1
    return turned


def tell_story(topic: Topic, actor: Actor, what: str, /, **facts: object) -> None:
    """One more line of what was done with a topic as a whole. The caller saves `story`."""
    line = {"what": what, "by": getattr(actor.who, "pk", None), "at": actor.now.isoformat()} | {k: v for k, v in facts.items() if v}
    topic.story = [*(topic.story or []), line][-50:]


def _is_closed(topic: Topic, today: date) -> bool:
    return rules.is_closed(topic.closed_at is not None, topic.closes_on, topic.opens_on, today)


def _open(topic: Topic, actor: Actor) -> None:
    if topic.closed_at is not None:
        tell_story(topic, actor, "reopened")
    topic.closed_at = topic.close_reason = topic.closes_on = topic.opens_on = None
    topic.save(update_fields=FIELDS)


def _say(actor: Actor, kind: Kind, topic: Topic) -> None:
    other = None if actor.is_house or is_own(actor.who, topic) else topic.author_id
    record(actor, kind, topic, space=topic.space_id, parent=topic, other=other, title=topic.title)


def _may_close(actor: Actor, topic: Topic) -> Topic:
    topic = lock_topic(actor, topic)
    require_tidy_or_own(actor, topic, topic.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None))
    return topic
