"""When people do things: hours of the day, days of the week, and the launch."""

import math
from bisect import bisect
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

#        0    1    2    3    4    5    6    7    8    9   10   11   12   13   14   15   16   17   18   19   20   21   22   23
HOURS = {
    "zh": (1.2, 0.5, 0.2, 0.1, 0.1, 0.3, 1.2, 3.0, 4.4, 3.6, 2.8, 2.6, 3.8, 3.2, 2.2, 2.0, 2.1, 2.4, 2.9, 3.9, 5.2, 5.8, 4.6, 2.6),
    "en": (0.7, 0.3, 0.2, 0.1, 0.1, 0.5, 2.0, 3.8, 4.2, 3.2, 2.6, 2.4, 3.0, 2.8, 2.1, 1.9, 2.0, 2.5, 3.2, 4.3, 5.0, 4.4, 2.9, 1.5),
}  # fmt: skip
WEEK = (0.95, 0.9, 0.9, 0.92, 0.95, 1.3, 1.4)  # Monday first: a pastime lives at the weekend
LAUNCH, REPRISE = 6, 118  # the day the news got about, and the day of the second batch


def arrivals_on(day: int, days: int) -> float:
    """How many come on a day, beside one another: few before the launch, a bump, a steady rise, a smaller bump."""
    if day < LAUNCH:
        return 0.35 + 0.08 * day
    bump = 7.5 * math.exp(-(day - LAUNCH) / 5.5)
    reprise = 2.2 * math.exp(-(day - REPRISE) / 7) if day >= REPRISE else 0.0
    return 1.0 + bump + reprise + 0.9 * day / days


def weekday_of(start: datetime, day: int, zone: ZoneInfo) -> int:
    return (start + timedelta(days=day)).astimezone(zone).weekday()


def moment_on(dice: Random, start: datetime, day: int, language: str, zone: ZoneInfo) -> datetime:
    """A moment on that day (counted from `start`, a midnight in the community's zone) as somebody of this language lives it."""
    hour = choose(dice, list(accumulate(HOURS[language])))
    local = (start + timedelta(days=day, hours=12)).astimezone(zone)
    local = local.replace(hour=hour, minute=dice.randrange(60), second=dice.randrange(60), microsecond=0)
    return local.astimezone(start.tzinfo)


def awake(dice: Random, at: datetime, language: str, zone: ZoneInfo) -> datetime:
    """The same moment, or next morning when it falls into the night; a few never sleep."""
    local = at.astimezone(zone)
    likely = HOURS[language][local.hour] / 2.2
    if dice.random() < likely:
        return at
    morning = local.replace(hour=7, minute=0, second=0) + timedelta(days=1 if local.hour >= 12 else 0)
    return max(at, (morning + timedelta(minutes=dice.expovariate(1 / 70))).astimezone(at.tzinfo))


def wait(dice: Random, median_minutes: float, spread: float = 1.3) -> timedelta:
    """How long something takes: log-normal, so mostly short and sometimes very long."""
    return timedelta(minutes=max(1.0, median_minutes * math.exp(dice.gauss(0, spread))))


def choose(dice: Random, sums: Sequence[float]) -> int:
    """An index, in proportion to the weights of which these are the running sums."""
    return min(bisect(sums, dice.random() * sums[-1]), len(sums) - 1)


def some(dice: Random, mean: float) -> int:
    """A count with this mean: mostly few, sometimes many (geometric)."""
    if mean <= 0:
        return 0
    return int(math.log(1 - dice.random()) / math.log(mean / (1 + mean)))
