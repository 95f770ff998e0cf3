"""Pure decisions about what links lead to."""

from datetime import datetime, timedelta

LINKS_MOST = 3  # shown in one post
FRESH = timedelta(days=30)  # then it is asked again
LEASE = timedelta(minutes=5)
TRIES = 3


def next_asking(now: datetime, *, tries: int) -> datetime:
    """When an address is asked again: after a month, or sooner while it has failed only a few times."""
    return now + (timedelta(hours=tries * tries) if 0 < tries < TRIES else FRESH)
