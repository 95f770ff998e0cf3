"""Lists of topics: of everything the viewer may read, and of one space."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.forms import NewsForm
from fireside.conversation.markup import lang_of
from fireside.conversation.queries import FILTERS, changed_since, counts_of, helped_since, latest
from fireside.conversation.queries.lists import OWN
from fireside.conversation.rules import waiting_since, week_since
from fireside.conversation.views.following import of_space
from fireside.lib.errors import NotAllowed
from fireside.lib.pages import fragment, is_htmx, page
from fireside.lib.paging import Page
from fireside.lib.text import straight
from fireside.members.queries import day_here, get_community
from fireside.spaces.queries import Row, get_space, head_of, list_spaces, space_to_read


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """The latest topics of every space the viewer may read."""
    return _list(request, "conversation/talk.html", None, {})


@require_safe
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """A space: its head, its topics, who looks after it. Where the viewer may only know of it: its door."""
    viewer = viewer_of(request)
    head = head_of(viewer, get_space(viewer, slug))
    if not head.readable:
        return page(request, "conversation/door.html", head=head)
    act = {"href": f"/spaces/{head.space.slug}/new", "icon": "pencil", "words": _("Ask or tell")}
    return _list(request, "conversation/space.html", head.space, {"head": head, "act": act})


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Choose where to begin a topic."""
    viewer = viewer_of(request)
    if viewer is None:
        raise NotAllowed("sign_in", _("Sign in first."))
    return page(request, "conversation/start.html", rows=where_to_begin(viewer, request.GET.get("after", "")))


def where_to_begin(viewer: Any, cursor: str) -> Page[Row]:
    """One's own spaces; whoever belongs to none yet is offered every one that they may read, as speaking there lets them in."""
    own = list_spaces(viewer, show="mine", cursor=cursor)
    return own if own.rows else list_spaces(viewer, show="readable", cursor=cursor)


@require_safe
def talk_news(request: HttpRequest) -> HttpResponse:
    """In how many topics something was said since a list was shown: a sign that leads to the list anew."""
    viewer, form = viewer_of(request), NewsForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    slug, show = given.get("space", ""), given.get("show", "")
    space = space_to_read(viewer, get_space(viewer, slug).pk) if slug else None
    since = given.get("since") or actor_of(request).now
    here = f"/spaces/{space.slug}" if space else "/talk"
    here += f"?show={show}" if show in FILTERS and show != "all" else ""
    return fragment(request, "conversation/_list_news.html", count=changed_since(viewer, since, space=space), here=here)


def _list(request: HttpRequest, template: str, space: Any, context: dict[str, Any]) -> HttpResponse:
    viewer, now = viewer_of(request), actor_of(request).now
    show = request.GET.get("show", "all")
    show = show if show in FILTERS and (show not in OWN or viewer is not None) else "all"
    since, tag = waiting_since(now), straight(request.GET.get("tag", ""))[:60]
    rows = latest(
        viewer, space=space, filter=show, cursor=request.GET.get("after", ""), waiting_since=since, today=day_here(now), tag=tag, now=now
    )
    asked = urlencode(({} if show == "all" else {"show": show}) | ({"tag": tag} if tag else {}))
    here = request.path + (f"?{asked}" if asked else "")
    context |= {
        "rows": rows,
        "show": show,
        "here": here,
        "tag": tag,
        "space": space,
        "path": request.path,
        "lang_of": lang_of,
        "now": now.isoformat(),
    }
    if is_htmx(request) and request.headers.get("HX-Target") == "topics":
        return fragment(request, "conversation/_rows.html", **context)
    shown = [row.last_post_at for row in rows.rows] if show == "all" and not tag else []
    counts = counts_of(viewer, space=space, since=since, now=now)
    context |= {
        "counts": counts,
        "following": of_space(space.slug, counts.level) if space is not None and viewer is not None else None,
        "shown_to": max(shown, default=now).isoformat(),  # of all talk, the last word itself says up to when it was shown
        "helped": helped_since(viewer, week_since(now, get_community().time_zone), space=space),
        "waiting": counts.waiting,
        "oldest": counts.oldest,
    }
    return page(request, template, **context)
