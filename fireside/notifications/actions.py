"""What members do with what they were told. All of it is nobody's news."""

from collections.abc import Iterable

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.members.rights import require_scope
from fireside.notifications.models import Notice
from fireside.notifications.queries import own_notices


@quiet
def see_notices(actor: Actor) -> int:
    """Open the bell: its number goes to zero. Returns how many were new."""
    require_scope(actor, "write")
    return own_notices(actor.member).filter(seen_at__isnull=True).update(seen_at=actor.now)


@quiet
def read_notices(actor: Actor, *, ids: Iterable[int] | None = None) -> int:
    """Mark notices as read: those of these ids with what is grouped with them, or without `ids` all. Returns how many were not."""
    require_scope(actor, "write")
    unread = own_notices(actor.member).filter(read_at__isnull=True)
    if ids is not None:
        chosen = own_notices(actor.member).filter(pk__in=list(ids)[:500]).values_list("kind", "thing")
        pairs = set(chosen)
        unread = unread.filter(kind__in={kind for kind, _thing in pairs}, thing__in={thing for _kind, thing in pairs})
    return _read(actor, unread)


@quiet
def mark_read(actor: Actor, *, target_type: str, ids: Iterable[int]) -> int:
    """The things themselves were opened: `ids` are what the notices are about (for posts: their topics). Called by the apps that show them.

    A write, so ask `queries.has_unread` first: reading a page must not wait for a writer.
    """
    require_scope(actor, "write")
    app = target_type.partition(".")[0]
    return _read(actor, own_notices(actor.member).filter(read_at__isnull=True, thing__in=[f"{app}:{pk}" for pk in ids]))


def _read(actor: Actor, unread: "object") -> int:
    ids = list(unread.values_list("pk", flat=True)[:5000])  # type: ignore[attr-defined]
    rows = Notice.objects.filter(pk__in=ids)
    rows.filter(seen_at__isnull=True).update(seen_at=actor.now)
    return rows.update(read_at=actor.now)
