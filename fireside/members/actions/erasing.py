"""A tombstone in place of a member: what they were called, who they were elsewhere, and how they came in, is gone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.members import rules
from fireside.members.models import Identity, Member, Merge, Role

GONE = "Former member"  # as stored; pages say it in the reader's language


@dataclass(frozen=True)
class Known:
    """How a person was known here and elsewhere: what is looked for where their name may stand."""

    members: tuple[int, ...]
    joined: tuple[tuple[int, datetime], ...]
    handles: tuple[str, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    outside: tuple[str, ...]  # ids that sources gave them, and what lists told of them

    def is_theirs(self, word: str) -> bool:
        """Is this word theirs, or does it hold an address or an outside name of theirs?"""
        said = word.casefold()
        if said in {one.casefold() for one in (*self.handles, *self.names)}:
            return True
        return any(len(one) > 3 and one.casefold() in said for one in (*self.addresses, *self.names, *self.outside))


def known_of(members: Collection[int]) -> Known:
    rows = list(Member.objects.filter(pk__in=members).order_by("pk"))
    identities = list(Identity.objects.filter(member__in=members).prefetch_related("names"))
    addresses = {row.email for row in rows if row.email} | {one.email for one in identities if one.email}
    addresses |= set(EmailAddress.objects.filter(user__in=members).values_list("email", flat=True))
    names = {row.name for row in rows} | {one.name for one in identities} | {more.name for one in identities for more in one.names.all()}
    outside = {one.external_id for one in identities if not one.external_id.isdecimal()}
    outside |= {word for one in identities for word in _words(one.data)}
    return Known(
        tuple(row.pk for row in rows), tuple((row.pk, row.joined_at) for row in rows), tuple(row.handle for row in rows),
        tuple(sorted(filter(None, names))), tuple(sorted(addresses)), tuple(sorted(outside)),
    )  # fmt: skip


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) > 3 else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for one in inner for word in _words(one)]


def sealed(source: str, external_id: str) -> str:
    """An identity that was erased, as it is known again by this house when the same history comes in once more. It names nobody."""
    return "erased:" + salted_hmac("members.erased", f"{source}\0{external_id}").hexdigest()[:40]


def erased_among(source: str, external_ids: Collection[str]) -> dict[str, int]:
    """Those of a source who were erased here: their tombstones. A history that comes in once more brings nobody back."""
    seals = {sealed(source, one): one for one in external_ids}
    found = Identity.objects.filter(source=source, external_id__in=list(seals)).values_list("external_id", "member_id")
    return {seals[seal]: pk for seal, pk in found}


@quiet(passing=True)
def lay_tombstone(actor: Actor, *, members: Collection[int]) -> None:
    """Nothing that these members said of themselves stays, nor any way in. Rows that name them still do: they name a former member."""
    pictures = set(Member.objects.filter(pk__in=members).exclude(picture="").values_list("picture", flat=True))
    for row in Member.objects.select_for_update().filter(pk__in=members):
        row.name, row.handle, row.email = GONE, f"former-{row.pk}", None
        row.name_key, row.role, row.password = rules.search_key(GONE), Role.MEMBER, "!"
        row.language = row.time_zone = row.about = row.why = row.picture = row.theme = row.bot_reason = ""
        row.last_login = row.last_seen_on = None
        row.is_active, row.removed_at = False, row.removed_at or actor.now
        row.save()
    for identity in Identity.objects.filter(member__in=members):
        identity.names.all().delete()
        identity.external_id = sealed(identity.source, identity.external_id)
        identity.name, identity.email, identity.data = GONE, "", {"undated": True} if identity.data.get("undated") else {}
        identity.save()
    Merge.objects.filter(member__in=members).update(reason="")
    Merge.objects.filter(into__in=members).update(reason="")
    for path in pictures - set(Member.objects.filter(picture__in=pictures).values_list("picture", flat=True)):
        default_storage.delete(path)


def stop_acting(member: Member) -> None:
    """From now on nothing more comes from this person, under any of their names."""
    Member.objects.filter(person_id=member.person_id or member.pk).update(is_active=False)


def person_behind(member: Member) -> Member:
    """The person that a trace resolves to, read anew."""
    return Member.objects.get(pk=member.person_id or member.pk)


def end_sessions(members: Collection[int]) -> int:
    """Whoever is signed in as one of these is not any more."""
    gone, wanted = 0, {str(pk) for pk in members}
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") in wanted:
            session.delete()
            gone += 1
    return gone


def still_here(traces: Collection[Any]) -> list[int]:
    """Which of [[id, when it joined], …] stand here as they did before they were erased."""
    joined = {pk: datetime.fromisoformat(at) for pk, at in traces}
    rows = Member.objects.filter(pk__in=joined, removed_at=None).order_by("pk").values_list("pk", "joined_at")
    return [pk for pk, at in rows if at == joined[pk]]
