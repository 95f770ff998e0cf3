"""How somebody is told outside these pages: what they chose, else what the community proposes, else what the house does by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fireside.activity.kinds import KINDS, Kind
from fireside.notifications import rules
from fireside.notifications.models import TellingChoice

AT_NIGHT = (22 * 60, 8 * 60)  # nobody is woken by a machine unless they say so


@dataclass(frozen=True)
class Telling:
    """What holds for one person. Quiet hours are minutes since midnight where they are; from = to: none."""

    email: bool = True
    digest: str = "weekly"  # a key of rules.DIGESTS
    quiet_from: int = AT_NIGHT[0]
    quiet_to: int = AT_NIGHT[1]
    kinds: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)  # {way: {kind: wanted}}, where it was chosen

    def wants(self, way: str, kind: str) -> bool:
        """Whether a notice of this kind is to leave the house by this way."""
        found = KINDS.get(kind)
        return self.kinds.get(way, {}).get(kind, found.letter if found else False)

    @property
    def quiet(self) -> str:
        """ "22:00-08:00"; "" for none."""
        return "" if self.quiet_from == self.quiet_to else f"{rules.clock_of(self.quiet_from)}-{rules.clock_of(self.quiet_to)}"


@dataclass(frozen=True)
class TellingKind:
    """Something that somebody may be told, for the page where they choose."""

    name: str
    says: str  # in the reader's language
    email: bool
    push: bool


def tellings_of(persons: Iterable[int]) -> dict[int, Telling]:
    """By person. One query."""
    wanted = set(persons)
    rows = {
        row.member_id: row for row in TellingChoice.objects.filter(member__in=wanted) | TellingChoice.objects.filter(member__isnull=True)
    }
    common = _over(Telling(), rows.get(None))
    return {person: _over(common, rows.get(person)) for person in wanted}


def telling_of(member: Any) -> Telling:
    """What holds for a member; None: what the community proposes. One query."""
    person = (member.person_id or member.pk) if member is not None else 0
    return tellings_of([person])[person]


def offered_kinds(telling: Telling) -> list[TellingKind]:
    """Every kind that tells anybody, in the order of its app."""
    told = [kind for kind in KINDS.values() if kind.audience is not None]
    return [TellingKind(kind.name, spoken_of(kind), telling.wants("email", kind.name), telling.wants("push", kind.name)) for kind in told]


def spoken_of(kind: Kind) -> str:
    """The sentence of a kind about anybody: Somebody replied in “…”."""
    places = {"actor": _("somebody"), "other": _("you"), "others": _("your"), "space": _("a space")}
    return rules.capital(rules.fill(str(kind.sentence).replace("{other}’s", "{others}"), places))


def _over(under: Telling, row: TellingChoice | None) -> Telling:
    if row is None:
        return under
    quiet = row.quiet_from is not None and row.quiet_to is not None
    return Telling(
        email=under.email if row.email is None else row.email,
        digest=row.digest or under.digest,
        quiet_from=row.quiet_from if quiet else under.quiet_from,  # type: ignore[arg-type]
        quiet_to=row.quiet_to if quiet else under.quiet_to,  # type: ignore[arg-type]
        kinds={way: {**under.kinds.get(way, {}), **row.kinds.get(way, {})} for way in rules.WAYS},
    )
