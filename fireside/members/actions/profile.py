"""What members change about themselves."""

from django.db import IntegrityError, transaction

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.members import kinds, pictures, rules
from fireside.members.actions.joining import checked_handle, checked_name, checked_profile, handle_taken, refuse_unspoken
from fireside.members.models import Member
from fireside.members.rights import require

FIELDS = ("name", "handle", "language", "time_zone", "about", "why", "theme", "shortcuts")


@action(right="self.change")
def change_profile(
    actor: Actor, *, name: str | None = None, handle: str | None = None, language: str | None = None, time_zone: str | None = None,
    about: str | None = None, why: str | None = None, theme: str | None = None, shortcuts: bool | None = None,
) -> Member:  # fmt: skip
    """Change your own profile; what is not given stays."""
    require(actor, "self.change")
    if language:
        refuse_unspoken(language)
    member = Member.objects.select_for_update().get(pk=actor.member.pk)
    was = {field: getattr(member, field) for field in FIELDS}
    wanted = {
        **was,
        **{f: v for f, v in zip(FIELDS, (name, handle, language, time_zone, about, why, theme, shortcuts), strict=True) if v is not None},
    }
    wanted["name"] = checked_name(wanted["name"]) if name is not None else was["name"]
    wanted["handle"] = checked_handle(wanted["handle"]) if handle is not None else was["handle"]
    wanted |= checked_profile(**{field: wanted[field] for field in FIELDS[2:-1]})
    changed = [field for field in FIELDS if wanted[field] != was[field]]
    if not changed:
        return already(member)
    for field in changed:
        setattr(member, field, wanted[field])
    member.name_key = rules.search_key(member.name)
    try:
        with transaction.atomic():
            member.save(update_fields=[*changed, "name_key"])
    except IntegrityError:
        raise handle_taken(member.handle) from None
    record(actor, kinds.PROFILE_CHANGED, member, fields=changed)
    return member


@action(right="self.change")
def set_picture(actor: Actor, *, picture: bytes) -> Member:
    """Set your picture: cut square, made small, and without what the camera wrote into it."""
    require(actor, "self.change")
    kept = pictures.keep(picture)
    member = Member.objects.select_for_update().get(pk=actor.member.pk)
    if member.picture == kept:
        return already(member)
    member.picture = kept
    member.save(update_fields=["picture"])
    record(actor, kinds.PROFILE_CHANGED, member, fields=["picture"])
    return member


@action(right="self.change")
def remove_picture(actor: Actor) -> Member:
    """Go without a picture: the first character of your name stands in."""
    require(actor, "self.change")
    member = Member.objects.select_for_update().get(pk=actor.member.pk)
    if not member.picture:
        return already(member)
    member.picture = ""
    member.save(update_fields=["picture"])
    record(actor, kinds.PROFILE_CHANGED, member, fields=["picture"])
    return member
