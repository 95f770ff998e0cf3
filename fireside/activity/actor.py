"""Who acts, through which door, when, and with which dice: the first argument of every action."""

import hashlib
import hmac
import random
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import NotAllowed

DOORS = ("web", "json", "cli", "import", "worker", "automation", "sample")


@dataclass(frozen=True)
class Actor:
    """`who` is a Member or None for the house itself; `now` is an aware time in UTC; `seed` makes the dice repeatable.

    `scopes` is None for a person at the keyboard; for an API token it is what the token may do ("read", "write", "run").
    `surely` tells whether a person at the keyboard has shown lately that it is still them; None: there is nothing to ask.
    """

    who: Any
    via: str
    now: datetime
    seed: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    scopes: Collection[str] | None = None
    request_id: str = ""
    surely: Callable[[], bool] | None = field(default=None, repr=False, compare=False)

    @property
    def sure(self) -> bool:
        """False when no grave act is done until they have shown again who they are."""
        return self.surely is None or self.surely()

    @property
    def member(self) -> Any:
        """The member who acts. The house itself and visitors are refused here, so that no action needs to ask."""
        if self.who is None or getattr(self.who, "pk", None) is None:
            raise NotAllowed("sign_in", _("Sign in first."))
        return self.who

    @property
    def is_house(self) -> bool:
        """True when nobody but the system acts: sweeps, imports, set-up on the command line."""
        return self.who is None and self.via in {"cli", "import", "worker", "automation", "sample"}

    def form_source(self, key: str) -> str | None:
        """The member's own forms as a source of what is kept once for each `key`: keys of different members never meet."""
        return f"form:{self.member.pk}" if key else None

    def dice(self, *words: object) -> random.Random:
        """Dice that fall the same way for the same actor and words, so that a draw can be replayed and audited."""
        name = "\x1f".join(str(word) for word in words)
        return random.Random(hmac.new(self.seed.encode(), name.encode(), hashlib.sha256).digest())  # noqa: S311  must be repeatable; the seed is secret

    def at(self, moment: datetime) -> "Actor":
        """The same actor at another time: simulations and imports."""
        return replace(self, now=moment)


def house(via: str = "worker", *, now: datetime | None = None, seed: str = "") -> Actor:
    """The house itself as actor. A door: it may read the clock."""
    return Actor(None, via, now or datetime.now(UTC), seed=seed or secrets.token_hex(16))
