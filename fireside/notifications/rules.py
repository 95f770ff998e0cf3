"""Pure decisions about telling: what belongs together, and how many voices become one sentence."""

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit

from fireside.lib.text import joined

STOPS_AT = 99  # the bell counts no further
NAMED = 2  # people called by name in a grouped notice
KEPT_DAYS = 180  # how long a notice that was seen is kept


def thing_of(target_type: str, target_id: int | None, parent_id: int | None, space_id: int | None) -> str:
    """What a notice is about, so that several of one kind on one thing become one row: the topic of a post, the space, the row itself."""
    if parent_id:
        return f"{target_type.partition('.')[0]}:{parent_id}"
    if space_id:
        return f"space:{space_id}"
    return f"{target_type}:{target_id or 0}"


def places_in(sentence: str) -> set[str]:
    """The names of the places in a sentence: {actor} … {title}."""
    return {name for _text, name, _spec, _conv in string.Formatter().parse(sentence) if name}


def fill(sentence: str, values: Mapping[str, Any], missing: Any = "…") -> str:
    """The sentence with its places filled, and room between Han and Latin. Values are put in as they are: braces in them mean nothing."""
    parts: list[str] = []
    for text, name, _spec, _conv in string.Formatter().parse(sentence):
        parts.append(text)
        if name is not None:
            parts.append(values.get(name, missing))
    return joined(parts)


def capital(words: str) -> str:
    """A sentence begins with a capital, whoever it begins with. Nothing changes in scripts without capitals."""
    return words[:1].upper() + words[1:]


def newest_voices(voices: Sequence[tuple[int, int]], named: int = NAMED) -> tuple[list[int], int]:
    """Of (person, moment) pairs: the persons to be named, the newest first, and how many others there are."""
    latest: dict[int, int] = {}
    for person, moment in voices:
        latest[person] = max(moment, latest.get(person, moment))
    order = sorted(latest, key=lambda person: -latest[person])
    if len(order) <= named + 1:
        return order, 0  # three are named rather than "and 1 other"
    return order[:named], len(order) - named


# ── what leaves the house ──
DELAY = timedelta(minutes=10)  # a notice is not worth a letter to somebody who is just here
A_DAY = 100  # letters to one person within 24 hours; whatever else happened waits in the bell
IN_ONE = 20  # notices that one letter spells out
WAYS = ("email", "push")
ALL_WAYS = ("email", "digest", "push")
# Why something did not leave, in the order in which it is asked.
SKIPS = (
    "seen", "gone", "bot", "sample", "no_address", "unverified", "bounces", "complained", "off", "kind_off", "hidden", "kind_gone", "daily_limit",
    "absent", "empty", "quiet", "device_gone",
)  # fmt: skip
DEPARTURES_KEPT_DAYS = 90


# How letters to an address fare, in tenths: what comes back weighs more than what arrives, and is forgotten when nothing came back for long.
WEIGHTS = {"soft": 10, "hard": 20, "sent": -1}
TOO_MANY = 40  # from here on only letters about the account go there
FORGOTTEN = timedelta(days=30)
SOFT_AGAIN = timedelta(days=1)  # who puts a letter off says so at every try


def bounce_score(score: int, what: str, *, since: timedelta | None) -> int:
    """The score after something was sent, or came back (a key of WEIGHTS), so long `since` the last one came back (None: never)."""
    if since is not None and since >= FORGOTTEN:
        score, since = 0, None
    if what == "soft" and since is not None and since < SOFT_AGAIN:
        return score
    return max(0, score + WEIGHTS[what])


def why_not_address(score: int, *, since: timedelta | None, complained: bool) -> str:
    """What keeps letters from an address: a key of SKIPS, or ""."""
    if complained:
        return "complained"
    return "bounces" if score >= TOO_MANY and since is not None and since < FORGOTTEN else ""


def quiet_until(now: datetime, zone: tzinfo, quiet_from: int, quiet_to: int) -> datetime | None:
    """When the quiet hours end in which `now` lies, in the reader's own zone; None outside them. Minutes since midnight; the end is awake."""
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if quiet_from == quiet_to:
        return None
    over_night = quiet_from > quiet_to
    inside = (minute >= quiet_from or minute < quiet_to) if over_night else quiet_from <= minute < quiet_to
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_night and minute >= quiet_from else 0)
    ends = datetime(day.year, day.month, day.day, quiet_to // 60, quiet_to % 60, tzinfo=zone).astimezone(now.tzinfo)
    return max(ends, now + timedelta(minutes=1))  # where the clocks are put back, the hour comes twice


def minutes_of(words: str) -> int | None:
    """A time of day as minutes since midnight: "22:30". None for what is none."""
    hour, _colon, minute = words.strip().replace("：", ":").partition(":")
    if not (
        hour.isascii() and hour.isdigit() and len(hour) < 3 and (minute or "0").isascii() and (minute or "0").isdigit() and len(minute) < 3
    ):
        return None
    found = int(hour) * 60 + int(minute or 0)
    return found % 1440 if int(hour) <= 24 and int(minute or 0) < 60 and found <= 1440 else None


def clock_of(minutes: int) -> str:
    """The other way round: 1350 is "22:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def why_not_person(*, gone: bool, bot: bool, sample: bool, address: str, verified: bool) -> str:
    """What keeps every letter from somebody, whatever it says: a key of SKIPS, or ""."""
    if gone or bot or sample:
        return "gone" if gone else "bot" if bot else "sample"
    return "no_address" if not address else "" if verified else "unverified"


def why_not_notice(*, seen: bool, known: bool, open_to: bool, wanted: bool) -> str:
    """What keeps one notice out of a letter: a key of SKIPS, or ""."""
    if seen:
        return "seen"
    if not known:
        return "kind_gone"
    if not wanted:
        return "kind_off"
    return "" if open_to else "hidden"


# ── digests ──
DIGESTS = {"never": 0, "daily": 1, "weekly": 7, "monthly": 30}  # days
ABSENT = 180  # days: who was away for longer has another life, and letters to dead mailboxes harm those to living ones


def digest_after(*, days: int, today: date, last_seen: date | None, last_letter: datetime | None, now: datetime) -> datetime | None:
    """None when a digest is due: their last visit and the last letter both lie `days` back. Else when to look again."""
    waits = []
    if last_seen is not None and (away := (today - last_seen).days) < days:
        waits.append(now + timedelta(days=days - away))
    if last_letter is not None and now < last_letter + timedelta(days=days):
        waits.append(last_letter + timedelta(days=days))
    return max(waits, default=None)


# ── web push ──
PUSH_DELAY = timedelta(minutes=1)  # who is just here sees it before
PUSH_DEVICES = 20  # of one person; the oldest makes room


def why_not_endpoint(address: str) -> str:
    """Push services are asked over TLS at their own port: an address that somebody made up must not reach into our own network."""
    parts = urlsplit(address)
    try:
        fine = (
            parts.scheme == "https" and bool(parts.hostname) and parts.port in (None, 443) and not parts.username and len(address) <= 1000
        )
    except ValueError:
        fine = False
    return "" if fine else "endpoint_wrong"
