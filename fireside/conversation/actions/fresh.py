"""Being done with what is new and what is unread, all of it at once: theirs alone, so nothing is recorded."""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.models import Reading, Topic, WrittenBy
from fireside.conversation.queries.fresh import unread_marks
from fireside.conversation.rules import unread_from
from fireside.lib.ready import change
from fireside.members.rights import require_scope
from fireside.notifications.actions import mark_read
from fireside.notifications.queries import has_unread
from fireside.spaces.models import Space
from fireside.spaces.queries import space_to_read


@quiet
def mark_all_read(actor: Actor, *, space: Space | None = None, before: datetime | None = None) -> int:
    """Mark everything unread as read, in one space or in all, with what the bell told of it. What was said after `before` (when the list
    was read) stays unread. Returns how many topics that were."""
    require_scope(actor, "write")
    marks = unread_marks(actor.member, since=unread_from(actor.now)).filter(topic__last_post_at__lte=min(before or actor.now, actor.now))
    if space is not None:
        marks = marks.filter(topic__space=space_to_read(actor.member, space.pk))
    found = dict(marks.values_list("pk", "topic_id"))
    last = Topic.objects.filter(pk=OuterRef("topic")).values("last_number")[:1]
    Reading.objects.filter(pk__in=list(found)).update(number=Subquery(last), at=actor.now)
    topics = set(found.values())
    if topics and has_unread(actor.member, "conversation.post", topics):
        mark_read(actor, target_type="conversation.post", ids=topics)
    return len(topics)


@quiet
def dismiss_new(actor: Actor, *, space: Space | None = None, before: datetime | None = None) -> None:
    """Be done with what is new, in one space or in all: what was opened after `before` (when the list was read) is new still."""
    require_scope(actor, "write")
    until = min(before or actor.now, actor.now)
    if space is None:
        change(
            "INSERT INTO conversation_habits (member_id, follow_spoken, new_from, written_by) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (member_id) DO UPDATE SET new_from = excluded.new_from"
            " WHERE conversation_habits.new_from IS NULL OR conversation_habits.new_from < excluded.new_from",
            actor.member.pk, True, until, WrittenBy.EVERYONE.value,
        )  # fmt: skip
        return
    space = space_to_read(actor.member, space.pk)
    change(
        "INSERT INTO conversation_spacelevel (member_id, space_id, level, new_from) VALUES (%s, %s, 1, %s)"
        " ON CONFLICT (member_id, space_id) DO UPDATE SET new_from = excluded.new_from"
        " WHERE conversation_spacelevel.new_from IS NULL OR conversation_spacelevel.new_from < excluded.new_from",
        actor.member.pk, space.pk, until,
    )  # fmt: skip
