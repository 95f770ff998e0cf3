"""Posts that hold some words, the best first. The index says where to look; what a viewer may see, the posts themselves say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from fireside.conversation.models import Post, TopicTag
from fireside.conversation.queries.lists import is_waiting
from fireside.conversation.queries.sight import visible_posts
from fireside.conversation.rules import state_of, waiting_since
from fireside.conversation.seeking import Asked, bare, excerpt, holds, marked, weight
from fireside.conversation.seeking.asked import authors_among, months_between, spaces_among
from fireside.conversation.seeking.words import tagged
from fireside.lib.errors import Refused
from fireside.lib.paging import decode_cursor, encode_cursor
from fireside.lib.text import name_key
from fireside.members.queries import Card, cards_of, get_member, ids_of_person, the_community
from fireside.spaces.queries import get_space, sees_every_space, visible_spaces

LOOKED, RANKED, TITLES = 4000, 500, 150  # the latest that hold the words; of those open to the viewer, how many are ranked
FEW = 60  # spaces of a viewer that are named in the question to the index: more of them cost more than they save
READ = 4000  # signs of a post that are weighed and shown from
STATES, SORTS = ("answered", "waiting"), ("best", "latest")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
_FIELDS = (
    "id", "number", "at", "text", "format", "author_id", "helped_count", "topic_id", "topic__title", "topic__accepted_id", "topic__asks",
    "topic__answered_at", "topic__closed_at", "topic__opened_at", "topic__space__name", "topic__space__slug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. `waiting_since`: questions asked before it wait no more (see rules)."""

    space: Any = None
    by: Any = None
    since: datetime | None = None
    until: datetime | None = None  # excluded
    tag: str = ""
    state: str = ""
    sort: str = "best"
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found: its title and a part of its words in pieces, those that were looked for told apart."""

    id: int
    number: int
    topic_id: int
    at: datetime
    author: Card
    title: str
    title_pieces: Sequence[tuple[str, bool]]
    pieces: Sequence[tuple[str, bool]]
    state: str
    accepted: bool
    helped: int
    space_name: str
    space_slug: str

    @property
    def url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#p{self.number}"


@dataclass(frozen=True)
class Found:
    rows: Sequence[Hit]
    next: str
    more: bool = False  # more hold these words than were ranked


def filters_of(
    viewer: Any, *, now: datetime, space: str = "", by: str = "", since: date | None = None, until: date | None = None,
    tag: str = "", state: str = "", sort: str = "best",
) -> Filters:  # fmt: skip
    """What a door was told. Days are the community's, both included. A space or a person that is hidden is as missing as any."""
    community = the_community()
    zone = ZoneInfo(community.time_zone if community else "UTC")

    def begin(day: date) -> datetime:
        return datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min, tzinfo=zone)

    return Filters(
        get_space(viewer, space) if space else None, get_member(viewer, by.removeprefix("@")) if by else None,
        begin(since) if since else None, begin(until) + timedelta(days=1) if until else None, tag.strip().lstrip("#＃"), state, sort, waiting_since(now),
    )  # fmt: skip


def search(viewer: Any, asked: Asked, filters: Filters, *, now: datetime, cursor: str = "", size: int = 20) -> Found:
    """One page. Six queries at most: own spaces, the person's names, titles, posts, once more character by character, and the people."""
    after = _after(cursor, filters)
    if not asked:
        return Found([], "")
    narrow = _narrow(viewer, filters, now)
    rows, more = _ranked(viewer, asked, filters, narrow, spelled=False)
    if not rows and asked.spelled != asked.tokens:
        rows, more = _ranked(viewer, asked, filters, narrow, spelled=True)
    rows.sort(key=lambda one: one[0], reverse=True)
    if after is not None:
        rows = [one for one in rows if one[0] < after]
    page = rows[:size]
    cards = cards_of([row["author_id"] for _key, row in page])
    last = encode_cursor(page[-1][0]) if len(rows) > size else ""
    return Found([_hit(asked, row, cards, filters) for _key, row in page], last, more)


def _after(cursor: str, filters: Filters) -> tuple[float, int] | None:
    if not cursor:
        return None
    first, pk = decode_cursor(cursor, 2)
    if type(first) not in {int, float} or type(pk) is not int:
        raise Refused("bad_cursor", _("This page address is damaged. Start again from the first page."))
    return first, pk


def _narrow(viewer: Any, filters: Filters, now: datetime) -> list[list[str]]:
    """Tokens of which one each must stand there: so that the latest posts that are looked at are those that may be found."""
    groups = [months_between(filters.since, filters.until, now)]
    if filters.space is not None:
        groups.append(spaces_among([filters.space.pk]))
    elif not sees_every_space(viewer):
        mine = list(visible_spaces(viewer).values_list("pk", flat=True)[: FEW + 1])
        groups.append(spaces_among(mine or [0]) if len(mine) <= FEW else [])
    if filters.by is not None:
        groups.append(authors_among(ids_of_person(filters.by)[:FEW]))
    if filters.tag:
        groups.append([tagged(filters.tag)])
    return [group for group in groups if group]


def _ranked(
    viewer: Any, asked: Asked, filters: Filters, narrow: list[list[str]], *, spelled: bool
) -> tuple[list[tuple[tuple[float, int], dict[str, Any]]], bool]:
    """Rows with what they are ordered by, and whether more hold the words. Topics named so first: they are few, and may be old."""
    tokens = asked.spelled if spelled else asked.tokens
    rows: dict[int, dict[str, Any]] = {}
    if not spelled:
        rows |= {row["id"]: row for row in _rows(viewer, asked.in_title, narrow, filters, TITLES)}
    latest = _rows(viewer, tokens, narrow, filters, RANKED)
    rows |= {row["id"]: row for row in latest}
    kept = []
    for row in rows.values():
        row["text"] = bare(row["text"], from_html=row["format"] == Post.Format.HTML)
        if holds(asked, row["topic__title"], row["text"], spelled=spelled):
            kept.append((_key(asked, row, filters), row))
    return kept, len(latest) == RANKED


def _rows(viewer: Any, tokens: Sequence[str], narrow: list[list[str]], filters: Filters, most: int) -> list[dict[str, Any]]:
    rows = visible_posts(viewer).filter(pk__in=latest_with([[token] for token in tokens] + narrow))
    if filters.space is not None:
        rows = rows.filter(topic__space=filters.space)
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    if filters.tag:
        rows = rows.filter(topic__in=TopicTag.objects.filter(tag__key=name_key(filters.tag)).values("topic_id"))
    if filters.state == "waiting":
        waits = Q(**{f"topic__{name}": value for name, value in is_waiting().children})  # type: ignore[misc]
        rows = rows.filter(waits, topic__opened_at__gte=filters.waiting_since) if filters.waiting_since else rows.filter(waits)
    elif filters.state == "answered":
        rows = rows.filter(Q(topic__answered_at__isnull=False) | Q(topic__accepted__isnull=False), topic__asks=True)
    return list(rows.order_by("-id").annotate(text=Left(F("source_text"), READ)).values(*_FIELDS)[:most])


def latest_with(groups: Sequence[Sequence[str]], most: int = LOOKED) -> RawSQL:
    """Ids of the latest posts that hold a token of each group."""
    if connection.vendor == "postgresql":
        asked = " & ".join(f"({' | '.join(_quoted(one) for one in group)})" for group in groups)
        sql = "SELECT post_id FROM conversation_sought WHERE words @@ %s::tsquery ORDER BY post_id DESC LIMIT %s"
    else:
        asked = " AND ".join(f"({' OR '.join(_doubled(one) for one in group)})" for group in groups)
        sql = "SELECT rowid FROM conversation_sought_words WHERE conversation_sought_words MATCH %s ORDER BY rowid DESC LIMIT %s"
    return RawSQL(sql, (asked, most))  # noqa: S611  values go as values


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "").replace("'", "") + "'"


def _doubled(token: str) -> str:
    return '"' + token.replace('"', "") + '"'


def _key(asked: Asked, row: dict[str, Any], filters: Filters) -> tuple[float, int]:
    if filters.sort == "latest":
        return row["at"].timestamp(), row["id"]
    near = weight(
        asked, title=row["topic__title"] if row["number"] == 1 else "", text=row["text"], at=row["at"], helped=row["helped_count"],
        accepted=row["topic__accepted_id"] == row["id"],
    )  # fmt: skip
    return near, row["id"]


def _hit(asked: Asked, row: dict[str, Any], cards: dict[int, Card], filters: Filters) -> Hit:
    state = state_of(
        asks=row["topic__asks"], answered=row["topic__answered_at"] is not None, accepted=row["topic__accepted_id"] is not None,
        closed=row["topic__closed_at"] is not None,
        cold=filters.waiting_since is not None and row["topic__opened_at"] < filters.waiting_since,
    )  # fmt: skip
    title = row["topic__title"]
    return Hit(
        row["id"], row["number"], row["topic_id"], row["at"], cards[row["author_id"]], title, marked(asked, title),
        excerpt(asked, row["text"]), state, row["topic__accepted_id"] == row["id"], row["helped_count"], row["topic__space__name"],
        row["topic__space__slug"],
    )  # fmt: skip
