"""Going, by oneself or because those who look after the space say so."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.kinds import Kind
from fireside.activity.log import Line, record, record_many
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.actions.merges import same_person, take_turns
from fireside.members.models import Member
from fireside.members.rights import may, require
from fireside.spaces import kinds, rules
from fireside.spaces.actions._staying import accounts_of, settle_persons
from fireside.spaces.actions._tree import below, lock_tree
from fireside.spaces.actions._words import REFUSALS, checked_reason
from fireside.spaces.actions.belong import count_organisers
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import AskToJoin, Belonging, Gone, Openness, Space
from fireside.spaces.queries import person_id, require_in

ORGANISER = Belonging.As.ORGANISER


class Ending(NamedTuple):
    """One belonging that is about to end, under whatever name of the person."""

    space_id: int
    name: str
    path: str
    role: str
    member_id: int


@action(right="spaces.join")
def leave_space(actor: Actor, *, space: Space) -> Space:
    """Leave a space; from a private or hidden one also all that stands in it, which is read from inside only."""
    require(actor, "spaces.join")
    space, ending, locked = _lock(space, actor.member)
    if space.pk not in locked:
        return already(space)
    for one in ending:
        organisers = count_organisers(one.space_id) if one.role == ORGANISER else 2
        if obstacle := rules.why_not_leave(
            is_organiser=one.role == ORGANISER, organisers=organisers, closed=bool(locked[one.space_id].archived_at)
        ):
            if one.space_id != space.pk:
                raise Refused(
                    obstacle,
                    _("You are the only organiser of “%(space)s” inside it. Make somebody else an organiser there first, or close it.")
                    % {"space": one.name},
                )
            raise Refused(obstacle, REFUSALS[obstacle])
    _end(actor, space, actor.member, ending, put_out=False)
    record(actor, kinds.LEFT, space, space=space, name=space.name)
    _record_below(actor, kinds.LEFT, space, None, ending)
    return space


@action(right="spaces.run")
def put_out(actor: Actor, *, space: Space, member: Member, reason: str) -> Space:
    """Remove somebody from a space, and tell them why; from a private or hidden one also from all that stands in it.

    They come back as anybody comes in: to a public or open space by joining, else by being let in anew. Until then no history, merge
    or other account of theirs brings them back.
    """
    require_in(actor, "spaces.run", space)
    reason = checked_reason(reason)
    take_turns()  # who else the person is must not change meanwhile
    space, ending, locked = _lock(space, member)
    if obstacle := rules.why_not_put_out(
        yourself=actor.who is not None and person_id(actor.who) == person_id(member),
        own=0 if actor.is_house else _standing(actor.member, space, runs=may(actor.member, "spaces.run")),
        theirs=_standing(member, space, runs=any(may(one, "spaces.run") for one in same_person(member))),
    ):  # fmt: skip
        raise NotAllowed(obstacle, REFUSALS[obstacle] % {"member": member.name})
    if space.pk not in locked:
        return already(space)
    for one in ending:
        _refuse_last_organiser(one, space, member, closed=bool(locked[one.space_id].archived_at))
    gone = _end(actor, space, member, ending, put_out=True)
    record(actor, kinds.PUT_OUT, gone, space=space, other=member, name=space.name, reason=reason)
    _record_below(actor, kinds.PUT_OUT, space, member, ending)
    return space


def _lock(space: Space, member: Member) -> tuple[Space, list[Ending], dict[int, Space]]:
    """The space, the belongings that end with it, and their spaces: locked, and in the same order for all who go."""
    inside = space.openness in (Openness.PRIVATE, Openness.HIDDEN)
    if inside:
        lock_tree()  # several rows are locked below: moves must not lock them in another order
    space = fresh(space)
    theirs = Belonging.objects.filter(member__person_id=person_id(member))
    theirs = theirs.filter(space__path__startswith=space.path) if inside else theirs.filter(space=space)
    ending = [Ending(*row) for row in theirs.values_list("space_id", "space__name", "space__path", "role", "member_id")]
    if space.pk not in {one.space_id for one in ending}:
        return space, [], {}
    rows = Space.objects.select_for_update().filter(pk__in=sorted({one.space_id for one in ending})).order_by("pk")
    return space, ending, {row.pk: row for row in rows}


def _refuse_last_organiser(one: Ending, space: Space, member: Member, *, closed: bool) -> None:
    """The space itself keeps an organiser of its own; one that stands in it is looked after from above, too."""
    if one.role != ORGANISER or closed:
        return
    ids = [one.space_id] if one.space_id == space.pk else rules.ids_on(one.path)
    others = Belonging.objects.filter(space__in=ids, role=ORGANISER, member__person__removed_at__isnull=True)
    if not others.exclude(member__person_id=person_id(member)).exists():
        raise Refused(
            "last_organiser",
            _("%(member)s is the only organiser of “%(space)s”. Make somebody else an organiser first, or close the space.")
            % {"member": member.name, "space": one.name},
        )


def _standing(member: Member, space: Space, *, runs: bool) -> int:
    """How high somebody stands here. `runs`: every space. Who acts has the role of their own account; whoever is acted upon, that of any of theirs."""
    path = rules.ids_on(space.path)
    rows = Belonging.objects.filter(space__in=path, member__person_id=person_id(member), role=ORGANISER)
    return rules.standing_of(path, set(rows.values_list("space_id", flat=True)), runs=runs)


def _end(actor: Actor, space: Space, member: Member, ending: Sequence[Ending], *, put_out: bool) -> Gone:
    """The rows, the counters, and no ask left open. Kept is that they are gone, and what a history says of them, which no longer counts.

    Gives the mark of the space itself.
    """
    ids, person = sorted({one.space_id for one in ending}), person_id(member)
    theirs = Belonging.objects.filter(space__in=ids, member__person_id=person)
    theirs.filter(imported=False).delete()
    theirs.update(role=Belonging.As.MEMBER)
    if not (member.is_bot or (member.person or member).is_bot):
        Space.objects.filter(pk__in=ids, members_count__gt=0).update(members_count=F("members_count") - 1)
    AskToJoin.objects.filter(
        space__path__startswith=space.path, member__person_id=person, decided_at__isnull=True
    ).update(decided_at=actor.now)  # fmt: skip
    accounts = accounts_of(member)
    if space.openness in (Openness.PRIVATE, Openness.HIDDEN):
        ids = list(below(space).values_list("pk", flat=True))
    marks = [
        Gone(space_id=pk, member_id=one, at=actor.now, put_out=put_out and bool(accounts))
        for pk in ids
        for one in {person, member.pk, *(account.pk for account in accounts)}
    ]
    Gone.objects.bulk_create(
        marks, batch_size=1000, update_conflicts=True, unique_fields=["space", "member"], update_fields=["at", "put_out"]
    )
    settle_persons([person])
    return Gone.objects.get(space=space, member=person)


def _record_below(actor: Actor, kind: Kind, space: Space, other: Member | None, ending: Sequence[Ending]) -> None:
    by, to = getattr(actor.who, "pk", None), other.pk if other else None
    record_many(actor, [
        Line(kind, actor.now, by, "spaces.space", pk, space_id=pk, other_id=to, data={"name": name})
        for pk, name in {one.space_id: one.name for one in ending if one.space_id != space.pk}.items()
    ])  # fmt: skip
