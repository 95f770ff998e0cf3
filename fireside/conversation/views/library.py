"""The library of a space: what was shared there."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.markup import lang_of
from fireside.conversation.media.rules import KINDS
from fireside.lib.errors import NotFound
from fireside.lib.pages import page
from fireside.lib.text import one_line, storable
from fireside.spaces.queries import get_space, head_of, space_to_read


@require_safe
def library(request: HttpRequest, slug: str) -> HttpResponse:
    """Files of a space, of one kind, by one person, with a name; for those who tidy also what was taken out."""
    viewer = viewer_of(request)
    head = head_of(viewer, get_space(viewer, slug))
    if not head.readable:
        return page(request, "conversation/door.html", head=head)
    tidies = queries.tidies(viewer, head.space)
    show = request.GET.get("show", "")
    if show and show not in (*KINDS, *(["removed"] if tidies else [])):
        raise NotFound()
    name, by = one_line(storable(request.GET.get("name", "")))[:80], request.GET.get("by", "")[:80]
    rows = queries.library(
        viewer,
        head.space,
        kind=show if show in KINDS else "",
        by=by,
        name=name,
        removed=show == "removed",
        cursor=request.GET.get("after", ""),
    )
    asked = {key: value for key, value in (("show", show), ("by", by), ("name", name)) if value}
    return page(
        request, "conversation/library.html", head=head, space=head.space, rows=rows, show=show, name=name, by=by, may_tidy=tidies,
        here=f"/spaces/{head.space.slug}/library?{urlencode(asked)}", lang_of=lang_of,
    )  # fmt: skip


@require_POST
def library_removal(request: HttpRequest, slug: str, file_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    found = queries.get_file(viewer, file_id)
    actions.remove_file(actor_of(request), file=found, space=space, reason=request.POST.get("reason", ""))
    messages.success(request, _("Taken out of all posts here. It can be put back under “Taken out”."))
    return redirect(f"/spaces/{slug}/library")


@require_POST
def library_removal_end(request: HttpRequest, slug: str, file_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    actions.put_file_back(actor_of(request), file=queries.get_file(viewer, file_id), space=space)
    messages.success(request, _("It stands in its posts again."))
    return redirect(f"/spaces/{slug}/library")
