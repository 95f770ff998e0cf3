"""Files through the JSON door."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Query, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router
from fireside.conversation.api_shapes import Who, who
from fireside.conversation.markup import Shown
from fireside.lib.answers import PageOf, answers
from fireside.spaces.queries import get_space, space_to_read


class PictureSource(Schema):
    width: int = Field(examples=[480])
    url: str = Field(examples=["/files/17/480.webp"])


class SharedFileOut(Schema):
    """A file that somebody gave."""

    id: int = Field(examples=[17])
    kind: str = Field(description="picture, audio, video or file.", examples=["picture"])
    name: str = Field(examples=["ann.png"])
    media_type: str = Field(description="What its content says that it is.", examples=["image/png"])
    size: int = Field(description="Bytes that were given.", examples=[48213])
    width: int = Field(description="Pixels of the largest picture kept; 0 where there is none.", examples=[1600])
    height: int = Field(examples=[1200])
    moving: bool = False
    sources: list[PictureSource] = Field(description="The picture as WebP, the narrowest first; of anything else none.")
    url: str = Field(examples=["/files/17"])
    markdown: str = Field(description="What to write into a post; say in the brackets what it shows.", examples=["![](/files/17)"])


@router.post("/files", response=answers(SharedFileOut, status=201))
def post_file(request: HttpRequest, file: Annotated[UploadedFile, File(examples=["@ann.png"])]) -> Any:
    """Give a file, to be put into a post: a picture (JPEG, PNG, WebP, GIF, AVIF) up to 20 MB; audio, video, PDF, office files, text or
    a ZIP as large as the community chose. What no post holds after a day is gone."""
    actor = actor_of(request, "json")
    found = actions.share_file(actor, file=actions.ready(actor, file, file.name or ""), name=file.name or "")
    return Status(201, file_out(queries.shown(found)))


@router.get("/files/{int:file}", response=answers(SharedFileOut))
def get_file(request: HttpRequest, file: int) -> Any:
    """A file that you gave, or that stands in a post which you may read."""
    return file_out(queries.shown(queries.get_file(viewer_of(request), file)))


def file_out(file: Shown) -> dict[str, Any]:
    same = ("id", "kind", "name", "media_type", "size", "width", "height", "moving", "url", "markdown")
    return {name: getattr(file, name) for name in same} | {"sources": [{"width": one, "url": file.at(one)} for one in file.widths]}


class SharingOut(Schema):
    """What the community lets its members put into posts."""

    kinds: list[str] = Field(description="Of picture, audio, video and file.", examples=[["picture", "file"]])
    file_mib: int = Field(description="The largest file; a picture has 20 MB at most.", examples=[50])
    day_mib: int = Field(description="All that one member gives on one day.", examples=[500])
    previews: bool = Field(description="Posts show what a link leads to, where it stands alone in a line.", examples=[True])


class SharingIn(Schema):
    kinds: list[str] | None = Field(None, examples=[["picture", "file"]])
    file_mib: int | None = Field(None, ge=0, lt=2**31, examples=[50])
    day_mib: int | None = Field(None, ge=0, lt=2**31, examples=[500])
    previews: bool | None = Field(None, examples=[True])


@router.get("/community/sharing", response=answers(SharingOut))
def get_sharing(request: HttpRequest) -> Any:
    """What members may put into posts."""
    return queries.sharing()


@router.patch("/community/sharing", response=answers(SharingOut))
def patch_sharing(request: HttpRequest, body: SharingIn) -> Any:
    """Choose what members may put into posts. For those who run the community."""
    return actions.change_sharing(actor_of(request, "json"), **body.dict())


class LibraryOut(Schema):
    """A file that was shared in a space, and the post that shows it."""

    file: SharedFileOut
    author: Who
    at: datetime
    topic: int = Field(examples=[7])
    number: int = Field(description="Of the post in the topic.", examples=[2])
    title: str = Field(description="Of the topic.", examples=["Handle works loose after about three months"])
    url: str = Field(examples=["/t/7/2#p2"])


class FileRemovalIn(Schema):
    reason: str = Field(examples=["Somebody is in it who does not want to be."])


@router.get("/spaces/{slug}/files", response=answers(PageOf[LibraryOut]))
def library(
    request: HttpRequest,
    slug: str,
    kind: Literal["", "picture", "file", "audio", "video"] = "",
    by: Annotated[str, Query(max_length=80, description="Handle of who shared it.")] = "",
    name: Annotated[str, Query(max_length=80, description="A part of its name.")] = "",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Any:
    """What was shared in a space, the newest first."""
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    found = queries.library(viewer, space, kind=kind, by=by, name=name, cursor=cursor, size=size)
    return {"items": [_library_out(row) for row in found.rows], "next": found.next}


@router.put("/spaces/{slug}/files/{int:file}/removal", response=answers(SharedFileOut))
def put_file_removal(request: HttpRequest, slug: str, file: int, body: FileRemovalIn) -> Any:
    """Take a file out of all posts of a space, with a reason. For those who tidy there."""
    return _removal(request, slug, file, actions.remove_file, reason=body.reason)


@router.delete("/spaces/{slug}/files/{int:file}/removal", response=answers(SharedFileOut))
def delete_file_removal(request: HttpRequest, slug: str, file: int) -> Any:
    """Put it back."""
    return _removal(request, slug, file, actions.put_file_back)


def _removal(request: HttpRequest, slug: str, file: int, act: Callable[..., Any], **more: Any) -> dict[str, Any]:
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    return file_out(queries.shown(act(actor_of(request, "json"), file=queries.get_file(viewer, file), space=space, **more)))


def _library_out(row: queries.LibraryRow) -> dict[str, Any]:
    same = ("at", "number", "title", "url")
    return {name: getattr(row, name) for name in same} | {"file": file_out(row.file), "author": who(row.author), "topic": row.topic_id}
