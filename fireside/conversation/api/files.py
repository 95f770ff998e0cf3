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
    kind: str = Field(examples=["picture"])
    name: str = Field(examples=["ann.png"])
    media_type: str = Field(description="What its content says that it is.", examples=["image/png"])
    size: int = Field(description="Bytes that were given.", examples=[48213])
    width: int = Field(description="Pixels of the largest picture kept; 0 where there is none.", examples=[1600])
    height: int = Field(examples=[1200])
    moving: bool = False
    sources: list[PictureSource] = Field(description="The picture as WebP, the narrowest first.")
    url: str = Field(examples=["/files/17"])
    markdown: str = Field(description="What to write into a post; say in the brackets what it shows.", examples=["![](/files/17)"])


@router.post("/files", response=answers(SharedFileOut, status=201))
def post_file(request: HttpRequest, file: Annotated[UploadedFile, File(examples=["@ann.png"])]) -> Any:
    """Give a picture, to be put into a post: JPEG, PNG, WebP, GIF or AVIF up to 20 MB. What no post holds after a day is gone."""
    actor = actor_of(request, "json")
    found = actions.share_file(actor, file=actions.ready(actor, file), name=file.name or "")
    return Status(201, file_out(queries.shown(found)))


@router.get("/files/{int:file}", response=answers(SharedFileOut))
def get_file(request: HttpRequest, file: int) -> Any:
    """A file that you gave, or that stands in a post which you may read."""
    return file_out(queries.shown(queries.get_file(viewer_of(request), file)))


def file_out(file: Shown) -> dict[str, Any]:
    same = ("id", "kind", "name", "media_type", "size", "width", "height", "moving", "url", "markdown")
    return {name: getattr(file, name) for name in same} | {"sources": [{"width": one, "url": file.at(one)} for one in file.widths]}
