"""What stands of places on somebody's page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from fireside.activity.doors import viewer_of
from fireside.members.views.people import panel
from fireside.spaces.queries.persons import spaces_shared

SHOWN = 6


@panel
def belongs_to(request: HttpRequest, member: Any) -> str:
    """The spaces that the person belongs to and the viewer may read. One query."""
    found = spaces_shared(viewer_of(request), member, limit=SHOWN + 1)
    if not found:
        return ""
    html = render_to_string("spaces/_belongs.html", {"spaces": found[:SHOWN], "more": len(found) > SHOWN}, request, using="jinja2")
    return mark_safe(html)  # noqa: S308  a template of ours, escaped by itself
