"""The shared cache on Valkey, which may go away: then each process counts and remembers by itself until it is back.

Nothing that anybody wrote stands in it: only limits of sign-in and what can be made anew. (Limits of requests go on in the database,
see limits.py.)
"""

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)
REST = 3.0  # seconds for which a Valkey that did not answer is not asked again
_rests_until = 0.0


def is_away() -> bool:
    """Whether Valkey did not answer a moment ago."""
    return time.monotonic() < _rests_until


def note_away(why: BaseException) -> None:
    global _rests_until
    if not is_away():
        log.warning("valkey does not answer: each process counts by itself until it does (%s)", type(why).__name__)
    _rests_until = time.monotonic() + REST


class ValkeyCache(RedisCache):
    """Django's own, with the near cache in its place while Valkey is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        params["OPTIONS"] = {"retry": Retry(NoBackoff(), 1), **params.get("OPTIONS", {})}  # a page waits for it
        super().__init__(server, params)


def _through(name: str) -> Any:
    def call(self: ValkeyCache, *given: Any, **named: Any) -> Any:
        from redis.exceptions import ConnectionError, TimeoutError

        if not is_away():
            try:
                return getattr(RedisCache, name)(self, *given, **named)
            except (ConnectionError, TimeoutError, OSError) as why:
                note_away(why)
        return getattr(caches["near"], name)(*given, **named)

    call.__name__ = name
    return call


for _name in ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear"):
    setattr(ValkeyCache, _name, _through(_name))
