"""The three ways to say no. Each door translates them once: a page, JSON, an exit code."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any


class Refusal(Exception):
    """Something was asked that will not be done. `code` is for programs, `message` for people (may be lazy)."""

    status = 409

    def __init__(self, code: str, message: Any, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts: Mapping[str, Any] = facts

    def __str__(self) -> str:
        return str(self.message)


class Refused(Refusal):
    """Allowed in general, but not now or not like this. The message says what to do. HTTP 409."""


class NotAllowed(Refusal):
    """This actor may not do this. The message says what would change that. HTTP 403."""

    status = 403


class TooSoon(Refused):
    """Allowed in general, but not so often or so much. `wait`: seconds after which it may be tried again, 0 when waiting does not help.

    HTTP 429 with Retry-After, else 409. Who was held back by what is noted once the refusal has been answered (`held_back`).
    """

    def __init__(self, code: str, message: Any, *, wait: int = 0, **facts: Any) -> None:
        super().__init__(code, message, **({"wait": wait} if wait else {}), **facts)
        self.status = 429 if wait else 409
        if (noted := held_back.get()) is not None:
            noted.append(code)


held_back: ContextVar[list[str] | None] = ContextVar("held_back", default=None)


class NotSure(NotAllowed):
    """A grave act by somebody who has not shown lately that it is them. HTTP 403; the web door asks them, and goes on with the act."""

    def __init__(self) -> None:
        from django.utils.translation import gettext_lazy as _

        super().__init__(
            "confirm_first", _("Show once more that it is you, at %(where)s, then ask again.") % {"where": "/accounts/reauthenticate/"}
        )


class NotFound(Refusal):
    """Missing, or hidden from this viewer: the two look the same. HTTP 404."""

    status = 404

    def __init__(self, code: str = "not_found", message: Any = None, **facts: Any) -> None:
        from django.utils.translation import gettext_lazy as _

        super().__init__(code, message or _("There is nothing here, or it is not open to you."), **facts)
