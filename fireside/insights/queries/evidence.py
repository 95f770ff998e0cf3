"""The people, posts, helps and spaces behind a number, page by page."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fireside.conversation.queries import KnownPost, known_posts, removed_topics, visible_topics
from fireside.insights.metrics.base import Evidence, Metric, Params, Tables
from fireside.insights.metrics.words import everywhere
from fireside.insights.mirror.state import Snapshot, snapshot
from fireside.insights.queries.asking import Ask, get_metric, read
from fireside.insights.rules import UNDATED, day_of
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page, decode_cursor, encode_cursor
from fireside.members.queries import cards_of
from fireside.spaces.queries import names_of, visible_spaces

EVERYWHERE = 100_000  # visible spaces beyond which nobody's list is compared one by one


@dataclass(frozen=True)
class Behind:
    """One page of evidence with what it says of itself."""

    metric: Metric
    params: Params
    which: str
    what: str  # people, topics, posts, helps, spaces
    words: dict[str, str]  # of `which`
    value_words: Any
    unit: str
    page: Page[dict[str, Any]]


def evidence(
    metric: str, *, now: datetime, viewer: Any, which: str = "", cursor: str = "", size: int = 40, asked: dict[str, str]
) -> Behind:
    """A page of what is behind a number. Topics, posts and helps in spaces that the viewer may not read are left out.

    Raises NotFound for an unknown metric, space or kind of evidence; Refused for a damaged cursor.
    """
    found = get_metric(metric)
    which = which or next(iter(found.which), "")
    if found.evidence is None or which not in found.which:
        raise NotFound()
    from fireside.insights.mirror.reading import solidly  # imports DuckDB's neighbours late

    state = snapshot()
    params = read(found, Ask(**asked), viewer=viewer, snapshot=state, now=now)
    rows, of = solidly(lambda solid: _rows(found, params, state, which, cursor, size, viewer, asked, solid))
    more, rows = len(rows) > size, rows[:size]
    after = encode_cursor([rows[-1]["value"], rows[-1]["key"]]) if more else ""
    return Behind(found, params, which, of.what, everywhere(found.which[which]), of.value, of.unit,
                  Page(_named(of, rows, viewer), after))  # fmt: skip


def _rows(
    metric: Metric,
    params: Params,
    state: Snapshot,
    which: str,
    cursor: str,
    size: int,
    viewer: Any,
    said: dict[str, str],
    solid: bool,
) -> tuple[list[dict[str, Any]], Evidence]:
    import ibis

    from fireside.insights.mirror.plans import held
    from fireside.insights.mirror.reading import session

    last = [int(v) for v in decode_cursor(cursor, 2) if isinstance(v, int)] if cursor else []
    with session(state, solid=solid) as (con, tables):
        full: Tables = held(con, metric, tables, params)
        assert metric.evidence is not None
        of = metric.evidence(full, params, which, said)
        rows = of.rows
        if of.what != "people":
            inside = "key" if of.what == "spaces" else "space_id"
            open_to = list(visible_spaces(viewer).values_list("pk", flat=True)[:EVERYWHERE])
            rows = rows.filter(rows[inside].isin(open_to or [-1]))
        rows = rows.select(*of.columns)
        if len(last) == 2:
            beyond = rows.value > last[0] if of.rising else rows.value < last[0]
            rows = rows.filter(beyond | ((rows.value == last[0]) & (rows.key > last[1])))
        rows = rows.order_by([rows.value.asc() if of.rising else ibis.desc(rows.value), rows.key.asc()]).limit(size + 1)
        return con.to_pyarrow(rows).to_pylist(), replace(of, rows=None)  # type: ignore[arg-type]


def _named(of: Evidence, rows: list[dict[str, Any]], viewer: Any) -> list[dict[str, Any]]:
    """Ids become people, titles, posts and spaces: one query for the page, three for posts and for topics that were removed, one more for helps."""
    keys = [r["key"] for r in rows]
    shown = [{"id": r["key"], "value": readable(of.unit, r["value"])} for r in rows]
    if of.what == "people":
        cards = cards_of(keys)
        return [{**one, "card": cards[one["id"]], "href": cards[one["id"]].url} for one in shown if one["id"] in cards]
    if of.what == "topics":
        titles = dict(visible_topics(viewer).filter(pk__in=keys).values_list("pk", "title"))
        missing = [pk for pk in keys if pk not in titles]
        away = removed_topics(viewer, missing) if missing else {}
        return [
            {**one, "title": titles[one["id"]], "href": f"/t/{one['id']}"} if one["id"] in titles else _of_post(one, away[one["id"]])
            for one in shown
            if one["id"] in titles or one["id"] in away
        ]
    if of.what == "posts":
        posts = known_posts(viewer, keys)
        return [_of_post(one, posts[one["id"]]) for one in shown if one["id"] in posts]
    if of.what == "helps":
        posts, cards = known_posts(viewer, [r["post"] for r in rows]), cards_of(r["person_id"] for r in rows)
        return [
            {**_of_post(one, posts[r["post"]]), "helped": cards[r["person_id"]]}
            for one, r in zip(shown, rows, strict=True)
            if r["post"] in posts and r["person_id"] in cards
        ]
    names = names_of(keys)
    return [{**one, "title": names[one["id"]][0], "href": names[one["id"]][1]} for one in shown if one["id"] in names]


def _of_post(one: dict[str, Any], post: KnownPost) -> dict[str, Any]:
    return {**one, "title": post.title, "href": post.url, "post": post}


def in_short(found: Behind) -> dict[str, Any]:
    """A page of evidence as programs read it, by JSON and on the command line."""
    items = [
        {"id": one["id"], "name": one["card"].name if "card" in one else one["title"], "href": one["href"], "value": one["value"],
         "handle": one["card"].handle if "card" in one else one["helped"].handle if "helped" in one else None}
        for one in found.page.rows
    ]  # fmt: skip
    return {"items": items, "next": found.page.next, "what": found.what, "which": found.which, "unit": found.unit}


def readable(unit: str, value: int) -> Any:
    """A value as it is told outside: dates as dates, instants as instants, seconds as seconds."""
    if unit == "day":
        return day_of(value).isoformat() if value != UNDATED else None
    if unit == "at_ms":
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if unit == "half_ms":
        return value / 2000
    if unit == "milli":
        return value / 1000
    return value
