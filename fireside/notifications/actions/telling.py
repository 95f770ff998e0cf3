"""How somebody wants to be told outside these pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.kinds import KINDS
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members.rights import require
from fireside.notifications import kinds, rules
from fireside.notifications.models import DigestTurn, TellingChoice
from fireside.notifications.queries.telling import Telling, telling_of

REFUSALS = {
    "digest": _("Choose one of: %(known)s."),
    "quiet": _("Write quiet hours like 22:00-08:00, or “none” for none."),
    "kind": _("Nobody is told of “%(kind)s” here. Choose among: %(known)s."),
}


@quiet(right="self.change")
def change_telling(
    actor: Actor,
    *,
    email: bool | None = None,
    digest: str | None = None,
    quiet: str | None = None,
    yes: list[str] | None = None,
    no: list[str] | None = None,
    push_yes: list[str] | None = None,
    push_no: list[str] | None = None,
) -> Telling:
    """Choose how you are told outside these pages; what is not given stays. `digest` never, daily, weekly or monthly; `quiet` 22:00-08:00 or none; `yes`, `no`: kinds that come by e-mail, or do not; `push_yes`, `push_no` the same by push."""
    require(actor, "self.change")
    person = actor.member.person_id or actor.member.pk
    _keep(actor, person, _wanted(email, digest, quiet, {"email": (yes, no), "push": (push_yes, push_no)}))
    return telling_of(actor.member)


@action(right="community.change")
def change_community_telling(
    actor: Actor,
    *,
    email: bool | None = None,
    digest: str | None = None,
    quiet: str | None = None,
    yes: list[str] | None = None,
    no: list[str] | None = None,
    push_yes: list[str] | None = None,
    push_no: list[str] | None = None,
) -> Telling:
    """Choose how members are told who have chosen nothing else. What each of them chose themselves stays."""
    require(actor, "community.change")
    before, wanted = telling_of(None), _wanted(email, digest, quiet, {"email": (yes, no), "push": (push_yes, push_no)})
    _keep(actor, None, wanted)
    after = telling_of(None)
    if after == before:
        return already(after)
    record(actor, kinds.TELLING_CHANGED, fields=sorted(name for name, value in wanted.items() if value is not None))
    return after


def _wanted(email: bool | None, digest: str | None, quiet: str | None, by_way: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """What was asked for, checked."""
    chosen = {way: {**dict.fromkeys(_listed(yes), True), **dict.fromkeys(_listed(no), False)} for way, (yes, no) in by_way.items()}
    known = sorted(name for name, kind in KINDS.items() if kind.audience is not None)
    for kind in {kind for one in chosen.values() for kind in one}:
        if kind not in known:
            raise Refused("kind_unknown", REFUSALS["kind"] % {"kind": kind[:64], "known": ", ".join(known)}, field="yes")
    if digest is not None and digest not in rules.DIGESTS:
        raise Refused("digest_unknown", REFUSALS["digest"] % {"known": ", ".join(rules.DIGESTS)}, field="digest")
    given = any(chosen.values())
    return {"email": email, "digest": digest, "quiet": None if quiet is None else _hours(quiet), "kinds": chosen if given else None}


def _listed(given: list[str] | str | None) -> list[str]:
    return given.replace(",", " ").split() if isinstance(given, str) else list(given or [])


def _hours(words: str) -> tuple[int, int]:
    words = words.strip().lower().replace("–", "-").replace("—", "-")
    if words in {"", "none", "-"}:
        return 0, 0
    begin, _dash, end = words.partition("-")
    first, last = rules.minutes_of(begin), rules.minutes_of(end)
    if first is None or last is None:
        raise Refused("quiet_wrong", REFUSALS["quiet"], field="quiet")
    return first, last


def _keep(actor: Actor, person: int | None, wanted: Mapping[str, Any]) -> None:
    """One row for each person, locked while it changes: two pages at once both keep what they changed."""
    whose: dict[str, Any] = {"member_id": person} if person else {"member__isnull": True}
    if not TellingChoice.objects.filter(**whose).exists():
        TellingChoice.objects.bulk_create([TellingChoice(member_id=person, changed_at=actor.now)], ignore_conflicts=True)
    row = TellingChoice.objects.select_for_update().get(**whose)
    if wanted["email"] is not None:
        row.email = wanted["email"]
    if wanted["digest"] is not None:
        row.digest = wanted["digest"]
    if wanted["quiet"] is not None:
        row.quiet_from, row.quiet_to = wanted["quiet"]
    if wanted["kinds"]:
        row.kinds = {**row.kinds, **{way: {**row.kinds.get(way, {}), **some} for way, some in wanted["kinds"].items()}}
    row.changed_at = actor.now
    row.save()
    if wanted["digest"] and person:
        DigestTurn.objects.filter(member=person).update(due_at=actor.now)  # looked at anew, by what they chose
