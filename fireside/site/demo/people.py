"""Who lives in the sample: names, ways, and when they are there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from fireside.site.demo import rhythm
from fireside.site.demo.stock_reading import read_stock
from fireside.site.demo.world import CAST, STAFF_PARTS, ZONE_OF, Named


@dataclass
class Person:
    """Somebody and their way: ghosts say nothing, askers ask and go, regulars stay, cores carry, readers thank."""

    index: int
    name: str
    handle: str
    language: str
    way: str  # ghost, asker, regular, core, reader, staff, host, bot
    joins_at: datetime
    windows: list[tuple[datetime, datetime]]
    talks: float = 1.0
    answers: float = 1.0
    ease: float = 0.0  # how easily the last full stop is left away
    named: Named | None = None
    spaces: set[str] = field(default_factory=set)

    @property
    def is_staff(self) -> bool:
        return self.named is not None and self.named.part in STAFF_PARTS

    def there(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self.windows)


WAYS = (("ghost", 0.36), ("asker", 0.30), ("regular", 0.22), ("reader", 0.09), ("core", 0.03))


def make_people(dice: Random, *, count: int, days: int, start: datetime, end: datetime) -> list[Person]:
    """Everybody, the cast first (they came on the first day), then the others in order of arrival."""
    people = [_of_cast(i, named, start, end, dice) for i, named in enumerate(CAST)]
    handles = {person.handle for person in people}
    names = {lang: _names(lang, dice) for lang in ("zh", "en")}
    sums = list(accumulate(
        rhythm.arrivals_on(day * 180 // days, 180) * rhythm.WEEK[rhythm.weekday_of(start, day, ZoneInfo(ZONE_OF["zh"]))] for day in range(days)
    ))  # fmt: skip
    moments: list[tuple[datetime, str]] = []
    while len(moments) < count - len(people):
        language = "zh" if dice.random() < 0.61 else "en"
        at = rhythm.moment_on(dice, start, rhythm.choose(dice, sums), language, ZoneInfo(ZONE_OF[language]))
        if start + timedelta(hours=15) < at < end - timedelta(hours=1):
            moments.append((at, language))
    for at, language in sorted(moments):
        name = next(names[language])
        people.append(_newcomer(len(people), name, _handle(name, handles), language, at, end, dice))
    return people


def _of_cast(index: int, named: Named, start: datetime, end: datetime, dice: Random) -> Person:
    way = "bot" if named.part == "bot" else "staff" if named.part in STAFF_PARTS else "host"
    at = start + timedelta(hours=9, minutes=11 * index + dice.randrange(9))
    talks = {"bot": 0.0, "staff": 1.2, "host": 6.0}[way]
    return Person(index, named.name, named.handle, named.language, way, at, [(at, end)], talks, named.answers, 0.1, named)


def _newcomer(index: int, name: str, handle: str, language: str, at: datetime, end: datetime, dice: Random) -> Person:
    way = WAYS[rhythm.choose(dice, list(accumulate(share for _way, share in WAYS)))][0]
    stay = {
        "ghost": 0.1,
        "asker": dice.expovariate(1 / 10) + 0.5,
        "regular": 8 + dice.expovariate(1 / 75),
        "reader": 3 + dice.expovariate(1 / 50),
    }
    gone = end if way == "core" else min(end, at + timedelta(days=stay[way]))
    windows = [(at, gone)]
    if way in {"regular", "asker"} and dice.random() < 0.09:  # some come back after weeks of silence
        again = gone + timedelta(days=dice.uniform(32, 75))
        if again < end:
            windows.append((again, min(end, again + timedelta(days=4 + dice.expovariate(1 / 30)))))
    weight = dice.paretovariate(1.25)  # heavy tail: most say little, a few a great deal
    talks = {"ghost": 0.0, "asker": 0.25, "reader": 0.05}.get(way, min(weight, 12.0))
    answers = {"ghost": 0.0, "asker": 0.12, "reader": 0.1, "core": 9 + 4 * min(weight, 8)}.get(way, min(weight, 14.0))
    ease = dice.choice([0.0, 0.0, 0.1, 0.5, 0.9])
    return Person(index, name, handle, language, way, at, windows, talks, answers, ease)


def _names(language: str, dice: Random) -> Iterator[str]:
    """Names without end, each once: by-names, full names, first names."""
    kinds = read_stock(language).names
    if language == "zh":
        whole = [family + given for family in dict.fromkeys(kinds["family"]) for given in kinds["given"]]
        more = [("老" if dice.random() < 0.5 else "小") + family for family in dict.fromkeys(kinds["family"])]
        more += [given + dice.choice(["儿", "酱", "同学", "在路上", "慢慢磨", "的早晨"]) for given in kinds["given"][::3]]
        first = [*kinds["nick"], *more, *kinds["given"][::2]]
    else:
        whole = [f"{one} {other}" for one in kinds["first"] for other in kinds["last"]]
        first = [*kinds["nick"], *kinds["first"], *(f"{one} {dice.choice(kinds['last'])[0]}." for one in kinds["first"])]
    taken = {named.name for named in CAST}
    first = [name for name in dict.fromkeys(first) if name not in taken]
    dice.shuffle(whole)
    dice.shuffle(first)
    while True:
        if first and (dice.random() < 0.55 or not whole):
            yield first.pop()
        elif whole:
            yield whole.pop()
        else:
            raise ValueError("More members than names: ask for at most 6,000.")


def _handle(name: str, taken: set[str]) -> str:
    base = "-".join(name.casefold().replace(".", "").split())
    handle, n = base, 2
    while handle in taken:
        handle, n = f"{base}-{n}", n + 1
    taken.add(handle)
    return handle
