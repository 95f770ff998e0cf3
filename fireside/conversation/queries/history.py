"""Where the words of an imported history stand here, for whoever brings more of it in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max

from fireside.conversation.markup import clean_archive_html
from fireside.conversation.models import Post, Topic
from fireside.lib.text import plain


class Here(NamedTuple):
    """A topic of a source: its space, its title."""

    space_id: int
    title: str


class Standing(NamedTuple):
    """Where a post of a source stands: the source's name for the topic, its space; when it was written, and whether it opens the topic."""

    topic: str
    space_id: int
    at: datetime
    opens: bool


def topics_of_source(source: str, external_ids: Sequence[str]) -> dict[str, Here]:
    """Topics of a source that are here, by its own names for them. One query per 900."""
    found: dict[str, Here] = {}
    for part in _pieces(external_ids):
        rows = Topic.objects.filter(source=source, external_id__in=part)
        found |= {str(key): Here(space, title) for key, space, title in rows.values_list("external_id", "space_id", "title")}
    return found


def posts_of_source(source: str, external_ids: Sequence[str]) -> dict[str, Standing]:
    """Posts of a source that are here, by its own ids. One query per 900."""
    found: dict[str, Standing] = {}
    for part in _pieces(external_ids):
        rows = Post.objects.filter(source=source, external_id__in=part, topic__source=source)
        for key, topic, space, at, opened in rows.values_list(
            "external_id", "topic__external_id", "topic__space_id", "at", "topic__opened_at"
        ):
            found[str(key)] = Standing(str(topic), space, at, at <= opened)
    return found


def latest_of_source(source: str) -> datetime | None:
    """When the last words of a source that are here were said. One query."""
    found: datetime | None = Post.objects.filter(source=source).aggregate(at=Max("at"))["at"]
    return found


def sizes_of_source(source: str, topics: Sequence[str]) -> dict[str, int]:
    """How many posts of a source stand in its topics, by its own ids of them. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(topics):
        rows = Post.objects.filter(source=source, topic__source=source, topic__external_id__in=part).values_list("topic__external_id")
        found |= {str(key): count for key, count in rows.annotate(n=Count("pk"))}
    return found


def signs_of_source(source: str, posts: Sequence[str]) -> dict[str, int]:
    """How many signs stand on posts of a source, by its own ids of them. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(posts):
        rows = Post.objects.filter(source=source, external_id__in=part).values_list("external_id", "reactions")
        found |= {str(key): sum(signs.values()) for key, signs in rows}
    return found


def other_words(source: str, words: Mapping[str, tuple[str, str]]) -> int:
    """How many posts of a source, given as id -> (text, format), say something else there than here. Those edited here are left out."""
    count = 0
    for part in _pieces(list(words)):
        rows = Post.objects.filter(source=source, external_id__in=part, edits_count=0)
        for key, here in rows.values_list("external_id", "source_text"):
            text, form = words[str(key)]
            count += here != (clean_archive_html(text) if form == "html" else plain(text))
    return count


def _pieces(rows: Sequence[str], size: int = 900) -> Iterator[Sequence[str]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]
