"""Looking for words in what was said."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import queries
from fireside.conversation.markup import lang_of
from fireside.conversation.queries.search import SORTS, STATES
from fireside.conversation.seeking import understand
from fireside.lib.errors import NotAllowed
from fireside.lib.pages import fragment, is_htmx, page
from fireside.lib.text import storable
from fireside.spaces.queries import get_space, space_to_read

NARROWING = ("space", "by", "tag", "since", "until", "state")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What holds the words, the best first. Without words: how to look."""
    viewer, now = viewer_of(request), actor_of(request).now
    said = {name: storable(request.GET.get(name, "")).strip() for name in ("q", *NARROWING, "sort")}
    said["state"] = said["state"] if said["state"] in STATES else ""
    said["sort"] = said["sort"] if said["sort"] in SORTS[1:] else ""
    since, until = _day(said["since"]), _day(said["until"])
    filters = queries.filters_of(
        viewer, now=now, space=said["space"], by=said["by"] if viewer is not None else "", since=since, until=until, tag=said["tag"], state=said["state"],
        sort=said["sort"] or "best",
    )  # fmt: skip
    asked = understand(said["q"])
    found = queries.search(viewer, asked, filters, now=now, cursor=request.GET.get("after", ""))
    kept = {name: word for name, word in said.items() if word}
    context: dict[str, Any] = {
        "said": said, "found": found, "asked": asked, "filters": filters, "lang_of": lang_of,
        "here": "/search?" + urlencode(kept), "wide": "/search?" + urlencode({"q": said["q"]}), "narrowed": {one: "/search?" + urlencode({name: word for name, word in kept.items() if name != one}) for one in NARROWING if said[one]},
        "other_sort": "/search?" + urlencode({**kept, "sort": "" if said["sort"] else "latest"}),
    }  # fmt: skip
    if is_htmx(request) and request.headers.get("HX-Target") == "found":
        return fragment(request, "conversation/_found.html", **context)
    return page(request, "conversation/search.html", **context)


@require_safe
def similar(request: HttpRequest, slug: str) -> HttpResponse:
    """Topics that may be about what is being written."""
    viewer = viewer_of(request)
    if viewer is None:
        raise NotAllowed("sign_in", _("Sign in first."))
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    rows = queries.similar(viewer, storable(request.GET.get("title", "")), now=actor_of(request).now, space_id=space.pk)
    return fragment(request, "conversation/_similar.html", rows=rows)


def _day(word: str) -> date | None:
    """A day as a browser sends it; anything else narrows nothing."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
