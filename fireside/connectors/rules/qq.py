"""How QQ's own text files write messages down: a line with the time and the person, and below it what was said."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from fireside.connectors.rules.messages import Message, day_of
from fireside.connectors.rules.plain_words import Names, called, in_html, made_id
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.shown import FILES, RECALL, kind_of_words, recaller, with_sign
from fireside.connectors.rules.times import read_time
from fireside.lib.text import one_line

TITLE = "消息记录（此消息记录为文本格式，不支持重新导入）"
GROUP, OBJECT = "消息分组:", "消息对象:"
GROUPS = ("群", "多人聊天", "讨论组")  # what those who exported call the folders in which groups lie
SYSTEM = frozenset(["10000", "1000000", "80000000"])  # lines of QQ itself; 80000000 is whoever spoke without a name
MACHINES = frozenset(["2854196310"])  # the steward of groups
_HEAD = re.compile(
    r"(?P<when>\d{4}[-/]\d{1,2}[-/]\d{1,2} +(?:[上下]午 *)?\d{1,2}:\d{2}:\d{2}(?: *[AP]M)?)(?: +(?P<name>[^\n]{0,120}?))?(?:\((?P<number>\d{5,12})\)|<(?P<mail>[^<>\s@]+@[^<>\s]+)>)?$",
    re.I | re.ASCII,
)
_TITLES = re.compile(r"^(?:【[^】]{0,20}】\s*)+")


@dataclass(frozen=True, slots=True)
class Head:
    """`number`: of the account, or its address; "" in talks that do not write it."""

    when: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it stands there. `sender` is who wrote it, "" for QQ itself."""

    when: str
    sender: str
    text: str
    ordinal: int = 0


def read_head(line: str) -> Head | None:
    """The first line of a message, or None. A title before a name (【管理员】) is no part of it: it changes with what somebody is there."""
    found = _HEAD.fullmatch(line) if line[:2].isdigit() else None
    if found is None:
        return None
    number = found["number"] or (found["mail"] or "").lower()
    name = one_line(_TITLES.sub("", (found["name"] or "").strip()))
    return Head(found["when"], name or number, number) if name or number else None


def read_said(one: Said, stream: str, *, names: Names, zone: tzinfo, now: datetime) -> Message:
    """A message of a conversation. Unusable says why not."""
    sender, words = one.sender, one.text.strip()
    kind = kind_of_words(words)
    if not sender:
        sender, kind = recaller(words, names), RECALL
        if not sender:
            raise Unusable("no_ones_words")
    at = read_time(one.when, zone=zone, now=now)
    if not words:
        raise Unusable("no_text")
    if has_bad_characters(words) or has_bad_characters(sender):
        raise Unusable("bad_characters")
    made = made_id(one.when, sender, words, ordinal=one.ordinal)
    topic, title = day_of(stream, at)
    return Message(
        id=cut_id(f"{stream}/{made}"), at=at, stream=stream, topic=topic, sender=sender, text=in_html(with_sign(kind, words, "qq")),
        mentions=called(words, names), files=(f"{stream}/{made}",) if kind in FILES else (), title=title, asks=False,
    )  # fmt: skip
