"""Who is there on which day, and who of them is likely to speak, to answer, or only to read and thank."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from fireside.site.demo import rhythm
from fireside.site.demo.people import Person
from fireside.site.demo.world import BY_KEY, Place

READS = {"reader": 4.0, "regular": 1.6, "core": 3.0, "asker": 0.7, "ghost": 0.0, "host": 3.0, "staff": 0.6, "bot": 0.0}
TEAM = {
    "orders": ("support", "sales"),
    "bench": ("product",),
    "burrs": ("product",),
    "mills": ("product",),
    "wood": ("product",),
    "trial": ("product",),
}


class Pool:
    """Draws people, in proportion to their ways, among those there at a moment."""

    def __init__(self, dice: Random, people: list[Person], start: datetime, days: int) -> None:
        self.dice, self.people, self.start, self.days = dice, people, start, days
        self.inside: dict[str, dict[int, datetime]] = {"trial": {}, "hosts": {}}  # who was let in, and when
        self.there: dict[tuple[int, str], list[Person]] = {}
        for person in people:
            for begin, end in person.windows:
                for day in range(self.day_of(begin), self.day_of(end) + 1):
                    self.there.setdefault((day, person.language), []).append(person)
        self.sums: dict[tuple[int, str, str], list[float]] = {}

    def day_of(self, at: datetime) -> int:
        return max(0, min(self.days - 1, (at - self.start) // timedelta(days=1)))

    def may_enter(self, person: Person, place: Place, at: datetime) -> bool:
        """Private and hidden spaces: only those let in before."""
        inside = self.inside.get(place.key)
        return inside is None or (person.index in inside and inside[person.index] < at)

    def draw(self, at: datetime, language: str, purpose: str, place: Place, but: set[int] = frozenset()) -> Person | None:  # type: ignore[assignment]
        """Somebody who is there and may speak here; None when nobody is found."""
        if place.key in self.inside:
            return self._from_inside(at, language, place, but)
        key = (self.day_of(at), language)
        here = self.there.get(key, [])
        if not here:
            return None
        sums = self._sums(key, purpose, here)
        if sums[-1] <= 0:
            return None
        for _try in range(24):
            person = here[rhythm.choose(self.dice, sums)]
            if person.index in but or not person.there(at):
                continue
            if self.dice.random() < self._liking(person, place, purpose):
                return person
        return None

    def staff(self, at: datetime, language: str, place: Place) -> Person | None:
        """The department that answers in this space, in this language."""
        parts = TEAM.get(place.key, ("owner", "operator", "marketing"))
        of = [p for p in self.people if p.is_staff and p.named and p.named.part in parts and p.there(at) and self.may_enter(p, place, at)]
        fit = [p for p in of if p.language == language]
        if place.key == "orders":  # support comes first, sales only now and then
            fit = [p for p in fit if p.named and p.named.part == "support"] or fit
        return self.dice.choice(fit) if fit else None

    def host_of(self, place: Place, at: datetime, language: str = "") -> Person | None:
        """Who organises a space, or runs the house."""
        hosts = [p for p in self.people if p.named and (place.key in p.named.minds) and p.there(at)]
        hosts = [p for p in hosts if p.language == language] or hosts
        return self.dice.choice(hosts) if hosts else None

    def _from_inside(self, at: datetime, language: str, place: Place, but: set[int]) -> Person | None:
        can = [
            self.people[i]
            for i, since in self.inside[place.key].items()
            if since < at and i not in but and self.people[i].there(at) and self.people[i].language == language
        ]
        return self.dice.choice(can) if can else None

    def _sums(self, key: tuple[int, str], purpose: str, here: list[Person]) -> list[float]:
        weigh: dict[str, Callable[[Person], float]] = {
            "talk": lambda p: p.talks,
            "answer": lambda p: p.answers,
            "read": lambda p: READS[p.way],
        }
        if (*key, purpose) not in self.sums:
            self.sums[(*key, purpose)] = list(accumulate(weigh[purpose](person) for person in here))
        return self.sums[(*key, purpose)]

    def _liking(self, person: Person, place: Place, purpose: str) -> float:
        """People have their places; who minds one is mostly found there."""
        if place.key == "leeds" or place.key == "hangzhou":
            return 1.0 if place.key in person.spaces or (person.named and place.key in person.named.minds) else 0.12
        if person.named and person.named.minds and purpose == "answer":
            return 1.0 if place.key in person.named.minds or BY_KEY[place.key].parent in person.named.minds else 0.3
        return 1.0 if place.key in person.spaces else 0.55
