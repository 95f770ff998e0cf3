"""Reactions: one sign a member and post. "heart" is the thanks of the page."""

from django.db.models import Count

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import lock_post, refuse
from fireside.conversation.models import Post, Reaction
from fireside.spaces.queries import require_in


@action(right="talk.thank")
def react(actor: Actor, *, post: Post, sign: str = rules.THANKS) -> Post:
    """React to a post with a sign: heart (thanks), agree, smile or star. Nobody thanks themselves."""
    topic, post = lock_post(actor, post)
    require_in(actor, "talk.thank", topic.space)
    refuse("unknown_sign" if sign not in rules.SIGNS else "")
    refuse(rules.why_not_helped(reader=actor.member.person_id, author=post.author.person_id, removed=post.removed_at is not None))
    _row, new = Reaction.objects.get_or_create(post=post, member=actor.member, sign=sign, defaults={"at": actor.now})
    if not new:
        return already(post)
    recount_signs(post)
    kind = kinds.THANKED if sign == rules.THANKS else kinds.REACTED
    record(actor, kind, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, sign=sign, number=post.number)
    return post


@action(right="talk.thank")
def take_back_reaction(actor: Actor, *, post: Post, sign: str = rules.THANKS) -> Post:
    """Take a reaction back."""
    topic, post = lock_post(actor, post)
    require_in(actor, "talk.thank", topic.space)
    gone, _rows = Reaction.objects.filter(post=post, member=actor.member, sign=sign).delete()
    if not gone:
        return already(post)
    recount_signs(post)
    record(actor, kinds.REACTION_TAKEN_BACK, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title, sign=sign)
    return post


def recount_signs(post: Post) -> None:
    """The counters of one locked post, from its rows."""
    rows = Reaction.objects.filter(post=post).values_list("sign").annotate(n=Count("id")).order_by("sign")
    post.reactions = dict(rows.values_list("sign", "n"))
    post.thanks_count = post.reactions.get(rules.THANKS, 0)
    post.save(update_fields=["reactions", "thanks_count"])
