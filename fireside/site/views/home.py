"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fireside.lib.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "site/home.html")
