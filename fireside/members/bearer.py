"""The token that a program sends along, read once a request: who counts requests asks first, the JSON door after it."""

import re
from dataclasses import dataclass
from typing import Any

from fireside.activity.doors import actor_of
from fireside.members.models import Token
from fireside.members.queries import living_token

SHAPE = re.compile(r"fs_[A-Za-z0-9_-]{43}")  # as actions.make_token makes them


@dataclass(frozen=True)
class Sent:
    """What came with the request: a living token, or something that is none."""

    token: Token | None


def sent_with(request: Any) -> Sent | None:
    """None when no token was sent. What cannot be a token costs no query; one that can costs one, however often it is asked for."""
    if not hasattr(request, "sent_token"):
        request.sent_token = _read(request)
    found: Sent | None = request.sent_token
    return found


def _read(request: Any) -> Sent | None:
    given = request.headers.get("Authorization", "")
    if not given:
        return None
    scheme, _space, secret = given.partition(" ")
    if scheme.lower() != "bearer" or not SHAPE.fullmatch(secret.strip()):
        return Sent(None)
    return Sent(living_token(secret.strip(), actor_of(request, "json").now))
