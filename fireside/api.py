"""The JSON door: one router an app, who is there, and every refusal said in one way."""

import logging
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, TooManyFilesSent
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import APIKeyCookie, HttpBearer

from fireside.activity.doors import actor_of
from fireside.lib.answers import PROBLEMS, Problem
from fireside.lib.errors import NotAllowed, NotFound, Refusal
from fireside.lib.examples import show_examples
from fireside.members.actions.tokens import note_token_used
from fireside.members.bearer import sent_with
from fireside.members.rights import require_scope

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS")
APPS = ("members", "notifications", "spaces", "conversation", "insights", "connectors", "site")


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
        if token.member.language and "Accept-Language" not in request.headers:
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
        if check.process_view(request, say_no, (), {}) is not None:  # any view that is not exempt
            raise NotAllowed("csrf", _("This page is too old. Load it again, and send the header X-CSRFToken with it."))
        return request.user


def visitor(request: HttpRequest) -> str | None:
    """Somebody who has not signed in may read what is public, and change nothing."""
    return "visitor" if request.method in SAFE else None


class House(NinjaAPI):
    """NinjaAPI whose document shows, for every operation, what to send, what comes back, and each way to say no, with an example of each."""

    def _get_urls(self) -> list[Any]:
        found = super()._get_urls()
        for one in found:
            one.callback = only_its_methods(one.callback)
        return found

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        components = schema["components"].setdefault("schemas", {})
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components.update(shape.pop("$defs", {}))
        components["Problem"] = shape
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                shown = operation.pop("x-shows", {})
                for part in operation["responses"].values():
                    show_examples(part.get("content", {}), components, shown)
                show_examples(operation.get("requestBody", {}).get("content", {}), components)
                for status in _possible(path, method, operation):
                    says, example = PROBLEMS[status]
                    body = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
                    operation["responses"][status] = {"description": says, "content": {"application/json": body}} | HEADERS.get(status, {})
                operation["security"] = [{"Bearer": []}, {"Session": []}, *([{}] if method == "get" else [])]
        return schema


def _possible(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    """Which refusals an operation may answer with."""
    sent = "requestBody" in operation
    asked = dict.fromkeys((401, 403, 404, 405, 409, 422, 429, 500), True) | {400: method != "get" and sent, 413: sent}
    return sorted({status for status, wanted in asked.items() if wanted} | {s for s in operation["responses"] if s in PROBLEMS})


HEADERS: dict[int, dict[str, Any]] = {
    405: {
        "headers": {"Allow": {"description": "The methods that the address takes.", "schema": {"type": "string"}, "example": "DELETE, PUT"}}
    },
    429: {"headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 30}}},
}


def only_its_methods(view: Any) -> Any:
    """Round every address: asked with a method that it does not take, it says so in the form of every refusal."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        answer = view(request, *args, **values)
        if answer.status_code != 405:
            return answer
        known = ", ".join(sorted(method.strip() for method in answer["Allow"].split(",")))
        words = _("This address does not take %(method)s. It takes: %(known)s.") % {"method": request.method, "known": known}
        refusal = say_no(405, "wrong_method", words)
        refusal["Allow"] = known
        return refusal

    return asked


def only_known(run: Any) -> Any:
    """Round every operation (`add_decorator`, mode "view": `run` is the operation's own): a query parameter it does not know is refused.

    Looked at after the rights and the known parameters, and before anything is done.
    """
    operation, view = run.__self__, run.__self__.view_func
    known = sorted({name for model in operation.models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__})

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if unknown := sorted(set(request.GET) - set(known)):
            ctx = {"known": ", ".join(known)}
            raise ValidationError([{"type": "unknown_parameter", "loc": ("query", name), "ctx": ctx} for name in unknown[:20]])
        return view(request, *args, **values)

    operation.view_func = looked_at
    return run


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
    docs_url=None,  # its page loads scripts from elsewhere, which this house's pages never do
)
api.add_decorator(only_known, mode="view")
for app in APPS:
    if find_spec(f"fireside.{app}.api"):
        api.add_router("", import_module(f"fireside.{app}.api").router, tags=[app])


def say_no(status: int, code: str, message: Any, **facts: Any) -> HttpResponse:
    body = {"code": code, "message": str(message), **{key: value for key, value in facts.items() if value is not None}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False, "default": str})


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
    log.exception("%s %s failed", request.method, request.path)
    return say_no(500, "broken", _("This is our fault, and it is written down. Try again in a minute."))


def _sign_in(request: HttpRequest) -> HttpResponse:
    answer = say_no(401, "sign_in", _("Sign in first, or send a valid token."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def place_of(parts: Any) -> str:
    """Where in the request: "body.title", "query.size"."""
    words = [str(part) for part in parts]
    return ".".join(words[1:] if words[:2] == ["body", "body"] else words)


def in_words(error: dict[str, Any]) -> str:
    """What pydantic found, in the reader's language; its own English words are for programmers."""
    ctx = error.get("ctx") or {}
    kind = error["type"]
    if kind == "missing":
        return _("This is missing.")
    if kind == "unknown_parameter":
        known = ctx["known"]
        return (
            _("This address does not know it. It knows: %(known)s.") % {"known": known} if known else _("This address takes no parameters.")
        )
    if kind == "string_too_long":
        return _("There is room for %(limit)s signs.") % {"limit": ctx.get("max_length")}
    if kind == "string_too_short":
        return _("Write at least %(limit)s signs.") % {"limit": ctx.get("min_length")}
    if kind.startswith(("int_", "float_")):
        return _("Write a number.")
    if kind.startswith("bool_"):
        return _("Write true or false.")
    if kind.startswith(("datetime_", "date_", "timezone_")):
        return _("Write a time like 2026-03-02T12:00:00Z.")
    if kind in {"literal_error", "enum"}:
        return _("Choose one of: %(known)s.") % {"known": ctx.get("expected", "")}
    if kind.startswith(("greater_", "less_")):
        return _("This number is out of range: %(range)s.") % {"range": ", ".join(str(limit) for limit in ctx.values())}
    if kind.startswith(("list_", "too_")):
        return _("Write a list of the right length.")
    if "forms" in ctx:
        return _("Write it like one of these: %(forms)s.") % ctx
    if kind.startswith("string_"):
        return _("Write text.")
    return _("This cannot be understood.")
