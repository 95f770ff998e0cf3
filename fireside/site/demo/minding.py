"""What hosts and authors tidy: edits, an advertisement that is taken out of sight, topics that are closed."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fireside.site.demo import rhythm
from fireside.site.demo.thread import Thread
from fireside.site.demo.world import ZONE_OF

if TYPE_CHECKING:
    from fireside.site.demo.planning import Planner


def tidy(planner: "Planner") -> None:
    for thread in planner.threads:
        if thread.author.way != "bot":
            _edits(planner, thread)
            _advertisement(planner, thread)
            _closing(planner, thread)


def _edits(planner: "Planner", thread: Thread) -> None:
    """Soon after writing, somebody adds what they forgot."""
    dice = planner.dice
    for said in thread.posts:
        if dice.random() < (0.055 if said.number == 1 else 0.014):
            at = said.at + rhythm.wait(dice, 14, 0.9)
            more = thread.pen.small(
                "tail" if said.number == 1 else "aside", at, space=thread.place.key, bound=thread.bound if said.number == 1 else None
            )
            reason = thread.pen.small("edit", at)
            if more and more not in said.text:
                text = f"{said.text}\n\n{more}"
                planner.act(at, "edit", said.who, post=(thread.index, said.number), text=text, reason=reason)


def _advertisement(planner: "Planner", thread: Thread) -> None:
    """Somebody sells in a reply; whoever minds the space hides it and says why. Some hide what went too far."""
    dice = planner.dice
    if dice.random() < 0.024 and len(thread.posts) > 1 and thread.scene.sort == "ask" and thread.place.key not in planner.pool.inside:
        thread.now = max(said.at for said in thread.posts)
        if not thread.later(300):
            return
        who = planner.pool.draw(thread.now, thread.language, "talk", thread.place, thread.spoke)
        host = planner.pool.host_of(thread.place, thread.now, thread.language)
        if who and host and not who.is_staff and who.way != "host":
            said = thread.say(who, thread.small("sell"))
            reasons = thread.pen.stock.sayings("remove")
            at = rhythm.awake(dice, thread.now + rhythm.wait(dice, 95, 0.9), host.language, ZoneInfo(ZONE_OF[host.language]))
            reason = thread.pen.fill(reasons[0], {}, at)
            planner.act(at, "remove", host, post=(thread.index, said.number), reason=reason)


def _closing(planner: "Planner", thread: Thread) -> None:
    """Days after the last word, some that are settled are closed, by the asker or the host."""
    dice = planner.dice
    if dice.random() < 0.05 and thread.scene.sort != "roll" and thread.accepted:
        last = max(said.at for said in thread.posts)
        who = thread.author if dice.random() < 0.5 else planner.pool.host_of(thread.place, last, thread.language)
        at = last + timedelta(days=dice.uniform(2, 9))
        if who and who.there(at):
            planner.act(at, "close", who, topic=thread.index)
