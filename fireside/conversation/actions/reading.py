"""Marks of reading, and words rendered at their first reading."""

from collections.abc import Sequence

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.markup import VERSION
from fireside.conversation.models import Post, Reading, Topic
from fireside.members.rights import require_scope


@quiet
def mark_topic_read(actor: Actor, *, topic: Topic, number: int) -> None:
    """Remember how far the actor has been shown a topic. A mark only moves forward."""
    require_scope(actor, "write")
    mark, new = Reading.objects.get_or_create(member=actor.member, topic=topic, defaults={"number": number, "at": actor.now})
    if not new and mark.number < number:
        Reading.objects.filter(pk=mark.pk, number__lt=number).update(number=number, at=actor.now)


@quiet
def keep_rendered(actor: Actor, *, posts: Sequence[Post]) -> None:
    """Keep the HTML that a reading has just made, unless the words changed meanwhile."""
    for post in posts:
        Post.objects.filter(pk=post.pk, edits_count=post.edits_count).update(html=post.html, rendered=VERSION)
