"""What talk does when a member is erased: their words go (or stay without a name), and others' words no longer call or quote them."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.actions.seeking import index_posts, index_topics
from fireside.conversation.models import Draft, Edit, Mention, Post, Tag, Topic, TopicTag

NO_WORDS = "[…]"  # stands where words stood, in every language
PIECE = 500


@quiet(passing=True)
def take_words(actor: Actor, *, members: Collection[int]) -> int:
    """Everything that these members said goes, with every earlier version of it. The posts stay in their places, so that others' words can be followed."""
    topics = list(Topic.objects.filter(author__in=members).values_list("pk", flat=True))
    posts = list(Post.objects.filter(author__in=members).values_list("pk", flat=True))
    for some in pieces(topics):
        TopicTag.objects.filter(topic__in=some).delete()
        Topic.objects.filter(pk__in=some).update(title=NO_WORDS, tags=None)
    Tag.objects.exclude(pk__in=TopicTag.objects.values("tag_id")).delete()
    for some in pieces(posts):
        Edit.objects.filter(post__in=some).delete()
        Mention.objects.filter(post__in=some).delete()
        Post.objects.filter(pk__in=some).update(
            source_text=NO_WORDS, html="", rendered=0, format=Post.Format.MARKDOWN, edits_count=0, edited_at=None, removed_reason=""
        )
        index_posts(actor, posts=some)
    for some in pieces(topics):
        index_topics(actor, topics=some)
    return len(posts)


@quiet(passing=True)
def call_no_more(
    actor: Actor, *, members: Collection[int], handles: Sequence[str], names: Sequence[str], instead: str, quotes: bool
) -> int:
    """Others' posts name these members no more: a call becomes the plain name of the tombstone, and so does who stands over a quote.

    `quotes`: what was quoted of their words goes, too. Returns how many posts were changed.
    """
    called = set(Mention.objects.filter(member__in=members).values_list("post_id", flat=True))
    theirs = Post.objects.filter(author__in=members)
    beside = set(Post.objects.filter(topic__in=theirs.values("topic_id")).exclude(author__in=members).values_list("pk", flat=True))
    links = {f"/t/{topic}/{number}" for topic, number in theirs.values_list("topic_id", "number")}
    beside |= (
        set(Post.objects.filter(source_text__contains="> [").exclude(author__in=members).values_list("pk", flat=True)) if links else set()
    )
    changed = []
    for some in pieces(sorted(called | beside)):
        for post in Post.objects.filter(pk__in=some):
            if (text := without(post.source_text, handles, names, instead, links, quotes)) != post.source_text:
                Post.objects.filter(pk=post.pk).update(source_text=text, html="", rendered=0)
                changed.append(post.pk)
        for edit in Edit.objects.filter(post__in=some):
            title, text = (without(one, handles, names, instead, links, quotes) for one in (edit.title_before, edit.text_before))
            if (title, text) != (edit.title_before, edit.text_before):
                Edit.objects.filter(pk=edit.pk).update(title_before=title, text_before=text)
    for draft in Draft.objects.exclude(member__in=members):
        if (text := without(draft.text, handles, names, instead, links, quotes)) != draft.text:
            Draft.objects.filter(pk=draft.pk).update(text=text)
    Mention.objects.filter(member__in=members).delete()
    for some in pieces(changed):
        index_posts(actor, posts=some)
    return len(changed)


@quiet(passing=True)
def forget_reasons(actor: Actor, *, members: Collection[int]) -> None:
    """Why these members closed topics, in their words."""
    for topic in Topic.objects.filter(story__isnull=False).only("pk", "story", "close_reason").iterator():
        theirs = [line for line in topic.story or [] if line.get("by") in members and line.get("why")]
        if theirs:
            said = {line["why"] for line in theirs}
            story = [{**line, "why": ""} if line in theirs else line for line in topic.story or []]
            Topic.objects.filter(pk=topic.pk).update(story=story, close_reason=None if topic.close_reason in said else topic.close_reason)


def without(text: str, handles: Sequence[str], names: Sequence[str], instead: str, links: Collection[str], quotes: bool) -> str:
    """Words without calls of these handles, without these names over a quote or in an archive's call, and without what is quoted from `links`."""
    for handle in handles:
        text = re.sub(rf"(?<![\w@])@{re.escape(handle)}(?![\w-])", instead, text, flags=re.IGNORECASE)
    for name in names:
        text = text.replace(f">@{name}<", f">@{instead}<")
    return _QUOTE.sub(lambda found: _unquoted(found, instead, quotes) if found[2] in links else found[0], text)


_QUOTE = re.compile(r"^> \[([^\n]*)\]\((/t/\d+/\d+)\):\n((?:>[^\n]*\n?)*)", re.MULTILINE)


def _unquoted(found: "re.Match[str]", instead: str, quotes: bool) -> str:
    body = f">\n> {NO_WORDS}\n" if quotes else found[3]
    return f"> [{instead}]({found[2]}):\n{body}"


def pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for i in range(0, len(ids), PIECE):
        yield ids[i : i + PIECE]


def wipe_the_index() -> None:
    """What the search index of SQLite still holds of words that are gone: it lets go of them only when its parts are joined."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO conversation_sought_words(conversation_sought_words) VALUES ('optimize')")


def topics_of(members: Collection[int]) -> list[Any]:
    """Topics that these members opened: lines of the log carry their titles."""
    return list(Topic.objects.filter(author__in=members).values_list("pk", flat=True))


def posts_in(topics: Collection[int]) -> list[int]:
    return list(Post.objects.filter(topic__in=topics).values_list("pk", flat=True))
