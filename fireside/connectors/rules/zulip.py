"""How Zulip writes things down: addresses, mentions, quotes, one message."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import quote, unquote

from fireside.connectors.rules.messages import Message, moment
from fireside.connectors.rules.records import Unusable, cut_id, has_bad_characters, nested_too_deep
from fireside.connectors.rules.zulip_files import files_in_html, files_in_markdown

_ENCODED = re.compile(r"(?:[\w~()*!'-]|\.[0-9A-F]{2})*", re.ASCII)
_LEFT_ALONE = re.compile(r"\.(7E|2[1789A])")
_SPAN = re.compile(r"<span\b([^>]*\buser-mention\b[^>]*)>([^<]*)</span>")
_USER_ID = re.compile(r'data-user-id="([^"]*)"')
_MD_MENTION = re.compile(r"@\*\*([^*|\n]+)(?:\|(\d+))?\*\*")
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.S)
_QUOTE = re.compile(r'\s*<p>(?:<span\b[^>]*\buser-mention silent\b[^>]*>[^<]*</span>|<em>[^<]*</em>)\s*<a href="[^"]*/near/(\d+)"')
_MD_QUOTE = re.compile(r"\s*@_\*\*[^*\n]+\*\* \[[^\]\n]*\]\([^)\s]*/near/(\d+)\)")
_STREAM = re.compile(r"(\d{1,18})-(.*)", re.S)
_STREAM_LINK = re.compile(r'<a class="stream(?:-topic)?" data-stream-id="(\d+)" href="[^"]*">#([^<>]*)</a>')


def looks_encoded(word: str) -> bool:
    """Could this be an address part of Zulip's? (".20" for a space; no other dots, no characters outside the safe ones.)"""
    return _ENCODED.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def decode(word: str) -> str:
    """Zulip's own address encoding undone: percent-encoding with dots. What is no such encoding stays as it is."""
    if "." not in word:
        return word
    try:
        plain = unquote(word.replace(".", "%"), errors="strict")
    except UnicodeDecodeError:
        return word
    # Zulip's browser leaves ~()*!' as they are, its Python side writes them as .7E and so on: both are its encoding.
    return plain if encode(plain) == _LEFT_ALONE.sub(lambda found: chr(int(found[1], 16)), word) else word


def encode(words: str) -> str:
    """Zulip's address encoding."""
    return quote(words, safe="~()*!'").replace(".", "%2E").replace("%", ".")


def split_stream(word: str, *, encoded: bool) -> tuple[str, str]:
    """ "206238-general" -> ("206238", "general"); without a number the name itself is the id."""
    found = _STREAM.fullmatch(word)
    number, name = (found[1], found[2]) if found else ("", word)
    name = decode(name) if encoded else name
    return number or cut_id(f"name:{word}"), name or number


def stream_names(html: str) -> list[tuple[str, str]]:
    """(stream id, full name) of every stream that a message links to: the archive's own addresses write spaces as dashes."""
    if 'class="stream' not in html:
        return []
    return [(number, unescape(name).partition(" > ")[0]) for number, name in _STREAM_LINK.findall(html)]


def better_name(slug: str, seen: Mapping[str, int]) -> str:
    """The name behind a slug, if the talk itself told it: the most frequent full name that gives this very slug."""
    fits = [(count, name) for name, count in seen.items() if name.replace(" ", "-") == slug]
    return max(fits)[1] if fits else slug


def mentions_in_html(html: str) -> tuple[tuple[str, str], ...]:
    """Whom a message calls by name. Silent mentions (quotes, notices) call nobody; "*" is everybody."""
    if "user-mention" not in html:
        return ()
    found: dict[tuple[str, str], None] = {}
    for attributes, name in _SPAN.findall(html):
        user = _USER_ID.search(attributes)
        if "silent" in attributes or "group-mention" in attributes or user is None or user[1] == "*":
            continue
        found[(user[1], unescape(name).removeprefix("@").strip())] = None
    return tuple(found)


def mentions_in_markdown(text: str) -> tuple[tuple[str, str], ...]:
    """The same for Zulip's Markdown: @**Name** or @**Name|17**, not in code."""
    if "@**" not in text:
        return ()
    found = {(number, name.strip()): None for name, number in _MD_MENTION.findall(_CODE.sub(" ", text))}
    return tuple((number, name) for number, name in found if name.casefold() not in {"all", "everyone", "channel", "stream", "topic"})


def quoted_message(text: str, format: str) -> str:
    """The id of the message that this one begins by quoting."""
    found = (_QUOTE if format == "html" else _MD_QUOTE).match(text)
    return found[1] if found else ""


def read_message(record: Any, *, now: datetime, site: str = "") -> Message:
    """A message out of a reader's normal form: id, timestamp, stream, topic, sender, content, format. Unusable says why not.

    `site` is where the archive comes from, if that is known: links to its files are told by it.
    """
    if not isinstance(record, Mapping):
        raise Unusable("not_a_record")
    number = record.get("id")
    if isinstance(number, str) and len(number) < 20 and number.isascii() and number.isdigit():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**63:
        raise Unusable("no_id")
    at = moment(record.get("timestamp"), now)
    for field, reason in (("stream", "no_place"), ("topic", "no_place"), ("sender", "no_sender"), ("content", "no_text")):
        if not isinstance(record.get(field), str):
            raise Unusable(reason)
        if has_bad_characters(record[field]):
            raise Unusable("bad_characters")
    if not record["sender"] or not record["stream"]:
        raise Unusable("no_sender" if record["stream"] else "no_place")
    text, format = record["content"], record.get("format", "html")
    if format == "html" and nested_too_deep(text):
        raise Unusable("too_deep")
    named = mentions_in_html(text) if format == "html" else mentions_in_markdown(text)
    reply_to = quoted_message(text, format)
    text, files = files_in_html(text, site) if format == "html" else files_in_markdown(text, site)
    return Message(
        id=str(number), at=at, stream=record["stream"], topic=record["topic"], sender=record["sender"], text=text, format=format,
        mentions=named, reply_to=reply_to, files=files,
    )  # fmt: skip
