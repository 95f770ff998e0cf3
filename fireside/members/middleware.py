"""Round every request: the day somebody was last here, and what allauth's pages need to stand in the house's frame."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from fireside.activity.doors import actor_of
from fireside.lib.pages import frame_for
from fireside.members.actions import note_seen
from fireside.members.adapters import TROUBLE
from fireside.members.queries import day_here

log = logging.getLogger(__name__)


class WhoMiddleware(AuthenticationMiddleware):
    """Who is signed in, asked for when somebody wants to know: Django's own check, by a query that is compiled once."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]


def _who(request: HttpRequest) -> Any:
    """`auth.get_user`, once a request. Whatever is unusual (a key that was changed, an account that is shut) is left to it."""
    if not hasattr(request, "_cached_user"):
        session: Any = request.session
        pk, backend, said = (session.get(name) for name in (auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY))
        found = session.member(int(str(pk))) if backend in settings.AUTHENTICATION_BACKENDS and str(pk).isdecimal() else None
        sure = found is not None and found.is_active and constant_time_compare(said or "", found.get_session_auth_hash())
        request._cached_user = found if sure else auth.get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


class SeenMiddleware:
    """Inside the limits, so that what was refused there is no visit. Through both doors: with a session, and with a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        token = getattr(request, "token", None)  # set by the JSON door
        if token is None and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return response  # a visitor: no session is opened to ask. Who has just signed in is seen with the next page.
        if response.status_code >= 500:
            return response  # the records may be what is broken
        member: Any = token.member if token is not None else request.user
        if member.is_authenticated:
            actor = actor_of(request)
            day = day_here(actor.now)
            if member.last_seen_on is None or member.last_seen_on < day:
                try:
                    note_seen(replace(actor, who=member), day=day)
                except OperationalError:  # a long writer holds the records: the answer is made, and the next request notes it
                    log.warning("the day of a visit was not noted", exc_info=True)
        return response


class FrameMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        given = response.context_data or {}
        trouble = request.session.pop(TROUBLE, "") if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
        response.context_data = {
            "frame": frame_for(request), "trouble": trouble, "onward": get_next_redirect_url(request) or "", "mail": settings.MAIL, **given
        }  # fmt: skip
        return response
