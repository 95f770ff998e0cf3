"""Marks of reading, and words rendered at their first reading."""

from collections.abc import Sequence

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.markup import VERSION
from fireside.conversation.models import Participant, Post, Reading, Topic
from fireside.conversation.queries.following import space_level
from fireside.conversation.queries.said import Said
from fireside.conversation.rules import Level
from fireside.members.queries import traces_of
from fireside.members.rights import require_scope
from fireside.notifications.actions import mark_read


@quiet
def mark_topic_read(actor: Actor, *, topic: Topic, number: int | None = None) -> int:
    """Remember how far the actor has read a topic (without `number`: to its end), and that they know what they were told of it.

    A mark only moves forward. Returns the number of the post up to which they have read.
    """
    require_scope(actor, "write")
    number = min(topic.last_number, topic.last_number if number is None else max(number, 0))
    mark_read(actor, target_type="conversation.post", ids=[topic.pk])  # writes only what is unread
    mark, new = Reading.objects.get_or_create(member=actor.member, topic=topic, defaults={"number": number, "at": actor.now})
    if number and mark.level is None and (new or mark.number == 0) and space_level(actor.member, topic.space_id) >= Level.FOLLOW:
        Reading.objects.filter(pk=mark.pk, level__isnull=True).update(level=Level.FOLLOW, level_by=Reading.By.SPACE)
    if topic.space_id is None and number >= topic.last_number:
        Participant.objects.filter(topic=topic, member__in=traces_of(actor.member), unread=True).update(unread=False)
    if not new and mark.number < number:
        Reading.objects.filter(pk=mark.pk, number__lt=number).update(number=number, at=actor.now)
    return max(number, mark.number)


@quiet(passing=True)
def keep_rendered(actor: Actor, *, posts: Sequence[Said]) -> None:
    """Keep the HTML that a reading has just made, unless the words changed meanwhile."""
    for post in posts:
        Post.objects.filter(pk=post.pk, edits_count=post.edits_count).update(html=post.html, rendered=VERSION)
