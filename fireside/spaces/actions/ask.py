"""Asking to be let into a private space, and the answer."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import NotFound, Refused
from fireside.lib.text import one_line
from fireside.members.rights import require
from fireside.spaces import kinds
from fireside.spaces.actions._words import checked_reason
from fireside.spaces.actions.belong import enter, organiser_ids, refuse_unless_inside_above, refuse_unless_open, way_of
from fireside.spaces.actions.make import fresh
from fireside.spaces.models import AskToJoin, Belonging, Space
from fireside.spaces.queries import person_id, require_in

WORDS_LIMIT = 500


@action(right="spaces.join")
def ask_to_join(actor: Actor, *, space: Space, words: str = "") -> AskToJoin:
    """Ask to be let into a private space, with a few words to its organisers."""
    require(actor, "spaces.join")
    words = one_line(words)
    if len(words) > WORDS_LIMIT:
        raise Refused(
            "words_too_long",
            _("Say it in %(limit)s characters or fewer; this has %(has)s.") % {"limit": WORDS_LIMIT, "has": len(words)},
            field="words",
        )
    space = fresh(space)
    way, _mine = way_of(actor.member, space)
    refuse_unless_open(way, space)
    if way == "inside":
        raise Refused("inside", _("You already belong to “%(space)s”.") % {"space": space.name})
    if way == "join":
        raise Refused("can_join", _("“%(space)s” is open to you: join it, there is nothing to ask.") % {"space": space.name})
    if way == "waiting":
        return already(AskToJoin.objects.get(space=space, member__person_id=person_id(actor.member), decided_at__isnull=True))
    ask = AskToJoin.objects.create(space=space, member=actor.member, words=words, asked_at=actor.now)
    record(actor, kinds.ASKED, ask, space=space, name=space.name, told=list(organiser_ids(space)))
    return ask


@action(right="spaces.join")
def take_back_ask(actor: Actor, *, ask: AskToJoin) -> AskToJoin:
    """No longer ask to be let in."""
    require(actor, "spaces.join")
    space, ask = _lock(ask)
    if person_id(ask.member) != person_id(actor.member):
        raise NotFound()
    if ask.decided_at:
        return already(ask)
    ask.decided_at, ask.decided_by_id = actor.now, actor.member.pk
    ask.save(update_fields=["decided_at", "decided_by_id"])
    record(actor, kinds.ASK_TAKEN_BACK, ask, space=space, name=space.name)
    return ask


@action(right="spaces.run")
def let_in(actor: Actor, *, ask: AskToJoin) -> Belonging:
    """Let in somebody who asked to join a private space."""
    require_in(actor, "spaces.run", ask.space)
    space, ask = _lock(ask)
    theirs = Belonging.objects.filter(space=space, member__person_id=person_id(ask.member)).first()
    if theirs is not None:
        return already(theirs)
    if ask.decided_at:
        raise Refused("already_decided", _already_decided(ask), let_in=ask.let_in)
    refuse_unless_inside_above(space, ask.member)
    if space.archived_at:
        raise Refused("closed", _("“%(space)s” is closed. Open it again first.") % {"space": space.name})
    belonging = enter(space, ask.member, actor)
    record(actor, kinds.LET_IN, ask, space=space, other=ask.member, name=space.name)
    return belonging


@action(right="spaces.run")
def turn_down(actor: Actor, *, ask: AskToJoin, reason: str) -> AskToJoin:
    """Tell somebody who asked to join that it is not possible, and why."""
    require_in(actor, "spaces.run", ask.space)
    reason = checked_reason(reason)
    space, ask = _lock(ask)
    if ask.decided_at:
        if ask.let_in is False:
            return already(ask)
        raise Refused("already_decided", _already_decided(ask), let_in=ask.let_in)
    ask.decided_at, ask.decided_by_id, ask.let_in, ask.reason = actor.now, getattr(actor.who, "pk", None), False, reason
    ask.save(update_fields=["decided_at", "decided_by_id", "let_in", "reason"])
    record(actor, kinds.TURNED_DOWN, ask, space=space, other=ask.member, name=space.name, reason=reason)
    return ask


def _lock(ask: AskToJoin) -> tuple[Space, AskToJoin]:
    """The space first, then the ask: the same order everywhere, so that two organisers wait for one another instead of both deciding."""
    space = fresh(ask.space)
    found = AskToJoin.objects.select_for_update(of=("self",)).select_related("member").filter(pk=ask.pk).first()
    if found is None:
        raise NotFound()
    return space, found


def _already_decided(ask: AskToJoin) -> object:
    if ask.let_in is None:
        return _("%(member)s no longer asks to join.") % {"member": ask.member.name}
    if ask.let_in:
        return _("%(member)s has already been let in, and may have left since.") % {"member": ask.member.name}
    return _("Another organiser has already turned %(member)s down. They can ask again.") % {"member": ask.member.name}
