"""Reactions: one sign a person and post, under whatever of their names. "heart" is the thanks of the page."""

from django.db import connection

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_post, refuse
from fireside.conversation.models import Post, Reaction, Topic
from fireside.lib.ready import Ready, add_new, change
from fireside.members.queries import traces_of
from fireside.members.rights import require
from fireside.spaces.queries import require_in

_GIVEN = Ready(lambda post, sign, person: Reaction.objects.filter(post_id=post, sign=sign, member__person_id=person).order_by("pk"))
_COUNT = (
    "SELECT sign, count(DISTINCT person_id) FROM conversation_reaction JOIN members_member ON members_member.id = member_id"
    " WHERE post_id = %s GROUP BY sign ORDER BY sign"
)


@action(right="talk.thank")
def react(actor: Actor, *, post: Post, sign: str = rules.THANKS) -> Post:
    """React to a post with a sign: heart (thanks), agree, smile or star. Nobody thanks themselves."""
    topic, post = lock_post(actor, post, private_too=True)
    _may_thank(actor, topic)
    refuse("unknown_sign" if sign not in rules.SIGNS else "")
    refuse(rules.why_not_helped(reader=actor.member.person_id, author=post.author.person_id, removed=post.removed_at is not None))
    if _GIVEN.all(post.pk, sign, actor.member.person_id) or not add_new(Reaction(post=post, member=actor.member, sign=sign, at=actor.now)):
        return already(post)
    recount_signs(post)
    if topic.space is None:
        record(actor, kinds.TALK_CHANGED, post, parent=topic)
        return post
    kind = kinds.THANKED if sign == rules.THANKS else kinds.REACTED
    record(actor, kind, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, sign=sign, number=post.number)
    return post


@action(right="talk.thank")
def take_back_reaction(actor: Actor, *, post: Post, sign: str = rules.THANKS) -> Post:
    """Take a reaction back."""
    topic, post = lock_post(actor, post, private_too=True)
    _may_thank(actor, topic)
    gone, _rows = Reaction.objects.filter(post=post, member__in=traces_of(actor.member), sign=sign).delete()
    if not gone:
        return already(post)
    recount_signs(post)
    if topic.space is None:
        record(actor, kinds.TALK_CHANGED, post, parent=topic)
        return post
    record(actor, kinds.REACTION_TAKEN_BACK, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, sign=sign)
    return post


def _may_thank(actor: Actor, topic: Topic) -> None:
    if topic.space is None:
        require(actor, "talk.thank")
    else:
        require_in(actor, "talk.thank", topic.space)


def recount_signs(post: Post) -> None:
    """The counters of one locked post, from its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [post.pk])
        post.reactions = dict(cursor.fetchall())
    post.thanks_count = post.reactions.get(rules.THANKS, 0)
    change("UPDATE conversation_post SET reactions = %s, thanks_count = %s WHERE id = %s", post.reactions, post.thanks_count, post.pk)
