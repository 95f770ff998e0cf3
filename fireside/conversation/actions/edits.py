"""Changing, removing and restoring what was said."""

from typing import Any

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds, rules
from fireside.conversation.actions._steps import (
    dress,
    lock_post,
    name_members,
    recount,
    refuse,
    replies_by_others,
    require_tidy_or_own,
    written,
)
from fireside.conversation.actions.calling import call
from fireside.conversation.actions.files import change_files
from fireside.conversation.markup import parse
from fireside.conversation.models import Edit, Post, Topic
from fireside.conversation.pacing import keep_content
from fireside.conversation.queries.calling import ids_called, roles_among
from fireside.conversation.queries.words import markdown_of
from fireside.lib.errors import NotAllowed
from fireside.lib.text import one_line, plain, straight
from fireside.spaces.actions import note_talk
from fireside.spaces.queries import may_in


@action(right="talk.change_own")
def edit_post(
    actor: Actor, *, post: Post, text: str, title: str = "", reason: str = "", seen_edits: int | None = None, sure: bool = False
) -> Post:
    """Change a post, and the title of a topic with its first post. What it said before is kept.

    `seen_edits` is the number of edits the writer has seen: when somebody else was faster, nothing is overwritten.
    `sure`: yes, it is to call so many people; only whom it did not call before is called.
    """
    topic, post = lock_post(actor, post, private_too=True)
    own = require_tidy_or_own(actor, post, topic.space)
    private = topic.space is None
    refuse(rules.why_not_change(archived=not private and topic.space.archived_at is not None))
    refuse("post_removed" if post.removed_at is not None else "")
    is_first = first_of(topic) == post.pk
    title, reason = straight(title), one_line(reason)[:200]
    if title:
        refuse("title_of_reply" if not is_first or private else rules.why_not_title(title))
    text, parsed = written(text)
    same = text == post.source_text or (post.format == Post.Format.HTML and text == plain(markdown_of(post)))
    if same and title in {"", topic.title}:
        return already(post)
    refuse(
        "edited_meanwhile" if seen_edits is not None and seen_edits != post.edits_count else "",
        edits=post.edits_count,
        text=markdown_of(post),
    )
    title_before = topic.title if title and title != topic.title else ""
    Edit.objects.create(
        post=post, member=actor.member, at=actor.now, title_before=title_before, text_before=post.source_text,
        format_before=post.format, reason=reason,
    )  # fmt: skip
    before = roles_among(ids_called(parse(post.source_text).names).values()) if post.format == Post.Format.MARKDOWN else []
    post.source_text, post.format = text, Post.Format.MARKDOWN
    all_named, roles, files = dress(actor, post, parsed)
    if own:
        keep_content(actor, topic.space, post=post, named=all_named)
    named = name_members(post, all_named)
    called = [] if private else call(actor, space=topic.space, named=named, roles=[one for one in roles if one not in before], sure=sure)
    change_files(actor, post, files)
    post.edited_at, post.edits_count = actor.now, post.edits_count + 1
    post.save(update_fields=["source_text", "format", "html", "rendered", "edited_at", "edits_count"])
    if title_before:
        topic.title = title
        topic.save(update_fields=["title"])
    data: dict[str, Any] = ({"mentioned": named} if named else {}) | ({"called": called} if called else {})
    other = None if own else post.author_id
    if private:
        record(actor, kinds.TALK_CHANGED, post, parent=topic)
        return post
    record(actor, kinds.EDITED, post, space=topic.space_id, parent=topic, other=other, title=topic.title, reason=reason, **data)
    return post


@action(right="talk.tidy")
def remove_post(actor: Actor, *, post: Post, reason: str) -> Post:
    """Take a post out of sight, with a reason; a topic's first post takes the topic with it. It can be restored."""
    topic, post = lock_post(actor, post, removed_too=True, private_too=True)
    own = require_tidy_or_own(actor, post, topic.space)
    if post.removed_at is not None:
        return already(post)
    if topic.space is None:
        return _mark_removed(actor, topic, post, one_line(reason)[: rules.REASON_MAX])
    reason = one_line(reason)
    refuse(rules.why_not_reason(reason))
    is_first = first_of(topic) == post.pk
    tidies = may_in(actor, "talk.tidy", topic.space)
    others = is_first and own and not tidies and replies_by_others(topic).exists()
    refuse(rules.why_not_remove(is_first=is_first, own=own, tidies=tidies, others_replied=others))
    post.removed_at, post.removed_by, post.removed_reason = actor.now, actor.who, reason
    post.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    if is_first:
        topic.removed_at = actor.now
        topic.save(update_fields=["removed_at"])
        note_talk(actor.at(topic.opened_at), space=topic.place, topics=-1)
    else:
        recount(topic)
        _withdraw(actor, topic, post)
    other = None if own else post.author_id
    record(actor, kinds.REMOVED, post, space=topic.space_id, parent=topic, other=other, title=topic.title, reason=reason)
    return post


@action(right="talk.tidy")
def restore_post(actor: Actor, *, post: Post) -> Post:
    """Bring a removed post back into sight. An author may bring back what they took away themselves."""
    topic, post = lock_post(actor, post, removed_too=True, private_too=True)
    own, private = require_tidy_or_own(actor, post, topic.space), topic.space is None
    if post.removed_at is None:
        return already(post)
    if own and post.removed_by_id != actor.member.pk and (private or not may_in(actor, "talk.tidy", topic.space)):
        from fireside.conversation.actions._steps import REFUSALS

        raise NotAllowed("not_own_removal", REFUSALS["not_own_removal"])
    post.removed_at = post.removed_by = None
    post.removed_reason = ""
    post.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    if private:
        recount(topic)
        record(actor, kinds.TALK_CHANGED, post, parent=topic)
        return post
    if first_of(topic) == post.pk:
        topic.removed_at = None
        topic.save(update_fields=["removed_at"])
        note_talk(actor.at(topic.opened_at), space=topic.place, topics=1)
    recount(topic)
    other = None if own else post.author_id
    record(actor, kinds.RESTORED, post, space=topic.space_id, parent=topic, other=other, title=topic.title)
    return post


def _mark_removed(actor: Actor, topic: Topic, post: Post, reason: str) -> Post:
    """A message of a private conversation goes by itself, whichever it is; nobody is owed a reason."""
    post.removed_at, post.removed_by, post.removed_reason = actor.now, actor.who, reason
    post.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    recount(topic)
    record(actor, kinds.TALK_CHANGED, post, parent=topic)
    return post


def first_of(topic: Topic) -> int | None:
    """The post that opens the topic: the earliest one, removed or not."""
    return Post.objects.filter(topic=topic).order_by("at", "id").values_list("pk", flat=True).first()


def _withdraw(actor: Actor, topic: Topic, post: Post) -> None:
    """A removed post is nobody's accepted answer."""
    if Topic.objects.filter(pk=topic.pk, accepted=post).update(accepted=None, accepted_at=None, accepted_by=None):
        record(actor, kinds.ACCEPTANCE_TAKEN_BACK, post, space=topic.space_id, parent=topic, other=post.author_id, title=topic.title)
