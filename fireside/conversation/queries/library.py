"""What was shared in a space: its pictures, files, audio and video, each where it was shown first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fireside.conversation.markup import Shown
from fireside.conversation.models import PostFile
from fireside.conversation.queries.files import shown
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of, find_member, traces_of
from fireside.spaces.models import Space


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A file, who shared it, and the post that shows it."""

    id: int
    file: Shown
    author: Card
    at: datetime
    topic_id: int
    number: int
    title: str
    removed_at: datetime | None
    removed_by: Card | None
    removed_reason: str

    @property
    def url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#p{self.number}"


def library(
    viewer: Any, space: Space, *, kind: str = "", by: str = "", name: str = "", removed: bool = False, cursor: str = "", size: int = 30
) -> Page[LibraryRow]:
    """Files of a space that the viewer may read, the newest first: two queries, one more with `by` (a handle). `removed`: those taken out,
    for those who tidy there."""
    rows = PostFile.objects.filter(
        space=space, quoted=False, dropped_at__isnull=True, removed_at__isnull=not removed, post__removed_at__isnull=True,
        post__topic__removed_at__isnull=True, post__topic__space=space,
    )  # fmt: skip
    if kind:
        rows = rows.filter(kind=kind)
    if by:
        rows = rows.filter(post__author__in=traces_of(find_member(viewer, by)))
    if name:
        rows = rows.filter(file__name__icontains=name)
    page = keyset_page(rows.select_related("file__content", "file__member", "post__topic"), ("-id",), cursor=cursor, size=size)
    cards = cards_of([pk for row in page.rows for pk in (row.post.author_id, row.removed_by_id)])
    return Page([_row(row, cards) for row in page.rows], page.next)


def _row(row: PostFile, cards: dict[int, Card]) -> LibraryRow:
    post = row.post
    return LibraryRow(
        row.pk, shown(row.file), cards[post.author_id], post.at, post.topic_id, post.number, post.topic.title, row.removed_at,
        cards.get(row.removed_by_id or 0), row.removed_reason,
    )  # fmt: skip
