"""Files: given while somebody writes, and sent to whoever may see them."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import ready, share_file
from fireside.conversation.media import storing
from fireside.conversation.media.ranges import Part, range_of
from fireside.conversation.media.refusing import refused
from fireside.conversation.media.rules import POST_FILES
from fireside.conversation.models import File
from fireside.conversation.queries import get_file, shown
from fireside.conversation.queries.links import get_link_picture
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment

KEEP = "private, max-age=3600"  # whoever has seen it may see it again for an hour, whatever becomes of the post
POLICY = "default-src 'none'; media-src 'self'; sandbox"
SHOWN = {"picture", "audio", "video"}  # anything else is only ever saved: a browser would run some of it as ours


@require_POST
def files(request: HttpRequest) -> HttpResponse:
    """One file, sent while somebody writes: answers with what stands below the words then."""
    given = request.FILES.get("file")
    if given is None:
        raise refused("nothing_chosen")
    return fragment(request, "conversation/_file.html", status=201, file=shown(_share(request, given)))


def with_files(request: HttpRequest, text: str) -> str:
    """The words, and behind them the files that came along with their form: how a browser without scripts gives them."""
    given = [one for one in request.FILES.getlist("files") if one.size]
    marks = [shown(_share(request, one)).markdown for one in given[: POST_FILES + 1]]
    return "\n\n".join(part for part in (text.rstrip(), "\n".join(marks)) if part) if marks else text


def _share(request: HttpRequest, given: Any) -> File:
    actor, name = actor_of(request), given.name or ""
    return share_file(actor, file=ready(actor, given, name), name=name)


@require_safe
def file(request: HttpRequest, file_id: int, part: str = "") -> HttpResponseBase:
    """A file, or one part of it: a picture in one of its widths, its still picture; of audio and video a range."""
    found = shown(row := get_file(viewer_of(request), file_id))
    if found.kind == "picture":
        part = part or f"{found.widths[-1]}.webp"
        if part not in {f"{width}.webp" for width in found.widths} | ({"still.webp"} if found.moving else set()):
            raise NotFound()
    elif part:
        raise NotFound()
    place, part = row.content.place, part or storing.WHOLE
    etag = f'"{place.rpartition("/")[2]}-{part}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            opened = storing.open_part(place, part)
        except FileNotFoundError:
            raise NotFound() from None
        answer = _whole(opened, "image/webp") if found.kind == "picture" else _ranged(request, opened, found.media_type, found.size, etag)
        name = found.name.rpartition(".")[0] + ".webp" if found.kind == "picture" else found.name
        answer.headers["Content-Disposition"] = content_disposition_header(found.kind not in SHOWN, name) or ""
    for name, value in {"Cache-Control": KEEP, "ETag": etag, "Content-Security-Policy": POLICY}.items():
        answer.headers[name] = value
    return answer


def _whole(opened: Any, media_type: str) -> FileResponse:
    return FileResponse(opened, content_type=media_type)


def _ranged(request: HttpRequest, opened: Any, media_type: str, size: int, etag: str) -> HttpResponseBase:
    """All of it, or the one range that is asked for (If-Range: if it is still the same)."""
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        asked = ""
    try:
        wanted = range_of(asked, size)
    except ValueError:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    if wanted is None:
        answer = _whole(opened, media_type)
    else:
        first, last = wanted
        answer = FileResponse(Part(opened, first, last), status=206, content_type=media_type)
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        answer.headers["Content-Length"] = str(last - first + 1)
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


@require_safe
def link_picture(request: HttpRequest, preview_id: int) -> HttpResponseBase:
    """The picture of what a link leads to, made anew here: no reader asks the other side."""
    found = get_link_picture(viewer_of(request), preview_id)
    try:
        answer = _whole(storing.open_part(found.place, storing.WHOLE), "image/webp")
    except FileNotFoundError:
        raise NotFound() from None
    answer.headers["Cache-Control"], answer.headers["Content-Security-Policy"] = KEEP, POLICY
    return answer
