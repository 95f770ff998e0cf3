"""The JSON door of members: people, oneself, identities."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.paging import keyset_page
from fireside.members import actions, queries
from fireside.members.api_shapes import (
    BlockedOut,
    BlockOut,
    ClaimIn,
    ClaimLinkOut,
    CommunityIn,
    CommunityOut,
    IdentityOut,
    MemberOut,
    MeOut,
    MergeIn,
    MergeOut,
    MergeReasonIn,
    NewTokenOut,
    PasswordLinkOut,
    ProfileIn,
    RoleIn,
    SessionOut,
    ShutOutOut,
    TokenIn,
    TokenOut,
)
from fireside.members.letters import claim_address
from fireside.members.models import Token
from fireside.members.rights import require

router = Router()


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
    found = keyset_page(queries.saying_undated(rows), order, cursor=cursor, size=size)
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


@router.post("/people/{handle}/password-links", response=answers(PasswordLinkOut, status=201))
def post_password_link(request: HttpRequest, handle: str) -> Any:
    """Make a link by which somebody sets a new password: three days, once. Only somebody signed in can: no token opens an account."""
    actor = actor_of(request, "json")
    return Status(201, {"url": actions.offer_new_password(actor, member=queries.find_member(actor.member, handle))})


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


@router.put("/people/{handle}/block", response=answers(BlockOut))
def put_block(request: HttpRequest, handle: str) -> Any:
    """Be reached no more by somebody: no private messages, nothing of theirs rings for you. They are not told."""
    actions.block_member(actor_of(request, "json"), member=queries.get_member(viewer_of(request), handle))
    return {"handle": handle, "blocked": True}


@router.delete("/people/{handle}/block", response=answers(BlockOut), openapi_extra=shows(blocked=False))
def delete_block(request: HttpRequest, handle: str) -> Any:
    """Let somebody reach you again."""
    actions.unblock_member(actor_of(request, "json"), member=queries.get_member(viewer_of(request), handle))
    return {"handle": handle, "blocked": False}


@router.get("/me/blocked", response=answers(PageOf[BlockedOut]))
def my_blocked(request: HttpRequest, cursor: str = "", size: Annotated[int, Query(ge=1, le=100)] = 30) -> Any:
    """Whom you have blocked, the last one first."""
    found = queries.blocked_by(actor_of(request, "json").member, cursor=cursor, size=size)
    return {"items": [{"handle": row.who.handle, "name": row.who.name, "at": row.at} for row in found.rows], "next": found.next}


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


@router.get("/me/sessions", response=answers(list[SessionOut]))
def sessions(request: HttpRequest) -> Any:
    """Where you are signed in, the newest first."""
    me = actor_of(request, "json").member
    return [SessionOut.of(one, request.session.session_key) for one in queries.sessions_of(me)]


@router.delete("/me/sessions/{session_id}", response=answers(SessionOut))
def delete_session(request: HttpRequest, session_id: int) -> Any:
    """Sign out one browser of yours."""
    actor = actor_of(request, "json")
    found = queries.get_session(actor.member, session_id)
    shown = SessionOut.of(found, request.session.session_key)
    actions.end_session(actor, session=found)
    return shown


@router.delete("/me/sessions", response=answers(ShutOutOut))
def delete_sessions(request: HttpRequest) -> Any:
    """Sign out everybody who is signed in as you, and end your tokens. Only somebody signed in can."""
    ended = actions.shut_out(actor_of(request, "json"))
    request.session.flush()
    return {"sessions": ended}
