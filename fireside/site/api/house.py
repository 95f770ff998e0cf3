"""The JSON door to what the house is doing: long work, parked lines, letters that have not left, workers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from fireside.activity import doing, state
from fireside.activity.doors import actor_of
from fireside.activity.models import Job
from fireside.connectors.api import JobOut
from fireside.lib.answers import PageOf, answers, shows
from fireside.members.rights import require
from fireside.site import actions, queries

router = Router()
ENDED = "2026-03-02T12:05:00Z"


class WorkerOut(Schema):
    """A process that follows the log. Seen within a minute, it is at work."""

    worker: str = Field(description="Machine and process.", examples=["hearth-1:4711"])
    started_at: datetime
    seen_at: datetime


class RoundOut(Schema):
    """A round that failed at its last turn. It is made again by itself, after five minutes at the latest."""

    name: str = Field(examples=["spaces.mend_counters"])
    late: str = Field(description="What it does, in the reader's language.", examples=["Counting again how many belong to each space"])
    why: str = Field(description="In the reader's language.", examples=["It contradicts what is stored already."])
    error: str = Field(description="In technical words.", examples=["IntegrityError: CHECK constraint failed"])
    ran_at: datetime | None
    due_at: datetime


class HouseOut(Schema):
    """How the log and its followers are."""

    log_lines: int = Field(examples=[22481])
    lag: dict[str, int] = Field(
        description="Lines of the log that each reaction has not read; beyond 10,000 about so many.", examples=[{"notifications.tell": 0}]
    )
    parked: int = Field(description="Lines that a reaction could not digest.", examples=[1])
    letters_waiting: int = Field(examples=[0])
    letters_parked: int = Field(examples=[1])
    jobs_open: int = Field(examples=[1])
    rounds_failing: list[RoundOut] = Field(description="Rounds that failed at their last turn.")
    workers: list[WorkerOut] = Field(description="Those seen within a day, the latest first.")


class LineOut(Schema):
    """A line of the log that a reaction could not digest. The reaction goes on with the others."""

    id: int = Field(examples=[5])
    reaction: str = Field(examples=["notifications.tell"])
    kind: str = Field(examples=["conversation.replied"])
    sentence: str = Field(description="What the line says, in the reader's language.", examples=["Ben answered in “Which wick?”"])
    at: datetime
    why: str = Field(description="In the reader's language.", examples=["What it speaks of is no longer there."])
    error: str = Field(description="In technical words.", examples=["DoesNotExist: Topic matching query does not exist."])
    tries: int = Field(examples=[3])
    next_try_at: datetime
    settled_at: datetime | None = Field(description="When it was digested after all, or let go.", examples=[None])


class LetterOut(Schema):
    """A letter that has not left. Its words are shown to nobody, its address only so far that it is known again."""

    id: int = Field(examples=[9])
    channel: str = Field(examples=["email"])
    to: str = Field(examples=["a•••@example.org"])
    parked: bool = Field(description="Given up after eight tries, or refused for good.", examples=[True])
    why: str = Field(description="In the reader's language.", examples=["The other side did not answer."])
    error: str = Field(description="In technical words.", examples=["TimeoutError: timed out"])
    tries: int = Field(examples=[8])
    written_at: datetime
    due_at: datetime
    let_go_at: datetime | None = Field(examples=[None])


class ReasonIn(Schema):
    reason: str = Field(max_length=400, examples=["The topic was removed long ago."])


class ReactionIn(Schema):
    reaction: str = Field(max_length=80, examples=["notifications.tell"])


class TriedOut(Schema):
    count: int = Field(description="How many lines are tried again.", examples=[3])


def _watcher(request: HttpRequest) -> Any:
    actor = actor_of(request, "json")
    require(actor, "house.watch")
    return actor


# ── long work ──
@router.get("/jobs", response=answers(PageOf[JobOut]), summary="Long work")
def get_jobs(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """Running, stopped and ended, the newest first."""
    _watcher(request)
    found = doing.list_jobs(cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/jobs/{job_id}", response=answers(JobOut), summary="How far some work is")
def get_job(request: HttpRequest, job_id: int) -> Any:
    """For who asked for it and those who look after the house."""
    return queries.get_work(actor_of(request, "json").member, str(job_id))


@router.post("/jobs/{job_id}/stop", response=answers(JobOut), summary="Stop some work", openapi_extra=shows(state="stopping"))
def post_stop(request: HttpRequest, job_id: int) -> Job:
    """What is in stays in. A job that has ended stays as it is."""
    actor = actor_of(request, "json")
    return actions.stop_work(actor, job=queries.get_work(actor.member, str(job_id)))


@router.post(
    "/jobs/{job_id}/resume", response=answers(JobOut), summary="Go on with stopped or failed work", openapi_extra=shows(state="waiting")
)
def post_resume(request: HttpRequest, job_id: int) -> Job:
    """It goes on where it stopped."""
    actor = actor_of(request, "json")
    return actions.resume_work(actor, job=queries.get_work(actor.member, str(job_id)))


# ── the log and its followers ──
@router.get("/house", response=answers(HouseOut), summary="What the house is doing")
def get_house(request: HttpRequest) -> Any:
    """How far each reaction is, what got stuck, and who is at work."""
    actor = _watcher(request)
    return state.of_the_house(actor.now) | {"workers": doing.workers(actor.now), "rounds_failing": queries.round_rows()}


@router.get("/house/lines", response=answers(PageOf[LineOut]), summary="Parked lines")
def get_lines(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """Those that are tried next stand first."""
    _watcher(request)
    found = doing.list_parked(cursor=cursor, size=size)
    return {"items": queries.line_rows(found.rows), "next": found.next}


@router.post("/house/lines/try", response=answers(TriedOut), summary="Try all parked lines of a reaction again")
def post_lines_try(request: HttpRequest, body: ReactionIn) -> Any:
    """When what kept them back has been mended. A worker tries them at once."""
    return {"count": actions.try_lines_again(actor_of(request, "json"), reaction=body.reaction)}


@router.post("/house/lines/{line_id}/try", response=answers(LineOut), summary="Try a parked line again")
def post_line_try(request: HttpRequest, line_id: int) -> Any:
    """A worker tries it at once."""
    actor = actor_of(request, "json")
    return queries.line_rows([actions.try_line_again(actor, line=queries.get_line(actor.member, str(line_id)))])[0]


@router.post("/house/lines/{line_id}/end", response=answers(LineOut), summary="Let a parked line go", openapi_extra=shows(settled_at=ENDED))
def post_line_end(request: HttpRequest, line_id: int, body: ReasonIn) -> Any:
    """The reaction does without it; the log says why."""
    actor = actor_of(request, "json")
    return queries.line_rows([actions.let_line_go(actor, line=queries.get_line(actor.member, str(line_id)), reason=body.reason)])[0]


@router.get("/house/letters", response=answers(PageOf[LetterOut]), summary="Letters that have not left")
def get_letters(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """Waiting and parked ones, the newest first."""
    actor = _watcher(request)
    found = doing.list_unsent(cursor=cursor, size=size)
    return {"items": queries.letter_rows(found.rows, actor.now), "next": found.next}


@router.post("/house/letters/{letter_id}/try", response=answers(LetterOut), summary="Try a letter again", openapi_extra=shows(parked=False))
def post_letter_try(request: HttpRequest, letter_id: int) -> Any:
    """It begins its eight tries anew, at once."""
    actor = actor_of(request, "json")
    actions.try_letter_again(actor, letter=queries.get_letter_out(actor.member, str(letter_id)))
    return queries.letter_row(queries.get_letter_out(actor.member, str(letter_id)), actor.now)


@router.post(
    "/house/letters/{letter_id}/end", response=answers(LetterOut), summary="Let a letter go", openapi_extra=shows(to="", let_go_at=ENDED)
)
def post_letter_end(request: HttpRequest, letter_id: int, body: ReasonIn) -> Any:
    """It never leaves, its words are wiped, and the log says why."""
    actor = actor_of(request, "json")
    actions.let_letter_go(actor, letter=queries.get_letter_out(actor.member, str(letter_id)), reason=body.reason)
    return queries.letter_row(queries.get_letter_out(actor.member, str(letter_id)), actor.now)
