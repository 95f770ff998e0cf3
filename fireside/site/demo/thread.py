"""How a topic goes: who answers when and with which words, what the asker makes of it, whom it helps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fireside.site.demo import rhythm
from fireside.site.demo.people import Person
from fireside.site.demo.stock_reading import Scene
from fireside.site.demo.tagging import tags_of
from fireside.site.demo.world import ZONE_OF, Place

if TYPE_CHECKING:
    from fireside.site.demo.planning import Planner


@dataclass
class Said:
    """A post of the plan."""

    number: int
    who: Person
    at: datetime
    text: str
    answers: bool = False  # it could help somebody: the stock says which lines can
    line: str = ""  # of the stock, which it is made of


@dataclass
class Thread:
    """A topic on its way."""

    planner: "Planner"
    index: int
    place: Place
    scene: Scene
    author: Person
    at: datetime
    bound: dict[str, str]
    posts: list[Said] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    spoke: set[int] = field(default_factory=set)
    accepted: int = 0
    opening: int = 0  # which of the scene's openings it began with

    def __post_init__(self) -> None:
        self.language, self.now = self.scene.language, self.at
        self.pen, self.dice, self.zone = self.planner.writers[self.language], self.planner.dice, ZoneInfo(ZONE_OF[self.language])

    # ── the opening ──
    def open(self, extra: str = "") -> None:
        pen = self.pen
        saying = pen.least(self.scene.openings)
        self.opening = min(self.scene.openings.index(saying), 1)
        opening = pen.fill(saying, self.bound, self.at)
        tail = "tail" if self.scene.sort == "ask" else "chattail"
        if self.scene.sort != "roll" and (self.dice.random() < 0.5 or pen.said_before(opening)):
            opening = pen.join(opening, pen.small(tail, self.at, space=self.place.key, bound=self.bound))
        text = self._new(opening, tail)
        title = self._title()
        self.planner.titles.add(title)
        asks = self.scene.sort == "ask"
        tags = tags_of(self.place.key, self.scene.name)
        self.planner.act(self.at, "open", self.author, topic=self.index, space=self.place.key, title=title, text=text, asks=asks, tags=tags)
        self.posts.append(Said(1, self.author, self.at, text))
        self.spoke.add(self.author.index)
        self.planner.stays(self.author, self.place)

    def _title(self) -> str:
        """A title, with a word more when another topic is called so."""
        pen, taken = self.pen, self.planner.titles
        titles = self.scene.titles_for(self.opening)
        title = pen.fill(pen.least(titles), self.bound, self.at)
        for _try in range(6):
            if title not in taken:
                break
            title = pen.fill(pen.least(titles), self.bound, self.at)
            if title in taken:
                tails = pen.stock.sayings("titletail", self.place.key) if self.scene.sort == "ask" else pen.stock.sayings("titlechat")
                more = pen.fill(pen.least(tails), dict(self.bound) if self.scene.sort == "ask" else {}, self.at)
                title = pen.title_with(title, more)
        return title

    # ── posts ──
    def say(
        self, who: Person, text: str, *, to: Said | None = None, answers: bool = False, mention: bool = False, quote: str = "",
        cup: int | None = None,
    ) -> Said:  # fmt: skip
        """`who` replies now. A mention and a quote go in front; `cup` is the number of a picture that stands below."""
        if mention and to is not None:
            text = f"@{to.who.handle} {text}"
        if quote:
            text = f"> {quote}\n\n{text}"
        self.pen.keep(text)
        said = Said(len(self.posts) + 1, who, self.now, text, answers)
        # Without a word of whom it answers, a reply answers the topic.
        ref = (self.index, to.number) if to is not None and to.number > 1 else None
        self.planner.act(
            self.now, "reply", who, topic=self.index, number=said.number, text=text, to=ref, **({} if cup is None else {"cup": cup})
        )
        self.posts.append(said)
        self.spoke.add(who.index)
        self.planner.stays(who, self.place)
        return said

    def later(self, median_minutes: float, spread: float = 1.3) -> bool:
        """Time passes until somebody of this language is awake. False when the half year is over."""
        self.now = rhythm.awake(self.dice, self.now + rhythm.wait(self.dice, median_minutes, spread), self.language, self.zone)
        return self.now < self.planner.end

    def answer(self, who: Person) -> Said | None:
        """Words that fit the question, with a little of the one who says them."""
        pen, dice = self.pen, self.dice
        sayings = self.scene.answers_for(self.opening)
        if self.scene.sort == "ask" and not any(said.answers for said in self.posts):
            sayings = [one for one in sayings if self.scene.can_help(one)]  # the first to reply has something to say
        saying = pen.least(sayings, but=self.used)
        if not saying:
            return None
        self.used.add(saying)
        core = pen.several(saying, self.now, self.bound)
        front = pen.small("opener", self.now, space=self.place.key) if dice.random() < 0.36 else ""
        draw = dice.random()
        ending = "closer" if draw < 0.2 else "aside" if draw < 0.37 else ""
        back = pen.small(ending, self.now, space=self.place.key) if ending else ""
        text = pen.join(front, core, back)
        first = self.posts[0]
        to = dice.choice(self.posts) if len(self.posts) > 2 and dice.random() < 0.25 else first
        mention = (to is not first or dice.random() < 0.06) and dice.random() < 0.5 and to.who is not who
        said = self.say(who, pen.casual(self._new(text, "aside"), who.ease), to=to, answers=self.scene.can_help(saying), mention=mention)
        said.line = saying
        return said

    def quoting(self, who: Person) -> None:
        """Somebody takes up one sentence of an answer."""
        others = [said for said in self.posts if said.answers and said.who is not who]
        if others:
            said = self.dice.choice(others)
            words = said.text.split("\n")[-1]
            words = words.split(" ", 1)[-1] if words.startswith("@") else words
            self.say(who, self.small("agree"), to=said, quote=words[:140])

    def small(self, sort: str, *, shared: bool = False) -> str:
        """Small words that were not said before."""
        text = ""
        for _try in range(6):
            text = self.pen.small(sort, self.now, space=self.place.key, bound=self.bound if shared else None)
            if not self.pen.said_before(text):
                break
        return text

    def _new(self, text: str, sort: str) -> str:
        """The text, with another sentence when just this was said before."""
        for _try in range(3):
            if not self.pen.said_before(text):
                break
            text = self.pen.join(text, self.pen.small(sort, self.now, space=self.place.key))
        return self.pen.keep(text)

    def small_sort(self, sort: str) -> bool:
        """Whether this sort of small words is spoken in this space."""
        return bool(self.pen.stock.sayings(sort, self.place.key))

    def staff_says(self, who: Person) -> Said | None:
        """A department speaks as itself where it has words of its own (they take a matter up: nothing to accept), else answers as anybody."""
        if not self.small_sort("staff"):
            return self.answer(who)
        return self.say(who, self.small("staff"), to=self.posts[0], mention=self.dice.random() < 0.25)

    def minutes_on(self, n: int) -> datetime:
        return self.now + timedelta(minutes=n, seconds=self.dice.randrange(50))

    # ── what follows ──
    def helped(self) -> None:
        """Thanks, signs and "this helped me", for days after; few posts get many."""
        dice, planner = self.dice, self.planner
        for said in self.posts:
            heat = dice.paretovariate(1.5) * (0.56 if said.line else 0.23)
            for _one in range(min(30, rhythm.some(dice, heat * planner.fervour))):
                at = rhythm.awake(dice, said.at + rhythm.wait(dice, 300, 1.6), self.language, self.zone)
                if reader := planner.pool.draw(at, self.language, "read", self.place, {said.who.index}):
                    planner.sign(at, reader, (self.index, said.number))
            if said.answers and self.scene.sort == "ask":
                mean = 0.85 * dice.paretovariate(1.6) * (1.6 if said.number == self.accepted else 0.5)
                for _one in range(min(40, rhythm.some(dice, mean * planner.fervour))):
                    at = rhythm.awake(dice, said.at + timedelta(days=dice.expovariate(1 / 6.0), minutes=4), self.language, self.zone)
                    if reader := planner.pool.draw(at, self.language, "read", self.place, {said.who.index, self.author.index}):
                        planner.help_said(at, reader, (self.index, said.number), said.who)
