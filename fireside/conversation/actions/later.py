"""What a member keeps for later: theirs alone, so nothing is recorded."""

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation import rules
from fireside.conversation.actions._steps import refuse
from fireside.conversation.models import Later, Post
from fireside.conversation.queries.sight import get_post
from fireside.lib.text import one_line
from fireside.members.queries import traces_of
from fireside.members.rights import require_scope


@quiet
def keep_for_later(actor: Actor, *, post: Post, note: str | None = None) -> Post:
    """Keep a post for later (a topic by its first post), perhaps with a note. Without `note`, one that stands stays."""
    require_scope(actor, "write")
    post = get_post(actor.member, post.pk, private_too=True)
    words = None if note is None else one_line(note)
    mine = Later.objects.filter(member__in=traces_of(actor.member))
    there = mine.filter(post=post)
    kept = 0 if there.exists() else mine.count()
    refuse(rules.why_not_later(kept=kept, note=words or "", removed=post.removed_at is not None or post.topic.removed_at is not None))
    if words is None or not there.update(note=words):
        Later.objects.get_or_create(member=actor.member, post=post, defaults={"note": words or "", "at": actor.now})
    return post


@quiet
def let_go(actor: Actor, *, post: Post) -> Post:
    """Keep a post for later no longer."""
    require_scope(actor, "write")
    Later.objects.filter(member__in=traces_of(actor.member), post=post).delete()
    return post
