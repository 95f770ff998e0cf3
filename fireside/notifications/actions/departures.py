"""What leaves the house: which notices become a letter, which do not and why. All of it by the house itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import connection

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.outbox import write_letter
from fireside.notifications import rules
from fireside.notifications.models import Departure, Notice
from fireside.notifications.queries.departures import leavings_since
from fireside.notifications.queries.sifting import Sifted, sift

CHANNEL = "notices"
AT_ONCE = 2000  # notices


@quiet(passing=True)
def write_letters(actor: Actor, *, at_most: int = 100) -> int:
    """Decide about the notices of `at_most` people that are due: one letter a person and thing, or a row that says why not.

    Letter, row and decision are one commit: whoever is killed in between has decided nothing. Returns how many notices were decided
    or put off; 0 = nothing is due, or others are at it.
    """
    due = Notice.objects.filter(letter_due_at__lte=actor.now).order_by("letter_due_at").values_list("member_id", flat=True)
    people = list(dict.fromkeys(due[: at_most * 5]))[:at_most]
    if not people:
        return 0
    rows = Notice.objects.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    notices = list(rows.select_related("activity").filter(member__in=people, letter_due_at__isnull=False).order_by("id")[:AT_ONCE])
    sifted = sift(notices, actor.now)
    groups: dict[tuple[int, str], list[Notice]] = defaultdict(list)
    for one in notices:
        groups[sifted.person[one.pk], one.thing].append(one)
    ripe = {key: some for key, some in groups.items() if any(one.letter_due_at and one.letter_due_at <= actor.now for one in some)}
    awake = _put_off(actor, ripe, sifted)
    sent = leavings_since(actor.now - timedelta(days=1), {person for person, _thing in awake})
    for (person, thing), some in awake.items():
        kept = [one for one in some if not sifted.why_not[one.pk]]
        for reason in sorted({sifted.why_not[one.pk] for one in some} - {""}):
            _skip(actor, person, thing, [one for one in some if sifted.why_not[one.pk] == reason], reason)
        if kept and sent.get(person, 0) >= rules.A_DAY:
            _skip(actor, person, thing, kept, "daily_limit")
        elif kept:
            _write(actor, person, thing, kept)
            sent[person] = sent.get(person, 0) + 1
    decided = [one.pk for some in awake.values() for one in some]
    Notice.objects.filter(pk__in=decided).update(letter_due_at=None)
    return sum(len(some) for some in ripe.values())


@quiet(passing=True)
def note_skipped(actor: Actor, *, key: str, reason: str) -> None:
    """A letter that was written is not needed after all, or nobody may read it any more: it is not sent."""
    Departure.objects.filter(key=key).update(skipped=reason)


Groups = dict[tuple[int, str], list[Notice]]


def _put_off(actor: Actor, groups: Groups, sifted: Sifted) -> Groups:
    """What could leave for somebody who sleeps waits until their quiet hours end. Gives the rest."""
    awake = {}
    for (person, thing), some in groups.items():
        who, telling = sifted.people.get(person), sifted.tellings[person]
        until = rules.quiet_until(actor.now, who.zone, telling.quiet_from, telling.quiet_to) if who else None
        waiting = [one for one in some if until is not None and not sifted.why_not[one.pk]]
        if waiting:
            Notice.objects.filter(pk__in=[one.pk for one in waiting]).update(letter_due_at=until)
        if rest := [one for one in some if one not in waiting]:
            awake[person, thing] = rest
    return awake


def _skip(actor: Actor, person: int, thing: str, notices: Sequence[Notice], reason: str) -> None:
    """One row for each kind."""
    for kind in sorted({one.kind for one in notices}):
        many = sum(one.kind == kind for one in notices)
        Departure.objects.create(member_id=person, way="email", kind=kind, thing=thing, count=many, at=actor.now, skipped=reason)


def _write(actor: Actor, person: int, thing: str, notices: Sequence[Notice]) -> None:
    """The letter holds no words: they are put together when it leaves, by what may be read then."""
    newest = notices[-1]
    key = f"{CHANNEL}.{person}.{newest.pk}"
    Departure.objects.create(member_id=person, way="email", kind=newest.kind, thing=thing, count=len(notices), at=actor.now, key=key)
    write_letter(actor, channel=CHANNEL, key=key, body={"person": person, "notices": _ids(notices)}, member=person)


def _ids(notices: Iterable[Notice]) -> list[int]:
    return [one.pk for one in notices]
