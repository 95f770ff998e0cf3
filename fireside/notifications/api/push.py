"""The JSON door of push: browsers, and programs that speak the same protocol."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from ninja.responses import Status
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.lib.answers import answers
from fireside.notifications import actions, queries
from fireside.notifications.api._door import router

POINT = "BDPKJv3Gt8RNlTxDEEfO8IIJ1rhxPWgVCNCw8wFqYbiZ2cqvwhWQ2q2H4H4aZ8wJ0vQ1Bqf8e8Fq7dM0ufJm0pE"


class PushDeviceOut(Schema):
    """A browser that you let be called."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["Firefox on Linux"])
    made_at: datetime = Field(examples=["2026-03-02T12:00:00Z"])
    called_at: datetime | None = Field(examples=[None])


class PushOut(Schema):
    key: str = Field(description="`applicationServerKey`: by which push services know this house.", examples=[POINT])
    devices: list[PushDeviceOut]


class PushDeviceIn(Schema):
    """What `PushManager.subscribe` gave."""

    endpoint: str = Field(max_length=1000, examples=["https://push.example.net/send/4711"])
    p256dh: str = Field(max_length=120, examples=[POINT])
    auth: str = Field(max_length=60, examples=["4DWbhIkH0Z5WmUJbNQzX4A"])
    name: str = Field("", max_length=80, examples=["Firefox on Linux"])


class GoneOut(Schema):
    id: int = Field(examples=[3])


@router.get("/me/push", response=answers(PushOut), summary="Browsers that you let be called")
def get_push(request: HttpRequest) -> Any:
    """With the key that a browser asks for."""
    actor = actor_of(request, "json")
    devices = queries.devices_of(actor.member)
    return {"key": actions.make_push_key(actor).public, "devices": devices}


@router.post("/me/push", response=answers(PushDeviceOut, status=201), summary="Let a browser be called")
def post_push(request: HttpRequest, body: PushDeviceIn) -> Any:
    """The same browser again is the same one."""
    return Status(201, actions.add_push_device(actor_of(request, "json"), **body.dict()))


@router.delete("/me/push/{device_id}", response=answers(GoneOut), summary="Call a browser no more")
def delete_push(request: HttpRequest, device_id: int) -> Any:
    actor = actor_of(request, "json")
    actions.remove_push_device(actor, device=queries.get_device(actor.member, device_id))
    return {"id": device_id}
