"""Drafts: words kept while they are being written. Two tabs never destroy each other's words."""

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation import rules
from fireside.conversation.actions._steps import REFUSALS, refuse
from fireside.conversation.models import Draft, Post
from fireside.lib.errors import Refused
from fireside.members.rights import require


@quiet(right="talk.write")
def keep_draft(actor: Actor, *, place: str, text: str, title: str = "", slot: int = 0, seen: int = 0, key: str = "") -> Draft | None:
    """Keep words for a place. `slot` and `seen` (a version) say which draft the writer goes on from.

    Who saves on top of words they have not seen gets a slot of their own. Empty words drop the draft,
    and words that were said meanwhile (by the form with this `key`) are no draft any more.
    """
    require(actor, "talk.write")
    if key and Post.objects.filter(source=f"form:{actor.member.pk}", external_id=key[:200]).exists():
        return None
    text, title, place = text[: rules.TEXT_MAX + 5000], title[: rules.TITLE_MAX], place[:40]
    mine = Draft.objects.select_for_update().filter(member=actor.member, place=place)
    rows = {row.slot: row for row in mine}
    row = rows.get(slot)
    if row is not None and row.version == seen:
        if not text.strip() and not title.strip():
            row.delete()
            return None
        row.text, row.title, row.saved_at, row.version = text, title, actor.now, row.version + 1
        row.save(update_fields=["text", "title", "saved_at", "version"])
        return row
    if not text.strip() and not title.strip():
        return None
    for same in rows.values():
        if (same.text, same.title) == (text, title):
            return same
    refuse("drafts_full" if len(rows) >= rules.DRAFT_SLOTS else "")
    for free in sorted(set(range(1, rules.DRAFT_SLOTS + 1)) - rows.keys()):  # another tab may take a slot while we look
        made, new = Draft.objects.get_or_create(
            member=actor.member, place=place, slot=free, defaults={"text": text, "title": title, "saved_at": actor.now}
        )
        if new or (made.text, made.title) == (text, title):
            return made
    raise Refused("drafts_full", REFUSALS["drafts_full"])


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
