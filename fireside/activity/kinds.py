"""What a line of the log means. Apps declare their kinds in their own kinds.py; nobody keeps a central list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Core = Literal["participate", "share", "interact", "honour"]
CORES: dict[str, Any] = {
    "participate": _("participate"),
    "share": _("share"),
    "interact": _("interact"),
    "honour": _("honour"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of activity.

    name      "app.past_tense", unique for ever: it is stored.
    sentence  lazy, with named places filled from the line's data and {actor}, {other}, {space}: "{actor} replied to “{title}”".
    core      which of the four cores it belongs to; None = housekeeping, counted in no core.
    merit     default weight 0 to 12 for standing and heat (communities may change their own table).
    audience  activity -> ids of members who should be told; None tells nobody.
    calls     activity -> ids of those of the audience whom it speaks to by name or role: what stands under “mentions”.
    calling   the sentence for those whom it calls, where that is what matters to them; "" = the same as for everybody.
    forget    data fields that hold personal words; erased with the person.
    counts    False: does not make its actor "active" that day (settings, moderation, being acted upon).
    letter    False: whoever is told by the bell hears of it by e-mail only when they ask for that.
    private   True: only those who are told know of it. Numbers keep that its actor did something of the kind, and nothing more.
    told      True: an imported line of it only tells of somebody, who did nothing that day: no activity, no heat, no core.
    """

    name: str
    sentence: Any
    core: Core | None = None
    merit: int = 0
    audience: Callable[[Any], Iterable[int]] | None = None
    forget: tuple[str, ...] = ()
    counts: bool = True
    letter: bool = True
    told: bool = False
    private: bool = False
    calls: Callable[[Any], Iterable[int]] | None = None
    calling: Any = ""

    def __post_init__(self) -> None:
        app, _dot, rest = self.name.partition(".")
        if not app.isidentifier() or not rest.isidentifier():
            raise ValueError(f"A kind is named app.past_tense, not {self.name!r}.")
        if not 0 <= self.merit <= 12:
            raise ValueError(f"{self.name}: merit goes from 0 to 12.")
        if KINDS.setdefault(self.name, self) is not self:
            raise ValueError(f"Kind {self.name} is declared twice.")


KINDS: dict[str, Kind] = {}


def private_kinds() -> list[str]:
    """Names of the kinds of which only those who are told know."""
    return sorted(name for name, kind in KINDS.items() if kind.private)
