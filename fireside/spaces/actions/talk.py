"""What conversation tells a space about itself: how many topics, when somebody last spoke."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.lib.ready import change
from fireside.spaces.models import Space


@quiet(passing=True)
def note_talk(actor: Actor, *, space: Space | int, topics: int = 0) -> None:
    """Keep the space's counter of topics and its last moment of talk; called by conversation inside its own acts."""
    pk = space if isinstance(space, int) else space.pk
    change(
        "UPDATE spaces_space SET last_active_at = %s WHERE id = %s AND (last_active_at IS NULL OR last_active_at < %s)",
        actor.now, pk, actor.now,
    )  # fmt: skip
    if topics:
        Space.objects.filter(pk=pk).update(topics_count=Greatest(F("topics_count") + topics, 0))


@quiet(passing=True)
def note_leaving(actor: Actor, *, space: int, last: datetime | None) -> None:
    """A topic has left the space: one less, and `last` is now its last moment of talk."""
    Space.objects.filter(pk=space).update(topics_count=Greatest(F("topics_count") - 1, 0), last_active_at=last)


@quiet(passing=True)
def set_talk(actor: Actor, *, counts: Mapping[int, tuple[int, datetime | None]]) -> int:
    """Set (topics, last moment) of many spaces: after an import, and by conversation's sweep. Returns how many were wrong."""
    kept = {
        pk: (topics, last) for pk, topics, last in Space.objects.filter(pk__in=counts).values_list("pk", "topics_count", "last_active_at")
    }
    wrong = {pk: true for pk, true in counts.items() if pk in kept and kept[pk] != true}
    for pk, (topics, last) in wrong.items():
        Space.objects.filter(pk=pk).update(topics_count=topics, last_active_at=last)
    return len(wrong)
