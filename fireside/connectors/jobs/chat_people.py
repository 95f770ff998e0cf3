"""Who of a history of talk belongs where, and what they look like."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress
from fireside.connectors.jobs.survey import Survey, epoch
from fireside.connectors.readers.archive import Archive
from fireside.connectors.rules.records import Found
from fireside.lib.errors import Refused
from fireside.members.actions import take_in_picture
from fireside.members.pictures import LIMIT_BYTES

Pair = tuple[str, str]  # stream, person


@dataclass(slots=True)
class Places:
    """`inside`: who belongs since when. `outside`: who did not stay. `later`: who may not read what was said before they came."""

    inside: dict[Pair, datetime] = field(default_factory=dict)
    outside: set[Pair] = field(default_factory=set)
    later: set[Pair] = field(default_factory=set)


def places_of(archive: Archive, found: Survey, now: datetime) -> Places:
    """Into an open stream belongs who wrote there or is subscribed; into a private one only who may read all of it today."""
    private = {one.id for one in archive.known.streams.values() if one.private}
    bots = {key for key, verdict in found.verdicts.items() if verdict.is_bot}
    made = Places()
    made.inside = {(s, p): at for (s, p), at in found.inside.items() if p not in bots and s not in private}
    for stream, person in archive.subscriptions():
        pair, somebody = (stream, person), archive.known.people[person]
        if person in bots or pair in made.inside:
            continue
        if archive.reads_all(stream, person):
            made.inside[pair] = found.inside.get(pair) or epoch(somebody.joined) or now
        elif somebody.active:
            made.later.add(pair)
    made.outside = {pair for pair in archive.gone() if pair[0] in private and pair not in made.inside}
    return made


def take_in_pictures(
    actor: Actor, progress: Progress, archive: Archive, source: str, members: dict[str, int]
) -> tuple[dict[str, int], list[Found]]:
    """The picture of each person, and which of them could not be read. Of several files the first good one is taken."""
    done, broken = {"pictures": 0, "pictures_unchanged": 0, "pictures_rejected": 0}, []
    for person, files in archive.pictures():
        if person not in members:
            continue
        trouble: Found | None = None
        for file in files:
            try:
                new = take_in_picture(actor, source=source, external_id=person, picture=_bytes(file))
            except (Refused, OSError) as wrong:
                trouble = trouble or Found(f"{file.parent.name}/{file.name}", None, getattr(wrong, "code", "picture_unreadable"))
            else:
                done["pictures" if new else "pictures_unchanged"] += 1
                break
        else:
            if trouble is not None:
                done["pictures_rejected"] += 1
                broken.append(replace(trouble, place=f"avatars/{trouble.place}"))
        progress.advance(0)
    return (done if any(done.values()) else {}), broken


def _bytes(file: Path) -> bytes:
    """What a picture may hold, and one byte more of what holds too much."""
    with file.open("rb") as opened:
        return opened.read(LIMIT_BYTES + 1)
