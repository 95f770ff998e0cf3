"""The reader's language, light and time zone, put in force before the page is made: on the server, so nothing flashes."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


class ReaderMiddleware:
    """Member's own choice, then the cookie of this browser, then what the browser says, then the community's first language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = signed_in(request)
        language = language_of(request, member)
        request.theme = theme_of(request, member)  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone_of(member)):
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
        response.headers.setdefault("Content-Language", translation.to_locale(language).replace("_Hans", "-CN"))
        if not request.path.startswith("/api/"):
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response


def signed_in(request: HttpRequest) -> Any:
    """The member, without opening a session for those who have none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    if not request.user.is_authenticated:
        return None
    request.user = getattr(request, "_cached_user", request.user)  # from now on as they are: a page asks a hundred things of them
    return request.user


def language_of(request: HttpRequest, member: Any = None) -> str:
    """One that the community speaks: a wish for another one is no wish here. Where it speaks one, everybody reads that."""
    from fireside.members.queries import spoken

    known = spoken()
    if len(known) == 1:
        return known[0]
    for wish in (member.language if member else "", request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if wish in known:
            return str(wish)
    for wish, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:500]):
        if wish == "*" or weight <= 0:
            continue
        with suppress(LookupError):
            if (found := translation.get_supported_language_variant(wish)) in known:
                return found
    return known[0]


def theme_of(request: HttpRequest, member: Any = None) -> str:
    theme = (member.theme if member else "") or request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def zone_of(member: Any = None) -> ZoneInfo:
    from fireside.members.queries import the_community

    community = the_community()
    for name in (member.time_zone if member else "", community.time_zone if community else "", "UTC"):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
