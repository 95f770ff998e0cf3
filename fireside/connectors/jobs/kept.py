"""What the first reading of a history made of its records, for the second: it parses nothing again."""

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from fireside.connectors.readers.aside import Aside
from fireside.connectors.rules.messages import Message
from fireside.connectors.rules.records import Found

_values = attrgetter(*(one.name for one in fields(Message)))


class Kept:
    """Every record in its order: its message, or why it is none; of one that is in doubt the record itself."""

    def __init__(self, folder: Path) -> None:
        self._aside = Aside(folder)

    def add(self, found: Found, message: Message | None) -> None:
        if message is None:
            self._aside.add((found.place, None, found.value, found.reason, found.raw))
        else:
            self._aside.add((found.place, _values(message), None, "", ""))

    def __iter__(self) -> Iterator[Found]:
        for place, values, value, reason, raw in self._aside:
            yield Found(place, Message(*values) if values else value, reason, raw)
