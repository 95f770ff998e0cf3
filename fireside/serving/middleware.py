"""Round every request: its id and route for logs and figures; and how much one asker may ask for."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import NotAllowed, Refusal, held_back
from fireside.lib.text import storable
from fireside.members.bearer import sent_with
from fireside.serving.busy import note_busy
from fireside.serving.limits import note_held_back, wait_for
from fireside.serving.rules import limit_of, limit_of_search, neighbourhood
from fireside.site.middleware.refusals import answer_to

Next = Callable[[HttpRequest], HttpResponse]


class TooMany(Refusal):
    """Asked too often. HTTP 429."""

    status = 429


class TooLarge(Refusal):
    """More was sent than this address takes. HTTP 413."""

    status = 413


class RequestMiddleware:
    """Outermost. Gives the request its id, binds it to every log line of this thread, and tells the front which route it was.

    A NUL in what is asked for means nothing, and PostgreSQL refuses it as text: it is left out before anybody reads the question.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = request.META.get("fireside.request_id", "")  # type: ignore[attr-defined]
        while "%00" in (asked := request.META.get("QUERY_STRING", "")):  # "%%0000" is one again when one has gone
            request.META["QUERY_STRING"] = asked.replace("%00", "")
        if "\x00" in request.path_info:
            request.path_info, request.path = request.path_info.replace("\x00", ""), request.path.replace("\x00", "")
        if waited := request.META.get("fireside.waited"):
            note_busy(waited)
        with structlog.contextvars.bound_contextvars(request_id=request.id):  # type: ignore[attr-defined]
            response = self.get_response(request)
        match = request.resolver_match
        request.META["fireside.route"] = match.route if match is not None else "none"
        return response


class FormMiddleware:
    """Forms come without signs that nothing can store, whichever page they were on. (The JSON door has its own: lib/json_door.py.)"""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not request.path.startswith("/api/"):
            given = request.POST
            if any(storable(word) != word for words in given.lists() for word in (words[0], *words[1])):
                cleaned = given.copy()
                cleaned.clear()
                for name, words in given.lists():
                    cleaned.setlist(storable(name), [storable(word) for word in words])
                request.POST = cleaned  # type: ignore[assignment]
        return self.get_response(request)


class LimitMiddleware:
    """Inside the reader's middleware, so that the refusal is in their language.

    Members are counted by account, whether they signed in or sent a token; visitors, and who sends a token that is none, by address.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (most := request.META.get("fireside.too_large")) is not None:
            return answer_to(request, TooLarge("too_large", _("That is too large: at most %(most)s MB can be sent here.") % {"most": most}))
        if request.META.get("fireside.not_theirs"):
            words: Any = _("So much can be sent here only by those who are signed in and may do this. Sign in, then send it again.")
            return answer_to(request, NotAllowed("not_allowed", words))
        if not settings.LIMITS:
            return self.get_response(request)
        who, account, wait = self._count(request)
        if wait:
            words = _("That was a lot in a short time. Please go on in %(seconds)s seconds.") % {"seconds": wait}
            response = answer_to(request, TooMany("slow_down", words, wait=wait))
            codes = ["slow_down"]
        else:
            mark = held_back.set(codes := [])
            try:
                response = self.get_response(request)
            finally:
                held_back.reset(mark)
        for code in codes[:1]:
            note_held_back(who, account, code)
        return response

    def _count(self, request: HttpRequest) -> tuple[str, int | None, int]:
        """Who asks, the account behind it, and the seconds that they must wait (0: none)."""
        sent = sent_with(request) if request.path.startswith("/api/") else None
        if sent is not None:
            account = sent.token.member_id if sent.token else None
        else:
            account = request.user.pk  # None for a visitor
        who = f"m{account}" if account else neighbourhood(request.META.get("REMOTE_ADDR", ""))
        known = account is not None
        wait = wait_for(limit_of(request.method or "GET", member=known, token=sent is not None), who)
        search = limit_of_search(request.path, request.META.get("QUERY_STRING", ""), member=known)
        return who, account, wait or (wait_for(search, who) if search is not None else 0)
