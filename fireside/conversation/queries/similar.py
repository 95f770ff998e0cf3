"""Topics whose titles say nearly the same as one that is being written: somebody may have asked it already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any

from fireside.conversation.queries.search import latest_with
from fireside.conversation.queries.sight import visible_posts
from fireside.conversation.rules import state_of, waiting_since
from fireside.conversation.seeking import understand
from fireside.conversation.seeking.words import tokens_of

LOOKED, COMPARED = 2000, 400  # the latest that share a word with the title; of those open to the viewer, how many are compared
ENOUGH = 0.5  # of the weight of the words looked for
_FIELDS = (
    "topic_id", "topic__title", "topic__posts_count", "topic__asks", "topic__answered_at", "topic__accepted_id", "topic__closed_at",
    "topic__opened_at", "topic__space_id", "topic__space__name", "topic__space__slug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Similar:
    """A topic that may be about the same. `replies` without its first post."""

    id: int
    title: str
    state: str
    replies: int
    space_name: str
    space_slug: str

    @property
    def url(self) -> str:
        return f"/t/{self.id}"


def similar(viewer: Any, title: str, *, now: datetime, space_id: int = 0, size: int = 4) -> list[Similar]:
    """The nearest first, those of the space before others as near. A word weighs more the fewer titles have it. One query, and two for the viewer."""
    asked = understand(title)
    words = set(asked.tokens)
    if not words:
        return []
    found = visible_posts(viewer).filter(pk__in=latest_with([asked.in_title], LOOKED))
    rows = {row["topic_id"]: row for row in found.order_by("-id").values(*_FIELDS)[:COMPARED]}
    shared = {pk: words & tokens_of(row["topic__title"]) for pk, row in rows.items()}
    near = {pk: share for pk, share in _near(words, shared).items() if share >= ENOUGH}
    best = sorted(near, key=lambda pk: (near[pk], bool(rows[pk]["topic__accepted_id"]), _own(rows[pk], space_id), pk), reverse=True)
    return [_similar(rows[pk], now) for pk in best[:size]]


def _near(words: set[str], shared: Mapping[int, set[str]]) -> dict[int, float]:
    """The share of the words' weight that each title has. A word that none has weighs as one that a single title has."""
    weight = {word: log(1 + (len(shared) + 1) / max(1, sum(word in one for one in shared.values()))) for word in words}
    whole = sum(weight.values())
    return {pk: sum(weight[word] for word in one) / whole for pk, one in shared.items()}


def _own(row: Mapping[str, Any], space_id: int) -> bool:
    return bool(row["topic__space_id"] == space_id)


def _similar(row: Mapping[str, Any], now: datetime) -> Similar:
    state = state_of(
        asks=row["topic__asks"], answered=row["topic__answered_at"] is not None, accepted=row["topic__accepted_id"] is not None,
        closed=row["topic__closed_at"] is not None, cold=row["topic__opened_at"] < waiting_since(now),
    )  # fmt: skip
    return Similar(
        row["topic_id"], row["topic__title"], state, row["topic__posts_count"] - 1, row["topic__space__name"], row["topic__space__slug"]
    )
