"""Pages for visitors are kept for a moment and handed out again: what everybody sees alike is made once, not once for each of them.

Kept in the process from the second time a page is asked for; given up when a line is added to the log (looked at once a second) and
in any case after FIRESIDE_KEEP_PAGES seconds (60; 0 keeps nothing). Who carries a session, a message or the set-up key is never
served from here, and nothing that sets a cookie is kept. Our pages are the same on a phone and on a desk, so the device is no key.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from fireside.activity.reactions import newest
from fireside.site.key import COOKIE as SETUP_COOKIE
from fireside.site.middleware.reader import language_of, theme_of

KEPT = ("/talk", "/t/", "/spaces")  # and the first page; nobody's own pages, no forms
MOST = 300  # pages a process keeps
LARGEST = 512 * 1024
LOOK_EVERY = 1.0  # seconds between two looks at the log

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Kept:
    position: tuple[int, int, int]
    made: float
    body: bytes
    headers: tuple[tuple[str, str], ...]


class KeptPagesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: OrderedDict[Key, Kept | None] = OrderedDict()  # None: asked for once
        self.lock = threading.Lock()
        self.position: tuple[int, int, int] | None = None
        self.looked = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self.key_of(request)
        if key is None or (position := self.log_position()) is None:
            return self.get_response(request)
        now = time.monotonic()
        with self.lock:
            asked_before = key in self.pages
            kept = self.pages.get(key)
            if asked_before:
                self.pages.move_to_end(key)
        if kept is not None and kept.position == position and now - kept.made < settings.KEEP_PAGES:
            return HttpResponse(kept.body, headers=dict(kept.headers))
        response = self.get_response(request)
        fit = asked_before and fits(response)
        with self.lock:
            self.pages[key] = Kept(position, now, response.content, tuple(response.headers.items())) if fit else None
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)
        return response

    def key_of(self, request: HttpRequest) -> Key | None:
        """What tells one kept page from another, or None when this request is somebody's own."""
        if settings.KEEP_PAGES <= 0 or request.method != "GET" or not (request.path == "/" or request.path.startswith(KEPT)):
            return None
        own = {settings.SESSION_COOKIE_NAME, "messages", SETUP_COOKIE}
        if own & set(request.COOKIES) or "Authorization" in request.headers or "HX-Request" in request.headers:
            return None
        try:
            return request.get_host(), request.get_full_path(), language_of(request), theme_of(request)
        except DisallowedHost:
            return None

    def log_position(self) -> tuple[int, int, int] | None:
        """Where the log stands: one indexed query a second, however many ask."""
        now = time.monotonic()
        if now - self.looked >= LOOK_EVERY:
            self.position, self.looked = newest(), now
        return self.position


def fits(response: HttpResponse) -> bool:
    """A whole, plain page that is nobody's own."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not any(word in response.headers.get("Cache-Control", "") for word in ("no-store", "private"))
        and len(response.content) <= LARGEST
        and b"csrfmiddlewaretoken" not in response.content
    )
