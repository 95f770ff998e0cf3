"""What a member keeps for later, as far as they may still read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Substr

from fireside.conversation.models import Later, Post
from fireside.conversation.queries.privately import names_of
from fireside.conversation.queries.sight import in_reach
from fireside.conversation.seeking.opening import opening
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of, traces_of

_BEGINS = 1200  # characters of a post that its row begins to show
_FIELDS = (
    "id", "post_id", "note", "at", "post__number", "post__at", "post__author_id", "post__format", "post__topic_id", "post__topic__title",
    "post__topic__space__slug", "post__topic__space__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LaterRow:
    """A post that the viewer keeps, and what they noted."""

    post_id: int
    number: int
    topic_id: int
    title: str
    words: str  # how the post begins, in one line
    author: Card
    said_at: datetime
    space_slug: str  # "" = it stands in a private conversation
    space_name: str
    note: str
    kept_at: datetime

    @property
    def url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#{'p' if self.space_slug else 'm'}{self.number}"


def kept_for_later(viewer: Any, *, cursor: str = "", size: int = 30) -> Page[LaterRow]:
    """What the viewer keeps, under whatever of their names, the last kept first. What they may no longer read is not there. Two queries, and two
    for private conversations, which are called as their list calls them."""
    mine = Later.objects.filter(member__in=traces_of(viewer))
    rows = mine.filter(in_reach(viewer, "post__topic__"), post__removed_at__isnull=True, post__topic__removed_at__isnull=True).exclude(
        Exists(mine.filter(post=OuterRef("post"), pk__gt=OuterRef("pk")))
    )  # two who kept it may be one person since
    rows = rows.annotate(begins=Substr(F("post__source_text"), 1, _BEGINS))
    page = keyset_page(rows.values(*_FIELDS, "begins"), ("-id",), cursor=cursor, size=size)
    cards = cards_of([one["post__author_id"] for one in page.rows])
    private = {one["post__topic_id"] for one in page.rows if one["post__topic__space__slug"] is None}
    names = names_of(viewer, private) if private else {}
    return Page([_row(one, cards, names) for one in page.rows], page.next)


def _row(one: dict[str, Any], cards: dict[int, Card], names: Mapping[int, str]) -> LaterRow:
    words = opening(one["begins"], from_html=one["post__format"] == Post.Format.HTML, limit=160)
    return LaterRow(
        one["post_id"], one["post__number"], one["post__topic_id"], names.get(one["post__topic_id"]) or one["post__topic__title"], words, cards[one["post__author_id"]],
        one["post__at"], one["post__topic__space__slug"] or "", one["post__topic__space__name"] or "", one["note"], one["at"],
    )  # fmt: skip
