"""Moving a topic into another space, with everything that was said in it. Its address stays."""

from datetime import datetime

from django.db.models import Max

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_topic, refuse
from fireside.conversation.actions.closing import tell_story
from fireside.conversation.actions.files import rehouse_files
from fireside.conversation.actions.tags import put_tags
from fireside.conversation.models import Topic
from fireside.conversation.queries.sight import is_own
from fireside.conversation.queries.tags import tags_named
from fireside.spaces.actions import note_leaving, note_talk
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in, space_to_read


@action(right="talk.tidy")
def move_topic(actor: Actor, *, topic: Topic, space: Space, new_tags: bool = False) -> Topic:
    """Move a topic into another space; its address stays. For those who tidy in both. Tags that the new space does not have stay
    behind, or (`new_tags`) are made there; whoever may not read there loses sight of it."""
    topic = lock_topic(actor, topic)
    require_in(actor, "talk.tidy", topic.space)
    old, space = topic.space, space_to_read(actor.who, space.pk)
    require_in(actor, "talk.tidy", space)
    refuse(rules.why_not_change(archived=old.archived_at is not None))
    refuse(rules.why_not_move(same=old.pk == space.pk, archived=space.archived_at is not None, tags=len(topic.tags or [])))
    if old.pk == space.pk:
        return already(topic)
    tags = list(topic.tags or [])
    kept = tags if new_tags else tags_named(space, tags)
    put_tags(topic, [])
    topic.space, topic.pin_place, topic.pin_until = space, None, None
    tell_story(topic, actor, "moved", space=old.pk)
    topic.save(update_fields=["space", "pin_place", "pin_until", "story"])
    put_tags(topic, kept)
    rehouse_files(topic)
    note_talk(actor.at(topic.last_post_at), space=space.pk, topics=1)
    note_leaving(actor, space=old.pk, last=_last_in(old))
    other = None if actor.is_house or is_own(actor.who, topic) else topic.author_id
    line = Line(
        kinds.MOVED, actor.now, getattr(actor.who, "pk", None), "conversation.moving", topic.pk, space.pk, other, topic.pk,
        data={"title": topic.title, "from": old.pk},
    )  # fmt: skip
    record_many(actor, [line])
    return topic


def _last_in(space: Space) -> datetime | None:
    last: datetime | None = Topic.objects.filter(space=space, removed_at__isnull=True).aggregate(last=Max("last_post_at"))["last"]
    return last
