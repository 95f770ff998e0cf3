"""Digests: who is due, and what became of it. All of it by the house itself; a digest is one row for a member and a day, and its letter."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.outbox import write_letter
from fireside.members.queries import Reached, back_since, day_here, reachable_without, reached
from fireside.notifications import rules
from fireside.notifications.models import Departure, DigestTurn
from fireside.notifications.queries.bounces import why_not_addresses
from fireside.notifications.queries.departures import last_letters
from fireside.notifications.queries.digests import why_not_digest
from fireside.notifications.queries.telling import Telling, tellings_of

CHANNEL = "digests"
NOT_AT_ALL = ("gone", "bot", "sample", "no_address", "unverified")  # looked at again when they can be reached again


@quiet(passing=True)
def give_turns(actor: Actor, *, at_most: int = 5000) -> int:
    """Whoever can be reached by letter, and has no turn yet, gets one; and whoever was away for long and came back."""
    turns = DigestTurn.objects.filter(member=OuterRef("person_id"))
    fresh = reachable_without(Exists(turns))[:at_most]
    made = DigestTurn.objects.bulk_create([DigestTurn(member_id=pk, due_at=actor.now) for pk in fresh], ignore_conflicts=True)
    back = back_since(DigestTurn.objects.filter(absent=True).values("member"), day_here(actor.now) - timedelta(days=rules.ABSENT))
    DigestTurn.objects.filter(member__in=list(back[:at_most])).update(absent=False, due_at=actor.now)
    return len(made)


@quiet(passing=True)
def write_digests(actor: Actor, *, at_most: int = 100) -> int:
    """Decide about at most so many members whose turn it is. Row, letter and next turn are one commit: whoever is killed in between has
    decided nothing, and the row of a member and a day is there once. Returns how many were looked at."""
    rows = DigestTurn.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    turns = list(rows.filter(absent=False, due_at__lte=actor.now).order_by("due_at", "pk")[:at_most])
    persons = [turn.member_id for turn in turns]
    people, tellings, letters = reached(persons), tellings_of(persons), last_letters(persons)
    bad = why_not_addresses((who.address for who in people.values()), actor.now)
    for turn in turns:
        _decide(actor, turn, people[turn.member_id], tellings[turn.member_id], letters.get(turn.member_id), bad)
    return len(turns)


def _decide(actor: Actor, turn: DigestTurn, who: Reached, telling: Telling, letter: datetime | None, bad: dict[str, str]) -> None:
    days, today = rules.DIGESTS[telling.digest], day_here(actor.now)
    if not days:  # they want none: nothing was to leave
        _again(turn, actor.now + timedelta(days=7))
        return
    if later := rules.digest_after(days=days, today=today, last_seen=who.last_seen_on, last_letter=letter, now=actor.now):
        _again(turn, later)
        return
    if until := rules.quiet_until(actor.now, who.zone, telling.quiet_from, telling.quiet_to):
        _again(turn, until)
        return
    away = who.last_seen_on is not None and (today - who.last_seen_on).days > rules.ABSENT
    reason = why_not_digest(who, bad) or ("absent" if away else "")
    key = f"{CHANNEL}.{who.id}.{today.isoformat()}"
    row: dict[str, Any] = {"way": "digest", "at": actor.now, "skipped": reason}
    _departure, new = Departure.objects.get_or_create(key=key, defaults={"member_id": who.id, **row})
    if new and not reason:
        write_letter(actor, channel=CHANNEL, key=key, body={"person": who.id, "days": days}, member=who.id)
    if reason in NOT_AT_ALL:
        turn.delete()
    elif reason == "absent":
        DigestTurn.objects.filter(pk=turn.pk).update(absent=True)
    else:
        _again(turn, actor.now + timedelta(days=days))


def _again(turn: DigestTurn, at: datetime) -> None:
    DigestTurn.objects.filter(pk=turn.pk).update(due_at=at)
