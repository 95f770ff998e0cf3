"""The shelf: visitors' pages as they went out last, handed out by the front itself, without a thread and without Django.

Which page may lie here, and for how long, is decided where pages are kept (site/middleware/kept_pages.py): it hands over a check that is
asked each time, and as soon as that says no (once a second, to look at the log) the request goes to Django like any other.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import parse_cookie

from fireside.serving.bridge import Answer, Headers, Scope, Send
from fireside.serving.packing import unpacks
from fireside.site.middleware.kept_pages import OWN_HEADERS, own_cookies
from fireside.site.middleware.reader import THEME_COOKIE

MOST = 1000  # pages a process lays here, each in one or two packings, languages and lights
# Somebody's own; or more than a plain question: what is sent along must be read, and where a header stands twice Django decides.
NOT_PLAIN = frozenset({*(name.lower().encode() for name in OWN_HEADERS), b"content-length", b"transfer-encoding", b"expect"})


class Name(NamedTuple):
    """All that pages on the shelf differ by, as it was asked."""

    scheme: str
    host: bytes
    path: str
    query: bytes
    languages: bytes
    language: str
    theme: str
    packed: bool


@dataclass(frozen=True)
class Laid:
    headers: Headers
    body: bytes
    holds: Callable[[], bool]

    async def hand_out(self, send: Send, request_id: str) -> None:
        headers = [*self.headers, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class Shelf:
    """One per process, touched on the event loop only."""

    def __init__(self) -> None:
        self.pages: OrderedDict[Name, Laid] = OrderedDict()
        self.own_cookies = own_cookies()

    def name_of(self, scope: Scope, given: dict[bytes, bytes], scheme: str) -> Name | None:
        """Under what such a question's answer would lie here. None where the answer may be somebody's own."""
        if scope["method"] != "GET" or len(given) != len(scope["headers"]) or not NOT_PLAIN.isdisjoint(given):
            return None
        language = theme = ""
        if cookie := given.get(b"cookie"):
            cookies = parse_cookie(cookie.decode(errors="replace"))
            if not self.own_cookies.isdisjoint(cookies):
                return None
            language, theme = cookies.get(settings.LANGUAGE_COOKIE_NAME, ""), cookies.get(THEME_COOKIE, "")
        return Name(
            scheme,
            given.get(b"host", b""),
            scope["path"],
            scope["query_string"],
            given.get(b"accept-language", b""),
            language,
            theme,
            unpacks(given.get(b"accept-encoding", b"").decode("latin-1")),
        )

    def take(self, name: Name | None) -> Laid | None:
        """The page, if it lies here and still holds."""
        if name is None or (laid := self.pages.get(name)) is None or not laid.holds():
            return None
        self.pages.move_to_end(name)
        return laid

    def lay(self, name: Name | None, answer: Answer, holds: Callable[[], bool] | None) -> None:
        """Keep what was answered, but for the id of that request, if Django says for how long it holds."""
        if name is None or holds is None:
            return
        self.pages[name] = Laid([pair for pair in answer.headers if pair[0] != b"x-request-id"], answer.body or b"", holds)
        self.pages.move_to_end(name)
        if len(self.pages) > MOST:
            self.pages.popitem(last=False)
