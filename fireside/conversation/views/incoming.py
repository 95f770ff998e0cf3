"""What another app shares to this one (the share target of the manifest): it asks for the space, then begins a topic with it.

The worker of the house (site/static/worker.js) takes the share on the device, holds its files there and comes here with its words; whoever
is not signed in does so first, and nothing is lost by it.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fireside.activity.doors import viewer_of
from fireside.conversation.views.lists import where_to_begin
from fireside.lib.pages import page
from fireside.lib.text import one_line, plain

MOST = {"title": 200, "text": 2000, "url": 1000}  # in an address, which is how it comes through the sign-in
HELD = re.compile(r"[0-9a-f-]{36}")


@csrf_exempt  # it changes nothing: a browser without the worker sends it by itself, and no page of ours carries its form
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Which space it belongs to."""
    if request.method == "POST":
        carried = carried_by(request.POST) | ({"lost": "1"} if request.FILES else {})
        return redirect(f"/share?{urlencode(carried)}")
    viewer, carried = viewer_of(request), carried_by(request.GET)
    if viewer is None:
        return redirect_to_login(request.get_full_path())
    rows = where_to_begin(viewer, request.GET.get("after", ""))
    return page(
        request, "conversation/start.html", rows=rows, carried=carried, carries=urlencode(carried), lost="lost" in request.GET, words=words_of(carried)
    )  # fmt: skip


def carried_by(given: Mapping[str, Any]) -> dict[str, str]:
    """What is shared: title, words, address, and under which name its files are held on the device. No more than an address can hold."""
    found = {name: str(given.get(name, ""))[:most].strip() for name, most in MOST.items()}
    if not found["url"].startswith(("http://", "https://")):
        found["url"] = ""
    held = str(given.get("held", ""))
    return {name: value for name, value in (found | {"held": held if HELD.fullmatch(held) else ""}).items() if value}


def words_of(carried: Mapping[str, str]) -> str:
    """The words of the topic: what was shared, and its address below, unless it stands in them."""
    text, url = plain(carried.get("text", "")).strip(), carried.get("url", "")
    return "\n\n".join(part for part in (text, "" if url in text else url) if part)


def begun_with(carried: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new topic's form with what is shared; a draft that stands there keeps its words, and the shared ones go below."""
    text, shared = str(values.get("text", "")), words_of(carried)
    if shared and shared not in text:
        text = f"{text.rstrip()}\n\n{shared}".lstrip("\n")
    return {"title": values.get("title") or one_line(carried.get("title", "")), "text": text, "asks": "0", "held": carried.get("held", "")}
