"""What the log says later of earlier lines: how a topic begins, where a post stands, into which space a topic went.

Lines stand in the mirror as if it had been so from the beginning, so that every number agrees with what people find in the house:
posts that were split off answer in their new topic, and a topic that was moved counts in its new space. What the last line says is true.
An acceptance stays where it was given: it is a word on that question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fireside.activity.reactions import lines_between
from fireside.insights.metrics.parts import ASKED, JOINED, OPENED, REPLIED, TALK
from fireside.insights.mirror import files
from fireside.insights.mirror.columns import COLUMNS
from fireside.insights.mirror.lines import FIELDS
from fireside.insights.mirror.openings import EARLIER, TARGET, Opening, begun
from fireside.insights.mirror.state import START

PLACING, MOVING = "conversation.placing", "conversation.moving"
MOVED = "conversation.moved"
PLACED = {
    "conversation.placed": REPLIED, "conversation.placed_asking": ASKED, "conversation.placed_opening": OPENED,
    "conversation.placed_joining": JOINED,
}  # fmt: skip
OF_POSTS = {
    *TALK, *EARLIER,
    *(f"conversation.{name}" for name in (
        "reacted", "thanked", "reaction_taken_back", "helped", "help_taken_back", "edited", "removed", "restored")),
}  # fmt: skip
KIND, OTHER, SPACE, TARGET_ID, PARENT = (FIELDS.index(name) for name in ("kind", "other_id", "space_id", "target_id", "parent_id"))


@dataclass(frozen=True, slots=True)
class Placing:
    """In which topic a post stands, that topic's space then, and as what it is told there."""

    topic: int
    space: int
    told: str


@dataclass(slots=True)
class Retelling:
    """Openings by topic, placings by post, spaces by topic that was moved."""

    openings: dict[int, Opening] = field(default_factory=dict)
    placings: dict[int, Placing] = field(default_factory=dict)
    moves: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.openings or self.placings or self.moves)

    def told_by(self, rows: Iterable[tuple[Any, ...]]) -> "Retelling":
        """The part of which these lines speak."""
        topics, posts, moved = set(), set(), set()
        for row in rows:
            if row[KIND] in EARLIER:
                topics.add(row[PARENT])
            elif row[KIND] in PLACED:
                posts.add(row[TARGET_ID])
            elif row[KIND] == MOVED:
                moved.add(row[PARENT])
        return self._some(topics, posts, moved)

    def since(self, before: "Retelling") -> "Retelling":
        """The part that was not known before."""
        return self._some(
            {one for one, what in self.openings.items() if before.openings.get(one) != what},
            {one for one, what in self.placings.items() if before.placings.get(one) != what},
            {one for one, what in self.moves.items() if before.moves.get(one) != what},
        )

    def _some(self, topics: set[int], posts: set[int], moved: set[int]) -> "Retelling":
        along = {post for post, place in self.placings.items() if place.topic in moved} if moved else set()
        return Retelling(
            {one: what for one, what in self.openings.items() if one in topics},
            {one: what for one, what in self.placings.items() if one in posts or one in along},
            self.moves if posts or moved else {},
        )

    def retold(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A line (FIELDS) as it stands in the mirror."""
        row = begun(row, self.openings)
        placing = self.placings.get(row[TARGET_ID]) if row[KIND] in OF_POSTS else None
        space = self.moves.get(placing.topic if placing else row[PARENT])
        if placing is None and space is None:
            return row
        out = list(row)
        if placing is not None:
            space = placing.space if space is None else space
            if row[KIND] in TALK:
                out[KIND] = placing.told
                if placing.told in (ASKED, OPENED):
                    out[OTHER] = None
            if placing.told != JOINED or row[KIND] not in TALK:
                out[PARENT] = placing.topic
        if row[SPACE] is not None:
            out[SPACE] = space
        return tuple(out)


def retelling() -> Retelling:
    """All that the log says of earlier lines. One query; nearly always of nothing."""
    found = Retelling()
    rows: Any = (
        lines_between(START, (2**62, 2**62)).filter(target_type__in=(TARGET, PLACING, MOVING), target_id__isnull=False).order_by("pk")
    )
    for kind, topic, target, member, other, space in rows.values_list(
        "kind", "parent_id", "target_id", "member_id", "other_id", "space_id"
    ):
        if kind in EARLIER:
            former = found.openings[topic].former if topic in found.openings else set()
            found.openings[topic] = Opening(target, member, kind == EARLIER[0], former | ({other} if other else set()))
        elif kind in PLACED:
            found.placings[target] = Placing(topic, space, PLACED[kind])
        elif kind == MOVED:
            found.moves[topic] = space
    return found


def rewritten(month: str, path: str, known: Retelling) -> str | None:
    """A file of lines once more, retold. Returns the new path; None when no line of theirs is in it."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    whole = files.root() / path
    topics, posts = pa.array([*known.openings, *known.moves], pa.int64()), pa.array(list(known.placings), pa.int64())

    def touched(table: Any) -> Any:
        return pc.or_(pc.is_in(table.column("parent_id"), value_set=topics), pc.is_in(table.column("target_id"), value_set=posts))

    if not pc.any(touched(pq.read_table(whole, columns=["parent_id", "target_id"]))).as_py():
        return None
    table = pq.read_table(whole, columns=list(COLUMNS["activity"]))
    here = touched(table)
    wanted, shown = _rows(table.filter(here), known), table.schema
    told = pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(zip(*wanted, strict=True), shown, strict=True)], schema=shown)
    return files.write("activity", month, pa.concat_tables([table.filter(pc.invert(here)), told]))


def _rows(table: Any, known: Retelling) -> Sequence[tuple[Any, ...]]:
    """Its columns are FIELDS with the day after the time: retold without it."""
    out = []
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        one = known.retold((row[0], row[1], *row[3:]))
        out.append((one[0], one[1], row[2], *one[2:]))
    return out
