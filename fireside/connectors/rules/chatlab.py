"""How the ChatLab interchange format writes a message down: plain words, and a number for what is no words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fireside.connectors.rules.messages import Message, day_of, moment
from fireside.connectors.rules.plain_words import Names, called, in_html, made_id
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.shown import FILES, SYSTEM, with_sign
from fireside.lib.text import name_key, one_line


def sender_of(record: Mapping[str, Any], stream: str) -> str:
    """The id of who wrote it; of somebody with a name only, that name in this conversation. "" when there is none."""
    person = record.get("sender")
    if isinstance(person, int) and not isinstance(person, bool):
        person = str(person)
    if isinstance(person, str) and person.strip():
        return cut_id(person.strip())
    name = name_of(record)
    return cut_id(f"name:{name_key(name)}@{stream}") if name else ""


def name_of(record: Mapping[str, Any]) -> str:
    """What somebody is called: by their account, else in this conversation."""
    names = (record.get("accountName"), record.get("groupNickname"))
    return next((one_line(one) for one in names if isinstance(one, str) and one.strip()), "")


def id_of(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def kind_of(record: Mapping[str, Any]) -> int:
    kind = record.get("type")
    return kind if isinstance(kind, int) and not isinstance(kind, bool) else 0


def read_record(record: Any, stream: str, ordinal: int, *, platform: str, names: Names, now: datetime) -> Message:
    """A message of a conversation. Unusable says why not."""
    if not isinstance(record, Mapping):
        raise Unusable("not_a_record")
    kind, said = kind_of(record), record.get("content")
    if kind == SYSTEM:
        raise Unusable("no_ones_words")
    at, sender = moment(record.get("timestamp"), now), sender_of(record, stream)
    if not sender:
        raise Unusable("no_sender")
    words = with_sign(kind, said if isinstance(said, str) else "", platform)
    if not words.strip():
        raise Unusable("no_text")
    own, answered = id_of(record.get("platformMessageId")), id_of(record.get("replyToMessageId"))
    if any(has_bad_characters(one) for one in (words, sender, own, answered)):
        raise Unusable("bad_characters")
    made = own or made_id(int(at.timestamp()), sender, kind, words, ordinal=ordinal)
    topic, title = day_of(stream, at)
    return Message(
        id=cut_id(f"{stream}/{made}"), at=at, stream=stream, topic=topic, sender=sender, text=in_html(words), mentions=called(words, names),
        reply_to=cut_id(f"{stream}/{answered}") if answered else "", files=(f"{stream}/{made}",) if kind in FILES else (), title=title, asks=False,
    )  # fmt: skip
