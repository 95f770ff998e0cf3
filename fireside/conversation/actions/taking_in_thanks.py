"""Whom the posts of an archive thank by name: told in the log, because nobody there could say that they were helped."""

from collections.abc import Iterable, Mapping
from typing import Any

from fireside.activity.actor import Actor
from fireside.activity.log import Line, known_external_ids, record_many
from fireside.conversation import kinds
from fireside.conversation.actions.taking_in_rows import PostIn, pieces
from fireside.conversation.markup import gives_thanks
from fireside.conversation.models import Post


def thanked_in(post: PostIn) -> list[int]:
    """Members whom a post thanks by name; nobody thanks themselves."""
    if not post.mentions or not gives_thanks(post.text, html_given=post.format == "html"):
        return []
    return [member for member in dict.fromkeys(post.mentions) if member != post.author_id]


def thanks_lines(post: PostIn, source: str, *, pk: int, topic: int, space: int, about: Mapping[str, Any]) -> list[Line]:
    """A line of the log for each of them."""
    return [
        Line(
            kinds.THANKED_BY_NAME, post.at, post.author_id, "conversation.post", pk, space, member, topic, source,
            _key(post, member), True, dict(about),
        )
        for member in thanked_in(post)
    ]  # fmt: skip


def tell_of_thanks(actor: Actor, source: str, posts: Iterable[PostIn]) -> int:
    """Thanks in posts that are here already, of which the log says nothing yet: they came in before it did. Returns how many."""
    every = {_key(post, member): post for post in posts for member in thanked_in(post)}
    told = known_external_ids(source, sorted(every))
    missing = {post.external_id: post for key, post in every.items() if key not in told}
    lines: list[Line] = []
    for part in pieces(sorted(missing)):
        rows = Post.objects.filter(source=source, external_id__in=part).values_list(
            "external_id", "pk", "topic_id", "topic__space_id", "topic__title", "number"
        )
        for ext, pk, topic, space, title, number in rows:
            about = {"title": title, "number": number}
            made = thanks_lines(missing[str(ext)], source, pk=pk, topic=topic, space=space, about=about)
            lines += [line for line in made if line.external_id not in told]
    if lines:
        record_many(actor, lines)
    return len(lines)


def _key(post: PostIn, member: int) -> str:
    return f"thanks:{post.external_id}:{member}"[:200]
