"""What a member has been told, how they want to be told, and what became of what was to leave the house."""

from fireside.notifications.queries.bell import (
    SHOWN,
    Row,
    Told,
    get_notice,
    has_unread,
    kinds_told,
    last_notice_id,
    list_notices,
    notices_after,
    notices_of_person,
    own_notices,
    sentence,
    unread_about,
    unseen,
    unseen_count,
    unseen_rows,
    unwanted_among,
)
from fireside.notifications.queries.bounces import list_bounces
from fireside.notifications.queries.departures import Departures, departures, list_departures, told_reasons
from fireside.notifications.queries.digests import DigestPreview, digest_preview, digests_due
from fireside.notifications.queries.push import devices_of, get_device, push_key
from fireside.notifications.queries.telling import Telling, TellingKind, offered_kinds, telling_of, tellings_of

__all__ = [
    "SHOWN",
    "Departures",
    "DigestPreview",
    "Row",
    "Telling",
    "TellingKind",
    "Told",
    "departures",
    "devices_of",
    "digest_preview",
    "digests_due",
    "get_device",
    "get_notice",
    "has_unread",
    "kinds_told",
    "last_notice_id",
    "list_bounces",
    "list_departures",
    "list_notices",
    "notices_after",
    "notices_of_person",
    "offered_kinds",
    "own_notices",
    "push_key",
    "sentence",
    "telling_of",
    "tellings_of",
    "told_reasons",
    "unread_about",
    "unseen",
    "unseen_count",
    "unseen_rows",
    "unwanted_among",
]
