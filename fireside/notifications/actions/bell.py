"""Telling members, and what they do with what they were told. All of it is nobody's news."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.kinds import KINDS
from fireside.activity.models import Activity
from fireside.lib.errors import NotFound
from fireside.members.queries import Card, cards_of, ids_of_person, visible_members
from fireside.members.rights import require_scope
from fireside.notifications import visibility, wishes
from fireside.notifications.actions.push import call_browsers
from fireside.notifications.models import Notice, Unwanted
from fireside.notifications.queries import own_notices, unwanted_among
from fireside.notifications.rules import DELAY, thing_of


def tell_members(actor: Actor, *, wanted: Mapping[Activity, Collection[int]]) -> int:
    """Write the notices of some lines for these members: never for who did it, for bots, for somebody removed; only of what they may
    see and wish to be told. Who was told of a line already is not told again. Returns how many notices were asked for.

    A step of reactions, in their transaction.

    Queries: people and their cards; what the owners of the targets ask (once a target type); one insert for 500.
    """
    if not any(wanted.values()):
        return 0
    lines = [line for line, ids in wanted.items() if ids]
    people = _people(actor, {pk for ids in wanted.values() for pk in ids} | {line.member_id for line in lines if line.member_id})
    cards = {card.person_id: card for card in people.values()}
    pairs = visibility.allowed(cards, lines) - wishes.spared(cards, lines) - unwanted_among(cards, lines)
    notices = []
    for line in lines:
        doer = people.get(line.member_id or 0)
        calls = getattr(KINDS.get(line.kind), "calls", None)
        named = {people[pk].person_id for pk in calls(line) if pk in people} if calls else set()
        told = {people[pk].person_id for pk in wanted[line] if pk in people}
        for person in sorted(told - {doer.person_id if doer else line.member_id}):
            if (person, line.pk) in pairs:
                thing = thing_of(line.target_type, line.target_id, line.parent_id, line.space_id)
                notices.append(Notice(
                    member_id=person, activity=line, kind=line.kind, actor_id=line.member_id, thing=thing, at=line.at, named=person in named,
                    letter_due_at=actor.now + DELAY if settings.MAIL else None,
                ))  # fmt: skip
    Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)
    call_browsers(actor, notices=notices)
    return len(notices)


def _people(actor: Any, ids: set[int]) -> dict[int, Card]:
    """Cards by member id of those who can be told: persons that stand, no bots."""
    standing = set(visible_members(actor).filter(traces__in=ids, is_active=True).values_list("pk", flat=True))
    return {pk: card for pk, card in cards_of(ids).items() if card.person_id in standing and not card.is_bot}


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
def choose_told(actor: Actor, *, kind: str, bell: bool) -> None:
    """Choose whether the bell tells of one kind of thing. What it has told already stays."""
    require_scope(actor, "write")
    if kind not in KINDS or KINDS[kind].audience is None:
        raise NotFound()
    mine = Unwanted.objects.filter(member__in=ids_of_person(actor.member), kind=kind)
    if bell:
        mine.delete()
    else:
        Unwanted.objects.get_or_create(member=actor.member, kind=kind)


@quiet
def mark_read(actor: Actor, *, target_type: str, ids: Iterable[int]) -> int:
    """The things themselves were opened: `ids` are what the notices are about (for posts: their topics). Called by the apps that show them.

    A write, so ask `queries.has_unread` first: reading a page must not wait for a writer.
    """
    require_scope(actor, "write")
    app = target_type.partition(".")[0]
    return _read(actor, own_notices(actor.member).filter(read_at__isnull=True, thing__in=[f"{app}:{pk}" for pk in ids]))


@quiet(passing=True)
def move_told(actor: Actor, *, target_type: str, ids: Iterable[int], parent: int) -> int:
    """These things are part of another one now (`parent`): notices of them are read with that. Returns how many moved."""
    app = target_type.partition(".")[0]
    rows = Notice.objects.filter(activity__target_type=target_type, activity__target_id__in=list(ids), thing__startswith=f"{app}:")
    return rows.update(thing=f"{app}:{parent}")


def _read(actor: Actor, unread: "object") -> int:
    ids = list(unread.values_list("pk", flat=True)[:5000])  # type: ignore[attr-defined]
    rows = Notice.objects.filter(pk__in=ids)
    rows.filter(seen_at__isnull=True).update(seen_at=actor.now)
    return rows.update(read_at=actor.now)
