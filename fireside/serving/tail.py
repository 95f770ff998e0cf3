"""One reader of the log per process, for its live connections. It reads below the horizon, so it never passes a line by."""

import json
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import close_old_connections

from fireside.activity import reactions
from fireside.activity.kinds import KINDS
from fireside.notifications.queries import last_notice_id, notices_after

log = logging.getLogger(__name__)
Place = tuple[int, int]
BATCH = 500
BEFORE_ALL: Place = (-(2**62), 0)


class Event(NamedTuple):
    """`keys`: the subscriptions that get it. `place`: where in the log it stands, "" for a bell. `shuts`: who may see is in question."""

    keys: tuple[str, ...]
    name: str
    place: str
    data: dict[str, Any]
    shuts: bool = False

    def encode(self, name: str) -> bytes:
        head = f"id: {self.place}\n" if self.place else ""
        return f"{head}event: {name}\ndata: {json.dumps(self.data, separators=(',', ':'))}\n\n".encode()


# After these, somebody who listened may no longer be allowed to: their connections are closed and asked again who they are.
DOUBTS = ("spaces.", "members.", "conversation.talk_left", "conversation.talk_declined")
SURE = {"spaces.joined", "spaces.made", "members.joined", "members.signed_in"}


class Tail:
    """Reads on, in one thread of its own. Holds the place in the log and among the notices."""

    def __init__(self) -> None:
        self.place: Place | None = None
        self.notice = 0

    def start(self) -> Place:
        """Begin at the end: what was before has been seen on the page."""
        close_old_connections()
        self.place = reactions.edge() or BEFORE_ALL
        self.notice = last_notice_id()
        return self.place

    def ring_from_now(self) -> None:
        """The first bell is listened for: what rang before is on its page."""
        close_old_connections()
        self.notice = last_notice_id()

    def read(self, bells: bool) -> list[Event]:
        """What happened since. One query while nothing did (two with bells); three and two when something did."""
        close_old_connections()
        if self.place is None:
            self.start()
            return []
        found = list(self._lines())
        if bells:
            for number, member_id in notices_after(self.notice, BATCH):
                self.notice = max(self.notice, number)
                found.append(Event((f"bell:{member_id}",), "bell", "", {}))
        return found

    def _lines(self) -> Iterable[Event]:
        upto = reactions.edge()
        assert self.place is not None
        if upto is None or upto < self.place:  # an older state was restored, or everything was taken away
            self.place = upto or BEFORE_ALL
            return []
        if upto == self.place:
            return []
        rows = (
            reactions.lines_between(self.place, upto)
            .filter(imported=False)
            .values_list("tx", "id", "kind", "member_id", "other_id", "space_id", "target_type", "target_id", "parent_id")[:BATCH]
        )
        events = [_event(*row) for row in rows]
        self.place = upto if len(events) < BATCH else place_of(events[-1].place)
        return events


def _event(
    tx: int, number: int, kind: str, member: int | None, other: int | None, space: int | None, table: str, target: int | None, parent: int | None
) -> Event:  # fmt: skip
    keys = []
    if is_public(kind):
        if table == "conversation.post" and parent:
            keys.append(f"topic:{parent}")
        elif table == "conversation.topic" and target:
            keys.append(f"topic:{target}")
    doubt = kind.startswith(DOUBTS) and kind not in SURE
    if space and (doubt or is_public(kind)):
        keys.append(f"space:{space}")
    if doubt:
        keys += [f"member:{one}" for one in {member, other} if one]
    data = {"kind": kind, "target": target, "parent": parent, "space": space, "by": member} if is_public(kind) else {}
    return Event(tuple(keys), "line", f"{tx}:{number}", data, shuts=doubt)


def is_public(kind: str) -> bool:
    """Whether those in the same space may know of it as it happens: talk, and whatever belongs to one of the four cores."""
    known = KINDS.get(kind)
    return known is not None and (known.core is not None or kind.startswith("conversation."))


def place_of(words: str) -> Place:
    """The place in a Last-Event-ID. Raises ValueError when it is none."""
    tx, _colon, number = words.partition(":")
    return int(tx), int(number)
