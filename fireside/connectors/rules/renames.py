"""Which topic goes on under which name, when names changed at the source between two archives.

Known messages decide. A name goes on with the topic in which most of its known messages stand here. Of several names that point to one
topic, the one with the earliest message of it goes on with it, if that message opens the topic or the topic's own name is gone; else
its own name does: then later messages were split off. Whatever does not go on with a topic is a topic of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple


class Known(NamedTuple):
    """A message that is here: in which topic, when it was written, whether it opens the topic."""

    topic: str
    at: datetime
    opens: bool


def follow(
    first: Mapping[str, str], known: Mapping[str, Sequence[Known]], noted: Mapping[str, str], there: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Name -> topic, for every name of the archive; and what is to be noted of names because of it.

    `first`: name -> its first message. `known`: name -> its messages that are here. `noted`: name -> topic, as found before ("": it was
    given up, whoever uses it begins anew). `there`: topics that are here; a topic is called as its first name was, unless it is noted.
    """
    own = {name: noted.get(name, name) for name in first}
    called = {own[name]: name for name in sorted(first, key=lambda name: name in noted) if own[name]}
    likes = {name: _most(rows) for name, rows in known.items() if rows}
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, topic in likes.items():
        wanted[topic].append(name)
    held = dict(called)
    for topic, names in wanted.items():
        begins = {name: min((one.at, not one.opens) for one in known[name] if one.topic == topic) for name in names}
        best = min(names, key=lambda name: begins[name])
        owner = called.get(topic)
        if owner is None or not begins[best][1] or likes.get(owner, topic) != topic:
            held[topic] = best
    found: dict[str, str] = {}
    for name, mine in own.items():
        if held.get(likes.get(name, "")) == name:
            found[name] = likes[name]
        elif mine and (mine not in there or held.get(mine) == name):
            found[name] = mine
        else:
            found[name] = f"{name}~{first[name]}"
    return found, _to_note(found, own, noted, there)


def _most(rows: Sequence[Known]) -> str:
    """The topic of most of them; of equals that of the earliest message."""
    count, since = Counter(one.topic for one in rows), {one.topic: one.at for one in sorted(rows, key=lambda one: one.at, reverse=True)}
    return min(count, key=lambda topic: (-count[topic], since[topic], topic))


def _to_note(found: Mapping[str, str], own: Mapping[str, str], noted: Mapping[str, str], there: Collection[str]) -> dict[str, str]:
    """Names that go on with another topic than they did, and names that a topic has given up."""
    new = {name: topic for name, topic in found.items() if topic != own[name]}
    names: dict[str, set[str]] = defaultdict(set)
    for name, topic in noted.items():
        names[topic].add(name)
    for name, topic in list(new.items()):
        for before in names[topic] | ({topic} if topic in there and noted.get(topic, topic) == topic else set()):
            if before != name and before not in found:
                new[before] = ""
    return new
