"""The first page: for members what to do next, for visitors the door, for an empty house the way in."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from fireside.activity.doors import viewer_of
from fireside.lib.pages import frame_for, page
from fireside.members.queries import the_community
from fireside.site import first_page, key
from fireside.site.views.setup import closed_door


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    me, now = viewer_of(request), datetime.now(UTC)
    if the_community() is None:
        return HttpResponseRedirect("/setup") if key.holds(request) else closed_door(request)
    ring = first_page.ring_for(me, now)
    if me is None:
        return page(
            request, "site/door.html", ring=ring, spaces=first_page.open_doors(None), topics=first_page.latest_near(None, [], now, most=6)
        )
    frame = frame_for(request)
    own = frame.spaces
    return page(
        request, "site/home.html", frame=frame, ring=ring, own=own, waits=first_page.they_wait(me, own, now), topics=first_page.latest_near(me, own, now),
        thanks=first_page.thanks_to(me),
    )  # fmt: skip
