"""How the house opens, how people come in, which spaces they join, and how some are let in."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fireside.site.demo import rhythm
from fireside.site.demo.people import Person
from fireside.site.demo.world import BY_KEY, CAST, PLACES, STAFF_PARTS, ZONE_OF

if TYPE_CHECKING:
    from fireside.site.demo.planning import Planner

TRIAL_SEATS = 20
DOORS_WIDE = ("front", "mills", "bench", "burrs", "brew", "beans", "orders", "wood")


def open_the_house(planner: "Planner") -> None:
    """The first day: the owner, the cast and their parts, the spaces and who looks after them."""
    owner, first = planner.people[0], planner.start + timedelta(hours=9)
    planner.act(first, "found", owner)
    for person in planner.people[1 : len(CAST)]:
        planner.act(person.joins_at, "arrive", person)
        part = person.named.part if person.named else ""
        if part in STAFF_PARTS:
            planner.act(person.joins_at + timedelta(minutes=4), "role", owner, person=person.index, role=part)
        if part == "bot":
            planner.act(person.joins_at + timedelta(minutes=4), "bot", owner, person=person.index)
    opened = first + timedelta(hours=4, minutes=10)
    for n, place in enumerate(PLACES):
        at = opened + timedelta(minutes=3 * n)
        if place.opens_on:
            at = planner.start + timedelta(days=place.opens_on * planner.days / 180, hours=2)
        planner.act(at, "space", owner, space=place.key)
        if place.group:
            planner.act(at + timedelta(minutes=1), "group", owner, space=place.key)
        minders = [p for p in planner.people if p.named and place.key in p.named.minds and p is not owner]
        for k, person in enumerate(minders):
            took = at + timedelta(minutes=20 + k)
            if place.key in planner.pool.inside:
                planner.act(took, "bring_in", owner, space=place.key, person=person.index)
                planner.pool.inside[place.key][person.index] = took
            else:
                planner.act(took, "join", person, space=place.key)
            person.spaces.add(place.key)
            planner.act(took + timedelta(minutes=9), "organise", owner, space=place.key, person=person.index)
    hidden = planner.pool.inside["hosts"]
    hidden[owner.index] = opened
    for person in planner.people[1 : len(CAST)]:
        if person.way == "host" or (person.named and person.named.part == "operator"):
            at = opened + timedelta(hours=3, minutes=person.index)
            planner.act(at, "bring_in", owner, space="hosts", person=person.index)
            hidden[person.index] = at
    planner.pool.inside["trial"][owner.index] = planner.start + timedelta(days=BY_KEY["trial"].opens_on * planner.days / 180, hours=2)


def let_people_come(planner: "Planner") -> None:
    """Everybody else, and the spaces that they join in their first days; some leave one later."""
    dice = planner.dice
    for person in planner.people[len(CAST) :]:
        writer = planner.writers[person.language]
        why = writer.small("why", person.joins_at) if dice.random() < 0.55 else ""
        about = writer.small("about", person.joins_at) if dice.random() < (0.5 if person.way in {"regular", "core"} else 0.12) else ""
        planner.act(person.joins_at, "arrive", person, why=why, about=about)
        for place in _first_spaces(planner, person):
            at = person.joins_at + rhythm.wait(dice, 12, 1.9)
            opens = planner.start + timedelta(days=BY_KEY[place].opens_on * planner.days / 180, hours=3)
            if at > opens and person.there(at):
                planner.act(at, "join", person, space=place)
                person.spaces.add(place)
                if dice.random() < 0.02 and place != "front":
                    planner.act(at + timedelta(days=dice.uniform(3, 40)), "leave", person, space=place)
    _trial(planner)


def _first_spaces(planner: "Planner", person: Person) -> list[str]:
    dice = planner.dice
    n = {"ghost": dice.choice([0, 1, 2, 3]), "asker": dice.choice([3, 4, 5]), "core": 7}.get(person.way, dice.choice([4, 5, 6]))
    chosen = dice.sample(DOORS_WIDE[1:], min(n, len(DOORS_WIDE) - 1))
    if dice.random() < (0.4 if person.way == "ghost" else 0.85):
        chosen.insert(0, "front")
    city = "hangzhou" if person.language == "zh" else "leeds"
    if dice.random() < 0.13 and person.way != "ghost":
        chosen.append(city)
    return chosen


def _trial(planner: "Planner") -> None:
    """Twenty seats: who asks is let in by the product people, until the seats are taken; the last are turned down with a word."""
    dice, inside = planner.dice, planner.pool.inside["trial"]
    opens = planner.start + timedelta(days=BY_KEY["trial"].opens_on * planner.days / 180)
    wish = [p for p in planner.people if p.way in {"core", "regular", "host"} and p.there(opens + timedelta(days=1))]
    dice.shuffle(wish)
    wish.sort(key=lambda p: p.way != "core")
    hosts = [p for p in planner.people if p.named and "trial" in p.named.minds]
    asks = []
    for person in wish[: TRIAL_SEATS + 9]:
        at = rhythm.moment_on(dice, planner.start, round((opens - planner.start) / timedelta(days=1)) + 1 + dice.randrange(5), person.language,
                              ZoneInfo(ZONE_OF[person.language]))  # fmt: skip
        if person.there(at) and at > opens + timedelta(hours=6):
            asks.append((at, person))
    for n, (at, person) in enumerate(sorted(asks, key=lambda ask: (ask[0], ask[1].index))):
        pen = planner.writers[person.language]
        planner.act(at, "ask_in", person, space="trial", words=pen.small("ask", at))
        host = next((h for h in hosts if h.language == person.language), hosts[0])
        answer = rhythm.awake(dice, at + rhythm.wait(dice, 200, 0.8), host.language, ZoneInfo(ZONE_OF[host.language]))
        if len(inside) < TRIAL_SEATS + len(hosts):
            planner.act(answer, "let_in", host, space="trial", person=person.index)
            inside[person.index] = answer
        elif n % 2:
            planner.act(answer, "turn_down", host, space="trial", person=person.index, reason=pen.small("turndown", at))
