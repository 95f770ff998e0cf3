"""Pages for visitors are kept for a moment and handed out again: what everybody sees alike is made once, not once for each of them.

Kept in the process from the second time a page is asked for; given up when a line is added to the log (looked at once a second) and
in any case after FIRESIDE_KEEP_PAGES seconds (60; 0 keeps nothing). Who carries a session, a message or the set-up key is never
served from here, and nothing that sets a cookie is kept. Our pages are the same on a phone and on a desk, so the device is no key.
The web server's front hands out what it has seen leave here (serving/shelf.py) for as long as `holds` says so.
"""

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from fireside.activity.reactions import newest
from fireside.lib.away import AWAY
from fireside.site.key import COOKIE as SETUP_COOKIE
from fireside.site.middleware.reader import language_of, theme_of
from fireside.site.views.refused import language_without_tables

KEPT = ("/talk", "/t/", "/spaces")  # and the first page; nobody's own pages, no forms
MOST = 300  # pages a process keeps
LARGEST = 512 * 1024
TOO_LONG = 1.5  # seconds for which others have waited: then members get what visitors get (serving/overload.py)
MARK = b' id="main" tabindex="-1">'  # the words stand behind it
MANY = _("Many people are here right now, so you see this page as visitors do. You are still signed in: load it again in a moment.")
LOOK_EVERY = 1.0  # seconds between two looks at the log
OWN_HEADERS = ("Authorization", "HX-Request")  # with these an answer is somebody's own, or a part of a page

Key = tuple[str, str, str, str, str]


def own_cookies() -> frozenset[str]:
    """Who carries one of these may have a page of their own."""
    return frozenset({settings.SESSION_COOKIE_NAME, "messages", SETUP_COOKIE})


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
        try:
            key = self.key_of(request)
            position = self.log_position() if key is not None else None
        except (OperationalError, InterfaceError):
            return self.of_old(request) or self.get_response(request)
        if key is None and request.META.get("fireside.waited", 0) > TOO_LONG and (shown := self.for_members(request)) is not None:
            return shown
        if key is None or position is None:
            return self.get_response(request)
        now = time.monotonic()
        with self.lock:
            asked_before = key in self.pages
            kept = self.pages.get(key)
            if asked_before:
                self.pages.move_to_end(key)
        if kept is not None and kept.position == position and now - kept.made < settings.KEEP_PAGES:
            request.META["fireside.holds"] = functools.partial(self.holds, kept)
            return HttpResponse(kept.body, headers=dict(kept.headers))
        response = self.get_response(request)
        if response.headers.get("X-Refusal") == AWAY:
            return self.of_old(request) or response
        fresh = Kept(position, now, response.content, tuple(response.headers.items())) if asked_before and fits(response) else None
        with self.lock:
            self.pages[key] = fresh
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)
        if fresh is not None:
            request.META["fireside.holds"] = functools.partial(self.holds, fresh)
        return response

    def holds(self, kept: Kept) -> bool:
        """Whether it may be handed out once more without coming by here. A second after the last look it may not: somebody must look."""
        now = time.monotonic()
        return kept.position == self.position and now - self.looked < LOOK_EVERY and now - kept.made < settings.KEEP_PAGES

    def for_members(self, request: HttpRequest) -> HttpResponse | None:
        """Too many wait: a member gets the page that visitors get, if one is kept that still holds, with a line that says so."""
        if request.method != "GET" or not self.is_kept(request) or any(name in request.headers for name in OWN_HEADERS):
            return None
        self.log_position()
        found = self.kept_for(request)
        if found is None:
            return None
        with translation.override("zh-hans" if dict(found.headers).get("Content-Language", "").startswith("zh") else "en"):
            note = format_html('<p class="note" role="status">{}</p>', MANY)
        answer = HttpResponse(found.body.replace(MARK, MARK + str(note).encode(), 1), headers=dict(found.headers))
        answer["Cache-Control"], answer["X-Busy"], answer["Content-Length"] = "no-store", "1", str(len(answer.content))
        return answer

    def of_old(self, request: HttpRequest) -> HttpResponse | None:
        """The records are away: the page as it last stood, if it was kept and nothing is known to have happened since. Nobody can
        change anything meanwhile."""
        if not self.is_open(request):
            return None
        found = self.kept_for(request)
        return HttpResponse(found.body, headers=dict(found.headers)) if found is not None else None

    def kept_for(self, request: HttpRequest) -> Kept | None:
        """The kept page at this address that still holds, in the language and light of this browser if there is one."""
        try:
            where = request.scheme, request.get_host(), request.get_full_path()
        except DisallowedHost:
            return None
        with self.lock:
            found = [
                (key, page) for key, page in self.pages.items() if page is not None and key[:3] == where and page.position == self.position
            ]
        wish = language_without_tables(request)
        found.sort(key=lambda one: (one[0][3] != wish, one[0][4] != theme_of(request)))
        return found[0][1] if found else None

    def is_open(self, request: HttpRequest) -> bool:
        """A visitor asks for a page of which everybody has the same."""
        if settings.KEEP_PAGES <= 0 or request.method != "GET" or not self.is_kept(request):
            return False
        return own_cookies().isdisjoint(request.COOKIES) and not any(name in request.headers for name in OWN_HEADERS)

    def is_kept(self, request: HttpRequest) -> bool:
        return request.path == "/" or request.path.startswith(KEPT)

    def key_of(self, request: HttpRequest) -> Key | None:
        """What tells one kept page from another, or None when this request is somebody's own."""
        if not self.is_open(request):
            return None
        try:
            return request.scheme or "", request.get_host(), request.get_full_path(), language_of(request), theme_of(request)
        except DisallowedHost:
            return None

    def log_position(self) -> tuple[int, int, int] | None:
        """Where the log stands: one indexed query a second, however many ask."""
        now = time.monotonic()
        if now - self.looked >= LOOK_EVERY:
            self.looked = now  # first: while the records are away one request a second waits for them, not each
            self.position = newest()
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
