"""Language, light and single keys: kept in cookies for this browser, and with the member when one is signed in."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.members.actions import change_profile
from fireside.members.queries import spoken
from fireside.site.middleware.reader import THEME_COOKIE, THEMES
from fireside.site.views.keys import COOKIE as KEYS_COOKIE

YEAR = 365 * 24 * 3600


@csrf_exempt  # the form stands on cached pages, which carry no token; from another site the session does not come along (SameSite)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(back(request))
    language, theme = request.POST.get("language", ""), request.POST.get("theme")
    language = language if language in spoken() else ""
    theme = theme if theme in (*THEMES, "") else None
    shortcuts = {"on": True, "off": False}.get(request.POST.get("shortcuts", ""))
    if viewer_of(request) is not None and (language or theme is not None or shortcuts is not None):
        change_profile(actor_of(request), language=language or None, theme=theme, shortcuts=shortcuts)
    elif shortcuts is not None:
        response.set_cookie(KEYS_COOKIE, "on" if shortcuts else "off", max_age=YEAR, samesite="Lax", secure=settings.TLS)
    if shortcuts is not None:
        messages.success(request, _("Single keys move and act again.") if shortcuts else _("Single keys do nothing any more."))
    if language:
        remember(response, language)
    if theme:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=settings.TLS)
    elif theme == "":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def keep_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Who reads on in another light, as somebody else or in another community, does so in the language of this page."""
    remember(response, request.LANGUAGE_CODE)  # type: ignore[attr-defined]  # put there by the reader's middleware
    return response


def remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=settings.TLS)


def back(request: HttpRequest) -> str:
    """Where the reader came from, if that was here."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or not came.path.startswith("/") or came.path.startswith("//"):
        return "/"
    return came.path + ("?" + came.query if came.query else "")
