"""Opening topics, replying."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import dress, enter, lock_topic, name_first, refuse, written
from fireside.conversation.actions.calling import call
from fireside.conversation.actions.files import hold_files
from fireside.conversation.actions.following import note_spoken
from fireside.conversation.actions.tags import put_tags
from fireside.conversation.models import Post, Topic
from fireside.conversation.pacing import keep_pace
from fireside.conversation.queries.sight import is_own
from fireside.lib.ready import add, change
from fireside.lib.text import straight
from fireside.members.queries import day_here
from fireside.members.rights import require
from fireside.spaces.actions import note_talk
from fireside.spaces.models import Space
from fireside.spaces.queries import space_to_read


@action(right="talk.write")
def open_topic(
    actor: Actor, *, space: Space, title: str, text: str, asks: bool = True, tags: Sequence[str] = (), key: str = "", sure: bool = False
) -> Topic:
    """Open a topic in a space: a question somebody waits on (`asks`), or something to talk about.

    `key` is made once by the form: the same form sent twice opens one topic. `sure`: yes, it is to call so many people.
    """
    source = actor.form_source(key)
    if source and (before := said_before(source, key)):
        return already(before.topic)
    space = space_to_read(actor.who, space.pk)
    enter(actor, space)
    title = straight(title)
    refuse(rules.why_not_title(title))
    text, parsed = written(text)
    try:
        with transaction.atomic(savepoint=source is not None):
            topic = add(Topic(
                space=space, author=actor.member, title=title, asks=asks, opened_at=actor.now, last_post_at=actor.now,
                last_author=actor.member, is_chat=space.is_group,
            ))  # fmt: skip
            post = Post(topic=topic, author=actor.member, number=1, at=actor.now, source_text=text, source=source, external_id=key or None)
            named, roles, files = dress(actor, post, parsed)
            keep_pace(actor, space, post=post, named=named)
            called = call(actor, space=space, named=named, roles=roles, sure=sure)
            add(post)
    except IntegrityError:  # the same form, sent twice in one instant: the other one was first
        if source and (before := said_before(source, key)):
            return already(before.topic)
        raise
    name_first(post, named)
    hold_files(post, files)
    put_tags(topic, tags)
    note_spoken(actor, topic, 1)
    note_talk(actor, space=space, topics=1)
    record(actor, kinds.ASKED if asks else kinds.OPENED, post, space=space, parent=topic, title=title, **_calls(named, called))
    return topic


@action(right="talk.write")
def reply(actor: Actor, *, topic: Topic, text: str, reply_to: Post | None = None, key: str = "", sure: bool = False) -> Post:
    """Reply in a topic, perhaps to one post of it. `key` is made once by the form: sent twice, it speaks once. `sure`: yes,
    it is to call so many people."""
    source = actor.form_source(key)
    if source and (before := said_before(source, key)):
        return already(before)
    require(actor, "talk.write")
    topic = lock_topic(actor, topic)  # numbers are given one after another
    if source and (before := said_before(source, key)):
        return already(before)
    enter(actor, topic.space)
    refuse("closed" if rules.is_closed(topic.closed_at is not None, topic.closes_on, topic.opens_on, day_here(actor.now)) else "")
    if reply_to is not None:
        if reply_to.topic_id != topic.pk:  # put into another topic since it was read
            reply_to.refresh_from_db(fields=["topic", "number"])
        refuse("elsewhere" if reply_to.topic_id != topic.pk else "")
    text, parsed = written(text)
    post = Post(
        topic=topic, author=actor.member, number=topic.last_number + 1, reply_to=reply_to, at=actor.now, source_text=text, source=source,
        external_id=key or None,
    )  # fmt: skip
    named, roles, files = dress(actor, post, parsed)
    keep_pace(actor, topic.space, post=post, named=named, topic=topic)
    called = call(actor, space=topic.space, named=named, roles=roles, sure=sure)
    add(post)
    name_first(post, named)
    hold_files(post, files)
    last = (actor.now, actor.member.pk) if actor.now >= topic.last_post_at else (topic.last_post_at, topic.last_author_id)
    answers = topic.answered_at is None and not is_own(actor.member, topic) and not actor.member.is_bot
    change(
        "UPDATE conversation_topic SET posts_count = posts_count + 1, last_number = %s, last_post_at = %s, last_author_id = %s,"
        " answered_at = %s WHERE id = %s",
        post.number, *last, actor.now if answers else topic.answered_at, topic.pk,
    )  # fmt: skip
    note_spoken(actor, topic, post.number)
    note_talk(actor, space=topic.place)
    to = reply_to if reply_to is not None else topic
    data = _calls(named, called)
    if to.author_id != topic.author_id and not is_own(actor.member, topic):
        data["also"] = [topic.author_id]  # whose topic it is hears of every reply
    record(
        actor, kinds.REPLIED, post, space=topic.space_id, parent=topic, other=None if is_own(actor.member, to) else to.author_id,
        title=topic.title, number=post.number, **data,
    )  # fmt: skip
    return post


def _calls(named: list[int], called: list[int]) -> dict[str, Any]:
    return ({"mentioned": named} if named else {}) | ({"called": called} if called else {})


def said_before(source: str, key: str) -> Post | None:
    return Post.objects.select_related("topic").filter(source=source, external_id=key[:200]).first()
