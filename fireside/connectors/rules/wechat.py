"""How WeChatMsg writes a message of WeChat down: one a row, a number for what is no words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import unescape

from fireside.connectors.rules.messages import Message, day_of, moment
from fireside.connectors.rules.plain_words import Names, called, in_html, made_id
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters
from fireside.connectors.rules.shown import (
    CALL,
    CONTACT,
    FILE,
    FILES,
    FORWARD,
    IMAGE,
    LINK,
    OTHER,
    PACKET,
    PLACE,
    POKE,
    RECALL,
    REPLY,
    SHARE,
    STICKER,
    TRANSFER,
    VIDEO,
    VOICE,
    recaller,
    with_sign,
)  # fmt: skip
from fireside.connectors.rules.times import read_time

COLUMNS = frozenset(["type", "issender", "createtime", "strcontent", "sender"])  # without these it is no such table
OWN = "我"
SYSTEM = frozenset(["10000", "10002"])
_WORDS = {"1": 0, "3": IMAGE, "34": VOICE, "37": CONTACT, "42": CONTACT, "43": VIDEO, "47": STICKER, "48": PLACE, "50": CALL, "62": VIDEO}
_CARDS = {
    "3": SHARE, "4": LINK, "5": LINK, "6": FILE, "8": STICKER, "19": FORWARD, "33": SHARE, "36": SHARE, "51": SHARE, "57": REPLY, "62": POKE,
    "74": FILE, "2000": TRANSFER, "2001": PACKET, "2003": PACKET,
}  # fmt: skip
_TITLE = re.compile(r"<title>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>", re.S)
_POKED = re.compile(r"拍了拍")


@dataclass(frozen=True, slots=True)
class Said:
    """A row: who wrote it ("" for WeChat itself), and which of the same it is in its second."""

    row: Mapping[str, str]
    sender: str
    ordinal: int = 0


def kind_of(row: Mapping[str, str]) -> int:
    kind, under = row.get("type", "").partition(".")[0], row.get("subtype", "").partition(".")[0]
    return _CARDS.get(under, LINK) if kind == "49" else _WORDS.get(kind, OTHER)


def words_of(row: Mapping[str, str], kind: int) -> str:
    """Its words. What stands there for a picture or a card is a document, of which only the title is anybody's words."""
    said = row.get("strcontent", "").strip()
    if kind == 0 or not said.startswith("<"):
        return said
    found = _TITLE.search(said)
    return unescape(found[1]).strip() if found else ""


def time_of(row: Mapping[str, str], zone: tzinfo, now: datetime) -> datetime:
    """By its seconds since 1970; without these by the clock of the one who wrote the table."""
    seconds = row.get("createtime", "").strip().partition(".")[0]
    if re.fullmatch(r"\d{9,13}", seconds, re.ASCII):
        return moment(int(seconds) / (1000 if len(seconds) > 11 else 1), now)
    return read_time(row.get("strtime", ""), zone=zone, now=now)


def read_said(one: Said, stream: str, *, names: Names, zone: tzinfo, now: datetime) -> Message:
    """A message of a conversation. Unusable says why not."""
    row, sender = one.row, one.sender
    kind = kind_of(row)
    words = words_of(row, kind)
    if row.get("type", "").partition(".")[0] in SYSTEM:
        sender, kind = recaller(words, names), RECALL
        if not sender:
            raise Unusable("no_ones_words")
    at = time_of(row, zone, now)
    if not sender:
        raise Unusable("no_sender")
    shown = with_sign(kind, words, "wechat")
    if not shown.strip():
        raise Unusable("no_text")
    if has_bad_characters(shown) or has_bad_characters(sender):
        raise Unusable("bad_characters")
    made = made_id(int(at.timestamp()), sender, kind, words, ordinal=one.ordinal)
    topic, title = day_of(stream, at.astimezone(UTC))
    return Message(
        id=cut_id(f"{stream}/{made}"), at=at, stream=stream, topic=topic, sender=sender, text=in_html(shown), mentions=called(words, names),
        files=(f"{stream}/{made}",) if kind in FILES else (), title=title, asks=False,
    )  # fmt: skip
