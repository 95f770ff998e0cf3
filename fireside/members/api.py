"""The JSON door of members: people, oneself, identities."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.paging import keyset_page
from fireside.members import actions, queries
from fireside.members.letters import claim_address
from fireside.members.models import Member, Merge, Token
from fireside.members.rights import require

router = Router()


class MemberOut(Schema):
    """Somebody, as everybody may see them."""

    handle: str = Field(examples=["ann"])
    name: str = Field(examples=["Ann"])
    role: str = Field(examples=["member"])
    about: str = Field(examples=["I mend paper lanterns."])
    why: str = Field(examples=["To learn how to solder."])
    language: str = Field(examples=["en"])
    picture: str = Field(examples=["/pictures/0f343b0931126a20f133d67c2b018a3b.webp"])
    joined_at: datetime
    is_bot: bool
    is_sample: bool
    last_seen_on: date | None = Field(None, description="Yours, and for those who tend members everybody’s.", examples=["2026-03-02"])

    @staticmethod
    def resolve_last_seen_on(row: Member, context: Any) -> date | None:
        return queries.last_seen(viewer_of(context["request"]), row)

    @staticmethod
    def resolve_picture(row: Member) -> str:
        return queries.picture_url(row.picture)


class MeOut(MemberOut):
    """Yourself, with what only you see."""

    email: str | None = Field(examples=["ann@example.org"])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    theme: str = Field(examples=["dark"])


class ProfileIn(Schema):
    """What to change; what is not given stays."""

    name: str | None = Field(None, examples=["Ann"])
    handle: str | None = Field(None, examples=["ann"])
    language: str | None = Field(None, examples=["zh-hans"])
    time_zone: str | None = Field(None, examples=["Asia/Shanghai"])
    about: str | None = Field(None, examples=["I mend paper lanterns."])
    why: str | None = Field(None, examples=["To learn how to solder."])
    theme: str | None = Field(None, examples=["dark"])


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


@router.get("/community", response=answers(CommunityOut))
def community(request: HttpRequest) -> Any:
    """What this community is."""
    return queries.get_community()


@router.patch("/community", response=answers(CommunityOut))
def patch_community(request: HttpRequest, body: CommunityIn) -> Any:
    """Change how the community presents itself."""
    return actions.change_community(actor_of(request, "json"), **body.dict())


@router.get("/people", response=answers(PageOf[MemberOut]))
def people(
    request: HttpRequest,
    search: Annotated[str, Query(max_length=80)] = "",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Any:
    """Members, the newest first; with `search`, those whose name begins so, in the order of names."""
    viewer = actor_of(request, "json").member
    rows, order = queries.people_list(viewer, search)
    found = keyset_page(rows, order, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/people/{handle}", response=answers(MemberOut))
def person(request: HttpRequest, handle: str) -> Any:
    """One member; a merged trace shows its person."""
    return queries.get_member(viewer_of(request), handle)


@router.put("/people/{handle}/role", response=answers(MemberOut), openapi_extra=shows(role="operator"))
def put_role(request: HttpRequest, handle: str, body: RoleIn) -> Any:
    """Entrust a role to somebody, or take it back."""
    actor = actor_of(request, "json")
    return actions.change_role(actor, member=queries.find_member(actor.member, handle), role=body.role)


@router.get("/people/{handle}/identities", response=answers(list[IdentityOut]))
def identities(request: HttpRequest, handle: str) -> Any:
    """Who somebody is elsewhere, over all their traces. For those who tend members."""
    actor = actor_of(request, "json")
    require(actor, "members.tend")
    return queries.identities_of(queries.get_trace(actor.member, handle))


@router.post("/people/{handle}/merges", response=answers(MergeOut, status=201))
def post_merge(request: HttpRequest, handle: str, body: MergeIn) -> Any:
    """Say that this trace and another member are one person."""
    actor = actor_of(request, "json")
    member, into = queries.find_member(actor.member, handle), queries.find_member(actor.member, body.into)
    return Status(201, actions.merge_members(actor, member=member, into=into, reason=body.reason))


@router.delete("/people/{handle}/merges", response=answers(MemberOut))
def delete_merge(request: HttpRequest, handle: str, body: MergeReasonIn) -> Any:
    """Part this trace from the person it was merged into."""
    actor = actor_of(request, "json")
    return actions.unmerge_members(actor, member=queries.find_member(actor.member, handle), reason=body.reason)


@router.post("/people/{handle}/claim-links", response=answers(ClaimLinkOut, status=201))
def post_claim_link(request: HttpRequest, handle: str) -> Any:
    """Make a one-time link by which somebody can claim this trace."""
    actor = actor_of(request, "json")
    link, secret = actions.offer_claim(actor, member=queries.find_member(actor.member, handle))
    return Status(201, {"url": claim_address(secret), "expires_at": link.expires_at})


@router.post("/claims", response=answers(MemberOut, status=201))
def post_claim(request: HttpRequest, body: ClaimIn) -> Any:
    """Claim what you said elsewhere."""
    actor = actor_of(request, "json")
    if body.handle:
        return Status(201, actions.claim_by_email(actor, member=queries.claimable_trace(actor.member, body.handle)))
    return Status(201, actions.claim(actor, secret=body.secret))


@router.put("/people/{handle}/bot", response=answers(MemberOut), openapi_extra=shows(is_bot=True))
def put_bot(request: HttpRequest, handle: str) -> Any:
    """Say that this member is a bot."""
    actor = actor_of(request, "json")
    return actions.mark_bot(actor, member=queries.find_member(actor.member, handle))


@router.delete("/people/{handle}/bot", response=answers(MemberOut))
def delete_bot(request: HttpRequest, handle: str) -> Any:
    """Say that this member is a person after all."""
    actor = actor_of(request, "json")
    return actions.mark_person(actor, member=queries.find_member(actor.member, handle))


@router.get("/me", response=answers(MeOut))
def me(request: HttpRequest) -> Any:
    """Yourself."""
    return actor_of(request, "json").member


@router.patch("/me", response=answers(MeOut), openapi_extra=shows(language="zh-hans"))
def patch_me(request: HttpRequest, body: ProfileIn) -> Any:
    """Change your profile."""
    return actions.change_profile(actor_of(request, "json"), **body.dict())


@router.post("/me/picture", response=answers(MeOut))
def post_picture(request: HttpRequest, picture: Annotated[UploadedFile, File(examples=["@ann.png"])]) -> Any:
    """Set your picture: JPEG, PNG, WebP or GIF up to 8 MB."""
    return actions.set_picture(actor_of(request, "json"), picture=picture.read())


@router.delete("/me/picture", response=answers(MeOut), openapi_extra=shows(picture=""))
def delete_picture(request: HttpRequest) -> Any:
    """Go without a picture."""
    return actions.remove_picture(actor_of(request, "json"))


@router.get("/me/tokens", response=answers(list[TokenOut]))
def tokens(request: HttpRequest) -> Any:
    """Your tokens, without their secrets."""
    return queries.tokens_of(actor_of(request, "json").member)


class TokenIn(Schema):
    name: str = Field(examples=["backup"])
    scopes: list[Literal["read", "write", "run"]] = Field(examples=[["read"]])
    days: int = Field(0, description="0: until revoked.", examples=[90])


class NewTokenOut(TokenOut):
    secret: str = Field(description="Shown this once.", examples=["fs_Zk3qW1…"])


@router.post("/me/tokens", response=answers(NewTokenOut, status=201), openapi_extra=shows(last_used_on=None))
def post_token(request: HttpRequest, body: TokenIn) -> Any:
    """Make a token. Only somebody signed in can: a token makes no tokens."""
    token, secret = actions.make_token(actor_of(request, "json"), **body.dict())
    return Status(201, {**{name: getattr(token, name) for name in TokenOut.model_fields}, "secret": secret})


@router.delete("/me/tokens/{token_id}", response=answers(TokenOut), openapi_extra=shows(revoked_at="2026-03-02T12:00:00Z"))
def delete_token(request: HttpRequest, token_id: int) -> Token:
    """Revoke a token of yours."""
    actor = actor_of(request, "json")
    return actions.revoke_token(actor, token=queries.get_token(actor.member, token_id))
