"""Drafts: words kept while they are being written. Two tabs never destroy each other's words."""

from typing import Any

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation import rules
from fireside.conversation.actions._steps import REFUSALS, refuse
from fireside.conversation.models import Draft, Post
from fireside.conversation.queries.sight import in_reach
from fireside.conversation.queries.words import markdown_of
from fireside.lib.errors import Refused
from fireside.lib.text import plain, storable, straight
from fireside.members.rights import require


@quiet(right="talk.write")
def keep_draft(
    actor: Actor, *, place: str, text: str, title: str = "", slot: int = 0, seen: int = 0, key: str = "", seen_edits: int | None = None
) -> Draft | None:
    """Keep words for a place. `slot` and `seen` (a version) say which draft the writer goes on from.

    Who saves on top of words they have not seen gets a slot of their own. Empty words drop the draft,
    and words that were said meanwhile (by the form with this `key`, or that the edited post says already) are no draft any more.
    `seen_edits` is the version of the post that they change.
    """
    require(actor, "talk.write")
    if key and Post.objects.filter(source=actor.form_source(key), external_id=key[:200]).exists():
        return None
    text, title, place = storable(text)[: rules.TEXT_MAX + 5000], storable(title)[: rules.TITLE_MAX], storable(place)[:40]
    if _stands(actor.member, place, text, title):
        text = title = ""
    words = {"text": text, "title": title, "seen_edits": seen_edits, "saved_at": actor.now}
    mine = Draft.objects.select_for_update().filter(member=actor.member, place=place)
    rows = {row.slot: row for row in mine}
    row = rows.get(slot)
    if row is not None and row.version == seen:
        if not text.strip() and not title.strip():
            row.delete()
            return None
        for name, value in (words | {"version": row.version + 1}).items():
            setattr(row, name, value)
        row.save(update_fields=[*words, "version"])
        return row
    if not text.strip() and not title.strip():
        return None
    for same in rows.values():
        if (same.text, same.title) == (text, title):
            return same
    refuse("drafts_full" if len(rows) >= rules.DRAFT_SLOTS else "")
    for free in sorted(set(range(1, rules.DRAFT_SLOTS + 1)) - rows.keys()):  # another tab may take a slot while we look
        made, new = Draft.objects.get_or_create(member=actor.member, place=place, slot=free, defaults=words)
        if new or (made.text, made.title) == (text, title):
            return made
    raise Refused("drafts_full", REFUSALS["drafts_full"])


def _stands(member: Any, place: str, text: str, title: str) -> bool:
    """Whether a post says these very words already, so that there is nothing to keep for its edit."""
    kind, _colon, pk = place.partition(":")
    if kind != "edit" or not pk.isdecimal() or len(pk) > 18:
        return False
    rows = Post.objects.filter(in_reach(member, "topic__"), removed_at__isnull=True, topic__removed_at__isnull=True)
    post = rows.select_related("topic").filter(pk=int(pk)).first()
    return post is not None and plain(text) == plain(markdown_of(post)) and straight(title) in {"", post.topic.title}


@quiet(right="talk.write")
def drop_draft(actor: Actor, *, place: str, slot: int = 0, seen: int = 0) -> int:
    """Drop a draft of one's own: the one in `slot` (0: all of the place), unless another tab has written on since `seen`."""
    require(actor, "talk.write")
    rows = Draft.objects.filter(member=actor.member, place=place)
    if slot:
        rows = rows.filter(slot=slot)
    if seen:
        rows = rows.filter(version__lte=seen)
    return rows.delete()[0]
