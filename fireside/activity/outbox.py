"""Letters out: written in the transaction of the act, claimed by a lease, sent with a key, retried, parked after eight tries."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from fireside.activity.actor import Actor
from fireside.activity.models import Letter

log = logging.getLogger(__name__)
TRIES = 8
LEASE = timedelta(minutes=2)
Send = Callable[[Mapping[str, Any], str], None]
CHANNELS: dict[str, Send] = {}
_moment: ContextVar[datetime] = ContextVar("moment")


class Undeliverable(Exception):
    """Raised by a channel when trying again is useless (address unknown, refused for good): parked at once."""


def channel(name: str) -> Callable[[Send], Send]:
    """Mark `def send(body, key)` as the way letters of this channel leave. It must pass `key` on where the other side can use it."""

    def wrap(call: Send) -> Send:
        if CHANNELS.setdefault(name, call) is not call:
            raise ValueError(f"Channel {name} is declared twice.")
        return call

    return wrap


def write_letter(
    actor: Actor, *, channel: str, key: str, body: Mapping[str, Any], member: Any = None, due_at: datetime | None = None
) -> Letter:
    """Put a letter into the outbox. The same key is one letter: writing it again gives the first one back."""
    letter, _new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel, "body": dict(body), "member_id": getattr(member, "pk", member),
            "written_at": actor.now, "due_at": due_at or actor.now,
        },
    )  # fmt: skip
    return letter


def send_due(now: datetime, *, limit: int = 20) -> int:
    """Send what is due. At least once towards the outside; the key makes it once where the other side honours it."""
    began = time.monotonic()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    due = Letter.objects.filter(free, sent_at__isnull=True, parked_at__isnull=True, due_at__lte=now).order_by("due_at")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        lease = secrets.token_hex(16)
        mine = Letter.objects.filter(free, pk=pk, sent_at__isnull=True, parked_at__isnull=True)
        moment = now + timedelta(seconds=time.monotonic() - began)  # those before it may have taken longer than a lease
        if mine.update(lease=lease, leased_until=moment + LEASE, tries=F("tries") + 1):
            sent += _send(Letter.objects.get(pk=pk), lease, moment)
    return sent


def sending_at() -> datetime:
    """The time of the round that sends, for a channel that must know what may be read now."""
    return _moment.get()


def unsent() -> "QuerySet[Letter]":
    """Letters that have not left and may still."""
    return Letter.objects.filter(sent_at__isnull=True, let_go_at__isnull=True)


def try_again(pk: int, now: datetime) -> bool:
    """Let a letter that waits or is parked begin its tries anew, now. False when it has left, was let go, or is about to be tried."""
    about_to = Q(parked_at__isnull=True, tries=0, due_at__lte=now)
    return bool(unsent().filter(~about_to, pk=pk).update(parked_at=None, tries=0, due_at=now))


def let_go(pk: int, now: datetime) -> bool:
    """Give a letter up: it never leaves, and what stood in it goes. False when it has left, is leaving, or was let go."""
    at_rest = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    return bool(unsent().filter(at_rest, pk=pk).update(let_go_at=now, parked_at=Coalesce("parked_at", now), body={}, error=""))


def _send(letter: Letter, lease: str, now: datetime) -> bool:
    held = Letter.objects.filter(pk=letter.pk, lease=lease)
    _moment.set(now)
    try:
        CHANNELS[letter.channel](letter.body, letter.key)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:2000]
        final = letter.tries >= TRIES or isinstance(error, Undeliverable)
        log.warning("letter %s (%s) not sent, try %d: %s", letter.pk, letter.channel, letter.tries, words)
        held.update(
            leased_until=None, lease="", error=words, parked_at=now if final else None,
            due_at=now + timedelta(seconds=30 * 4 ** min(letter.tries - 1, 6)),
        )  # fmt: skip
        return False
    held.update(sent_at=now, leased_until=None, lease="", error="")
    return True
