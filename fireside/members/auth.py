"""Who asks through the JSON door: a program with its token, whoever is signed in on the web, a visitor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer

from fireside.activity.doors import actor_of
from fireside.lib.errors import NotAllowed, Refusal
from fireside.members.actions.tokens import note_token_used
from fireside.members.bearer import sent_with
from fireside.members.queries import spoken
from fireside.members.rights import require_scope

SAFE = ("GET", "HEAD", "OPTIONS")


class SignIn(Refusal):
    """Nobody is signed in, or the token does not count."""

    status = 401


class Bearer(HttpBearer):
    """`Authorization: Bearer fs_…`: an API token, made under Me, Tokens. Its scopes say what it may do."""

    def __call__(self, request: HttpRequest) -> Any:
        sent = sent_with(request)
        return self.authenticate(request, sent.token) if sent is not None else None

    def authenticate(self, request: HttpRequest, token: Any) -> Any:
        if token is None:
            raise SignIn("bad_token", _("This token is unknown, revoked or past its end. Make another one under Me, Tokens."))
        request.user, request.token = token.member, token  # type: ignore[attr-defined]
        actor = actor_of(request, "json")
        if token.last_used_on != actor.now.date():
            note_token_used(actor, token=token)
        if request.method in SAFE:
            require_scope(actor, "read")
        elif not {"write", "run"} & set(token.scopes):
            require_scope(actor, "write")
        if token.member.language in spoken() and "Accept-Language" not in request.headers:
            translation.activate(token.member.language)  # the middleware round the request puts the old one back
        return token


class Csrf(CsrfViewMiddleware):
    """Django's own check, without a page for those who fail it."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden()


class Session(APIKeyCookie):
    """Whoever signed in on the web in this browser; changing anything needs the header `X-CSRFToken`."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # asked below, and only of those who are signed in: a visitor is told to sign in

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if not key or not request.user.is_authenticated:
            return None
        check = Csrf(lambda request: HttpResponseForbidden())
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        check.process_request(request)
        if check.process_view(request, _any_view, (), {}) is not None:
            raise NotAllowed("csrf", _("This page is too old. Load it again, and send the header X-CSRFToken with it."))
        return request.user


def visitor(request: HttpRequest) -> str | None:
    """Somebody who has not signed in may read what is public, and change nothing."""
    return "visitor" if request.method in SAFE else None


def _any_view(request: HttpRequest) -> HttpResponse:
    """The check asks for a view that is not exempt from it, and calls none."""
    return HttpResponseForbidden()
