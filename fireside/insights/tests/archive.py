"""A real archive's own lines, and a short way into the log: something to ask two engines about. The numbers are proved elsewhere, on what
the importer brings (test_against_plain.py)."""

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fireside.activity.actor import house
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds as talk
from fireside.members import kinds as people
from fireside.members.models import Member
from fireside.spaces.models import Space

BOT = re.compile(r"\bbot\b|bot$|\[bot\]", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """One message of the source file, and nothing derived from it but who is a bot and which topic it is in."""

    id: int
    at: int  # seconds, UTC
    stream: str
    topic: tuple[str, str]
    who: str
    asks: bool


def read(path: Path, limit: int = 0) -> list[Said]:
    """Messages in the order of time, then id."""
    out = []
    with gzip.open(path / "messages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            try:
                m = json.loads(line)
            except ValueError:
                continue  # the masking of the archive broke a few lines; importers report them
            words = re.sub("<[^>]*>", " ", m["content"])
            out.append(Said(m["id"], m["timestamp"], m["stream"], (m["stream"], m["topic"]), m["sender_full_name"], "?" in words))
    out.sort(key=lambda s: (s.at, s.id))
    return out[:limit] if limit else out


def is_bot(name: str) -> bool:
    return bool(BOT.search(name))


@dataclass
class Fed:
    """Ids that the house gave: names of the source -> ids here."""

    members: dict[str, int]
    spaces: dict[str, int]
    topics: dict[tuple[str, str], int]


def feed(messages: Sequence[Said], *, imported: bool = True, staff: Sequence[str] = ()) -> Fed:
    """Write the archive into the log as an importer would: one line a message, one a person."""
    first: dict[str, int] = {}
    for m in messages:
        first.setdefault(m.who, m.at)
    base = Member.objects.count() + 1000
    rows = [Member(name=name[:80], handle=f"p{base + i}", joined_at=moment(at), is_bot=is_bot(name),
                   role="operator" if name in staff else "member") for i, (name, at) in enumerate(first.items())]  # fmt: skip
    Member.objects.bulk_create(rows, batch_size=500)
    members = {name: row.pk for name, row in zip(first, rows, strict=True)}
    from django.db.models import F

    Member.objects.filter(person__isnull=True).update(person=F("id"))
    spaces: dict[str, int] = {}
    for m in messages:
        if m.stream not in spaces:
            space = Space.objects.create(slug=f"s{len(spaces)}-{base}", name=m.stream[:80], path="/", reach="public", openness="public",
                                         made_at=moment(m.at))  # fmt: skip
            Space.objects.filter(pk=space.pk).update(path=f"/{space.pk}/")
            spaces[m.stream] = space.pk
    topics: dict[tuple[str, str], int] = {}
    opener: dict[tuple[str, str], str] = {}
    lines = [Line(people.JOINED, moment(at), members[name], imported=imported) for name, at in first.items()]
    for post, m in enumerate(messages, 1):
        new = m.topic not in topics
        topic = topics.setdefault(m.topic, len(topics) + 1)
        kind = (talk.ASKED if m.asks else talk.OPENED) if new else talk.REPLIED
        lines.append(Line(kind, moment(m.at), members[m.who], "conversation.post", post, spaces[m.stream],
                          other_id=None if new else members[opener[m.topic]], parent_id=topic, imported=imported))  # fmt: skip
        opener.setdefault(m.topic, m.who)
    record_many(house("import", now=moment(messages[-1].at)), lines)
    return Fed(members, spaces, topics)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
