"""Asking to be forgotten, taking it back, and forgetting somebody by those who run the community."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs
from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.activity.outbox import write_letter
from fireside.lib.errors import Refused
from fireside.lib.reasons import reason_given
from fireside.members.actions.erasing import person_behind, stop_acting
from fireside.members.actions.merges import require_over
from fireside.members.models import Member, Role
from fireside.members.queries import get_community
from fireside.members.rights import require
from fireside.site import kinds
from fireside.site.models import Erasure
from fireside.site.rules import ERASURE_DAYS, REASON_LIMIT

OWNER_FIRST = _("The owner cannot leave the community without one. Entrust it to somebody else first, under People.")
NOTHING_ASKED = _("Nothing was asked that could be taken back.")
NOT_MEANT = _("Write your own handle, %(handle)s, so that nobody is forgotten by a slip.")
NO_REASON = _("Say in a few words why: the log keeps it.")
WORDS_WRONG = _("Choose one of: remove, keep.")


@action(right="self.erase", grave=True)
def ask_to_be_erased(actor: Actor, *, handle: str, words: str = "remove") -> Erasure:
    """Ask to be forgotten: in 14 days, until when you can take it back. handle: your own, so that it is meant. words=remove: what you said goes too; keep: it stays without your name."""
    require(actor, "self.erase")
    if handle.strip().removeprefix("@").casefold() != actor.member.handle:
        raise Refused("not_meant", NOT_MEANT % {"handle": actor.member.handle}, field="handle")
    _check(actor.member, words)
    person = int(actor.member.person_id)
    there = open_erasure(person)
    if there is not None and there.words == words:
        return already(there)
    if there is not None:
        there.words = words
        there.save(update_fields=["words"])
        return already(there)
    row = _new(actor, person, words, actor.now + timedelta(days=ERASURE_DAYS))
    record(actor, kinds.ERASURE_ASKED)
    _tell(actor, row)
    return row


@action(right="self.erase")
def take_back_erasure(actor: Actor) -> Erasure:
    """Take back that you asked to be forgotten."""
    require(actor, "self.erase")
    there = open_erasure(actor.member.person_id)
    if there is None or not Erasure.objects.filter(pk=there.pk, due_at__gt=actor.now).update(taken_back_at=actor.now):
        raise Refused("nothing_asked", NOTHING_ASKED)
    record(actor, kinds.ERASURE_TAKEN_BACK)
    there.refresh_from_db()
    return there


@action(right="members.erase", grave=True)
def erase_member(actor: Actor, *, member: Member, reason: str, words: str = "remove") -> Erasure:
    """Forget somebody at once: their name, what they said of themselves and (words=remove) all they said. It cannot be undone."""
    require(actor, "members.erase")
    reason = reason_given(reason, limit=REASON_LIMIT, missing=NO_REASON)
    person = person_behind(member)
    require_over(actor, person)
    _check(person, words)
    there = open_erasure(person.pk)
    if there is None:
        there = _new(actor, person.pk, words, actor.now)
    Erasure.objects.filter(pk=there.pk).update(due_at=actor.now, words=words, by_id=getattr(actor.who, "pk", None), reason=reason)
    stop_acting(person)
    record(actor, kinds.ERASURE_ORDERED, person, other=person, reason=reason)
    begin(actor, there)
    there.refresh_from_db()
    return there


def begin(actor: Actor, erasure: Erasure) -> None:
    """Put the work in line. Asked for twice it is done once."""
    jobs.ask_once(Actor(None, "worker", actor.now), "site.erase", key=f"erase:{erasure.member_id}", erasure=erasure.pk)


@quiet(passing=True)
def end_erasure(actor: Actor, *, erasure: Erasure, traces: list[Any]) -> None:
    """In the commit that forgets."""
    Erasure.objects.filter(pk=erasure.pk).update(done_at=actor.now, reason="", traces=traces)


def erasure_again(actor: Actor, *, person: int, words: str) -> Erasure:
    """Of somebody whom an archive brought back: due at once, by nobody's asking."""
    return open_erasure(person) or _new(actor, person, words, actor.now)


def due(now: datetime) -> list[Erasure]:
    return list(Erasure.objects.filter(taken_back_at=None, done_at=None, due_at__lte=now).order_by("due_at")[:50])


def due_erasure(pk: int, now: datetime) -> Erasure | None:
    """This one, if it is to be done."""
    return Erasure.objects.filter(pk=pk, taken_back_at=None, done_at=None, due_at__lte=now).first()


def open_erasure(person: int | None) -> Erasure | None:
    """What this person asked and what is not done yet."""
    if person is None:
        return None
    return Erasure.objects.filter(member_id=person, taken_back_at=None, done_at=None).first()


def _check(person: Member, words: str) -> None:
    if words not in Erasure.Words.values:
        raise Refused("words_wrong", WORDS_WRONG, field="words")
    if person.role == Role.OWNER:
        raise Refused("owner_first", OWNER_FIRST)
    if person.removed_at is not None:
        raise Refused("erased_already", _("This member is forgotten already."))


def _new(actor: Actor, person: int, words: str, due_at: datetime) -> Erasure:
    try:
        with transaction.atomic():
            return Erasure.objects.create(member_id=person, words=words, asked_at=actor.now, due_at=due_at)
    except IntegrityError:
        return Erasure.objects.get(member_id=person, taken_back_at=None, done_at=None)


def _tell(actor: Actor, row: Erasure) -> None:
    """So that nobody is forgotten by somebody else's hand on their telephone."""
    member, community = actor.member, get_community()
    if not (member.email and settings.MAIL and community):
        return
    with translation.override(member.language or community.languages[0]):
        day = date_format(row.due_at, "DATE_FORMAT")
        facts = {"community": community.name, "day": day, "href": f"{settings.ADDRESS}/me/data"}
        subject = gettext("%(community)s forgets you on %(day)s") % facts
        text = gettext("You asked %(community)s to forget you. That happens on %(day)s and cannot be undone then. Until that day you can take it back: %(href)s\n\nIf this was not you, take it back and set a new password.") % facts  # fmt: skip
    body = {"to": member.email, "subject": subject, "text": text}
    write_letter(actor, channel="email", key=f"erasure-{row.pk}", body=body, member=member)
