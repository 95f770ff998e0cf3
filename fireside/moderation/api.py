"""The JSON door of reports."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.queries import get_post
from fireside.lib.answers import PageOf, answers, shows
from fireside.members.rights import require
from fireside.moderation import actions, queries

router = Router()
NOON = "2026-03-02T12:00:00Z"


class ReportIn(Schema):
    reason: Literal["spam", "rude", "private", "elsewhere", "other"] = Field(examples=["spam"])
    words: str = Field("", max_length=500, description="In your words; needed with “other”.", examples=["The third link to the same shop."])


class ReportedOut(Schema):
    case: int = Field(description="Its number, the same for all who report this post now.", examples=[5])


class SaidOut(Schema):
    by: str = Field(description="Handle of who reported.", examples=["cat"])
    at: datetime = Field(examples=[NOON])
    reason: str = Field(examples=["spam"])
    words: str = Field(examples=["The third link to the same shop."])


class WordsOut(Schema):
    """A message, as it stands."""

    by: str = Field(examples=["ben"])
    at: datetime = Field(examples=[NOON])
    text: str = Field(examples=["See you at five."])


class CaseOut(Schema):
    """A post with all reports of it."""

    id: int = Field(examples=[5])
    version: int = Field(description="Send it with your decision: when there are new reports since, nothing is decided.", examples=[2])
    post: int = Field(examples=[19])
    title: str = Field(description="Of the topic.", examples=["Which wick?"])
    private: bool = Field(description="A private message: its words are here once you have said that you read them.", examples=[False])
    messages: list[WordsOut] = Field(description="Of a private message: those before it and itself, once you read it.", examples=[[]])
    author: str = Field(description="Handle of who wrote the post.", examples=["ben"])
    url: str = Field(examples=["/t/7/2#p2"])
    opened_at: datetime = Field(examples=[NOON])
    reports: list[SaidOut]
    decided_at: datetime | None
    decided_by: str | None = Field(examples=[None])
    decision: str = Field(description="removed, dismissed, or empty while it waits.", examples=[""])
    reason: str = Field(examples=[""])


class DecisionIn(Schema):
    decision: Literal["removed", "dismissed"] = Field(examples=["dismissed"])
    reason: str = Field("", max_length=300, examples=["It answers the question."])
    version: int | None = Field(None, ge=1, description="The version that you have read.", examples=[2])


@router.post("/posts/{int:post}/reports", response=answers(ReportedOut, status=201))
def post_report(request: HttpRequest, post: int, body: ReportIn) -> Any:
    """Report a post that breaks the rules. Those who look after the place are told, and tell you what came of it."""
    found = get_post(viewer_of(request), post)
    case = actions.report_post(actor_of(request, "json"), post=found, reason=body.reason, words=body.words)
    return Status(201, {"case": case.pk})


@router.get("/reports", response=answers(PageOf[CaseOut]))
def reports(
    request: HttpRequest, show: Literal["open", "decided"] = "open", cursor: str = "", size: Annotated[int, Query(ge=1, le=50)] = 20
) -> Any:
    """Cases that you may decide, the longest waiting first; or those that were decided."""
    require_reader(request)
    found = queries.cases(viewer_of(request), decided=show == "decided", cursor=cursor, size=size)
    return {"items": [_out(row) for row in found.rows], "next": found.next}


@router.put(
    "/reports/{int:case}/decision", response=answers(CaseOut),
    openapi_extra=shows(decision="dismissed", reason="It answers the question.", decided_at=NOON, decided_by="ann"),
)  # fmt: skip
def put_decision(request: HttpRequest, case: int, body: DecisionIn) -> Any:
    """Decide a case. Two who decide at once never collide: the second is told."""
    viewer = viewer_of(request)
    found = queries.get_case(viewer, case)
    done = actions.decide_case(actor_of(request, "json"), case=found, **body.dict())
    return _out(queries.case_row(viewer, done))


@router.put(
    "/reports/{int:case}/reading",
    response=answers(CaseOut),
    openapi_extra=shows(private=True, messages=[{"by": "ben", "at": NOON, "text": "See you at five."}]),
)
def put_reading_of_case(request: HttpRequest, case: int) -> Any:
    """Read a reported private message, with the five before it. The log and the case say who read it."""
    viewer = viewer_of(request)
    done = actions.look_at_case(actor_of(request, "json"), case=queries.get_case(viewer, case))
    return _out(queries.case_row(viewer, done))


def require_reader(request: HttpRequest) -> None:
    """A token that reads is enough to look."""
    if viewer_of(request) is None:
        require(actor_of(request, "json"), "moderation.report")


def _out(row: queries.CaseRow) -> dict[str, Any]:
    words = [*row.before, row.post] if row.private and row.read else []
    same = ("id", "version", "private", "title", "opened_at", "decided_at", "decision", "reason")
    return {name: getattr(row, name) for name in same} | {
        "post": row.post.id, "author": row.post.author.handle, "url": row.post.url, "decided_by": row.decided_by.handle if row.decided_by else None,
        "messages": [{"by": one.author.handle, "at": one.at, "text": one.source} for one in words],
        "reports": [{"by": one.by.handle, "at": one.at, "reason": one.reason, "words": one.words} for one in row.reports],
    }  # fmt: skip
