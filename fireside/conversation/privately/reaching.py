"""Who is reached by whom: what stands between two people, asked for many at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q

from fireside.activity.actor import Actor
from fireside.conversation.models import Habits, Participant
from fireside.conversation.pacing import is_new_here
from fireside.conversation.privately import rules
from fireside.members.queries import traces_of, who_blocked, with_account
from fireside.members.rights import RUNNERS
from fireside.spaces.queries import person_id, ties_of

IN, ASKED = Participant.State.IN, Participant.State.ASKED


def ties(writer: Any, persons: Collection[int]) -> dict[int, rules.Tie]:
    """What stands between the writer and each of these persons. Six queries, however many they are."""
    stand = with_account(persons)
    wishes: dict[int, set[str]] = {}
    for person, wish in Habits.objects.filter(member__person_id__in=persons).values_list("member__person_id", "written_by"):
        wishes.setdefault(person or 0, set()).add(wish)
    shares, organises = ties_of(writer, persons)
    blocked = who_blocked(persons, writer)
    pairs = {rules.pair_of(person_id(writer), person): person for person in persons}
    rows = Participant.objects.filter(topic__pair__in=list(pairs), state=IN).exclude(member__in=traces_of(writer))
    known = {pairs[pair or ""] for pair in rows.values_list("topic__pair", flat=True)}
    return {
        one: rules.Tie(
            wish=next((wish for wish in ("nobody", "spaces") if wish in wishes.get(one, ())), "everyone"), here=one in stand,
            shares=one in shares, organises=one in organises, known=one in known, blocked=one in blocked,
        )
        for one in persons
    }  # fmt: skip


def ways_to(actor: Actor, persons: Collection[int]) -> Mapping[int, rules.How]:
    """How each of these persons is reached by the actor."""
    runs, new = actor.member.role in RUNNERS, is_new_here(actor)
    return {one: rules.how_reached(tie, runs=runs, new=new) for one, tie in ties(actor.member, persons).items()}


def met_before(writer: Any, persons: Iterable[int]) -> set[int]:
    """Those of these persons with whom the writer has, or had, a private conversation. One query."""
    mine = Participant.objects.filter(member__in=traces_of(writer)).values("topic_id")
    rows = Participant.objects.filter(member__person_id__in=list(persons), topic__in=mine)
    return {one for one in rows.values_list("member__person_id", flat=True) if one}


def room_for_contacts(actor: Actor) -> tuple[int, int, int]:
    """(how many people the actor may still turn to for the first time today, of how many, after how many seconds there is room again)."""
    new = is_new_here(actor)
    most = rules.most_contacts(new=new)
    rows = Participant.objects.filter(Q(by__in=traces_of(actor.member)), first=True, since__gt=actor.now - rules.DAY).order_by("-since")
    recent = list(rows.values_list("since", flat=True)[:most])
    wait = (recent[-1] + rules.DAY - actor.now) if len(recent) >= most else timedelta()
    return most - len(recent), most, max(0, int(wait.total_seconds()) + 1) if wait else 0
