"""Bringing in what was said elsewhere: fast, each message once, whatever the order of the archives."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds, rules
from fireside.conversation.actions._batch import Batch
from fireside.conversation.actions.forgetting import NO_WORDS
from fireside.conversation.actions.taking_in_rows import Counts, PostIn, ReactionIn, TopicIn, pieces
from fireside.conversation.actions.taking_in_thanks import tell_of_thanks
from fireside.conversation.models import Post, Reaction
from fireside.members.queries import erased_members
from fireside.members.rights import require


@action(right="history.bring_in")
def take_in_posts(actor: Actor, *, source: str, topics: Sequence[TopicIn], posts: Sequence[PostIn]) -> Counts:
    """Bring in topics and posts of a source. Idempotent: what is here stays as it is, also when archives overlap.

    A thousand to ten thousand posts a call are quickest. Nobody is told, nothing is rewarded.
    """
    require(actor, "history.bring_in")
    erased = erased_members({post.author_id for post in posts})
    said = [replace(post, text=NO_WORDS, mentions=()) if post.author_id in erased else post for post in posts]
    unique = list({post.external_id: post for post in reversed(said)}.values())[::-1]
    for last in (False, True):
        known = _known(source, [post.external_id for post in unique])
        fresh = [post for post in unique if post.external_id not in known]
        late = tell_of_thanks(actor, source, [post for post in unique if post.external_id in known])
        if not fresh:
            return Counts(0, len(posts)) if late else already(Counts(0, len(posts)))
        try:
            with transaction.atomic(), connection.wrap_database_errors:  # a COPY raises the driver's own errors
                lines = Batch(actor, source, topics, fresh).write()
        except IntegrityError:  # somebody else brings in the same archive: look again what is new
            if last:
                raise
            continue
        record_many(actor, lines)
        break
    return Counts(len(fresh), len(posts) - len(fresh))


@action(right="history.bring_in")
def take_in_reactions(actor: Actor, *, source: str, reactions: Sequence[ReactionIn]) -> Counts:
    """Bring in reactions of a source to posts that were brought in before. Idempotent; counters follow.

    A reaction to a post that is not here is counted as rejected.
    """
    require(actor, "history.bring_in")
    posts = {
        ext: (pk, topic, author, space, title, number)
        for part in pieces(sorted({r.post for r in reactions}))
        for ext, pk, topic, author, space, title, number in Post.objects.filter(source=source, external_id__in=part).values_list(
            "external_id", "pk", "topic_id", "author_id", "topic__space_id", "topic__title", "number"
        )
    }
    wanted = {(posts[r.post][0], r.member_id, r.sign[:40]): r for r in reactions if r.post in posts}
    touched = sorted({pk for pk, _member, _sign in wanted})
    there: set[tuple[int, int, str]] = set()
    for part in pieces(touched):
        list(Post.objects.filter(pk__in=part).order_by("pk").select_for_update().values_list("pk", flat=True))
        there.update(Reaction.objects.filter(post__in=part).values_list("post_id", "member_id", "sign"))
    fresh = {key: r for key, r in wanted.items() if key not in there}
    rejected = sum(1 for r in reactions if r.post not in posts)
    if not fresh:
        return already(Counts(0, len(reactions) - rejected, rejected))
    Reaction.objects.bulk_create(
        [Reaction(post_id=pk, member_id=member, sign=sign, at=r.at) for (pk, member, sign), r in fresh.items()], batch_size=1000
    )
    count_signs(sorted({pk for pk, _member, _sign in fresh}))
    lines = []
    for r in fresh.values():
        pk, topic, author, space, title, number = posts[r.post]
        kind = kinds.THANKED if r.sign == rules.THANKS else kinds.REACTED
        about = {"title": title, "sign": r.sign[:40], "number": number}
        lines.append(
            Line(
                kind, r.at, r.member_id, "conversation.post", pk, space, author if author != r.member_id else None, topic,
                source, f"reaction:{r.external_id}"[:200], True, about,
            )
        )  # fmt: skip
    record_many(actor, lines)
    return Counts(len(fresh), len(reactions) - len(fresh) - rejected, rejected)


def count_signs(posts: Sequence[int]) -> int:
    """Work the counters of these posts out again from their rows. Returns how many were wrong."""
    mended = 0
    for part in pieces(posts):
        true: dict[int, dict[str, int]] = defaultdict(dict)
        rows = (
            Reaction.objects.filter(post__in=part)
            .order_by("post_id", "sign")
            .values("post_id", "sign")
            .annotate(n=Count("member__person_id", distinct=True))
        )
        for pk, sign, n in rows.values_list("post_id", "sign", "n"):
            true[pk][sign] = n
        wrong = []
        for post in Post.objects.filter(pk__in=part).only("pk", "reactions", "thanks_count"):
            if post.reactions != true[post.pk] or post.thanks_count != true[post.pk].get(rules.THANKS, 0):
                post.reactions, post.thanks_count = true[post.pk], true[post.pk].get(rules.THANKS, 0)
                wrong.append(post)
        Post.objects.bulk_update(wrong, ["reactions", "thanks_count"], batch_size=300)
        mended += len(wrong)
    return mended


def _known(source: str, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for part in pieces(ids):
        known.update(str(ext) for ext in Post.objects.filter(source=source, external_id__in=part).values_list("external_id", flat=True))
    return known
