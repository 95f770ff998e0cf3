"""The community itself: setting it up, changing how it presents itself."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.lib.text import one_line, plain
from fireside.members import kinds, rules
from fireside.members.actions.joining import actor_as, add_member
from fireside.members.models import Community, Role
from fireside.members.queries import forget_community
from fireside.members.rights import require


@action(right="community.found")
def set_up_community(
    actor: Actor, *, name: str, purpose: str, kind: str, languages: Sequence[str], time_zone: str, owner_name: str, owner_email: str,
    owner_password: str | None = None, is_sample: bool = False,
) -> Community:  # fmt: skip
    """Make the community of this house and its owner. Possible once, while there is none."""
    require(actor, "community.found")
    words = checked_words(name=name, purpose=purpose, kind=kind, languages=languages, time_zone=time_zone)
    try:
        with transaction.atomic():
            community = Community.objects.create(pk=1, **words, is_sample=is_sample, made_at=actor.now)
    except IntegrityError as there:
        raise Refused("set_up_already", _("This house has a community already. Sign in instead.")) from there
    forget_community()
    # Who holds the set-up link holds the machine: the owner's address needs no further proof.
    owner = add_member(
        actor, name=owner_name, email=owner_email, password=owner_password, language=words["languages"][0], role=Role.OWNER,
        is_sample=is_sample, email_is_verified=True,
    )  # fmt: skip
    record(actor_as(actor, owner), kinds.COMMUNITY_SET_UP, community, name=community.name)
    return community


@action(right="community.change", grave=True)
def change_community(
    actor: Actor, *, name: str | None = None, purpose: str | None = None, kind: str | None = None, languages: Sequence[str] | None = None,
    time_zone: str | None = None,
) -> Community:  # fmt: skip
    """Change the name, purpose, kind, languages or time zone of the community."""
    require(actor, "community.change")
    community = Community.objects.select_for_update().filter(pk=1).first()
    if community is None:
        raise Refused("not_set_up", _("There is no community yet. Set it up first."))
    given = {"name": name, "purpose": purpose, "kind": kind, "languages": languages, "time_zone": time_zone}
    was = {field: getattr(community, field) for field in given}
    words = checked_words(**{field: was[field] if value is None else value for field, value in given.items()})
    changed = [field for field in given if words[field] != was[field]]
    if not changed:
        return already(community)
    for field in changed:
        setattr(community, field, words[field])
    community.save(update_fields=changed)
    forget_community()
    record(actor, kinds.COMMUNITY_CHANGED, community, fields=changed)
    return community


def choose(actor: Actor, room: str, name: str, value: Any) -> None:
    """Write one choice of the community down, inside an act of a higher app that has asked whether the actor may."""
    community = Community.objects.select_for_update().filter(pk=1).first()
    if community is None:
        raise Refused("not_set_up", _("There is no community yet. Set it up first."))
    community.settings = {**community.settings, room: {**community.settings.get(room, {}), name: value}}
    community.save(update_fields=["settings"])
    forget_community()


def checked_words(*, name: Any, purpose: Any, kind: Any, languages: Any, time_zone: Any) -> dict[str, Any]:
    """The community's own words, cleaned; or a refusal that says what to write instead."""
    name, purpose = rules.clean_name(name), plain(purpose)
    if obstacle := rules.why_not_name(name):
        raise Refused(
            f"name_{obstacle}", _("Give the community a name of 1 to %(limit)s characters.") % {"limit": rules.NAME_LIMIT}, field="name"
        )
    if len(purpose) > 2000:
        raise Refused("purpose_long", _("Say the purpose in at most 2000 characters."), field="purpose")
    if kind not in rules.KINDS:
        raise Refused("kind_unknown", _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(rules.KINDS)}, field="kind")
    languages = languages.replace(",", " ").split() if isinstance(languages, str) else list(languages)
    known = dict(settings.LANGUAGES)
    if not languages or len(set(languages)) < len(languages) or not set(languages) <= set(known):
        raise Refused(
            "languages_unknown",
            _("Choose at least one of these languages, each once: %(known)s.") % {"known": ", ".join(known)},
            field="languages",
        )
    return {"name": name, "purpose": purpose, "kind": kind, "languages": languages, "time_zone": checked_zone(time_zone)}


def checked_zone(name: str) -> str:
    """A time zone as the tz database names it."""
    name = one_line(name)
    if name not in known_zones():
        raise Refused(
            "zone_unknown",
            _("“%(zone)s” is no time zone. Write one like Asia/Shanghai or Europe/Berlin.") % {"zone": name[:64]},
            field="time_zone",
        )
    return ZoneInfo(name).key


@cache
def known_zones() -> frozenset[str]:
    """All zones of this machine: a walk through 600 files, taken once."""
    return frozenset(available_timezones())
