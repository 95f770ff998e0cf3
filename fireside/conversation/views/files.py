"""Files: given while somebody writes, and sent to whoever may see them."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.actions import ready, share_file
from fireside.conversation.media import storing
from fireside.conversation.media.refusing import refused
from fireside.conversation.media.rules import POST_FILES
from fireside.conversation.queries import get_file, shown
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment

KEEP = "private, max-age=3600"  # whoever has seen it may see it again for an hour, whatever becomes of the post
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
def files(request: HttpRequest) -> HttpResponse:
    """One file, sent while somebody writes: answers with what stands below the words then."""
    given = request.FILES.get("file")
    if given is None:
        raise refused("no_file")
    actor = actor_of(request)
    found = share_file(actor, file=ready(actor, given), name=given.name or "")
    return fragment(request, "conversation/_file.html", status=201, file=shown(found))


def with_files(request: HttpRequest, text: str) -> str:
    """The words, and behind them the files that came along with their form: how a browser without scripts gives them."""
    actor, given = actor_of(request), [one for one in request.FILES.getlist("files") if one.size]
    marks = [shown(share_file(actor, file=ready(actor, one), name=one.name or "")).markdown for one in given[: POST_FILES + 1]]
    return "\n\n".join(part for part in (text.rstrip(), "\n".join(marks)) if part) if marks else text


@require_safe
def file(request: HttpRequest, file_id: int, part: str = "") -> HttpResponseBase:
    """A file, or one part of it: a picture in one of its widths, its still picture."""
    found = shown(row := get_file(viewer_of(request), file_id))
    part = part or f"{found.widths[-1]}.webp"
    if part not in {f"{width}.webp" for width in found.widths} | ({"still.webp"} if found.moving else set()):
        raise NotFound()
    etag = f'"{row.content.place.rpartition("/")[2]}-{part}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            answer = FileResponse(storing.open_part(row.content.place, part), content_type="image/webp")
        except FileNotFoundError:
            raise NotFound() from None
    for name, value in {"Cache-Control": KEEP, "ETag": etag, "Content-Security-Policy": POLICY}.items():
        answer.headers[name] = value
    return answer
