"""What a digest would say to a member today, and when one comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fireside.members.queries import Reached, day_here, reached
from fireside.notifications import rules
from fireside.notifications.digests import Section, sections_for
from fireside.notifications.models import DigestTurn
from fireside.notifications.queries.bounces import why_not_addresses
from fireside.notifications.queries.departures import REASON_WORDS, last_letters
from fireside.notifications.queries.telling import Telling, telling_of


@dataclass(frozen=True)
class DigestPreview:
    """What it would say, and whether it would come: `why_not` a key of rules.SKIPS, "never", or "" with the moment in `after`."""

    who: Reached
    telling: Telling
    days: int
    since: datetime
    sections: Sequence[Section]
    why_not: str
    why: str  # in the reader's language
    after: datetime | None  # not before then, as things stand


def digest_preview(member: Any, now: datetime) -> DigestPreview:
    """For the member themselves, and for those who tend members."""
    person = member.person_id or member.pk
    who, telling = reached([person])[person], telling_of(member)
    days = rules.DIGESTS[telling.digest] or rules.DIGESTS["weekly"]
    since = now - timedelta(days=days)
    sections = sections_for(member, since, now)
    why_not = why_not_digest(who, why_not_addresses([who.address], now)) or ("never" if telling.digest == "never" else "")
    after = None
    if not why_not:
        after = rules.digest_after(
            days=days, today=day_here(now), last_seen=who.last_seen_on, last_letter=last_letters([person]).get(person), now=now
        )
        why_not = "" if after or sections else "empty"
    return DigestPreview(who, telling, days, since, sections, why_not, str(REASON_WORDS.get(why_not, "")), after)


def why_not_digest(who: Reached, bad: dict[str, str]) -> str:
    """What keeps every digest from this person: a key of rules.SKIPS, or ""."""
    obstacle = rules.why_not_person(gone=who.gone, bot=who.is_bot, sample=who.is_sample, address=who.address, verified=who.verified)
    return obstacle or bad.get(who.address, "")


def digests_due(until: datetime) -> int:
    """How many members are looked at until then. One query, on an index."""
    return DigestTurn.objects.filter(absent=False, due_at__lte=until).count()
