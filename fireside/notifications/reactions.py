"""Telling: a line of the log becomes a notice for everybody its kind concerns and who may see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fireside.activity.actor import house
from fireside.activity.kinds import KINDS
from fireside.activity.models import Activity
from fireside.activity.reactions import reaction
from fireside.members.queries import Card, cards_of, visible_members
from fireside.notifications import visibility
from fireside.notifications.models import Notice
from fireside.notifications.rules import thing_of

TELLING: Any = house("worker")  # who looks people up here; its clock is not read


@reaction("notifications.tell")
def tell(batch: Sequence[Activity], now: datetime) -> None:
    """Write the notices of a batch. Never the actor, no bots, nobody removed, and only what they may see.

    Queries: people and their cards; what the owners of the targets ask (once a target type); one insert.
    """
    wanted: dict[int, set[int]] = {}
    for line in batch:
        kind = KINDS.get(line.kind)
        if kind is None or kind.audience is None or line.imported:
            continue
        if ids := {pk for pk in kind.audience(line) if pk is not None}:
            wanted[line.pk] = ids
    if not wanted:
        return
    lines = [line for line in batch if line.pk in wanted]
    people = _people({pk for ids in wanted.values() for pk in ids} | {line.member_id for line in lines if line.member_id})
    cards = {card.person_id: card for card in people.values()}
    pairs = visibility.allowed(cards, lines)
    notices = []
    for line in lines:
        actor = people.get(line.member_id or 0)
        told = {people[pk].person_id for pk in wanted[line.pk] if pk in people}
        for person in sorted(told - {actor.person_id if actor else line.member_id}):
            if (person, line.pk) in pairs:
                thing = thing_of(line.target_type, line.target_id, line.parent_id, line.space_id)
                notices.append(Notice(member_id=person, activity=line, kind=line.kind, actor_id=line.member_id, thing=thing, at=line.at))
    Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)


# A sign-in leads to where one is signed in.
visibility.register("usersessions.usersession", None, lambda lines: dict.fromkeys((line.pk for line in lines), "/accounts/sessions/"))


def _people(ids: set[int]) -> dict[int, Card]:
    """Cards by member id of those who can be told: persons that stand, no bots."""
    standing = set(visible_members(TELLING).filter(traces__in=ids, is_active=True).values_list("pk", flat=True))
    return {pk: card for pk, card in cards_of(ids).items() if card.person_id in standing and not card.is_bot}
