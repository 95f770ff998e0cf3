"""The shapes of the JSON door of members. Examples speak of the Lantern Works of the tests."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from fireside.activity.doors import viewer_of
from fireside.members import queries
from fireside.members.agents import called
from fireside.members.models import Member, Merge


class BlockOut(Schema):
    handle: str = Field(examples=["ben"])
    blocked: bool = Field(examples=[True])


class BlockedOut(Schema):
    """Somebody whom you have blocked."""

    handle: str = Field(examples=["ben"])
    name: str = Field(examples=["Ben"])
    at: datetime = Field(examples=["2026-03-02T12:00:00Z"])


class MemberOut(Schema):
    """Somebody, as everybody may see them."""

    handle: str = Field(examples=["ann"])
    name: str = Field(examples=["Ann"])
    role: str = Field(examples=["member"])
    about: str = Field(examples=["I mend paper lanterns."])
    why: str = Field(examples=["To learn how to solder."])
    language: str = Field(examples=["en"])
    picture: str = Field(examples=["/pictures/0f343b0931126a20f133d67c2b018a3b.webp"])
    joined_at: datetime | None = Field(description="Null: a list told of them without a day.", examples=["2026-03-02T12:00:00Z"])
    is_bot: bool
    is_sample: bool
    last_seen_on: date | None = Field(None, description="Yours, and for those who tend members everybody’s.", examples=["2026-03-02"])

    @staticmethod
    def resolve_last_seen_on(row: Member, context: Any) -> date | None:
        return queries.last_seen(viewer_of(context["request"]), row)

    @staticmethod
    def resolve_joined_at(row: Member) -> datetime | None:
        return queries.joined_day(row)

    @staticmethod
    def resolve_picture(row: Member) -> str:
        return queries.picture_url(row.picture)


class MeOut(MemberOut):
    """Yourself, with what only you see."""

    email: str | None = Field(examples=["ann@example.org"])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    theme: str = Field(examples=["dark"])
    shortcuts: bool = Field(description="Whether single letters on the keyboard move and act on pages.", examples=[False])


class ProfileIn(Schema):
    """What to change; what is not given stays."""

    name: str | None = Field(None, examples=["Ann"])
    handle: str | None = Field(None, examples=["ann"])
    language: str | None = Field(None, examples=["zh-hans"])
    time_zone: str | None = Field(None, examples=["Asia/Shanghai"])
    about: str | None = Field(None, examples=["I mend paper lanterns."])
    why: str | None = Field(None, examples=["To learn how to solder."])
    theme: str | None = Field(None, examples=["dark"])
    shortcuts: bool | None = Field(None, examples=[False])


class RoleIn(Schema):
    role: str = Field(examples=["operator"])


class MergeReasonIn(Schema):
    reason: str = Field(examples=["They wrote to me from both addresses."])


class MergeIn(MergeReasonIn):
    into: str = Field(description="Handle of the member that is the same person.", examples=["ann"])


class MergeOut(Schema):
    member: str = Field(examples=["ann-2"])
    into: str = Field(examples=["ann"])
    since: datetime
    until: datetime | None
    reason: str = Field(examples=["They wrote to me from both addresses."])

    @staticmethod
    def resolve_member(row: Merge) -> str:
        return row.member.handle

    @staticmethod
    def resolve_into(row: Merge) -> str:
        return row.into.handle


class IdentityOut(Schema):
    source: str = Field(examples=["zulip:example.org"])
    external_id: str = Field(examples=["417"])
    name: str = Field(examples=["Ann B."])
    other_names: list[str] = Field(examples=[["ann_b"]])
    weak: bool = Field(description="Known by name only.")
    email: str = Field(examples=["ann@example.org"])
    first_seen_at: datetime
    handle: str = Field(description="The trace that carries it.", examples=["ann-2"])


class ClaimLinkOut(Schema):
    url: str = Field(description="Shown this once; it works once.", examples=["http://localhost:8000/claim/…"])
    expires_at: datetime = Field(examples=["2026-03-09T12:00:00Z"])


class PasswordLinkOut(Schema):
    url: str = Field(description="Shown this once; it works once.", examples=["http://localhost:8000/accounts/password/reset/key/…"])


class ClaimIn(Schema):
    """Either the secret of a link, or the handle of a trace that carries an address you have verified."""

    secret: str = Field("", examples=["zJ0v…"])
    handle: str = Field("", examples=["", "ann-2"])


class TokenOut(Schema):
    id: int = Field(examples=[4])
    name: str = Field(examples=["backup"])
    prefix: str = Field(examples=["fs_Zk3qW1"])
    scopes: list[str] = Field(examples=[["read"]])
    made_at: datetime
    last_used_on: Any = Field(None, examples=["2026-03-02"])
    expires_at: datetime | None = Field(examples=["2026-05-31T12:00:00Z"])
    revoked_at: datetime | None


class SessionOut(Schema):
    """Where you are signed in."""

    id: int = Field(examples=[7])
    browser: str = Field(description="What the browser says of itself.", examples=["WeChat · Android"])
    address: str = Field(examples=["198.51.100.7"])
    since: datetime
    is_this: bool = Field(description="The one that asks.", examples=[False])

    @staticmethod
    def of(session: Any, key: str | None) -> "SessionOut":
        return SessionOut(
            id=session.pk, browser=called(session.user_agent), address=session.ip, since=session.created_at, is_this=session.session_key == key
        )  # fmt: skip


class ShutOutOut(Schema):
    sessions: int = Field(description="How many sessions ended.", examples=[2])


class CommunityOut(Schema):
    name: str = Field(examples=["Lantern Works"])
    purpose: str = Field(examples=["People who build and mend lamps help each other."])
    kind: str = Field(examples=["product"])
    languages: list[str] = Field(examples=[["en", "zh-hans"]])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    is_sample: bool


class CommunityIn(Schema):
    """What to change; what is not given stays."""

    name: str | None = Field(None, examples=["Lantern Works"])
    purpose: str | None = Field(None, examples=["People who build and mend lamps help each other."])
    kind: str | None = Field(None, examples=["product"])
    languages: list[str] | None = Field(None, examples=[["en", "zh-hans"]])
    time_zone: str | None = Field(None, examples=["Asia/Shanghai"])


class TokenIn(Schema):
    name: str = Field(examples=["backup"])
    scopes: list[Literal["read", "write", "run"]] = Field(examples=[["read"]])
    days: int = Field(0, description="0: until revoked.", examples=[90])


class NewTokenOut(TokenOut):
    secret: str = Field(description="Shown this once.", examples=["fs_Zk3qW1…"])
