"""Who somebody is elsewhere, and who might be whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, QuerySet

from fireside.lib.errors import NotFound
from fireside.members import rules
from fireside.members.models import ClaimLink, Identity, Member, Merge


@dataclass(frozen=True)
class Side:
    """One of two members who may be one person: what is on this side."""

    member: Member
    person: Member
    identities: list[dict[str, Any]]
    traces: int  # members that resolve to the same person, itself among them
    first_seen_at: datetime


def identities_of(member: Member) -> list[dict[str, Any]]:
    """Every identity of the person behind this trace, the oldest first. Two queries: identities with their traces, further names."""
    rows = Identity.objects.filter(member__person_id=member.person_id).select_related("member").prefetch_related("names")
    return [
        {
            "source": row.source, "external_id": row.external_id, "name": row.name, "weak": row.weak, "email": row.email,
            "other_names": [other.name for other in row.names.all()], "first_seen_at": row.first_seen_at, "handle": row.member.handle,
            "undated": bool(row.data.get("undated")),
        }
        for row in rows.order_by("first_seen_at", "pk")[:200]
    ]  # fmt: skip


def side_of(member: Member) -> Side:
    """What a preview shows of one side. Up to four queries: the person, two for identities, the number of traces."""
    person = other_person(member) or member
    identities = identities_of(member)
    traces = Member.objects.filter(person_id=member.person_id).count()
    return Side(member, person, identities, traces, min([member.joined_at, *(one["first_seen_at"] for one in identities)]))


def merges_of(member: Member) -> list[Merge]:
    """Every version of what was said of this trace, the newest first; who was merged into it, too. One query."""
    rows = Merge.objects.filter(Q(member=member) | Q(into=member)).select_related("member", "into")
    return list(rows.order_by("-since", "-pk")[:100])


def traces_by_words(words: str) -> QuerySet[Member]:
    """Members of every sort whose name begins so, or who have exactly this handle, address or name elsewhere."""
    words = words.strip()
    key = rules.search_key(words)
    if not key:
        return Member.objects.filter(removed_at__isnull=True)
    low = words.lower().removeprefix("@")
    elsewhere = Identity.objects.filter(Q(email=low) | Q(external_id=words)).values("member_id")
    found = Q(name_key__startswith=key) | Q(handle=low) | Q(email__iexact=low) | Q(pk__in=elsewhere)
    return Member.objects.filter(found, removed_at__isnull=True)


def look_alikes(limit: int = 20) -> list[dict[str, Any]]:
    """Addresses that several people carry in different sources: worth a look, never merged by themselves. Two queries."""
    several = (
        Identity.objects.exclude(email="").values("email").annotate(people=Count("member__person_id", distinct=True)).filter(people__gt=1)
    )
    emails = list(several.order_by("-people", "email").values_list("email", flat=True)[:limit])
    rows = Identity.objects.filter(email__in=emails).select_related("member").order_by("email", "first_seen_at")
    groups: dict[str, dict[int, Member]] = {email: {} for email in emails}
    for row in rows:
        groups[row.email].setdefault(row.member.person_id or row.member_id, row.member)
    return [{"email": email, "members": list(members.values())} for email, members in groups.items()]


def claimable_by_email(member: Member) -> list[Identity]:
    """Imported traces that carry an address which this member has verified here, and which nobody has claimed. Two queries."""
    mine = [email.lower() for email in EmailAddress.objects.filter(user=member, verified=True).values_list("email", flat=True)]
    if not mine:
        return []
    rows = Identity.objects.filter(email__in=mine, member__email__isnull=True, member__removed_at__isnull=True).select_related("member")
    return [row for row in rows.exclude(member__person_id=member.person_id)[:20] if row.member.person_id == row.member_id]


def trace_of_link(secret: str, now: datetime) -> Member | None:
    """Whose trace a living claim link is for; None when it has been used, has lapsed, or never was."""
    link = ClaimLink.objects.select_related("member").filter(hash=rules.hash_of(secret), used_at__isnull=True, expires_at__gt=now).first()
    return link.member if link else None


def other_person(member: Member) -> Member | None:
    """The person that a merged member belongs to; None for everybody else, without a query."""
    return Member.objects.get(pk=member.person_id) if member.person_id and member.person_id != member.pk else None


def claimable_trace(member: Member, handle: str) -> Member:
    """One of these traces, by its handle; one already claimed by this member counts, so that asking twice is harmless."""
    mine = [email.lower() for email in EmailAddress.objects.filter(user=member, verified=True).values_list("email", flat=True)]
    found = Member.objects.filter(handle=handle, identities__email__in=mine or ["-"]).first()
    if found is None:
        raise NotFound()
    return found
