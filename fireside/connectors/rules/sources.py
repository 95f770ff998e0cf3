"""What a source is called when nobody says: by its file, the same for every part and every later copy of it."""

import re

from fireside.lib.text import one_line

CHATS = (
    "zulip",
    "slack",
    "gitter",
    "discord",
    "qq",
    "wechat",
    "chatlab",
    "discourse",
    "stackexchange",
    "mbox",
)  # what comes in as messages of people in places
_ENDING = re.compile(r"(\.(jsonl|ndjson|json|csv|tsv|txt|xlsx|xml|sql|mbox|gz|tar|tgz|zip))+$", re.I)
_FILLER = re.compile(r"[-_+ ]*(zulip|gitter|archive|export|messages)(?![a-z])", re.I)
_SLACK = re.compile(r"[ _-]+slack[ _-]+export\b.*", re.I)  # "Lamps Slack export Jan 1 2024 - Feb 2 2024": the same for every stretch of it
_POSTS = re.compile(r"\.posts$", re.I)  # "beer.stackexchange.Posts.xml.gz"
_COPY = re.compile(r"([ _-]*(\(\d{1,3}\)|（\d{1,3}）)|[ _-]+(copy|副本))+$", re.I)  # what browsers and desktops add to a second copy
_SAYS_NOTHING = re.compile(r"(zulip|archive|export|messages?|posts|data|file|download|upload|backup|untitled|json|[\W\d_]+)*", re.I)


def _word(file: str) -> str:
    """The file's own name, without folders, endings and the marks of a copy."""
    name = one_line(file).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _SLACK.sub("", _POSTS.sub("", _COPY.sub("", _ENDING.sub("", _COPY.sub("", name))))).strip()


def archive_name(file: str, content: str = "") -> str:
    """ "lamp-zulip-archive.tar.gz" -> "lamp". A name that says nothing ("messages") gets the first characters of what the content sums up to."""
    word = _word(file)
    if content and _SAYS_NOTHING.fullmatch(word):
        return f"{word.strip('-_+ ')[:60] or 'archive'}-{content[:8]}"
    return (_FILLER.sub("", word).strip("-_+ ") or word.strip("-_+ ") or "archive")[:70]


def source_of(importer: str, file: str) -> str:
    """The name of the source behind a file; "" for a chat that may tell its own site."""
    if importer in CHATS:
        return ""
    word = _word(file) or "file"
    return f"{'list' if importer == 'members' else importer}:{word}"[:80]
