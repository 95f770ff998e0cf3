"""Topics that come round: newcomers say hello, settings and cups are passed on; and what the two programs write."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fireside.site.demo import rhythm
from fireside.site.demo.people import Person
from fireside.site.demo.thread import Thread
from fireside.site.demo.world import BY_KEY, CAST, ZONE_OF

if TYPE_CHECKING:
    from fireside.site.demo.planning import Planner

# space, how many days apart, the first day, name of the scene by language, replies at most
ROUNDS = (
    ("burrs", 30, 9, {"zh": "my-setting", "en": "settings"}, 22),
    ("brew", 15, 12, {"zh": "todays-cup", "en": "cup"}, 18),
    ("beans", 30, 15, {"zh": "this-month", "en": "month"}, 16),
    ("mills", 70, 24, {"zh": "desk-photo", "en": "corner"}, 20),
)
HELLO_EVERY = 30
PICTURED = {"todays-cup", "cup"}  # whoever speaks first in one of these shows their cup


def plan_rounds(planner: "Planner") -> None:
    scale = planner.days / 180
    for space, apart, first, names, most in ROUNDS:
        for language, name in names.items():
            for day in range(first if language == "zh" else first + 4, 180, apart):
                _round(planner, space, name, language, int(day * scale), round(most * min(1, planner.members / 700)))
    for language in ("zh", "en"):
        _hello(planner, language)


def _open(planner: "Planner", space: str, name: str, language: str, day: int) -> Thread | None:
    """One of them is opened, by whoever minds the space."""
    dice, place = planner.dice, BY_KEY[space]
    at = rhythm.moment_on(dice, planner.start, day, language, ZoneInfo(ZONE_OF[language]))
    author = planner.pool.host_of(place, at, language)
    if author is None or author.language != language:
        author = planner.pool.draw(at, language, "talk", place)
    scene = next(one for one in planner.writers[language].stock.scenes[space] if one.name == name)
    if author is None or at <= planner.start + timedelta(hours=14) or at >= planner.end:
        return None
    thread = Thread(planner, len(planner.threads), place, scene, author, at, {})
    planner.threads.append(thread)
    thread.open()
    return thread


def _round(planner: "Planner", space: str, name: str, language: str, day: int, most: int) -> None:
    thread = _open(planner, space, name, language, day)
    if thread is None:
        return
    for _n in range(planner.dice.randint(max(1, most // 2), max(2, most)) if language == "zh" else max(1, most // 2)):
        if not thread.later(150, 1.4):
            break
        if who := planner.pool.draw(thread.now, language, "talk", thread.place, thread.spoke):
            _passes_on(thread, name, who)
    thread.helped()


def _passes_on(thread: Thread, name: str, who: Person) -> None:
    """One line in the round, each slot on its own: two beans side by side are two beans."""
    pen, text = thread.pen, ""
    for _try in range(6):
        text = pen.fresh(pen.least(pen.stock.small[("roll", name)]), thread.now)
        if not pen.said_before(text) and not pen.worn(text):
            break
    thread.say(who, pen.casual(text, who.ease), cup=thread.index if _is_shown(thread, name) else None)


def _is_shown(thread: Thread, name: str) -> bool:
    """Only in the last third of the half year had they learnt to put in pictures: few are drawn, and they stand where one looks first."""
    planner = thread.planner
    return name in PICTURED and len(thread.posts) == 1 and planner.pool.day_of(thread.at) * 3 >= planner.days * 2


def _hello(planner: "Planner", language: str) -> None:
    """A topic a month in which newcomers say a word and somebody answers."""
    dice, threads = planner.dice, []
    for day in range(1, planner.days, HELLO_EVERY):
        if thread := _open(planner, "front", "hello", language, day):
            threads.append(thread)
    if threads:  # the last of them stands above the others
        planner.act(threads[-1].at + timedelta(minutes=6), "pin", planner.people[0], topic=threads[-1].index, days=HELLO_EVERY)
    for person in planner.people[len(CAST) :]:
        if person.language != language or person.way == "ghost" or dice.random() > 0.36:
            continue
        at = person.joins_at + rhythm.wait(dice, 25, 1.2)
        open_now = [thread for thread in threads if thread.at < at]
        if not open_now or not person.there(at) or at <= open_now[-1].now:
            continue
        thread = open_now[-1]
        thread.now = at
        if at < planner.end:
            _passes_on(thread, "hello", person)
            said = thread.posts[-1]
            welcomed = dice.random() < 0.8 and thread.later(110)
            if welcomed and (who := planner.pool.draw(thread.now, language, "answer", thread.place, {person.index})):
                thread.say(who, thread.small("welcome"), to=said, mention=dice.random() < 0.7)
    for thread in threads:
        thread.helped()


def plan_bots(planner: "Planner") -> None:
    """Two programs, marked as such, write once a week into a topic of their own."""
    for language, space, weekday, hour in (("zh", "beans", 0, 9), ("en", "front", 4, 10)):
        bot = next(p for p in planner.people if p.way == "bot" and p.language == language)
        pen, at = planner.writers[language], planner.start + timedelta(days=3, hours=hour)
        title, hello = pen.stock.small[("bottitle", "")][0], pen.stock.small[("bothello", "")][0]
        index = len(planner.threads)
        scene = next(one for one in pen.stock.scenes[space] if one.sort == "roll")
        thread = Thread(planner, index, BY_KEY[space], scene, bot, at, {})
        planner.threads.append(thread)
        planner.act(at, "open", bot, topic=index, space=space, title=title, text=hello, asks=False)
        for day in range(4, planner.days):
            if rhythm.weekday_of(planner.start, day, ZoneInfo(ZONE_OF["zh"])) == weekday:
                text = pen.fresh(pen.least(pen.stock.small[("bot", "")]), planner.start + timedelta(days=day))
                if language == "en":
                    text = text if text.startswith("Weather") else pen.fresh(pen.stock.small[("bot", "")][-1], planner.start)
                planner.act(planner.start + timedelta(days=day, hours=hour), "reply", bot, topic=index, number=day, text=text, to=None)
