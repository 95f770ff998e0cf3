"""What tests of letters do again and again: something is answered, the bell rings, time passes, the worker works."""

from typing import Any

from fireside.activity.models import Activity
from fireside.activity.outbox import send_due
from fireside.conversation.actions import reply
from fireside.notifications.models import Departure
from fireside.notifications.reactions import tell
from fireside.notifications.sweeps import write_due_letters


def telling(world: Any) -> None:
    tell(list(Activity.objects.filter(pk__gt=getattr(world, "read", 0)).order_by("id")), world.now)
    world.read = Activity.objects.latest("id").pk


def answered(world: Any, who: str = "ann", text: str = "Trim it.", **more: Any) -> Any:
    made = reply(world.as_(who), topic=more.pop("topic", world.topic), text=text, **more)
    telling(world)
    return made


def minutes(world: Any, n: float = 10) -> None:
    """So much later, what the worker does has been done."""
    world.later(minutes=n)
    write_due_letters(world.as_("house"))
    send_due(world.now)


def fates() -> list[tuple[str, str, int]]:
    return [(one.member.name, one.skipped or "sent", one.count) for one in Departure.objects.select_related("member").order_by("id")]
