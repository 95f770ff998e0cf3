"""The search index: what stands in it follows what was said."""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.models import Post, Sought, TopicTag
from fireside.conversation.seeking import bare, index_of

INDEXED = 100_000  # signs of a post: tokens of more than that no reader would look for
_FIELDS = ("pk", "first", "author_id", "at", "source_text", "format", "removed_at", "topic__title", "topic__space_id", "topic__tags")


@quiet(passing=True)
def index_posts(actor: Actor, *, posts: Collection[int]) -> int:
    """Put these posts into the index as they stand now, or out of it when they were removed. Returns how many stand in it."""
    standing: dict[int, str] = {}
    first = Subquery(Post.objects.filter(topic=OuterRef("topic"), removed_at__isnull=True).order_by("at", "id").values("pk")[:1])
    rows = Post.objects.filter(pk__in=posts, topic__space__isnull=False).annotate(first=first).values_list(*_FIELDS)
    for pk, begins, author, at, text, format, removed, title, space, tags in rows:
        if removed is None:
            words = bare(text[:INDEXED], from_html=format == Post.Format.HTML)
            named = title if begins == pk else ""
            standing[pk] = index_of(title=named, text=words, space=space, author=author, at=at, tags=tags or ())
    Sought.objects.filter(pk__in=[pk for pk in posts if pk not in standing]).delete()
    made = [Sought(post_id=pk, words=words) for pk, words in sorted(standing.items())]
    Sought.objects.bulk_create(made, batch_size=200, update_conflicts=True, unique_fields=["post"], update_fields=["words"])
    return len(made)


@quiet(passing=True)
def index_topics(actor: Actor, *, topics: Collection[int]) -> int:
    """Every post of these topics: their title, their space or which post begins them has changed."""
    return index_posts(actor, posts=list(Post.objects.filter(topic__in=topics).values_list("pk", flat=True))) if topics else 0


@quiet(passing=True)
def index_piece(actor: Actor, *, after: int, size: int = 500, tag: int = 0) -> tuple[int, int]:
    """The next posts by their ids, for the index made anew, or of the topics of one tag. Returns the last id, 0 at the end, and how many stand."""
    rows = (
        Post.objects.filter(topic__in=TopicTag.objects.filter(tag=tag).values("topic_id"))
        if tag
        else Post.objects.filter(topic__space__isnull=False)
    )
    ids = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])
    return (ids[-1], index_posts(actor, posts=ids)) if ids else (0, 0)
