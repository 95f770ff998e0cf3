"""What would follow if a topic were moved, before anybody does it."""

from dataclasses import dataclass
from typing import Any

from fireside.conversation.models import Reading, Topic
from fireside.conversation.queries.tags import tags_named
from fireside.lib.text import name_key
from fireside.members.queries import cards_of
from fireside.spaces.queries import readers_among

COUNTED = 5000


@dataclass(frozen=True, slots=True)
class Moving:
    """Tags that the new space has and lacks; people who have read the topic, and those of them who could not read it there."""

    tags_kept: list[str]
    tags_left: list[str]
    readers: int
    losing: int


def before_moving(topic: Topic, space: Any) -> Moving:
    """For those who may move it. Four queries; readers are counted up to five thousand."""
    tags = list(topic.tags or [])
    kept = tags_named(space, tags) if tags else []
    keys = {name_key(name) for name in kept}
    marks = list(Reading.objects.filter(topic=topic, number__gt=0).order_by("-at").values_list("member_id", flat=True)[:COUNTED])
    people = {card.person_id: card for card in cards_of(marks).values()}
    stay = {person for _space, person in readers_among([space.pk], people)}
    return Moving(kept, [name for name in tags if name_key(name) not in keys], len(people), len(people) - len(stay))
