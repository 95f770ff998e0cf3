"""How topics begin, when an older part of a history came after a newer one: the mirror holds what the last word says.

The log keeps the line by which a post came in (“replied”), and a later line says that it opens its topic. So that every number counts
the same whatever came in first, lines of such topics stand in the mirror as if the history had come in from its beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fireside.insights.metrics.parts import ASKED, OPENED, REPLIED
from fireside.insights.mirror.lines import FIELDS

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


def begun(row: tuple[Any, ...], known: Mapping[int, Opening]) -> tuple[Any, ...]:
    """A line (kind, member, other, target, parent at their places in FIELDS) as it stands in the mirror."""
    opening = known.get(row[PARENT])
    if opening is None or row[KIND] not in (ASKED, OPENED, REPLIED) or not row[IMPORTED]:
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
