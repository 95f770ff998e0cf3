"""How whole topics are moved, split, merged and turned: a part of the table in deeds.py."""

from typing import Any

from fireside.conversation.actions import merge_topic, open_topic, turn_into_chat
from fireside.conversation.models import Topic
from fireside.site.tests.rights.stage import Deed


def younger(world: Any, who: str) -> dict[str, Any]:
    return {"younger": open_topic(world.as_("fay"), space=world.hearth, title="Same?", text="x").pk}


def merged(world: Any, who: str) -> dict[str, Any]:
    there = younger(world, who)
    merge_topic(world.as_("olu"), topic=Topic.objects.get(pk=there["younger"]), into=world.topic)
    return there


def chatting(world: Any, who: str) -> None:
    turn_into_chat(world.as_("olu"), topic=world.topic)


ORGANISING = {
    "conversation.turn_into_chat": Deed("topic={topic}", "PUT topics/{topic}/chat", web="t/{topic}/chat", placed=True),
    "conversation.turn_into_topic": Deed("topic={topic}", "DELETE topics/{topic}/chat", web="t/{topic}/chat/end", placed=True,
        first=chatting),
    "conversation.split_topic": Deed("posts={answer}|title=Off", "POST topics/{topic}/splits", {"posts": [2], "title": "Off"}, "t/{topic}/split",
        {"posts": "2", "title": "Off"}, placed=True),
    "conversation.merge_topic": Deed("topic={younger}|into={topic}", "PUT topics/{younger}/merge", {"into": "{topic}"}, "t/{younger}/merge",
        {"into": "{topic}"}, placed=True, first=younger),
    "conversation.part_topics": Deed("topic={topic}|number={younger}", "DELETE topics/{topic}/merges/{younger}", web="t/{topic}/merge/end",
        form={"from": "{younger}"}, placed=True, first=merged),
    "conversation.move_topic": Deed("topic={topic}|space=workshop", "PUT topics/{topic}/space", {"space": "workshop"}, "t/{topic}/move",
        {"space": "workshop"}, placed=True),
}  # fmt: skip
