"""Posts that hold some words, the best first. The index says where to look; what a viewer may see, the posts themselves say."""

import json
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

LOOKED, PIECE = 6000, 750  # the latest that hold the words; of them, how many are looked at before the others
RANKED, TITLES = 300, 100  # of those open to the viewer, how many are ranked
FEW = 60  # spaces of a viewer that are named in the question to the index: more of them cost more than they save
RECENT, ENOUGH = timedelta(days=31), 600  # on PostgreSQL: where is looked first, and how many found there suffice
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
    """One page. Seven queries at most: own spaces, the person's names, titles, posts in two, and the people; three more to look wider,
    and to look character by character."""
    after = _after(cursor, filters)
    if not asked:
        return Found([], "")
    rows, more = _ranked(viewer, asked, filters, now, spelled=False)
    if not rows and asked.spelled != asked.tokens:
        rows, more = _ranked(viewer, asked, filters, now, spelled=True)
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
    groups = [months_between(_begins(filters), filters.until, now)]
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
    viewer: Any, asked: Asked, filters: Filters, now: datetime, *, spelled: bool
) -> tuple[list[tuple[tuple[float, int], dict[str, Any]]], bool]:
    """Rows with what they are ordered by, and whether more hold the words. Topics named so first: they are few, and may be old."""
    tokens = asked.spelled if spelled else asked.tokens
    narrow = _narrow(viewer, filters, now)
    named = [] if spelled else [[token] for token in asked.in_title] + narrow
    latest, names, more = _latest(viewer, [[token] for token in tokens] + narrow, named, filters, now)
    rows = {row["id"]: row for row in latest}
    if names:
        rows |= {row["id"]: row for row in _rows(viewer, _listed(names), filters, TITLES)}
    kept = []
    for row in rows.values():
        row["text"] = bare(row["text"], from_html=row["format"] == Post.Format.HTML)
        if holds(asked, row["topic__title"], row["text"], spelled=spelled):
            kept.append((_key(asked, row, filters), row))
    return kept, more


def _latest(
    viewer: Any, groups: list[list[str]], named: list[list[str]], filters: Filters, now: datetime
) -> tuple[list[dict[str, Any]], list[int], bool]:
    """The latest rows to be ranked, the ids of posts whose topics are named so, and whether more hold the words. The first piece mostly
    suffices; what the index cannot narrow down (whether a question waits, days of a month, what a member of very many spaces may read)
    takes more. That there is more to look at is said when the viewer may read many of what was: hidden posts are not told by it."""
    anywhen = _begins(filters) is None and filters.until is None
    months = months_between(now - RECENT, None, now) if anywhen and connection.vendor == "postgresql" else []
    names: list[int] = []
    for first in ([months] if months else []) + [[]]:
        ids, found, whole = _candidates(groups, named, first)
        names, named = names or found, []
        rows: list[dict[str, Any]] = []
        for piece in filter(None, (ids[:PIECE], ids[PIECE:])):
            rows += _rows(viewer, _listed(piece), filters, RANKED - len(rows))
            if len(rows) == RANKED:
                return rows, names, True
        if whole:
            return rows, names, False
    return rows, names, len(_rows(viewer, _listed(ids), Filters(), RANKED)) == RANKED


def _listed(ids: list[int]) -> Any:
    """Ids as a table: beside a list, databases would rather walk through all topics of a member's spaces."""
    sql = (
        "SELECT value FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT value::bigint FROM json_array_elements_text(%s::json)"
    )
    return RawSQL(sql, (json.dumps(ids),))  # noqa: S611  values go as values


def _begins(filters: Filters) -> datetime | None:
    """From when on posts may have been said: those of a question that waits are no older than what may wait."""
    if filters.state != "waiting" or filters.waiting_since is None:
        return filters.since
    return max(filters.since or filters.waiting_since, filters.waiting_since)


def _candidates(groups: list[list[str]], named: list[list[str]], first: list[str]) -> tuple[list[int], list[int], bool]:
    """Ids of the latest posts that hold a token of each group, those that hold one of each of `named`, and whether the first are all. One query.

    PostgreSQL reads every row that holds the words, in no order, before it knows the latest. So it looks into the months `first` before,
    and goes no further where they hold enough. (The sum in ORDER BY keeps it from walking through all posts instead.)
    """
    every = latest_with(groups, LOOKED)
    parts, values, head = [f"SELECT 0, id, 0 FROM ({every.sql}) AS every"], [*every.params], ""  # noqa: S608  values go as values
    if first:
        recent = latest_with([*groups, first], LOOKED)
        head = (
            f"WITH recent AS MATERIALIZED ({recent.sql.replace('BY post_id', 'BY post_id + 0')}), n AS (SELECT count(*) AS n FROM recent) "  # noqa: S608
        )
        parts = ["SELECT 0, id, n FROM recent, n", f"SELECT 0, id, n FROM n, LATERAL ({every.sql}) AS every WHERE n < {ENOUGH}"]  # noqa: S608
        values = [*recent.params, *values]
    if named:
        names = latest_with(named, PIECE)
        parts.append(f"SELECT 1, id, 0 FROM ({names.sql}) AS names")  # noqa: S608
        values += names.params
    with connection.cursor() as cursor:
        cursor.execute(head + " UNION ALL ".join(parts), values)
        found = cursor.fetchall()
    ids = sorted({pk for part, pk, _n in found if part == 0}, reverse=True)
    enough = max((n for part, _pk, n in found if part == 0), default=0) >= ENOUGH
    return ids, [pk for part, pk, _n in found if part == 1], len(ids) < LOOKED and not enough


def _rows(viewer: Any, among: Any, filters: Filters, most: int) -> list[dict[str, Any]]:
    rows = visible_posts(viewer).filter(pk__in=among)
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
        asked = _of_postgresql(groups)
        sql = "SELECT post_id AS id FROM conversation_sought WHERE words @@ %s::tsquery ORDER BY post_id DESC LIMIT %s"
    else:
        asked = " AND ".join(f"({' OR '.join(_doubled(one) for one in group)})" for group in groups)
        sql = "SELECT rowid AS id FROM conversation_sought_words WHERE conversation_sought_words MATCH %s ORDER BY rowid DESC LIMIT %s"
    return RawSQL(sql, (asked, most))  # noqa: S611  values go as values


def _of_postgresql(groups: Sequence[Sequence[str]]) -> str:
    return " & ".join(f"({' | '.join(_quoted(one) for one in group)})" for group in groups)


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
