"""How Slack writes a message down, and what of its records is somebody's word."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fireside.connectors.rules.messages import Message, day_of, moment, opening
from fireside.connectors.rules.records import Unusable, has_bad_characters
from fireside.connectors.rules.slack_words import Names, called, in_markdown, of_attachments, with_files

# What somebody said; other subtypes are lines of Slack itself: somebody came, a channel has a new name.
SAID = frozenset(["", "bot_message", "file_comment", "file_mention", "file_share", "me_message", "thread_broadcast"])
_TS = re.compile(r"\d{9,11}\.\d{1,9}", re.ASCII)


def sender_of(record: Mapping[str, Any]) -> str:
    """The id of who wrote it; of a program that is nobody's account, its number among programs. "" when there is none."""
    comment = record.get("comment")
    for person in (record.get("user"), comment.get("user") if isinstance(comment, dict) else None):
        if isinstance(person, str) and person:
            return person[:100]
    program = record.get("bot_id") or record.get("username")
    return f"bot:{program[:100]}" if isinstance(program, str) and program else ""


def name_of(record: Mapping[str, Any]) -> str:
    """What a message calls its writer, for those whom the list of people leaves out."""
    profile = record.get("user_profile") or record.get("bot_profile")
    words = [profile.get(key) for key in ("display_name", "real_name", "name")] if isinstance(profile, dict) else []
    return next((one for one in (*words, record.get("username")) if isinstance(one, str) and one.strip()), "")


def thread_of(record: Mapping[str, Any]) -> str:
    """The message below which this one stands, or which it is itself: its moment. "" outside of threads."""
    thread, own = record.get("thread_ts"), record.get("ts")
    if not isinstance(thread, str) or not _TS.fullmatch(thread):
        return ""
    return thread if thread != own or record.get("reply_count") or record.get("replies") else ""


def is_line_of_slack(record: Mapping[str, Any]) -> bool:
    subtype = record.get("subtype") or ""
    return record.get("type", "message") != "message" or not isinstance(subtype, str) or subtype not in SAID


def read_record(record: Any, channel: str, *, now: datetime, people: Names, channels: Names, titles: Mapping[str, str]) -> Message:
    """A message of a channel. `titles`: thread -> first words. Unusable says why not."""
    if not isinstance(record, Mapping):
        raise Unusable("not_a_record")
    if is_line_of_slack(record):
        raise Unusable("no_ones_words")
    ts, text = record.get("ts"), record.get("text")
    if not isinstance(ts, str) or not _TS.fullmatch(ts):
        raise Unusable("no_id")
    at, sender = moment(float(ts), now), sender_of(record)
    if not sender:
        raise Unusable("no_sender")
    said = text if isinstance(text, str) else ""
    if not said.strip():
        said = of_attachments(record.get("attachments"))
    words, files = with_files(in_markdown(said, people, channels), record)
    if has_bad_characters(words) or has_bad_characters(sender):
        raise Unusable("bad_characters")
    if not words.strip():
        raise Unusable("no_text")
    thread = thread_of(record)
    topic, title = day_of(channel, at)
    if thread:
        topic, title = f"{channel}/{thread}", titles.get(f"{channel}/{thread}") or day_of(channel, moment(float(thread), now))[1]
    return Message(
        id=f"{channel}/{ts}", at=at, stream=channel, topic=topic, sender=sender, text=words, format="md", mentions=called(said, people),
        files=files, title=title, asks=None if thread else False, edited_at=_edited_at(record, now),
    )  # fmt: skip


def _edited_at(record: Mapping[str, Any], now: datetime) -> datetime | None:
    """When its words were last changed; what they said before is not told."""
    edited = record.get("edited")
    ts = edited.get("ts") if isinstance(edited, dict) else None
    if not isinstance(ts, str) or not _TS.fullmatch(ts):
        return None
    try:
        return moment(float(ts), now)
    except Unusable:
        return None


def title_of(record: Mapping[str, Any], people: Names, channels: Names) -> str:
    """What stands above a thread: the first words of the message below which it grew."""
    text = record.get("text")
    words = in_markdown(text if isinstance(text, str) else "", people, channels) or of_attachments(record.get("attachments"))
    return opening(re.sub(r"\[([^\]\n]*)\]\([^)\s]*\)", r"\1", words).translate({ord(sign): None for sign in "*~`"}))
