"""Rendering: a whole page in the house's frame, or a fragment for htmx. What the frame shows is brought by the app on top (site)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from fireside.lib.framed import framed
from fireside.lib.parts import look

_frame: Callable[[HttpRequest], Any] | None = None


def frame_by(make: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Decorator: this function gives what every page shows round its own content (`frame` in templates)."""
    global _frame
    _frame = make
    return make


def frame_for(request: HttpRequest) -> Any:
    """What stands round a page that somebody else renders (sign-in's pages)."""
    return _frame(request) if _frame else None


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A whole page: `template` extends "site/base.html"."""
    given = _given(request, context if "frame" in context else {"frame": frame_for(request), **context})
    plain = getattr(given["frame"], "plain", None)
    made = framed(template, plain, look(), given) if plain is not None else None
    return HttpResponse(made if made is not None else _rendered(template, given), status=status)


def fragment(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A piece of a page, for htmx to put in its place. No frame, so it costs no query of its own."""
    return HttpResponse(_rendered(template, _given(request, context)), status=status)


def _given(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    token = SimpleLazyObject(lambda: csrf_input(request))  # made once for all the forms of a page, and not where there is none
    return {"request": request, "csrf_input": token, **context}


def _rendered(template: str, given: dict[str, Any]) -> str:
    return str(engines["jinja2"].env.get_template(template).render(given))  # type: ignore[attr-defined]


def stands_in(request: HttpRequest, space: str) -> None:
    """Say in which space (its slug) a page stands whose address does not: the frame marks it."""
    request.stands_in = space  # type: ignore[attr-defined]


def belongs_to(request: HttpRequest, place: str) -> None:
    """Say to which place of the frame a page belongs whose address does not."""
    request.place = place  # type: ignore[attr-defined]


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asks for a fragment; False for a browser without scripts and for htmx restoring a page of its history."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
