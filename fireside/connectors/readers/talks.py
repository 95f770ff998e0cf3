"""Conversations of messengers, which tell of themselves hardly more than who spoke: groups for those in them, talks of two only if asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fireside.connectors.readers.archive import Archive, Known, Person, Stream
from fireside.connectors.rules.records import cut_id, has_bad_characters, storable
from fireside.lib.text import name_key


@dataclass(slots=True)
class Talk:
    """One conversation; `names`: who is called what in it, "" where several are."""

    stream: str
    name: str
    of_two: bool
    platform: str = ""
    names: dict[str, str] = field(default_factory=dict)


class Talks(Archive):
    """What all of them have. A talk of two is a hidden space; a group as open as the operator says, else private."""

    named_topics = False

    def __init__(self) -> None:
        self.known = Known()
        self.talks: dict[str, Talk] = {}
        self._inside: set[tuple[str, str]] = set()

    def why_not(self) -> str:
        return "" if any(map(self.let_in, self.talks.values())) or not self.talks else "one_to_one"

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        return iter(self._inside)

    def let_in(self, talk: Talk) -> bool:
        """Does it come in? Then its space is known."""
        if talk.of_two and not self.asked.one_to_one:
            return False
        self.known.streams.setdefault(talk.stream, Stream(talk.stream, talk.name, openness="hidden" if talk.of_two else self.asked.group))
        return True

    def note(self, talk: Talk, person: str, name: str, called: Iterable[object] = (), *, listed: bool = False) -> None:
        """Somebody is in this conversation, and is called so."""
        if not person or has_bad_characters(person):
            return
        self._inside.add((talk.stream, person))
        known = self.known.people.get(person)
        if known is None:
            self.known.people[person] = Person(person, storable(name) or person, weak=person.startswith("name:"), listed=listed)
        elif listed:
            known.name, known.listed = storable(name) or person, True
        for one in (name, *called):
            if isinstance(one, str) and (key := name_key(storable(one))):
                talk.names[key] = person if talk.names.get(key, person) == person else ""


def by_name_there(name: str, stream: str) -> str:
    """The weak id of somebody who has nothing but a name, in this conversation."""
    return cut_id(f"name:{name_key(name)}@{stream}")
