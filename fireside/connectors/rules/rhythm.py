"""How somebody posts: measured once over a whole source, in little memory, and then judged by rules/bots.py."""

import re
from array import array
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

TOPICS_KEPT = 500  # topics looked at for each person
OPENINGS_KEPT = 64  # ways to begin a message that are counted for each person
_TAG_OR_NUMBER = re.compile(r"<[^>]*>?|\d+")


@dataclass(frozen=True, slots=True)
class Traits:
    """How one person posts. Shares are from 0 to 1."""

    posts: int = 0
    mentioned: int = 0  # how often others call them by name
    topics: int = 0
    alone: float = 0.0  # share of their topics in which nobody else ever wrote
    quick: float = 0.0  # share of posts within 3 seconds of their last one
    in_a_minute: int = 0  # most posts in one minute
    in_a_day: int = 0
    same_opening: float = 0.0  # share of posts that begin with the same words, numbers aside
    regular: float = 0.0  # share of gaps within 1 % of the usual gap


class _One:
    __slots__ = ("mentioned", "openings", "times", "topics")

    def __init__(self) -> None:
        self.times = array("I")
        self.topics: set[int] = set()
        self.openings: Counter[str] = Counter()
        self.mentioned = 0


class Rhythms:
    """Collects post by post, in any order; `traits(person)` at the end. A few bytes a post, a few kilobytes a person."""

    def __init__(self) -> None:
        self._people: dict[str, _One] = {}
        self._topics: dict[tuple[str, str], int] = {}
        self._speakers: list[str | None] = []  # of each topic: its only speaker so far, None once there are two

    def post(self, person: str, at: int, place: str, topic: str, text: str) -> None:
        one = self._people.get(person)
        if one is None:
            one = self._people[person] = _One()
        one.times.append(max(0, min(at, 2**32 - 1)))
        key = (place, topic)
        number = self._topics.get(key)
        if number is None:
            number = self._topics[key] = len(self._speakers)
            self._speakers.append(person)
        elif self._speakers[number] != person:
            self._speakers[number] = None
        if len(one.topics) < TOPICS_KEPT:
            one.topics.add(number)
        opening = _TAG_OR_NUMBER.sub("", text[:160])[:12].strip()
        if opening and (opening in one.openings or len(one.openings) < OPENINGS_KEPT):
            one.openings[opening] += 1

    def mention(self, person: str, times: int = 1) -> None:
        if one := self._people.get(person):
            one.mentioned += times

    def traits(self, person: str) -> Traits:
        one = self._people.get(person)
        if one is None:
            return Traits()
        times = sorted(one.times)
        gaps = [b - a for a, b in pairwise(times)]
        usual = sorted(gaps)[len(gaps) // 2] if gaps else 0
        return Traits(
            posts=len(times),
            mentioned=one.mentioned,
            topics=len(one.topics),
            alone=_share(sum(self._speakers[topic] == person for topic in one.topics), len(one.topics)),
            quick=_share(sum(gap <= 3 for gap in gaps), len(gaps)),
            in_a_minute=_most(times, 60),
            in_a_day=_most(times, 86_400),
            same_opening=_share(max(one.openings.values(), default=0), len(times)),
            regular=_share(sum(abs(gap - usual) <= usual * 0.01 for gap in gaps), len(gaps)) if usual >= 60 else 0.0,
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _most(times: list[int], seconds: int) -> int:
    """The fullest stretch of so many seconds on the clock."""
    return max(Counter(at // seconds for at in times).values(), default=0)
