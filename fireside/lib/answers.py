"""The shapes of JSON answers: lists with a cursor, and the one way to say no."""

import json
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from django.http import HttpResponse, JsonResponse
from ninja import Schema
from ninja.responses import NinjaJSONEncoder
from pydantic import ConfigDict, Field

T = TypeVar("T")


class PageOf(Schema, Generic[T]):
    """A part of a list. `next` is the `cursor` of the part after it, "" at the end."""

    items: list[T]
    next: str = Field("", examples=["WyIyMDI2LTAzLTAyVDEyOjAwOjAwKzAwOjAwIiw0Ml0"])


class WrongField(Schema):
    """One thing of a request that cannot be understood."""

    field: str = Field(examples=["body.title"])
    code: str = Field(examples=["missing"])
    message: str = Field(examples=["This is missing."])


class Problem(Schema):
    """Why not, and what to do: `code` for programs, `message` in the reader's language for people."""

    model_config = ConfigDict(extra="allow")
    code: str = Field(examples=["not_allowed"])
    message: str = Field(examples=["Join the space first."])
    field: str | None = Field(None, description="The field of the request that it is about, where there is one.")
    errors: list[WrongField] | None = Field(None, description="With the code “invalid”: everything that cannot be understood.")


PROBLEMS: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("The body is no JSON.", {"code": "bad_request", "message": "The body cannot be read. Send JSON in UTF-8."}),
    401: ("Nobody is signed in, or the token does not count.", {"code": "sign_in", "message": "Sign in first, or send a valid token."}),
    403: (
        "This member, or this token, may not.",
        {"code": "not_allowed", "message": "Those who may do this (run a space): the organiser of the space."},
    ),
    404: ("Missing, or hidden from you.", {"code": "not_found", "message": "There is nothing here, or it is not open to you."}),
    405: (
        "This address is not asked with this method; `Allow` says with which.",
        {"code": "wrong_method", "message": "This address does not take POST. It takes: DELETE, PUT."},
    ),
    409: ("Allowed in general, but not now or not like this.", {"code": "closed", "message": "This topic is closed. Open a new one."}),
    413: ("More was sent than this address takes.", {"code": "too_large", "message": "That is too large: at most 1 MB can be sent here."}),
    422: (
        "Something of the request cannot be understood.",
        {
            "code": "invalid",
            "message": "Some fields need mending.",
            "errors": [{"field": "body.title", "code": "missing", "message": "This is missing."}],
        },
    ),
    429: (
        "Too many requests; `Retry-After` says when to try again.",
        {"code": "slow_down", "message": "That was a lot in a short time. Please go on in 30 seconds."},
    ),
    500: (
        "A fault of the house; it is written down.",
        {"code": "broken", "message": "This is our fault, and it is written down. Try again in a minute."},
    ),
}


def shows(**fields: Any) -> dict[str, Any]:
    """The `openapi_extra=` of an operation whose answer differs from its shape's example, because of what was just done."""
    return {"x-shows": fields}


def answers(good: Any, *problems: int, status: int = 200) -> dict[int, Any]:
    """The `response=` of an operation: what it answers when all is well, and with which statuses it may say no.

    With another `status` than 200 the operation returns `ninja.responses.Status(201, …)`. Without `problems` those that any operation may give; the document shows an example of each.
    No shape stands at them: the document gives all of them the same (json_door.py), and ninja would make one for each status of each operation at every start.
    """
    return {status: good} | dict.fromkeys(problems or (400, 401, 403, 404, 409, 422, 429))


def as_text(data: Any) -> str:
    return json.dumps(data, cls=NinjaJSONEncoder)


def as_made(text: str, *, status: int = 200) -> HttpResponse:
    """What is text already, in the shape that is promised."""
    return HttpResponse(text, content_type="application/json; charset=utf-8", status=status)


def page_as_made(items: Iterable[str], next: str) -> HttpResponse:
    """A `PageOf` rows that are text already, in their shape: for the lists that are read most. Asking pydantic again costs more than
    making them; conversation/tests/test_api.py asks it for every field."""
    return as_made(f'{{"items": [{", ".join(items)}], "next": {as_text(next)}}}')


def say_no(status: int, code: str, message: Any, **facts: Any) -> HttpResponse:
    body = {"code": code, "message": str(message), **{key: value for key, value in facts.items() if value is not None}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
