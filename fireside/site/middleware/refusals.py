"""A refusal becomes an answer, once for the whole web door: a page, or a note that htmx puts beside what was pressed."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from fireside.lib.errors import NotAllowed, NotFound, Refusal
from fireside.site.views.refused import answer_to, only_sent

__all__ = ["RefusalMiddleware", "answer_to"]


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 405 and request.method == "GET" and not request.path.startswith("/api/"):
            page = only_sent(request)  # the address of a form, come to by changing the language on its refusal, or by hand
            page["Allow"] = answer.get("Allow", "")
            return page
        return answer

    def process_exception(self, request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        if isinstance(wrong, Refusal):
            return answer_to(request, wrong)
        if isinstance(wrong, Http404):
            return answer_to(request, NotFound())
        if isinstance(wrong, PermissionDenied):
            from django.utils.translation import gettext_lazy as _

            return answer_to(request, NotAllowed("not_allowed", _("This is not open to you.")))
        return None
