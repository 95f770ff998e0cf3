"""Counters, worked out again from the rows they count. What is right is left alone; each piece is a transaction of its own."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, DateTimeField, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.actions.taking_in import count_signs
from fireside.conversation.models import Helped, Post, Reaction, Topic
from fireside.members.queries import traces_among
from fireside.spaces.actions import set_talk

PIECE = 2000


@quiet(passing=True)
def mend_topics(actor: Actor, *, first: int, last: int) -> int:
    """Counters of the topics with these ids and of their posts. Returns how many topics were wrong."""
    topics = Topic.objects.filter(pk__gte=first, pk__lt=last)
    _mend_posts(topics)
    return _mend(topics)


@quiet(passing=True)
def mend_topics_of(actor: Actor, *, members: Iterable[int]) -> int:
    """Who somebody is has changed: who was answered, helped and thanked, where any trace of theirs spoke, was helped or gave a sign."""
    people = traces_among(members)
    given = Helped.objects.filter(member__in=people)
    signs = Reaction.objects.filter(member__in=people).order_by("post_id").values_list("post_id", flat=True)
    count_signs(list(signs.distinct()))
    _mend_helped(Post.objects.filter(pk__in=given.values("post_id")))
    _mend_helped(Post.objects.filter(author__in=people, helped_count__gt=0))
    spoke, told = Post.objects.filter(author__in=people).values("topic_id"), given.values("post__topic_id")
    wrong = 0
    for some in (Topic.objects.filter(pk__in=spoke), Topic.objects.filter(pk__in=told)):
        wrong += _mend(some, only=("answered_at", "helped_count"))
    return wrong


@quiet(passing=True)
def mend_spaces(actor: Actor) -> int:
    """How many topics each space holds and when somebody last spoke there. One query, then the wrong ones."""
    rows = (
        Topic.objects.filter(removed_at__isnull=True, space__isnull=False)
        .order_by()
        .values("space_id")
        .annotate(n=Count("id"), last=Max("last_post_at"))
    )
    return set_talk(actor, counts={space: (n, last) for space, n, last in rows.values_list("space_id", "n", "last")})


def last_topic() -> int:
    """The highest id of a topic."""
    return Topic.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _true() -> dict[str, Any]:
    """The true value of each counter, as an expression over the topic's row."""
    standing = Post.objects.filter(topic=OuterRef("pk"), removed_at__isnull=True)
    answers = (
        standing.filter(author__is_bot=False, joined__isnull=True)
        .exclude(author__person_id=OuterRef("author__person_id"))
        .filter(at__gte=OuterRef("opened_at"))
    )
    helped = Helped.objects.filter(post__topic=OuterRef("pk")).exclude(member__person_id=F("post__author__person_id"))

    def one(rows: QuerySet[Any], value: Any, field: Any) -> Subquery:
        return Subquery(rows.order_by().values("topic").annotate(v=value).values("v"), output_field=field)

    people = Subquery(
        helped.order_by().values("post__topic").annotate(v=Count("member__person_id", distinct=True)).values("v"),
        output_field=IntegerField(),
    )
    latest = standing.order_by("-at", "-id")
    return {
        "posts_count": Coalesce(one(standing, Count("id"), IntegerField()), 0),
        "answered_at": one(answers, Min("at"), DateTimeField()),
        "helped_count": Coalesce(people, 0),
        "last_post_at": Coalesce(Subquery(latest.values("at")[:1], output_field=DateTimeField()), F("opened_at")),
        "last_author_id": Subquery(latest.values("author_id")[:1], output_field=IntegerField()),
    }


def _mend(topics: QuerySet[Topic], only: tuple[str, ...] = ()) -> int:
    """Compare first; then lock what is wrong, compute it anew and set it, so that nobody's act in between is lost."""
    true = {f"true_{name}": value for name, value in _true().items() if not only or name in only}
    kept = [name.removeprefix("true_") for name in true]
    wrong = [pk for pk, _values in _differing(topics, true, kept)]
    for i in range(0, len(wrong), 500):
        piece = Topic.objects.filter(pk__in=wrong[i : i + 500])
        list(piece.order_by("pk").select_for_update().values_list("pk", flat=True))
        for pk, values in list(_differing(piece, true, kept)):
            Topic.objects.filter(pk=pk).update(**values)
    return len(wrong)


def _differing(topics: QuerySet[Topic], true: dict[str, Any], kept: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for pk, *both in topics.annotate(**true).values_list("pk", *kept, *true).iterator():
        here, there = both[: len(kept)], both[len(kept) :]
        if here != there:
            yield pk, dict(zip(kept, there, strict=True))


def _mend_posts(topics: QuerySet[Topic]) -> None:
    posts = Post.objects.filter(topic__in=topics)
    _mend_helped(posts.filter(Q(helped_count__gt=0) | Q(pk__in=Helped.objects.filter(post__topic__in=topics).values("post_id"))))
    signed = posts.filter(Q(pk__in=Reaction.objects.filter(post__topic__in=topics).values("post_id")) | ~Q(reactions={}))
    count_signs(list(signed.values_list("pk", flat=True)))


def _mend_helped(posts: QuerySet[Post]) -> None:
    """People helped by each post: a person once, and nobody by their own words."""
    helped = Subquery(
        Helped.objects.filter(post=OuterRef("pk"))
        .exclude(member__person_id=F("post__author__person_id"))
        .order_by()
        .values("post")
        .annotate(n=Count("member__person_id", distinct=True))
        .values("n"),
        output_field=IntegerField(),
    )
    posts.annotate(true=Coalesce(helped, 0)).exclude(helped_count=F("true")).update(helped_count=F("true"))
