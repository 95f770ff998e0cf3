"""Posts as a page reads them: plain values in place of models, of which making one costs more than asking for it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet

from fireside.conversation.markup import VERSION, clean_archive_html, parse, render
from fireside.conversation.models import Post
from fireside.conversation.queries.calling import ids_called
from fireside.conversation.queries.files import files_held
from fireside.conversation.queries.links import cards_held
from fireside.conversation.seeking.opening import opening


class Answered(NamedTuple):
    """The post that another one answers."""

    pk: int
    topic_id: int
    number: int
    author_id: int
    source_text: str
    format: str
    removed_at: datetime | None


class Said(NamedTuple):
    """What stands in a row of posts, and what it answers."""

    pk: int
    topic_id: int
    author_id: int
    number: int
    at: datetime
    source_text: str
    format: str
    html: str
    rendered: int
    edited_at: datetime | None
    edits_count: int
    helped_count: int
    thanks_count: int
    reactions: dict[str, int]
    removed_at: datetime | None
    removed_by_id: int | None
    removed_reason: str
    imported: bool
    reply_to: Answered | None


OWN = len(Said._fields) - 1
COLUMNS = (*Said._fields[:OWN], *(f"reply_to__{name}" for name in Answered._fields))


def columns_of(posts: QuerySet[Post]) -> QuerySet[Post, Any]:
    """The rows of which `said` makes posts."""
    return posts.values_list(*COLUMNS)


def said(rows: Iterable[tuple[Any, ...]]) -> list[Said]:
    return [Said._make((*row[:OWN], Answered(*row[OWN:]) if row[OWN] is not None else None)) for row in rows]


def with_html(posts: list[Said]) -> tuple[list[Said], list[Said]]:
    """Each with the `html` that is shown; and those rendered just now. One query if these name anybody, one if they show files, two if links stand alone in them."""
    html = {post.pk: _cleaned(post.source_text) for post in posts if post.format == Post.Format.HTML}
    stale = [(post, parse(post.source_text)) for post in posts if post.format != Post.Format.HTML and post.rendered != VERSION]
    if not stale and not html:
        return posts, []
    handles = ids_called({name for _, parsed in stale for name in parsed.names})
    held = files_held([pictured.pk for pictured, parsed in stale if parsed.files])
    cards = cards_held([linking.pk for linking, parsed in stale if parsed.links])
    made = {post.pk: render(parsed, handles, held.get(post.pk), cards.get(post.pk))[0] for post, parsed in stale}
    posts = [post._replace(html=(html | made)[post.pk]) if post.pk in html or post.pk in made else post for post in posts]
    return posts, [post for post in posts if post.pk in made]


@lru_cache(maxsize=4000)
def _cleaned(words: str) -> str:
    """The same words of an archive are cleaned once, not for each who reads them."""
    return clean_archive_html(words)


def begins(post: Answered | None) -> str:
    """How a post begins, in one line."""
    if post is None or post.removed_at is not None:
        return ""
    return opening(post.source_text, from_html=post.format == Post.Format.HTML)
