"""The JSON door: one router an app, and every refusal said in one way."""

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError, Throttled, ValidationError

from fireside.lib.answers import say_no
from fireside.lib.away import WAIT, WORDS, what_is_away
from fireside.lib.errors import NotFound, Refusal
from fireside.lib.json_door import House, Storable, only_known
from fireside.lib.mending import in_words, place_of
from fireside.members.auth import Bearer, Session, visitor

log = logging.getLogger(__name__)
APPS = ("members", "notifications", "spaces", "conversation", "moderation", "insights", "connectors", "site", "serving")


api = House(
    title="Fireside",
    version="1",
    urls_namespace="api",
    description=(
        "Everything that can be done on the pages, for programs. Lists answer `{items, next}`; send `next` back as `cursor` for the part "
        "that follows. Every refusal is `{code, message}`, the message in the language of `Accept-Language`. What is missing and what is "
        "hidden from you answer alike, with 404. A query parameter that an address does not know is refused with 422, which names it "
        "(`errors[].field`) and those that are known."
    ),
    auth=[Bearer(), Session(), visitor],
    parser=Storable(),
    docs_url=None,  # its page loads scripts from elsewhere, which this house's pages never do
)
api.add_decorator(only_known, mode="view")
for app in APPS:
    if find_spec(f"fireside.{app}.api"):
        api.add_router("", import_module(f"fireside.{app}.api").router, tags=[app])


@csrf_exempt  # like every address of this door: what is missing says so to whoever asks
def nothing_here(request: HttpRequest, **where: Any) -> HttpResponse:
    """Every 404 is this one: a missing row, a hidden one, an address that never was."""
    return say_no(404, "not_found", NotFound().message)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, no: Refusal) -> HttpResponse:
    if no.status == 404:
        return nothing_here(request)
    if no.code == "sign_in":  # an action asked who acts, and nobody does
        return _sign_in(request)
    answer = say_no(no.status, no.code, no.message, **no.facts)
    if no.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if no.status == 429 and "wait" in no.facts:
        answer["Retry-After"] = str(no.facts["wait"])
    return answer


@api.exception_handler(Http404)
def _missing(request: HttpRequest, no: Http404) -> HttpResponse:
    return nothing_here(request)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, no: HttpError) -> HttpResponse:
    if no.status_code == 401:
        return _sign_in(request)
    if isinstance(no, Throttled):
        return say_no(429, "slow_down", _("Too many requests. Try again in %(seconds)s seconds.") % {"seconds": int(no.wait or 60)})
    if no.status_code == 400:
        return say_no(400, "bad_request", _("The body cannot be read. Send JSON in UTF-8."))
    return say_no(no.status_code, "refused", no.message)


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(TooManyFilesSent)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnicodeError)
def _malformed(request: HttpRequest, wrong: Exception) -> HttpResponse:
    return say_no(400, "bad_request", _("The body cannot be read. Send JSON in UTF-8."))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, no: ValidationError) -> HttpResponse:
    errors = [{"field": place_of(one["loc"]), "code": one["type"], "message": in_words(one)} for one in no.errors]
    return say_no(422, "invalid", _("Some fields need mending."), errors=errors)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    got_request_exception.send(sender=None, request=request)  # tests and log handlers hear of it as of any page
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    if gone := what_is_away(error):
        answer = say_no(503, gone, WORDS[gone])
        answer["Retry-After"] = str(WAIT)
        return answer
    return say_no(500, "broken", _("This is our fault, and it is written down. Try again in a minute."))


def _sign_in(request: HttpRequest) -> HttpResponse:
    answer = say_no(401, "sign_in", _("Sign in first, or send a valid token."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer
