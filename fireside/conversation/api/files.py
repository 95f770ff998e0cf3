"""Files through the JSON door."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions, queries
from fireside.conversation.api._door import router
from fireside.conversation.markup import Shown
from fireside.lib.answers import answers


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


class SharingIn(Schema):
    kinds: list[str] | None = Field(None, examples=[["picture", "file"]])
    file_mib: int | None = Field(None, ge=0, lt=2**31, examples=[50])
    day_mib: int | None = Field(None, ge=0, lt=2**31, examples=[500])


@router.get("/community/sharing", response=answers(SharingOut))
def get_sharing(request: HttpRequest) -> Any:
    """What members may put into posts."""
    return queries.sharing()


@router.patch("/community/sharing", response=answers(SharingOut))
def patch_sharing(request: HttpRequest, body: SharingIn) -> Any:
    """Choose what members may put into posts. For those who run the community."""
    return actions.change_sharing(actor_of(request, "json"), **body.dict())
