"""Coming in."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.lib.ready import Ready, add_new, change
from fireside.members.models import Member
from fireside.members.rights import may, require
from fireside.spaces import kinds, rules
from fireside.spaces.actions._staying import settle_persons
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import AskToJoin, Belonging, Openness, Space
from fireside.spaces.queries import person_id, require_in

_THEIRS = Ready(lambda person, space, above: Belonging.objects.filter(Q(space_id=space) | Q(space_id=above), member__person_id=person))
_SPACE = Ready(lambda pk: Space.objects.filter(pk=pk))
CLOSED = _("“%(space)s” is closed: nobody joins any more. You can still read it.")


@action(right="spaces.join")
def join_space(actor: Actor, *, space: Space) -> Belonging:
    """Join a public or open space."""
    require(actor, "spaces.join")
    space = fresh(space)
    way, mine = way_of(actor.member, space)
    if mine is not None:
        return already(mine)
    refuse_unless_open(way, space)
    if way in ("ask", "waiting"):
        raise NotAllowed("ask_first", _("“%(space)s” is private. Ask to join, and an organiser lets you in.") % {"space": space.name})
    belonging = enter(space, actor.member, actor)
    record(actor, kinds.JOINED, space, space=space, name=space.name)
    return belonging


@action(right="spaces.run")
def bring_in(actor: Actor, *, space: Space, member: Member) -> Belonging:
    """Take somebody into a private or hidden space without their asking: the only way into a hidden one."""
    require_in(actor, "spaces.run", space)
    space = fresh(space)
    _way, theirs = way_of(member, space)
    if theirs is not None:
        return already(theirs)
    if space.openness in (Openness.PUBLIC, Openness.OPEN):
        raise Refused("they_join", _("“%(space)s” is open: people join by themselves. Send them its address.") % {"space": space.name})
    refuse_unless_inside_above(space, member)
    if space.archived_at:
        raise Refused("closed", _("“%(space)s” is closed. Open it again first.") % {"space": space.name})
    belonging = enter(space, member, actor)
    record(actor, kinds.LET_IN, space, space=space, other=member, name=space.name)
    return belonging


def way_of(member: Member, space: Space) -> tuple[rules.Way, Belonging | None]:
    """What stands between the member and belonging, and the belonging if there is one. Raises NotFound for what they may not know of."""
    above = gate_above(space)
    theirs = {row.space_id: row for row in _THEIRS.all(person_id(member), space.pk, above or 0)}
    asked = space.openness == Openness.PRIVATE and AskToJoin.objects.filter(
        space=space, member__person_id=person_id(member), decided_at__isnull=True
    ).exists()  # fmt: skip
    way = rules.way_in(
        space.openness, signed_in=True, belongs=space.pk in theirs, asked=asked, closed=bool(space.archived_at),
        inside_above=above is None or above in theirs, runs=may(member, "spaces.run"),
    )  # fmt: skip
    return way, theirs.get(space.pk)


def gate_above(space: Space) -> int | None:
    """The space one must belong to before this one can be entered."""
    if space.parent_id is None:
        return None
    parent = _SPACE.first(space.parent_id)
    return parent.read_inside_id if parent else None


def refuse_unless_open(way: rules.Way, space: Space) -> None:
    """The ways that end here, for who comes by themselves."""
    if way == "outside" or (way == "ask" and space.openness == Openness.HIDDEN):
        raise NotFound()
    if way == "closed":
        raise Refused("closed", CLOSED % {"space": space.name})


def refuse_unless_inside_above(space: Space, member: Member) -> None:
    above = gate_above(space)
    if above and not Belonging.objects.filter(space_id=above, member__person_id=person_id(member)).exists():
        name = Space.objects.filter(pk=above).values_list("name", flat=True).get()
        raise Refused(
            "outside",
            _("%(member)s is not inside “%(space)s”, in which this stands. Let them in there first.")
            % {"member": member.name, "space": name},
        )


def enter(space: Space, member: Member, actor: Actor) -> Belonging:
    """The row, the counter, and no ask left open; that they were gone is over. The space's row is locked."""
    belonging, comes = Belonging(space=space, member=member, since=actor.now), True
    if not add_new(belonging):  # an import was faster, or they were gone from where a history has them
        belonging = Belonging.everywhere.get(space=space, member=member)
        comes = belonging.stays_out
        if comes or belonging.imported:
            belonging.imported = False  # from now on it is true of this house, whatever a later history says
            belonging.since = actor.now if comes else belonging.since
            belonging.stays_out = False
            belonging.save(update_fields=["imported", "since", "stays_out"])
    if comes and not member.is_bot:
        change("UPDATE spaces_space SET members_count = members_count + 1 WHERE id = %s", space.pk)
    if change(
        "DELETE FROM spaces_gone WHERE space_id = %s AND member_id IN (SELECT id FROM members_member WHERE person_id = %s)",
        space.pk, person_id(member),
    ):  # fmt: skip
        theirs = Belonging.everywhere.filter(space=space, member__person_id=person_id(member))
        theirs.filter(Q(stays_out=True) | Q(pk=belonging.pk)).update(role=Belonging.As.MEMBER)  # whoever comes back organises nothing yet
        settle_persons([person_id(member)])
        belonging.refresh_from_db()
    change(
        "UPDATE spaces_asktojoin SET decided_at = %s, decided_by_id = %s, let_in = true WHERE space_id = %s AND decided_at IS NULL"
        " AND member_id IN (SELECT id FROM members_member WHERE person_id = %s)",
        actor.now, getattr(actor.who, "pk", None), space.pk, person_id(member),
    )  # fmt: skip
    return belonging


def count_organisers(space_id: int) -> int:
    """How many people organise a space."""
    rows = Belonging.objects.filter(space_id=space_id, role=Belonging.As.ORGANISER, member__removed_at__isnull=True)
    return rows.values("member__person_id").distinct().count()


def organiser_ids(space: Space, limit: int = 50) -> Sequence[int]:
    """Whom to tell about a space: its organisers, or those of the nearest space above that has any."""
    ids = rules.ids_on(space.path)
    rows = Belonging.objects.filter(space_id__in=ids, role=Belonging.As.ORGANISER).values_list("space_id", "member__person_id")
    by_space: dict[int, list[int]] = {}
    for pk, person in rows.order_by("since", "id")[: limit * len(ids)]:
        by_space.setdefault(pk, []).append(person or 0)
    return next((by_space[pk][:limit] for pk in reversed(ids) if pk in by_space), [])
