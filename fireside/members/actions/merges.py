"""Who is the same person. A merge is a version of that knowledge: closed when undone, never overwritten."""

from collections.abc import Callable, Collection

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotAllowed, Refused
from fireside.lib.text import one_line
from fireside.members import kinds
from fireside.members.models import STAFF, Community, Member, Merge
from fireside.members.rights import may, require

AT_ONCE: list[Callable[[Collection[int]], object]] = []


def at_once(call: Callable[[Collection[int]], object]) -> None:
    """`call(persons)` follows in the same transaction whenever it changes who is who: for what must not wait for the log to be read."""
    if call not in AT_ONCE:
        AT_ONCE.append(call)


@action(right="members.tend", grave=True)
def merge_members(actor: Actor, *, member: Member, into: Member, reason: str) -> Merge:
    """Say that two members are one person. Words keep their author; the person is shown instead of the trace.

    Where either of them holds a role, only the owner says so: one person's accounts share name, words and notices.
    """
    require(actor, "members.tend")
    reason = _checked(reason)
    take_turns()
    for side in (member, into):
        require_over(actor, side, claim=not (can_sign_in(member) and can_sign_in(into)))
    return join_traces(actor, member=member, into=into, reason=reason)


@action(right="members.tend", grave=True)
def unmerge_members(actor: Actor, *, member: Member, reason: str) -> Member:
    """Part a trace from the person it was merged into; what was merged into the trace goes with it."""
    require(actor, "members.tend")
    reason = _checked(reason)
    take_turns()
    require_over(actor, member)
    merge = Merge.objects.filter(member=member, until__isnull=True).first()
    member = Member.objects.get(pk=member.pk)
    if merge is None:
        return already(member)
    merge.until, merge.undone_by_id = actor.now, getattr(actor.who, "pk", None)
    merge.save(update_fields=["until", "undone_by_id"])
    _point(member.pk, member.pk, was=merge.into.person_id)
    member.person_id = member.pk
    record(actor, kinds.UNMERGED, member, other=merge.into, reason=reason, merge=merge.pk)
    return member


def join_traces(actor: Actor, *, member: Member, into: Member, reason: str) -> Merge:
    """The merge itself, for operators and for those who claim: in turn already, and allowed."""
    if member.pk == into.pk:
        raise Refused("same_member", _("This is one member, not two."))
    member, into = Member.objects.get(pk=member.pk), Member.objects.get(pk=into.pk)
    if member.removed_at or into.removed_at:
        raise Refused("member_gone", _("One of the two has left for good and cannot be merged."))
    standing = Merge.objects.filter(member=member, until__isnull=True).first()
    if standing is not None and standing.into_id == into.pk:
        return already(standing)
    if member.person_id == into.person_id:
        raise Refused("same_person", _("These two are one person already."))
    if standing is not None:
        message = _("%(name)s is already one person with %(other)s. Merge that person, or part the two first.")
        raise Refused("merged_already", message % {"name": member.name, "other": person_behind(member).name})
    if can_sign_in(member) and not can_sign_in(person_behind(into)):
        message = _("%(name)s can sign in and %(other)s cannot. Merge them the other way round, so that the account stays the person.")
        raise Refused("merge_other_way", message % {"name": member.name, "other": into.name})
    merge = Merge.objects.create(member=member, into=into, since=actor.now, reason=reason, by_id=getattr(actor.who, "pk", None))
    _point(member.pk, into.person_id, was=member.pk)
    record(actor, kinds.MERGED, member, other=into, reason=reason, merge=merge.pk)
    return merge


def person_behind(member: Member) -> Member:
    """The person that a member stands for: itself, where nobody has merged it."""
    return Member.objects.get(pk=member.person_id or member.pk)


def require_over(actor: Actor, member: Member, *, claim: bool = False) -> None:
    """Who somebody with a role is, and how they get in, only the owner decides: with any account of theirs one speaks as them.

    `claim`: what is to become theirs is a trace, which they can claim without anybody's word.
    """
    if actor.is_house or not holds_role(member):
        return
    if not may(actor.member, "community.roles"):
        words = _("%(name)s holds a role here, so only the owner can do this.")
        if claim:
            words = _("%(name)s holds a role here, so only the owner can do this. What they said elsewhere they can claim themselves: make them a link.")  # fmt: skip
        raise NotAllowed("role_is_the_owners", words % {"name": person_behind(member).name}, right="community.roles")
    require(actor, "community.roles")  # what a token needs for it


def holds_role(member: Member) -> bool:
    """Any account of the person does."""
    return same_person(member).filter(role__in=STAFF).exists()


def may_decide(actor: Actor, *members: Member) -> bool:
    """What `require_over` will say of each: a page offers no button that it refuses."""
    return may(actor.member, "community.roles") or not any(map(holds_role, members))


def same_person(member: Member) -> QuerySet[Member]:
    """Every account and trace of the person, as it stands now."""
    return Member.objects.filter(person__in=Member.objects.filter(pk=member.pk).values("person"))


def can_sign_in(member: Member) -> bool:
    """An account, not only a trace: it has an address by which somebody signs in."""
    return bool(member.email) and member.is_active and member.removed_at is None


def take_turns() -> None:
    """Merging uses up the shape of who is who, which is one thing: on PostgreSQL each waits for the one before it."""
    list(Community.objects.select_for_update().filter(pk=1).values_list("pk", flat=True))


def _point(member_id: int, person_id: int | None, *, was: int | None) -> None:
    """Let a member and every trace below it resolve to a person, and those follow who must know at once."""
    below = [member_id]
    seen = set(below)
    while below:
        Member.objects.filter(pk__in=below).update(person_id=person_id)
        below = [
            pk for pk in Merge.objects.filter(into__in=below, until__isnull=True).values_list("member_id", flat=True) if pk not in seen
        ]
        seen.update(below)
    for call in AT_ONCE:
        call([pk for pk in (person_id, was) if pk])


def _checked(reason: str) -> str:
    reason = one_line(reason)
    if not 1 <= len(reason) <= 200:
        raise Refused("reason_missing", _("Say why in 1 to 200 characters: somebody will want to know in a year."), field="reason")
    return reason
