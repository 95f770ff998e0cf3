"""The half year, from a seed: who comes, what is opened, how it goes on. Touches no database and no clock."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from fireside.site.demo import coming, minding, private_talk, regular_threads, rhythm
from fireside.site.demo.acts import Act, PostRef
from fireside.site.demo.people import Person, make_people
from fireside.site.demo.pool import Pool
from fireside.site.demo.thread import Thread
from fireside.site.demo.unfolding import unfold
from fireside.site.demo.world import PLACES, ZONE, Place
from fireside.site.demo.writing import Writer

TOPICS, ACTS = 960, 20_050  # of a thousand people in 180 days, at least
OF_NEWCOMERS = ("newcomer-week", "week-one", "how-here", "where", "bring-what", "shy", "non-owner", "no-mill")
FIRST_ANSWERERS = {"host", "staff"}  # who answers beginners' questions does not ask them
DICE = Callable[[str], Random]


class Planner:
    """Collects acts; keeps what must not contradict itself (who stays where, who thanked what)."""

    def __init__(self, dice_of: DICE, *, members: int, days: int, end: datetime) -> None:
        self.end, self.days, self.members = end, days, members
        zone = ZoneInfo(ZONE)
        first = (end - timedelta(days=days - 1)).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self.start = first.astimezone(end.tzinfo)
        self.dice = dice_of("talk")
        self.writers = {"zh": Writer("zh", dice_of("zh")), "en": Writer("en", dice_of("en"))}
        self.people = make_people(dice_of("people"), count=members, days=days, start=self.start, end=end)
        self.pool = Pool(self.dice, self.people, self.start, days)
        self.fervour = 1.06
        self.acts: list[Act] = []
        self.threads: list[Thread] = []
        self.titles: set[str] = set()
        self.signed: set[tuple[int, PostRef, str]] = set()
        self.texts: list[str] = []

    def act(self, at: datetime, verb: str, who: Person | None, **what: Any) -> None:
        """Something happens, unless it would be after the end."""
        if at < self.end:
            self.acts.append(Act(at, len(self.acts), verb, who.index if who else -1, what))

    def stays(self, person: Person, place: Place) -> None:
        """Whoever writes in an open space belongs to it from then on."""
        person.spaces.add(place.key)

    def sign(self, at: datetime, who: Person, post: PostRef) -> None:
        signs = ("heart", "agree", "smile", "star")
        sign = signs[rhythm.choose(self.dice, [0.56, 0.8, 0.92, 1.0])]
        if (who.index, post, sign) not in self.signed:
            self.signed.add((who.index, post, sign))
            self.act(at, "react", who, post=post, sign=sign)

    def help_said(self, at: datetime, who: Person, post: PostRef, helper: Person) -> None:
        if (who.index, post, "helped") not in self.signed and who is not helper:
            self.signed.add((who.index, post, "helped"))
            self.act(at, "helped", who, post=post)

    # ── topics ──
    def begin(self, place: Place, sorts: tuple[str, ...], author: Person, at: datetime) -> Thread | None:
        """A topic is opened. None when there is nothing to say of this sort in this space."""
        writer = self.writers[author.language]
        if not any(scene.sort in sorts for scene in writer.stock.scenes.get(place.key, [])) or at >= self.end:
            return None
        known = at - author.joins_at > timedelta(days=15)
        scene = writer.scene(place.key, sorts, but=OF_NEWCOMERS if known else ())
        if scene is None:
            return None
        thread = Thread(self, len(self.threads), place, scene, author, at, {})
        self.threads.append(thread)
        thread.open()
        return thread

    def day_of(self, at: datetime) -> float:
        """The day of the half year, in 180ths whatever the length of this plan."""
        return (at - self.start) / timedelta(days=1) * 180 / self.days

    def share_of(self, place: Place, day: float) -> float:
        """How much of the talk a space holds on a day: some open later, one cools."""
        if day < place.opens_on:
            return 0.0
        return place.share * (math.exp(-(day - place.cools_from) / 20) if day > place.cools_from else 1.0)


def make_plan(dice_of: DICE, *, members: int, days: int, end: datetime) -> Planner:
    """Every act of the half year in order of time. The same dice make the same plan."""
    planner = Planner(dice_of, members=members, days=days, end=end)
    coming.open_the_house(planner)
    coming.let_people_come(planner)
    regular_threads.plan_rounds(planner)
    regular_threads.plan_bots(planner)
    wanted = round(TOPICS * members / 1000 * days / 180)
    _first_questions(planner)
    _topics_of_the_day(planner, max(0, wanted - len(planner.threads)))
    minding.tidy(planner)
    private_talk.plan_private_talk(planner)
    planner.acts.sort(key=lambda act: (act.at, act.order))
    return planner


def _first_questions(planner: Planner) -> None:
    """Who came to ask, asks within a day or two; a few ask again."""
    dice = planner.dice
    for person in planner.people:
        if person.way != "asker":
            continue
        for again in (0.82, 0.1):
            if dice.random() < again:
                at = rhythm.awake(dice, person.joins_at + rhythm.wait(dice, 260, 1.5), person.language, ZoneInfo(ZONE))
                places = [p for p in PLACES if p.key not in {"trial", "hosts", "hangzhou", "leeds"}]
                sums = list(accumulate(planner.share_of(p, planner.day_of(at)) for p in places))
                place = places[rhythm.choose(dice, sums)]
                if person.there(at) and (thread := planner.begin(place, ("ask",), person, at)):
                    unfold(thread)


def _topics_of_the_day(planner: Planner, wanted: int) -> None:
    """All other topics: more at weekends, more when more people are there, more after the launch."""
    dice, zone = planner.dice, ZoneInfo(ZONE)
    weights = []
    for day in range(planner.days):
        there = sum(p.talks for language in ("zh", "en") for p in planner.pool.there.get((day, language), []))
        weights.append((there + 1) ** 0.7 * rhythm.WEEK[rhythm.weekday_of(planner.start, day, zone)])
    sums, made, tries = list(accumulate(weights)), 0, 0
    least = ACTS * planner.members / 1000 * planner.days / 180
    while (made < wanted or len(planner.acts) < least) and tries < 100 + wanted * 8:
        tries += 1
        day = rhythm.choose(dice, sums)
        shares = list(accumulate(planner.share_of(p, day * 180 / planner.days) for p in PLACES))
        place = PLACES[rhythm.choose(dice, shares)]
        language = "zh" if dice.random() < place.zh else "en"
        at = rhythm.moment_on(dice, planner.start, day, language, zone)
        sorts: tuple[str, ...] = ("chat",) if dice.random() < 0.16 else ("ask",)
        if place.key in {"hangzhou", "leeds"}:
            sorts = ("chat",) if dice.random() < 0.4 else ("ask",)
        elif place.key in {"trial", "hosts"}:
            sorts = ("ask", "chat")
        author = planner.pool.draw(at, language, "talk", place)
        if author is not None and sorts == ("ask",) and (author.way in FIRST_ANSWERERS or (author.way == "core" and dice.random() < 0.5)):
            continue
        if author is None or at <= planner.start + timedelta(hours=15):
            continue
        if thread := planner.begin(place, sorts, author, at):
            unfold(thread)
            made += 1
