"""Which notices may leave the house for whom: asked before a letter is written, and again when it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fireside.activity.kinds import KINDS
from fireside.members.queries import Reached, blocked_among, cards_of, reached
from fireside.notifications import rules, visibility
from fireside.notifications.models import Notice
from fireside.notifications.queries.bounces import why_not_addresses
from fireside.notifications.queries.telling import Telling, tellings_of


@dataclass(frozen=True)
class Sifted:
    """By notice: the person it is for now, and a key of rules.SKIPS or "" when it may leave."""

    person: Mapping[int, int]
    why_not: Mapping[int, str]
    people: Mapping[int, Reached]
    tellings: Mapping[int, Telling]


def sift(notices: Sequence[Notice], now: datetime, way: str = "email") -> Sifted:
    """Queries, whatever the number: who they are now; people; their addresses; how letters there fare; their choices; what the owners of the things ask;
    and, with private messages among them, whom they blocked since."""
    cards = cards_of(one.member_id for one in notices)
    person = {one.pk: cards[one.member_id].person_id if one.member_id in cards else one.member_id for one in notices}
    people = reached(person.values())
    bad = why_not_addresses((who.address for who in people.values()), now)
    tellings = tellings_of(person.values())
    readers = {pk: card for pk, card in cards_of(people).items() if not people[pk].gone}
    lines = {one.activity_id: one.activity for one in notices}
    open_to = visibility.allowed(readers, list(lines.values()))
    private = {one.activity_id: one.actor_id for one in notices if one.actor_id and one.kind in KINDS and KINDS[one.kind].private}
    blocked = blocked_among(list(people), list(private.values())) if private else set()
    why_not = {}
    for one in notices:
        whose = person[one.pk]
        if one.seen_at is not None or one.read_at is not None:
            why_not[one.pk] = "seen"
            continue
        why_not[one.pk] = _person(way, people.get(whose), tellings[whose], bad) or rules.why_not_notice(
            seen=False,
            known=one.kind in KINDS,
            open_to=(whose, one.activity_id) in open_to and (whose, private.get(one.activity_id, 0)) not in blocked,
            wanted=tellings[whose].wants(way, one.kind),
        )
    return Sifted(person, why_not, people, tellings)


def _person(way: str, who: Reached | None, telling: Telling, bad: Mapping[str, str]) -> str:
    if way == "email":
        return why_not_letter(who, telling, bad)
    return "gone" if who is None or who.gone else "bot" if who.is_bot else ""


def why_not_letter(who: Reached | None, telling: Telling, bad: Mapping[str, str]) -> str:
    """What keeps every letter about notices from this person."""
    if who is None:
        return "gone"
    obstacle = rules.why_not_person(gone=who.gone, bot=who.is_bot, sample=who.is_sample, address=who.address, verified=who.verified)
    return obstacle or bad.get(who.address, "") or ("" if telling.email else "off")
