"""The first reading of a history of talk: who, where, how much, and how everybody posts. Writes nothing."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fireside.activity.jobs import Progress
from fireside.connectors.jobs.kept import Kept
from fireside.connectors.readers.archive import Archive, Known, by_name
from fireside.connectors.rules.bots import Verdict, judge
from fireside.connectors.rules.messages import EARLIEST, LATEST, Message
from fireside.connectors.rules.records import Unusable, left_out
from fireside.connectors.rules.rhythm import Rhythms
from fireside.connectors.rules.zulip import better_name, decode, stream_names
from fireside.lib.text import name_key

FIRST = 50  # messages of a topic by which it is known again under another name
CHECK = "\u2714 "  # what Zulip writes before a topic that is resolved


@dataclass(slots=True)
class Survey:
    """What is known once everything has been read once."""

    records: int = 0
    latest: datetime | None = None  # of its messages
    first: dict[str, datetime] = field(default_factory=dict)  # person -> their first message
    began: dict[str, datetime] = field(default_factory=dict)  # stream -> its first message
    inside: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (stream, person) -> first message there
    names: dict[str, set[str]] = field(default_factory=dict)  # user id of a mention -> name keys seen with it
    linked: dict[str, int] = field(default_factory=dict)  # full name of a stream as messages link to it -> how often
    apart: set[tuple[str, str]] = field(default_factory=set)  # (stream, topic) that stand both resolved and unresolved
    reacted: dict[str, datetime | None] = field(default_factory=dict)  # message with reactions -> its time
    topics: set[tuple[str, str]] = field(default_factory=set)  # decoded
    said: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (stream, topic) -> its first messages
    sample: dict[str, datetime] = field(default_factory=dict)  # some of the messages, by which the same history is known again
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)  # of the archive, which messages name


def survey(archive: Archive, *, now: datetime, progress: Progress, keep: Kept) -> Survey:
    """Read everything once; `keep` gets every record as it was judged."""
    found, rhythms, called = Survey(), Rhythms(), Called(archive.known)
    topics: set[tuple[str, str]] = set()
    found.reacted = {} if archive.signs_have_times else dict.fromkeys(message for message, *_rest in archive.reactions())
    for record in archive.messages():
        found.records += 1
        if found.records % 5000 == 0:
            progress.counts = {"read": found.records}
            progress.advance(0)
        archive.in_doubt = False
        message = None
        try:
            message = None if record.reason else archive.read(record.value, now)
        except Unusable as wrong:
            record = record if archive.in_doubt else left_out(record, wrong)
        keep.add(record, None if archive.in_doubt else message)
        if message is None:
            continue
        _note(found, message)
        topics.add((message.stream, message.topic))
        if archive.named_topics and len(some := found.said.setdefault((message.stream, message.topic), [])) < FIRST:
            some.append(message.id)
        rhythms.post(message.sender, int(message.at.timestamp()), message.stream, message.topic, message.text)
        called.note(message)
    if getattr(archive, "encoded", False):  # only known now; the next reading decodes
        topics = {(stream, decode(topic)) for stream, topic in topics}
        found.said = {(stream, decode(topic)): some for (stream, topic), some in found.said.items()}
    found.topics = archive.threads() or topics
    found.apart = {(s, t.removeprefix(CHECK)) for s, t in topics if t.startswith(CHECK) and (s, t.removeprefix(CHECK)) in topics}
    if archive.form == "lines":  # its streams are named by addresses, which write spaces as dashes
        for one in archive.known.streams.values():
            one.name = better_name(one.name, found.linked)
    for person, times in called.people().items():
        rhythms.mention(person, times)
    for somebody in archive.known.people.values():
        traits = rhythms.traits(somebody.id)
        found.posts[somebody.id] = traits.posts
        found.verdicts[somebody.id] = judge(somebody.name, flagged=somebody.is_bot, traits=traits)
    return found


class Called:
    """Who is called by name, counted until everybody is known: chats call people whose first word comes later."""

    def __init__(self, known: Known) -> None:
        self._known, self._times = known, Counter[tuple[str, str]]()

    def note(self, message: Message) -> None:
        if message.mentions:
            own = self._known.people[message.sender].name if message.sender in self._known.people else ""
            for user, name in message.mentions:
                if user != message.sender and name_key(name) != name_key(own):
                    self._times[user, name_key(name)] += 1

    def people(self) -> Counter[str]:
        found = Counter[str]()
        named = {name_key(one.name): one.id for one in self._known.people.values()}
        for (user, name), times in self._times.items():
            person = user if user in self._known.people else by_name(name)
            found[person if user or person in self._known.people else named.get(name, person)] += times
        return found


def _note(found: Survey, message: Message) -> None:
    at = message.at
    found.latest = at if found.latest is None else max(at, found.latest)
    for table, key in ((found.first, message.sender), (found.began, message.stream)):
        if key not in table or at < table[key]:
            table[key] = at
    pair = (message.stream, message.sender)
    if pair not in found.inside or at < found.inside[pair]:
        found.inside[pair] = at
    for user, name in message.mentions:
        found.names.setdefault(user, set()).add(name_key(name))
    for _number, name in stream_names(message.text) if message.format == "html" else ():
        found.linked[name] = found.linked.get(name, 0) + 1
    if message.id in found.reacted:
        found.reacted[message.id] = at
    found.files.update(message.files)
    if len(found.sample) < 300:
        found.sample[message.id] = at


def topic_key(found: Survey, stream: str, topic: str, *, named: bool) -> str:
    """The external id of a topic. A topic that was resolved meanwhile ("✔ …") is the same topic, unless both stand in the archive."""
    if not named:
        return topic
    plain = topic.removeprefix(CHECK)
    name = topic if (stream, plain) in found.apart else plain
    key = f"{stream}/{name}"
    if len(key) <= 180:
        return key
    return f"{stream[:60]}/{name[:60]}#{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def epoch(seconds: float | None) -> datetime | None:
    """A moment beside the messages; None when there is none, or none that can be."""
    return datetime.fromtimestamp(seconds, UTC) if seconds and EARLIEST <= seconds < LATEST else None
