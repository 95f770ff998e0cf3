"""What allauth's pages need to stand in the house's frame."""

from collections.abc import Callable

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from fireside.lib.pages import frame_for
from fireside.members.adapters import TROUBLE


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
