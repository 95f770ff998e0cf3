"""How the acts of private conversations are asked for: a part of the table in deeds.py."""

from typing import Any

from fireside.conversation.actions import archive_conversation, begin_conversation
from fireside.members.actions import block_member
from fireside.moderation.actions import report_post
from fireside.site.tests.rights.stage import VISITOR, Deed


def written(world: Any, who: str) -> dict[str, Any]:
    """Whoever does it has written to Dan, or Dan to Olu."""
    mine, other = ("ann" if who == VISITOR else who), "olu" if who == "dan" else "dan"
    begun = begin_conversation(world.as_(mine, via="cli"), people=[world.people[other]], text="Hello.")
    begun.participants.update(state="in")
    world.talk = begun
    return {"talk": begun.pk}


def asked(world: Any, who: str) -> dict[str, Any]:
    """Eve would like to write to whoever does it."""
    mine = "ann" if who == VISITOR else who
    begun = begin_conversation(world.as_("eve", via="cli"), people=[world.people[mine]], text="Hello.")
    begun.participants.filter(member=world.people[mine]).update(state="asked")
    world.talk = begun
    return {"talk": begun.pk}


def between_us(world: Any, path: str) -> int:
    """Ann writes to Ben; he has not said yet whether he wants it. What is done only to conversations of several finds one with a name."""
    several = path.rpartition("/")[2] in {"{handle}", "title", "part"}
    begun = begin_conversation(world.as_("ann"), people=[world.ben], text="Between us.", title="Tea" if several else "")
    begun.participants.filter(member=world.ben).update(state="asked")
    return int(begun.pk)


def of_talk(world: Any) -> dict[str, Any]:
    """Nobody but who takes part can name it: not even the house, which reads the words of the command line here."""
    return {"topic": world.talk}


def blocked(world: Any, who: str) -> None:
    block_member(world.as_("ann" if who == VISITOR else who), member=world.people["eve"])


def reported_between_us(world: Any) -> None:
    """Ben reports what Ann wrote to him."""
    begun = begin_conversation(world.as_("ann"), people=[world.ben], text="Between us.")
    world.case = report_post(world.as_("ben"), post=begun.posts.get(), reason="spam")


def of_several(world: Any, who: str) -> dict[str, Any]:
    """Whoever does it takes part in a conversation with a name."""
    mine, other = ("ann" if who == VISITOR else who), "olu" if who == "dan" else "dan"
    begun = begin_conversation(world.as_(mine, via="cli"), people=[world.people[other]], text="Hello.", title="Saturday")
    begun.participants.update(state="in")
    world.talk = begun
    return {"talk": begun.pk}


def archived(world: Any, who: str) -> dict[str, Any]:
    names = written(world, who)
    archive_conversation(world.as_("ann" if who == VISITOR else who), topic=world.talk)
    return names


PRIVATE = {
    "conversation.add_to_conversation": Deed("topic={talk}|member=eve", "PUT messages/{talk}/people/eve", web="messages/{talk}/people",
        form={"to": "eve"}, first=of_several, call=lambda world: {"topic": world.talk, "member": world.people["eve"]}),
    "conversation.leave_conversation": Deed("topic={talk}", "DELETE messages/{talk}/part", web="messages/{talk}/leaving", first=of_several,
        call=of_talk),
    "conversation.rename_conversation": Deed("topic={talk}|title=T", "PUT messages/{talk}/title", {"title": "T"}, "messages/{talk}/title",
        {"title": "T"}, first=of_several, call=lambda world: {"topic": world.talk, "title": "T"}),
    "conversation.archive_conversation": Deed("topic={talk}", "PUT messages/{talk}/archive", web="messages/{talk}/archive", first=written,
        call=of_talk),
    "conversation.fetch_conversation": Deed("topic={talk}", "DELETE messages/{talk}/archive", web="messages/{talk}/archive/end", first=archived,
        call=of_talk),
    "members.block_member": Deed("member=eve", "PUT people/eve/block", web="people/eve/block"),
    "members.unblock_member": Deed("member=eve", "DELETE people/eve/block", web="people/eve/block/end", first=blocked),
    "conversation.begin_conversation": Deed("people=eve|text=x", "POST messages", {"people": ["eve"], "text": "x"}, "messages",
        {"to": "eve", "text": "x"}),
    "conversation.write_privately": Deed("topic={talk}|text=x", "POST messages/{talk}/posts", {"text": "x"}, "t/{talk}/replies", {"text": "x"},
        first=written, call=lambda world: {"topic": world.talk, "text": "x"}),
    "conversation.accept_conversation": Deed("topic={talk}", "PUT messages/{talk}/acceptance", web="messages/{talk}/acceptance", first=asked,
        call=of_talk),
    "conversation.decline_conversation": Deed("topic={talk}", "DELETE messages/{talk}/acceptance", web="messages/{talk}/acceptance/end", first=asked,
        call=of_talk),
    "conversation.choose_who_writes": Deed("wish=nobody", "PUT messages/wish", {"wish": "nobody"}, "messages/settings", {"wish": "nobody"}),
}  # fmt: skip
