"""How topics begin, when an older part of a history came after a newer one: the mirror holds what the last word says.

The log keeps the line by which a post came in (“replied”), and a later line says that it opens its topic. So that every number counts
the same whatever came in first, lines of such topics stand in the mirror as if the history had come in from its beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fireside.activity.reactions import lines_between
from fireside.insights.metrics.parts import ASKED, OPENED, REPLIED, TALK
from fireside.insights.mirror import files
from fireside.insights.mirror.columns import COLUMNS
from fireside.insights.mirror.lines import FIELDS
from fireside.insights.mirror.state import START

TARGET = "conversation.opening"  # what these lines speak of: so they are found by the log's index of targets
ASKED_EARLIER, OPENED_EARLIER = "conversation.asked_earlier", "conversation.opened_earlier"
EARLIER = (ASKED_EARLIER, OPENED_EARLIER)


@dataclass(slots=True)
class Opening:
    """The post that opens a topic, whose it is, whether it asks; and whose topic it was taken for before."""

    post: int
    member: int
    asks: bool
    former: set[int] = field(default_factory=set)


def openings() -> dict[int, Opening]:
    """topic -> how it begins, by the last line on it. One query; nearly always of nothing."""
    found: dict[int, Opening] = {}
    rows: Any = lines_between(START, (2**62, 2**62)).filter(target_type=TARGET, target_id__isnull=False, kind__in=EARLIER).order_by("pk")
    for kind, topic, post, member, other in rows.values_list("kind", "parent_id", "target_id", "member_id", "other_id"):
        former = found[topic].former if topic in found else set()
        found[topic] = Opening(post, member, kind == ASKED_EARLIER, former | ({other} if other else set()))
    return found


def retold(row: tuple[Any, ...], known: Mapping[int, Opening]) -> tuple[Any, ...]:
    """A line (kind, member, other, target, parent at their places in FIELDS) as it stands in the mirror."""
    opening = known.get(row[PARENT])
    if opening is None or row[KIND] not in TALK or not row[IMPORTED]:
        return row
    out = list(row)
    if row[TARGET_ID] == opening.post:
        out[KIND], out[OTHER] = ASKED if opening.asks else OPENED, None
    elif row[KIND] != REPLIED or row[OTHER] is None or row[OTHER] in opening.former:  # it spoke to whoever opened the topic
        out[KIND], out[OTHER] = REPLIED, opening.member if opening.member != row[MEMBER] else None
    return tuple(out)


KIND, MEMBER, OTHER, TARGET_ID, PARENT, IMPORTED = (
    FIELDS.index(name) for name in ("kind", "member_id", "other_id", "target_id", "parent_id", "imported")
)


def rewritten(month: str, path: str, known: Mapping[int, Opening]) -> str | None:
    """A file of lines once more, with these topics retold. Returns the new path; None when no line of theirs is in it."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    whole, topics = files.root() / path, pa.array(list(known), pa.int64())
    if not pc.any(pc.is_in(pq.read_table(whole, columns=["parent_id"]).column(0), value_set=topics)).as_py():
        return None
    table = pq.read_table(whole, columns=list(COLUMNS["activity"]))
    here = pc.is_in(table.column("parent_id"), value_set=topics)
    wanted, shown = _rows(table.filter(here), known), table.schema
    told = pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(zip(*wanted, strict=True), shown, strict=True)], schema=shown)
    return files.write("activity", month, pa.concat_tables([table.filter(pc.invert(here)), told]))


def _rows(table: Any, known: Mapping[int, Opening]) -> Sequence[tuple[Any, ...]]:
    """Its columns are FIELDS with the day after the time: retold without it."""
    out = []
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        one = retold((row[0], row[1], *row[3:]), known)
        out.append((one[0], one[1], row[2], *one[2:]))
    return out
