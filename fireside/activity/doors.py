"""From a request to an actor: the one place where the web and JSON doors read the clock and throw the dice."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fireside.activity.actor import Actor

_surely: Callable[[Any], bool] | None = None


def surely_by(ask: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Decorator: this function says of a request of somebody signed in whether they have shown lately that it is them."""
    global _surely
    _surely = ask
    return ask


def actor_of(request: Any, via: str = "web") -> Actor:
    """Who acts in this request. Visitors get an actor without a member: reading `actor.member` refuses them.

    A program with a token is as sure as its token: whoever made it had to show then who they are.
    """
    user = request.user if getattr(request.user, "is_authenticated", False) else None
    token = getattr(request, "token", None)
    surely = None if user is None or token is not None or _surely is None else partial(_surely, request)
    return Actor(user, via, datetime.now(UTC), scopes=token.scopes if token else None, request_id=getattr(request, "id", ""), surely=surely)


def viewer_of(request: Any) -> Any:
    """The member who looks, or None for a visitor: first argument of every query."""
    return request.user if getattr(request.user, "is_authenticated", False) else None
