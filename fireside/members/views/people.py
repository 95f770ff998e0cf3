"""Members as others see them, and their pictures."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment, is_htmx, page
from fireside.lib.paging import keyset_page
from fireside.members import actions, pictures, queries
from fireside.members.models import Role
from fireside.members.rights import RUNNERS, may

# What higher apps show on somebody's page: `def f(request, member) -> str` (HTML, or "" for nothing). One that fails, fails loudly.
PANELS: list[Callable[[HttpRequest, Any], str]] = []


def panel(call: Callable[[HttpRequest, Any], str]) -> Callable[[HttpRequest, Any], str]:
    """Mark a function of a higher app as a part of every member's page."""
    PANELS.append(call)
    return call


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The members, the newest first; with ?q= those whose name begins so."""
    words = request.GET.get("q", "").strip()[:80]
    rows, order = queries.people_list(viewer_of(request), words)
    found = keyset_page(rows, order, cursor=request.GET.get("after", ""), size=30)
    context: dict[str, Any] = {"people": [(row, queries.card_of(row)) for row in found.rows], "next": found.next, "words": words}
    context["may_tend"] = may(viewer_of(request), "members.tend")
    if is_htmx(request):
        return fragment(request, "members/_people.html", **context)
    return page(request, "members/people.html", **context)


@login_required
@require_safe
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """One member. The address of a merged trace leads to its person."""
    viewer = viewer_of(request)
    member = queries.get_member(viewer, handle)
    if member.handle != handle:
        return redirect(member)
    since, blocked = queries.joined_and_blocked(viewer, member)
    return page(
        request, "members/person.html", member=member, card=queries.card_of(member), is_me=viewer.person_id == member.pk, blocked=blocked, may_block=member.role not in RUNNERS,
        since=since, may_tend=may(viewer, "members.tend"), may_entrust=may(viewer, "community.roles"), roles=Role.choices,
        panels=[html for html in (call(request, member) for call in PANELS) if html],
    )  # fmt: skip


@login_required
@require_POST
def role(request: HttpRequest, handle: str) -> HttpResponse:
    actor = actor_of(request)
    member = actions.change_role(actor, member=queries.find_member(actor.member, handle), role=request.POST.get("role", ""))
    return redirect(member)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A picture by the hash of its content: it never changes, so browsers may keep it for good."""
    place = pictures.place(name)
    if not re.fullmatch(pictures.NAME, name) or not place.is_file():
        raise NotFound()
    answer = FileResponse(place.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
