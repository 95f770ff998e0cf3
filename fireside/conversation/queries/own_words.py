"""Words looked for in one's own private conversations. There is no index of these: only rows of conversations that the viewer takes part in are
read, so that nothing about anybody else's could be found, or told by how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Left

from fireside.conversation.models import Post
from fireside.conversation.queries.privately import names_of
from fireside.conversation.queries.sight import private_posts
from fireside.conversation.seeking import Asked, bare, excerpt
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of

READ = 4000  # signs of a message that are shown from
_FIELDS = ("id", "number", "topic_id", "at", "author_id", "format", "text")


@dataclass(frozen=True, slots=True)
class Said:
    """A message of one's own conversations in which the words stand."""

    id: int
    number: int
    topic_id: int
    name: str  # of the conversation, as its list names it
    at: datetime
    author: Card
    pieces: Sequence[tuple[str, bool]]  # a part of its words, those that were looked for told apart

    @property
    def url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#m{self.number}"


def own_messages(viewer: Any, asked: Asked, *, cursor: str = "", size: int = 20) -> Page[Said]:
    """The messages that hold all of the words, the latest first; beginnings count: "mend" finds "mended". Four queries."""
    if not asked or viewer is None:
        return Page([], "")
    rows = private_posts(viewer)
    for word in (*asked.needles, *asked.phrases):
        rows = rows.filter(_says(word))
    page = keyset_page(rows.annotate(text=Left(F("source_text"), READ)).values(*_FIELDS), ("-id",), cursor=cursor, size=size)
    cards = cards_of([row["author_id"] for row in page.rows])
    names = names_of(viewer, {row["topic_id"] for row in page.rows})
    return Page([
        Said(
            row["id"], row["number"], row["topic_id"], names[row["topic_id"]], row["at"], cards[row["author_id"]],
            excerpt(asked, bare(row["text"], from_html=row["format"] == Post.Format.HTML)),
        )
        for row in page.rows
    ], page.next)  # fmt: skip


def _says(word: str) -> Q:
    """SQLite takes capitals for small letters in English alone."""
    spelled = Q()
    for one in {word, word.upper(), word.capitalize()}:
        spelled |= Q(source_text__icontains=one)
    return spelled
