"""What rests first when more is asked than can be answered, in the order of what members miss least.

Measured is how long the oldest request that still waits for a page thread has waited: 0 in a house that keeps up. Nothing is switched
by hand: what rested is answered again as soon as the wait is short.

    longer than   rests
    0.5 s         what a page asks in the background: previews, names and tags while one types
    0.7 s         asking again and again: the bell, the progress of long work
    1 s           search
    1.5 s         members' own lists and topics: they get the page that visitors get, if one is kept, with a line that says so
"""

import re
from typing import Any

BACKGROUND, POLLS, SEARCH, OWN_PAGES = "background", "polls", "search", "own_pages"
AFTER = {BACKGROUND: 0.5, POLLS: 0.7, SEARCH: 1.0, OWN_PAGES: 1.5}  # seconds
RETRY = {BACKGROUND: 3, POLLS: 10, SEARCH: 5}
_PATHS = {
    BACKGROUND: re.compile(
        r"/talk/(preview|mentions)|/messages/people|(/api/v1)?/spaces/[^/]+/similar|/api/v1/preview|/spaces/[^/]+/tags/suggested"
    ),
    POLLS: re.compile(r"/notices/(bell|newest)|/api/v1/notices/bell|/jobs/\d+/now|/(talk|t/\d+)/news|/messages/count"),
    SEARCH: re.compile(r"/search|/api/v1/search|/messages|/api/v1/messages/words"),
}
WORDS = {
    "en": "Many people are here right now, so this rests for a moment. Try again in a few seconds.",
    "zh": "现在人很多，这项功能先歇一会儿，请过几秒再试。",
}


def kind_of(path: str, query: bytes) -> str:
    """Which of the things that may rest a request asks for; "" for all others."""
    for kind, paths in _PATHS.items():
        if paths.fullmatch(path) and (kind != SEARCH or b"q=" in query):
            return kind
    return ""


def rests(path: str, query: bytes, waited: float) -> str:
    """The kind of a request that rests while others wait for so many seconds; "" when it is answered."""
    if waited <= min(AFTER.values()):
        return ""
    kind = kind_of(path, query)
    return kind if kind and waited > AFTER[kind] else ""


def words_for(headers: dict[bytes, Any]) -> bytes:
    """The sentence in the language that the browser names first."""
    wish = headers.get(b"accept-language", b"").decode("latin-1").strip().lower()
    return (WORDS["zh" if wish.startswith("zh") else "en"] + "\n").encode()
