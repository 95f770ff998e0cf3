"""What was done with a topic as a whole, as far as a viewer may know of what it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fireside.conversation.models import Topic
from fireside.conversation.queries.sight import visible_topics
from fireside.members.queries import Card, cards_of
from fireside.spaces.queries import known_spaces


@dataclass(frozen=True, slots=True)
class StoryLine:
    """`what`: moved, closed, reopened, split, left, merged, parted. `place` and `url`: the other space or topic that it speaks of."""

    what: str
    at: datetime
    by: Card | None  # None: the house, on the day that was set
    why: str
    place: str
    url: str
    count: int
    source: int  # of merged: the number of the topic that was merged, for taking it apart


def story_of(viewer: Any, topic: Topic) -> Sequence[StoryLine]:
    """The lines in the order in which they happened. What speaks of a space or a topic that the viewer may not know of is not there.
    No query for a topic with which nothing was done; four at most."""
    told: list[dict[str, Any]] = topic.story or []
    if not told:
        return []
    cards = cards_of([line["by"] for line in told])
    asked = {line["space"] for line in told if "space" in line}
    spaces = (
        {pk: (name, f"/spaces/{slug}") for pk, name, slug in known_spaces(viewer).filter(pk__in=asked).values_list("pk", "name", "slug")}
        if asked
        else {}
    )
    others = {line["topic"] for line in told if "topic" in line}
    topics = (
        {pk: (title, f"/t/{pk}") for pk, title in visible_topics(viewer).filter(pk__in=others).values_list("pk", "title")} if others else {}
    )
    merged = {line["source"] for line in told if "source" in line}
    titles = dict(Topic.objects.filter(pk__in=merged).values_list("pk", "title")) if merged else {}
    shown = []
    for line in told:
        place, url = spaces.get(line.get("space") or 0, topics.get(line.get("topic") or 0, ("", "")))
        place = place or titles.get(line.get("source", 0), "")
        if place or not ({"space", "topic"} & line.keys()):
            at = datetime.fromisoformat(line["at"])
            shown.append(
                StoryLine(
                    line["what"],
                    at,
                    cards.get(line["by"] or 0),
                    line.get("why", ""),
                    place,
                    url,
                    line.get("posts", 0),
                    line.get("source", 0),
                )
            )
    return shown
