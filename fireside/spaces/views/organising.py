"""The people of a space, who looks after it, who waits at its door."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import page
from fireside.lib.text import apart
from fireside.members.queries import get_member
from fireside.spaces.actions import bring_in, end_organiser, make_organiser, put_out
from fireside.spaces.queries import asks_of, get_space, head_of, people_of, person_id


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs here; a POST brings somebody in."""
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    if request.method == "POST":
        member = get_member(viewer, request.POST.get("handle", "").strip().removeprefix("@"))
        bring_in(actor_of(request), space=space, member=member)
        messages.success(request, _("%(member)s is in.") % {"member": apart(member.name)})
        return redirect(f"{space.get_absolute_url()}/people")
    head = head_of(viewer, space)
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    rows = people_of(viewer, space, words=words, role=role, cursor=request.GET.get("after", ""))
    waiting = asks_of(viewer, space, cursor=request.GET.get("asks", "")) if head.waiting else None
    return page(request, "spaces/people.html", head=head, rows=rows, waiting=waiting, words=words, role=role, me=person_id(viewer))


@require_POST
def person_end(request: HttpRequest, slug: str, handle: str) -> HttpResponse:
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    member = get_member(viewer, handle)
    put_out(actor_of(request), space=space, member=member, reason=request.POST.get("reason", ""))
    messages.success(request, _("%(member)s is removed, and reads your reason.") % {"member": apart(member.name)})
    return redirect(f"{space.get_absolute_url()}/people")


@require_POST
def organisers(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    member = get_member(viewer, request.POST.get("handle", "").strip().removeprefix("@"))
    make_organiser(actor_of(request), space=space, member=member)
    messages.success(request, _("%(member)s looks after “%(space)s” too now.") % {"member": apart(member.name), "space": apart(space.name)})
    return redirect(f"{space.get_absolute_url()}/people")


@require_POST
def organiser_end(request: HttpRequest, slug: str, handle: str) -> HttpResponse:
    viewer = viewer_of(request)
    space = get_space(viewer, slug)
    member = get_member(viewer, handle)
    end_organiser(actor_of(request), space=space, member=member)
    messages.success(request, _("%(member)s is no longer an organiser, and still belongs here.") % {"member": apart(member.name)})
    return redirect(f"{space.get_absolute_url()}/people")
