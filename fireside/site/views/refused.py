"""Every way in which the house says no: with what to do, and hidden things exactly like missing ones."""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from fireside.lib.away import WAIT, WORDS, what_is_away
from fireside.lib.errors import NotAllowed, NotFound, NotSure, Refusal, Refused, TooSoon
from fireside.lib.pages import fragment, is_htmx, page
from fireside.members.sure import ask_again
from fireside.site.frame import frame_of
from fireside.site.middleware.reader import theme_of

log = logging.getLogger(__name__)

TITLES = {
    400: _("This request is damaged"),
    403: _("This is not open to you"),
    404: _("Nothing here"),
    405: _("No page stands here"),
    409: _("Not like this"),
    413: _("That is too large"),
    429: _("That was a lot at once"),
}


@dataclass(frozen=True)
class BareFrame:
    """What the skeleton needs when nothing may be asked of the database."""

    theme: str = ""
    name: str = "Fireside"
    lang: str = "en"
    messages: Any = ()


def answer_to(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal, by the door it came through."""
    status = refusal.status
    if status == 404:
        refusal = NotFound()  # whatever was hidden, the words are those of what never was
    if request.path.startswith("/api/"):
        return _when(refusal, JsonResponse({"code": refusal.code, "message": str(refusal)}, status=status))
    if isinstance(refusal, NotSure):
        return ask_again(request)
    if is_htmx(request):
        answer = fragment(request, "site/_refused.html", status=status, message=refusal.message)
        answer["X-Refusal"] = refusal.code  # fireside.js puts the note in place when it sees this
        return _when(refusal, answer)
    frame = replace(frame_of(request), here="", space="")  # nothing of the address: hidden and missing are the same bytes
    answer = page(
        request, "site/refused.html", status=status, title=TITLES.get(status, TITLES[409]), message=refusal.message, frame=frame,
        act=next_act(request, refusal, frame), request_id=getattr(request, "id", ""),
    )  # fmt: skip
    answer["X-Refusal"] = refusal.code
    answer["Cache-Control"] = "no-store"
    return _when(refusal, answer)


def _when(refusal: Refusal, answer: HttpResponse) -> HttpResponse:
    if refusal.facts.get("wait"):
        answer["Retry-After"] = str(refusal.facts["wait"])
    return answer


def next_act(request: HttpRequest, refusal: Refusal, frame: Any) -> tuple[str, Any]:
    """Where to go from here: (address, words). A refusal may bring its own as facts `href` and `act`."""
    if refusal.facts.get("href"):
        return str(refusal.facts["href"]), refusal.facts.get("act") or _("Go on")
    if isinstance(refusal, NotFound):
        return ("/talk", _("See what people talk about")) if frame.me else ("/accounts/login/", _("Sign in"))
    if isinstance(refusal, NotAllowed) and frame.me is None:
        came = {"next": request.get_full_path()} if request.method == "GET" else {}
        return "/accounts/login/" + ("?" + urlencode(came) if came else ""), _("Sign in")
    return "/", _("Back to the first page")


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: an address that no page has."""
    return answer_to(request, NotFound())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return answer_to(request, NotAllowed("not_allowed", _("This is not open to you.")))


class Damaged(Refused):
    """A request that cannot be read. HTTP 400."""

    status = 400


def damaged(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return answer_to(
        request, Damaged("bad_request", _("What your browser sent could not be read. Go back, load the page anew and try again."))
    )


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler429: what sign-in limits by itself."""
    return answer_to(request, TooSoon("slow_down", _("That was a lot in a short time. Wait a minute, then try again."), wait=60))


class OnlySent(Refused):
    """An address that takes forms and shows nothing. HTTP 405."""

    status = 405


def only_sent(request: HttpRequest) -> HttpResponse:
    """Somebody looks at an address that only takes what a form sends."""
    return answer_to(
        request, OnlySent("only_sent", _("This address only takes what a form sends, and shows nothing itself. Go back to where you were."))
    )


def not_our_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form that was not ours, or was open too long."""
    log.info("csrf refused: %s", reason)
    words = _("This form was open too long, or your browser keeps no cookies. Go back, load the page anew and send it again.")
    return answer_to(
        request, NotAllowed("form_too_old", words, href=request.path if request.method == "GET" else "/", act=_("Back to the first page"))
    )


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: asks no table, because the tables may be what is broken. What is only away for a while is a 503."""
    request_id, gone = getattr(request, "id", ""), what_is_away()
    status, more = (503, {"Retry-After": str(WAIT)}) if gone else (500, {})
    try:
        language = language_without_tables(request)
        with translation.override(language):
            if request.path.startswith("/api/"):
                words = WORDS[gone] if gone else _("Something broke on our side. Try again.")
                return JsonResponse(
                    {"code": gone or "broken", "message": str(words), "request_id": request_id}, status=status, headers=more
                )
            bare = BareFrame(theme=theme_of(request), lang=language)
            context = {"frame": bare, "request_id": request_id, "words": WORDS.get(gone, "")}
            answer = render(request, "site/broken.html", context, status=status, using="jinja2")
            for name, value in {"Cache-Control": "no-store", "X-Refusal": gone or "broken", **more}.items():
                answer.headers[name] = value
            return answer
    except Exception:
        log.exception("the broken page broke")
        return HttpResponseServerError("Something broke on our side. What you wrote may still be in your browser: go back and try again.")


def language_without_tables(request: HttpRequest) -> str:
    """What the cookie of this browser says, then what the browser says, of all that the house speaks."""
    known = dict(settings.LANGUAGES)
    if (wish := request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")) in known:
        return wish
    for wish, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:500]):
        if weight > 0:
            with suppress(LookupError):
                return translation.get_supported_language_variant(wish)
    return settings.LANGUAGE_CODE
