"""Splitting some posts off into a topic of their own, merging a topic into another, and taking that apart again."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from fireside.activity.action import action
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._placing import place, take_drafts, take_followers
from fireside.conversation.actions._steps import lock_topic, lock_two, refuse
from fireside.conversation.actions.closing import tell_story
from fireside.conversation.actions.edits import first_of
from fireside.conversation.models import Forward, Post, Topic
from fireside.conversation.queries.splitting import why_not_merging
from fireside.lib.ready import add
from fireside.lib.text import straight
from fireside.spaces.actions import note_leaving, note_talk
from fireside.spaces.models import Space
from fireside.spaces.queries import require_in, space_to_read

TOLD = 50  # authors of posts that moved, at most, are told where


@action(right="talk.tidy")
def split_topic(
    actor: Actor, *, posts: Sequence[Post], title: str, asks: bool | None = None, space: Space | None = None
) -> Topic:  # fmt: skip
    """Make a topic of its own out of posts of one topic, here or in another `space`. For those who tidy; old addresses lead there.

    Whether it `asks` something is worked out from its words unless it is said. The first post and the accepted answer stay.
    """
    posts = list(posts)
    title = straight(title)
    refuse(rules.why_not_title(title))
    refuse("no_posts" if not posts else "")
    old = lock_topic(actor, posts[0].topic_id)
    require_in(actor, "talk.tidy", old.space)
    place_for = old.space if space is None or space.pk == old.space_id else space_to_read(actor.who, space.pk)
    if place_for is not old.space:
        require_in(actor, "talk.tidy", place_for)
    refuse(rules.why_not_change(archived=old.space.archived_at is not None or place_for.archived_at is not None))
    wanted = {post.pk for post in posts}
    rows = list(Post.objects.filter(pk__in=wanted, topic=old).select_related("author").order_by("at", "id"))
    refuse(
        rules.why_not_split(
            gone=len(rows) < len(wanted), opening=first_of(old) in wanted, accepted=old.accepted_id in wanted,
            standing=any(post.removed_at is None for post in rows),
        )
    )  # fmt: skip
    opener = rows[0]
    if asks is None:
        asks = rules.sounds_like_a_question(title, opener.source_text, html=opener.format == Post.Format.HTML)
    new = add(
        Topic(
            space=place_for, author=opener.author, title=title, asks=asks, opened_at=opener.at, last_post_at=opener.at,
            last_author=opener.author, posts_count=0, last_number=0, imported=opener.imported,
        )
    )  # fmt: skip
    place(actor, rows, source=old, into=new, first=kinds.PLACED_ASKING if asks else kinds.PLACED_OPENING)
    tell_story(new, actor, "split", topic=old.pk, posts=len(rows))
    tell_story(old, actor, "left", topic=new.pk, posts=len(rows))
    for topic in (new, old):
        topic.save(update_fields=["story"])
    note_talk(actor.at(new.last_post_at), space=place_for.pk, topics=1)
    record(actor, kinds.SPLIT, new, space=place_for, parent=new, title=title, number=len(rows), authors=_authors(actor, rows))
    return new


@action(right="talk.tidy")
def merge_topic(actor: Actor, *, topic: Topic, into: Topic) -> Topic:
    """Put everything said in a topic into an older one, in the order of time. For those who tidy in both; old addresses lead there.

    Its accepted answer becomes that of the other question if that has none. It can be taken apart again.
    """
    topic, into = lock_two(actor, topic, into)
    require_in(actor, "talk.tidy", topic.space)
    require_in(actor, "talk.tidy", into.space)
    refuse(rules.why_not_change(archived=topic.space.archived_at is not None or into.space.archived_at is not None))
    refuse(why_not_merging(topic, into))
    rows = list(Post.objects.filter(topic=topic).select_related("author").order_by("at", "id"))
    comes_home = Forward.objects.filter(topic=into, post=rows[0]).exists()
    rows[0].joined = None if comes_home else True
    place(actor, rows, source=topic, into=into, first=kinds.PLACED if comes_home else kinds.PLACED_JOINING)
    topic.merged_into, topic.removed_at = into, actor.now
    topic.pin_place = topic.pin_until = topic.front_place = topic.front_until = None
    topic.save(update_fields=["merged_into", "removed_at", "pin_place", "pin_until", "front_place", "front_until"])
    take_drafts(topic, into)
    take_followers(actor, topic, into)
    tell_story(into, actor, "merged", source=topic.pk, posts=len(rows))
    into.save(update_fields=["story"])
    note_leaving(actor, space=topic.place, last=_last_in(topic.place))
    note_talk(actor.at(into.last_post_at), space=into.place)
    record(
        actor, kinds.MERGED, into, space=into.space_id, parent=into, title=topic.title, into=into.title, number=len(rows),
        authors=_authors(actor, rows),
    )  # fmt: skip
    answer = topic.accepted
    if answer is not None and answer.removed_at is None and into.asks and into.accepted_id is None:
        into.accepted, into.accepted_at, into.accepted_by = answer, actor.now, actor.who
        into.save(update_fields=["accepted", "accepted_at", "accepted_by"])
        record(
            actor, kinds.ACCEPTED, answer, space=into.space_id, parent=into, other=answer.author_id, title=into.title,
            number=answer.number, asker=into.author_id,
        )  # fmt: skip
    return into


@action(right="talk.tidy")
def part_topics(actor: Actor, *, topic: Topic, number: int) -> Topic:
    """Take out of a topic what was merged into it from the topic with this number: both stand as before, later replies stay."""
    parts = Topic.objects.select_related("space", "author").select_for_update(of=("self",))
    source = parts.filter(pk=number, merged_into=topic).first()  # the younger one first, see lock_two
    into = lock_topic(actor, topic)
    require_in(actor, "talk.tidy", into.space)
    refuse("not_merged" if source is None else "")
    assert source is not None
    require_in(actor, "talk.tidy", source.space)
    refuse(rules.why_not_change(archived=into.space.archived_at is not None or source.space.archived_at is not None))
    rows = list(Post.objects.filter(topic=into, pk__in=Forward.objects.filter(topic=source).values("post_id")).order_by("at", "id"))
    refuse("not_merged" if not rows or rows[0].pk == first_of(into) else "")
    rows[0].joined = None
    if into.accepted_id in {post.pk for post in rows}:
        answer, into.accepted, into.accepted_at, into.accepted_by = into.accepted, None, None, None
        into.save(update_fields=["accepted", "accepted_at", "accepted_by"])
        record(
            actor,
            kinds.ACCEPTANCE_TAKEN_BACK,
            answer,
            space=into.space_id,
            parent=into,
            other=answer.author_id if answer else None,
            title=into.title,
        )
    source.merged_into = source.removed_at = None
    first = kinds.PLACED_ASKING if source.asks else kinds.PLACED_OPENING
    place(actor, rows, source=into, into=source, first=first, as_before=True)
    tell_story(source, actor, "parted", topic=into.pk)
    source.save(update_fields=["merged_into", "removed_at", "story"])
    into.story = [line for line in into.story or [] if line.get("source") != source.pk] or None
    into.save(update_fields=["story"])
    note_talk(actor.at(source.last_post_at), space=source.place, topics=1)
    record(actor, kinds.PARTED, source, space=source.space_id, parent=source, title=source.title, into=into.title)
    return source


def _authors(actor: Actor, posts: Sequence[Post]) -> list[int]:
    """Whose posts they are, without whoever does it."""
    own = getattr(actor.who, "person_id", None)
    return list(dict.fromkeys(post.author_id for post in posts if post.author.person_id != own))[:TOLD]


def _last_in(space: int) -> Any:
    return Topic.objects.filter(space=space, removed_at__isnull=True).aggregate(last=Max("last_post_at"))["last"]
