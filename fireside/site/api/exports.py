"""The JSON door to exports: the whole community in one archive."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from fireside.activity.action import require_sure
from fireside.activity.doors import actor_of
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.handing import handed_over
from fireside.members.rights import require
from fireside.site import actions, queries

router = Router()
KEY = "3f9c2a7be01d44c8a6f05b9e7d31c6a2f8e4b019"
ZIP = {"responses": {200: {"content": {"application/zip": {"schema": {"type": "string"}, "example": "PK…"}}}}}


class ExportOut(Schema):
    """An archive that was asked for. It is fetched at /file while it is ready."""

    key: str = Field(examples=[KEY])
    state: Literal["making", "stopped", "failed", "ready", "gone"] = Field(examples=["ready"])
    asked_at: datetime
    ready_at: datetime | None
    until: datetime = Field(description="After that it is gone.", examples=["2026-03-09T12:00:00Z"])
    size: int = Field(description="Bytes.", examples=[48211311])
    counts: dict[str, int] = Field(description="What is in it.", examples=[{"rows": 216028, "files": 412}])
    job: int | None = Field(description="The work, at /jobs.", examples=[12])


def _shown(row: Any, now: datetime) -> Any:
    return queries.rows_of([row], now)[0]


@router.post(
    "/exports", response=answers(ExportOut, status=202), summary="Write the whole community out",
    openapi_extra=shows(state="making", ready_at=None, size=0, counts={}),
)  # fmt: skip
def post_export(request: HttpRequest) -> Any:
    """Puts the work in line and answers at once. While one is being made, asking again gives that one."""
    actor = actor_of(request, "json")
    return Status(202, _shown(actions.export_community(actor), actor.now))


@router.get("/exports", response=answers(PageOf[ExportOut]), summary="Exports of the community")
def get_exports(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """The newest first."""
    actor = actor_of(request, "json")
    require(actor, "community.export")
    found = queries.list_exports(actor.now, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/exports/{key}/file", response=answers(None, 401, 403, 404), summary="Fetch an export", openapi_extra=ZIP)
def get_export_file(request: HttpRequest, key: str) -> HttpResponse:
    """The archive (application/zip). docs/exporting.md describes what is in it."""
    actor = actor_of(request, "json")
    row = queries.get_export(actor.member, key)
    require(actor, "community.export")
    require_sure(actor)
    return handed_over(queries.fetched(row, actor.now), f"fireside-export-{row.asked_at:%Y-%m-%d}.zip")


@router.delete("/exports/{key}", response=answers(ExportOut), summary="Remove an export", openapi_extra=shows(state="gone"))
def delete_export(request: HttpRequest, key: str) -> Any:
    """Before its days are over."""
    actor = actor_of(request, "json")
    return _shown(actions.remove_export(actor, takeout=queries.get_export(actor.member, key)), actor.now)


@router.post(
    "/me/exports", response=answers(ExportOut, status=202), summary="Write your own data out",
    openapi_extra=shows(state="making", ready_at=None, size=0, counts={}),
)  # fmt: skip
def post_own_export(request: HttpRequest) -> Any:
    """Everything that is held of you. Puts the work in line; the bell says when it is ready. Once a day."""
    actor = actor_of(request, "json")
    return Status(202, _shown(actions.export_own_data(actor), actor.now))


@router.get("/me/exports", response=answers(PageOf[ExportOut]), summary="Your own exports")
def get_own_exports(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """The newest first."""
    actor = actor_of(request, "json")
    found = queries.list_own_exports(actor.member, actor.now, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/me/exports/{own}/file", response=answers(None, 401, 403, 404), summary="Fetch your own data", openapi_extra=ZIP)
def get_own_export_file(request: HttpRequest, own: str) -> HttpResponse:
    """The archive (application/zip): data.json, index.html, files."""
    actor = actor_of(request, "json")
    row = queries.get_own_export(actor.member, own)
    require_sure(actor)
    return handed_over(queries.fetched(row, actor.now), f"my-data-{row.asked_at:%Y-%m-%d}.zip")
