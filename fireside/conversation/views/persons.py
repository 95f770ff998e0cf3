"""What stands of talk on somebody's page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from fireside.activity.doors import viewer_of
from fireside.conversation.markup import lang_of
from fireside.conversation.queries.persons import people_helped_by, said_by
from fireside.members.queries import ids_of_person
from fireside.members.views.people import panel
from fireside.spaces.queries import person_id


@panel
def write_to(request: HttpRequest, member: Any) -> str:
    """The way to write to them. No query."""
    viewer = viewer_of(request)
    if viewer is None or person_id(viewer) == member.pk or member.is_bot or not member.email:
        return ""
    return mark_safe(render_to_string("conversation/_write_to.html", {"member": member}, request, using="jinja2"))  # noqa: S308  ours, escaped by itself


@panel
def talk_of(request: HttpRequest, member: Any) -> str:
    """Whom the person helped, and their topics and replies, a page at a time. Three queries."""
    viewer, cursor, ids = viewer_of(request), request.GET.get("said", ""), ids_of_person(member)
    context = {
        "member": member, "rows": said_by(viewer, member, ids=ids, cursor=cursor), "helped": people_helped_by(viewer, member, ids=ids),
        "started": bool(cursor), "lang_of": lang_of,
    }  # fmt: skip
    return mark_safe(render_to_string("conversation/_person.html", context, request, using="jinja2"))  # noqa: S308  ours, escaped by itself
