"""What an archive says of whole topics: their tags, that nobody replies there any more, and where they are pinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import Line, known_external_ids, last_told, record_many
from fireside.conversation import kinds, rules
from fireside.conversation.actions.pins import hang_behind
from fireside.conversation.actions.taking_in_rows import Counts, pieces
from fireside.conversation.models import Tag, Topic, TopicTag
from fireside.lib.bulk import adapted, insert
from fireside.lib.text import name_key, shorten
from fireside.members.queries import day_here
from fireside.members.rights import require

PINNING = (kinds.PINNED, kinds.UNPINNED, kinds.PINNED_ABOVE_ALL, kinds.UNPINNED_ABOVE_ALL)


@dataclass(frozen=True, slots=True)
class StandingIn:
    """A topic of an archive, by its id there: tags as the archive spells them, when it was closed, since and until when it is pinned."""

    topic: str
    tags: tuple[str, ...] = ()
    closed_at: datetime | None = None
    pinned_at: datetime | None = None
    pinned_until: datetime | None = None
    above_all: bool = False


class _Here(NamedTuple):
    """A topic as far as it matters here; there are many, and a row of the model takes ten times as long to make."""

    pk: int
    space: int
    title: str
    opened_at: datetime
    tags: list[str] | None
    closed_at: datetime | None
    is_pinned: bool


@action(right="history.bring_in")
def take_in_standings(actor: Actor, *, source: str, standings: Sequence[StandingIn]) -> Counts:
    """Bring in tags of topics, that topics are closed, and pins. Idempotent; what somebody here said of a topic stands.

    Of many tags the first five come, cut to their length here. A topic has its tags from the archive that first told of any. Pinned
    topics come behind those that are pinned here, the one that was pinned last before the others.
    """
    require(actor, "history.bring_in")
    topics: dict[str, _Here] = {}
    for part in pieces(sorted({one.topic for one in standings})):
        rows = Topic.objects.filter(source=source, external_id__in=part).order_by("pk").select_for_update()
        for key, pk, space, title, opened_at, tags, closed_at, place, front in rows.values_list(
            "external_id", "pk", "space_id", "title", "opened_at", "tags", "closed_at", "pin_place", "front_place"
        ):
            topics[str(key)] = _Here(pk, space, title, opened_at, tags, closed_at, place is not None or front is not None)
    given = [(one, topics[one.topic]) for one in standings if one.topic in topics]
    lines = [*_close(source, given), *_pin(actor, source, given)]
    tagged = _tag(given)
    counts = Counts(len(lines) + tagged, len(given) - len(lines), len(standings) - len(given))
    if not lines:  # tags are part of how a topic was opened: no line of their own
        return already(counts)
    record_many(actor, lines)
    return counts


def _close(source: str, given: Sequence[tuple[StandingIn, _Here]]) -> list[Line]:
    """Closed there and open here, unless somebody here has closed it or opened it again."""
    shut = [(one, topic) for one, topic in given if one.closed_at is not None and topic.closed_at is None]
    ids = [topic.pk for _one, topic in shut]
    said = last_told("conversation.topic", ids, (kinds.CLOSED, kinds.REOPENED))
    known = known_external_ids(source, [_key(one) for one, _topic in shut])
    lines, closed = [], []
    for one, topic in shut:
        if topic.pk in said or _key(one) in known:
            continue
        closed.append((adapted(one.closed_at), topic.pk))
        lines.append(
            Line(
                kinds.CLOSED, one.closed_at or topic.opened_at, None, "conversation.topic", topic.pk, topic.space, parent_id=topic.pk,
                source=source, external_id=_key(one), imported=True, data={"title": topic.title},
            )
        )  # fmt: skip
    _write("UPDATE conversation_topic SET closed_at = %s WHERE id = %s", closed)
    return lines


def _pin(actor: Actor, source: str, given: Sequence[tuple[StandingIn, _Here]]) -> list[Line]:
    """Pinned there and nowhere pinned here, unless somebody here has pinned or unpinned it."""
    up = [(one, topic) for one, topic in given if one.pinned_at is not None and not topic.is_pinned]
    said = last_told("conversation.topic", [topic.pk for _one, topic in up], PINNING)
    known = known_external_ids(source, [f"pinned:{one.topic}"[:200] for one, _topic in up])
    lines = []
    for one, topic in sorted(up, key=lambda pair: pair[0].pinned_at or pair[1].opened_at, reverse=True):
        until = None if one.pinned_until is None else day_here(one.pinned_until)
        key = f"pinned:{one.topic}"[:200]
        if (
            topic.pk in said
            or key in known
            or not hang_behind(actor, topic=topic.pk, space=topic.space, above_all=one.above_all, until=until)
        ):
            continue
        lines.append(
            Line(
                kinds.PINNED_ABOVE_ALL if one.above_all else kinds.PINNED, one.pinned_at or topic.opened_at, None, "conversation.topic", topic.pk,
                topic.space, parent_id=topic.pk, source=source, external_id=key, imported=True,
                data={"title": topic.title, "until": until.isoformat() if until else ""},
            )
        )  # fmt: skip
    return lines


def _tag(given: Sequence[tuple[StandingIn, _Here]]) -> int:
    """Tags for topics that have none and never had. Returns how many topics."""
    bare = [(topic, names) for one, topic in given if not topic.tags and (names := _names(one.tags))]
    said = last_told("conversation.topic", [topic.pk for topic, _names in bare], [kinds.TAGGED])
    bare = [(topic, names) for topic, names in bare if topic.pk not in said]
    tags = _tags({(topic.space, name_key(name)): name for topic, names in bare for name in reversed(names)})
    rows = [(topic.pk, tags[topic.space, name_key(name)].pk) for topic, names in bare for name in names]
    insert(TopicTag._meta.db_table, ("topic_id", "tag_id"), rows, unless_there=True)
    shown = [([tags[topic.space, name_key(name)].name for name in names], topic.pk) for topic, names in bare]
    _write(
        "UPDATE conversation_topic SET tags = %s WHERE id = %s", [(connection.ops.adapt_json_value(names, None), pk) for names, pk in shown]
    )
    used: dict[int, int] = {}
    for _topic, tag_id in rows:
        used[tag_id] = used.get(tag_id, 0) + 1
    changed = [tag for tag in tags.values() if tag.pk in used]
    for tag in changed:
        tag.uses += used[tag.pk]
    Tag.objects.bulk_update(changed, ["uses"], batch_size=300)
    return len(bare)


def _tags(wanted: dict[tuple[int, str], str]) -> dict[tuple[int, str], Tag]:
    """The rows of these tags, made where there are none; locked, for their counts change."""
    rows = [Tag(space_id=space, key=key, name=name) for (space, key), name in wanted.items()]
    Tag.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    found: dict[tuple[int, str], Tag] = {}
    for part in pieces(sorted({key for _space, key in wanted})):
        there = Tag.objects.filter(key__in=part, space__in={space for space, _key in wanted}).order_by("pk").select_for_update()
        found |= {(tag.space_id, tag.key): tag for tag in there}
    return found


def _write(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows in one go: what bulk_update does in milliseconds each."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _names(given: Sequence[str]) -> list[str]:
    cut = [shorten(name, rules.TAG_LENGTH) for name in rules.tag_names(given)]
    return list({name_key(name): name for name in reversed(cut)}.values())[::-1][: rules.TAGS_MAX]


def _key(one: StandingIn) -> str:
    return f"closed:{one.topic}"[:200]
