"""From a request to an actor: the one place where the web and JSON doors read the clock and throw the dice."""

from datetime import UTC, datetime
from typing import Any

from fireside.activity.actor import Actor


def actor_of(request: Any, via: str = "web") -> Actor:
    """Who acts in this request. Visitors get an actor without a member: reading `actor.member` refuses them."""
    user = request.user if getattr(request.user, "is_authenticated", False) else None
    token = getattr(request, "token", None)
    return Actor(user, via, datetime.now(UTC), scopes=token.scopes if token else None, request_id=getattr(request, "id", ""))


def viewer_of(request: Any) -> Any:
    """The member who looks, or None for a visitor: first argument of every query."""
    return request.user if getattr(request.user, "is_authenticated", False) else None
