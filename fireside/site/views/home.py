"""The first page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from fireside.lib.pages import page
from fireside.members.queries import the_community
from fireside.site import key
from fireside.site.views.setup import closed_door


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if the_community() is None:
        return HttpResponseRedirect("/setup") if key.holds(request) else closed_door(request)
    return page(request, "site/home.html")
