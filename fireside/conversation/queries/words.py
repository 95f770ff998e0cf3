"""Words as Markdown, whatever they were written in: what an edit begins with, what a program reads, what is compared."""

from collections.abc import Iterable
from typing import Any

from fireside.conversation.markup import to_markdown
from fireside.conversation.models import Edit, Mention, Post
from fireside.members.queries import called_names


def markdown_of(post: Post) -> str:
    """The post's words as Markdown. No query, or two for words that an archive brought as HTML."""
    return markdown_of_all([(post.pk, post.source_text, post.format)])[post.pk]


def markdown_of_all(posts: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """The same of many, given as (id, words, format)."""
    given = list(posts)
    called = _called(pk for pk, words, format in given if format == Post.Format.HTML and words)
    return {pk: to_markdown(words, called.get(pk)) if format == Post.Format.HTML else words for pk, words, format in given}


def markdown_before(edits: Iterable[Edit]) -> dict[int, str]:
    """What posts said before these edits of one post, by the edit's id."""
    return {one.pk: to_markdown(one.text_before) if one.format_before == Post.Format.HTML else one.text_before for one in edits}


def _called(posts: Iterable[int]) -> dict[int, dict[str, str]]:
    """Whom each post calls: handles by the names under which they may stand in its words."""
    wanted = list(posts)
    if not wanted:
        return {}
    rows: list[tuple[int, Any]] = list(Mention.objects.filter(post__in=wanted).values_list("post_id", "member_id"))
    names = called_names({member for _post, member in rows})
    found: dict[int, dict[str, str]] = {}
    for post, member in rows:
        handle, known = names.get(member, ("", ()))
        found.setdefault(post, {}).update({name.casefold(): handle for name in known})
    return found
