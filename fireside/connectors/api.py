"""The JSON door to history: hand in a file, bring it in. The work itself is followed at /jobs (site)."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, Literal, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from fireside.activity.doors import actor_of
from fireside.connectors import queries
from fireside.connectors.actions import ask_for_import, handed_in, keep_upload
from fireside.connectors.agreement import Agreement, agreement_of
from fireside.connectors.first_rows import first_rows, for_programs
from fireside.connectors.models import ImportRun
from fireside.connectors.reasons import notes_of, refuse_wishes
from fireside.lib.answers import PageOf, answers, shows
from fireside.lib.errors import NotFound
from fireside.members.rights import require

router = Router()
WAITING = shows(state="waiting", done=0, total=None, step="", counts={}, started_at=None)
LEFT_OUT = {
    "schema": {"type": "string"},
    "example": '{"place": "lamps.jsonl:417", "reason": "bad_json", "record": "{\\"id\\": 417, \\"sen"}\n',
}


class FileOut(Schema):
    """A file that was handed in. It is kept for a week."""

    upload: str = Field(alias="key", description="Give it to POST /imports.", examples=["3f9c…"])
    name: str = Field(examples=["members.csv"])
    size: int = Field(examples=[482113])


class ImportIn(Schema):
    """What to bring in. Either `upload` or `path`."""

    importer: Literal[
        "zulip", "slack", "gitter", "discord", "qq", "wechat", "chatlab", "discourse", "stackexchange", "mbox", "activity", "members"
    ] = Field(examples=["zulip"])
    upload: str = Field("", description="From POST /imports/files.", examples=["3f9c…"])
    path: str = Field(
        "", description="A file or folder on the machine of the house; only the owner may name one.", examples=["", "/srv/zulip-archive"]
    )
    source: str = Field(
        "", max_length=80, description="How the source is called; later parts carry the same name.", examples=["zulip:chat.example.org"]
    )
    space: str = Field("", description="The address of the space to put its spaces into.", examples=["archive"])
    openness: Literal["", "public", "open", "private", "hidden"] = Field(
        "", description="Discord, QQ, WeChat, ChatLab: who may read the spaces that are made; nothing is as private.", examples=["", "open"]
    )
    one_to_one: bool = Field(
        False, description="Discord, QQ, WeChat, ChatLab: conversations of two come in, too, for these two.", examples=[False]
    )
    zone: str = Field(
        "", max_length=60, description="QQ, WeChat: the time zone of their times; nothing is Asia/Shanghai.", examples=["", "Asia/Tokyo"]
    )
    dry_run: bool = Field(False, description="Read and count everything, change nothing.", examples=[False])
    columns: dict[str, str] = Field(
        {}, description="Members only: field -> head or number of the column.", examples=[{}, {"name": "姓名", "joined": "5"}]
    )
    dates: Literal["", "ymd", "dmy", "mdy"] = Field("", description="Members only: what comes first in dates.", examples=["", "dmy"])


class FirstRowsIn(Schema):
    """Which list of members to look at, and how to read it. Either `upload` or `path`."""

    upload: str = Field("", description="From POST /imports/files.", examples=["3f9c…"])
    path: str = Field("", description="A file on the machine of the house; only the owner may name one.", examples=["", "/srv/members.csv"])
    columns: dict[str, str] = Field(
        {}, description="Field -> head or number of the column; `-` for none.", examples=[{}, {"name": "姓名", "joined": "5"}]
    )
    dates: Literal["", "ymd", "dmy", "mdy"] = Field("", description="What comes first in dates that do not tell.", examples=["", "dmy"])


ADA = {
    "id": "email:ada@example.org", "by_name_only": False, "name": "Ada", "email": "ada@example.org", "phone": "13800138000", "language": "en",
    "about": "Builds lamps.", "is_bot": False, "joined": "2024-01-31T10:05:00Z",
}  # fmt: skip


class PersonOut(Schema):
    """Somebody as a row of a list tells of them."""

    id: str = Field(description="The source’s own, else made of the e-mail, the telephone or the name.", examples=["email:ada@example.org"])
    by_name_only: bool = Field(description="Nothing but a name tells who it is.", examples=[False])
    name: str = Field(examples=["Ada"])
    email: str = Field(examples=["ada@example.org"])
    phone: str = Field(examples=["13800138000"])
    language: str = Field(examples=["en"])
    about: str = Field(examples=["Builds lamps."])
    is_bot: bool = Field(description="Would be taken for a program.", examples=[False])
    joined: datetime | None = Field(description="null: the row does not say since when.", examples=["2024-01-31T10:05:00Z"])


class FirstRowOut(Schema):
    """One row: the `person` it would bring in, or the `reason` why it would be left out."""

    place: str = Field(examples=["members.csv:2"])
    person: PersonOut | None = Field(description="null: this row would be left out.", examples=[ADA])
    reason: str = Field(description='"" for a person.', examples=[""])
    why: str = Field(description="The reason in the reader’s language.", examples=[""])
    record: str = Field(description="What stands in a row that would be left out.", examples=[""])


class FirstRowsOut(Schema):
    """The first 20 rows as they would come in, and how the table was understood."""

    columns: dict[str, str] = Field(description="Field -> the head of its column.", examples=[{"name": "Name", "email": "E-mail"}])
    columns_left: list[str] = Field(description="Columns that would be left out.", examples=[["Shoe size"]])
    dates: str = Field(
        description='What comes first in dates that do not tell, as far as the file says: "", "dmy" or "mdy".', examples=[""]
    )
    rows: list[FirstRowOut]


class JobOut(Schema):
    """Long work: how far it is, and its counts so far."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["connectors.import_zulip"])
    state: Literal["waiting", "running", "stopping", "stopped", "done", "failed"] = Field(examples=["running"])
    done: int = Field(examples=[48000])
    total: int | None = Field(description="null while it is not known.", examples=[216028])
    step: str = Field(description="What it does now, in English.", examples=["Bringing in what they said"])
    counts: dict[str, Any] = Field(
        examples=[{"read": 48000, "imported": 47990, "unchanged": 0, "rejected": 10, "reasons": {"bad_json": 10}}]
    )
    error: str = Field(examples=[""])
    asked_at: datetime
    started_at: datetime | None = Field(examples=["2026-03-02T12:00:01Z"])
    ended_at: datetime | None


class DifferingOut(Schema):
    """One topic or message of which the source counts something else than stands here."""

    id: str = Field(description="Its id in the source.", examples=["17"])
    url: str = Field(description='Where it stands here; "": it is not here.', examples=["/t/4/2#p2"])
    source: int = Field(examples=[3])
    here: int = Field(examples=[2])


class AgreementOut(Schema):
    """One counter of the source (answers to each question, likes of each post …) beside what stands here of it."""

    counter: str = Field(examples=["answers"])
    words: str = Field(description="The same in the reader’s language.", examples=["answers to each question"])
    source: int = Field(description="The sum in the source.", examples=[1572])
    here: int = Field(examples=[1571])
    left: int = Field(description="How many of them were left out, and are among the rejected.", examples=[0])
    agree: int = Field(description="Topics or messages whose number agrees.", examples=[662])
    off: int = Field(description="Topics or messages whose number does not.", examples=[1])
    why: str = Field(description='A reason that holds for all of them, in the reader’s language; "": see `differing`.', examples=[""])
    differing: list[DifferingOut] = Field(description="The first 200 that differ.")


class RunOut(Schema):
    """One run of an import. read = imported + unchanged + rejected; the reasons sum to rejected."""

    id: int = Field(examples=[3])
    importer: str = Field(examples=["zulip"])
    source: str = Field(examples=["zulip:chat.example.org"])
    form: str = Field(examples=["folder"])
    started_at: datetime
    ended_at: datetime | None = Field(description="null: not at its end; the same file again goes on.", examples=["2026-03-02T12:04:00Z"])
    read: int = Field(examples=[6707])
    imported: int = Field(examples=[6706])
    unchanged: int = Field(examples=[0])
    rejected: int = Field(examples=[1])
    reasons: dict[str, int] = Field(examples=[{"bad_json": 1}])
    counts: dict[str, Any] = Field(examples=[{"people": 171, "bots": 2, "bot_posts": 107, "spaces": 32, "topics": 830}])
    notes: list[str] = Field(description="What to know beside the counts, in the reader's language.", examples=[[]])

    agreement: list[AgreementOut] = Field(description="What the source counts itself, and whether it agrees with what stands here.")

    @staticmethod
    def resolve_counts(row: Any) -> dict[str, Any]:
        return {name: value for name, value in row.counts.items() if name != "agreement"}

    @staticmethod
    def resolve_agreement(row: Any) -> list[Agreement]:
        return agreement_of(row.source, row.counts)

    @staticmethod
    def resolve_notes(row: Any) -> list[str]:
        return notes_of(row.counts)


@router.post("/imports/files", response=answers(FileOut, 400, 401, 403, 404, 409, 422, status=201), summary="Hand in a file")
def post_file(request: HttpRequest, file: Annotated[UploadedFile, File(examples=["@members.csv"])]) -> Any:
    """As multipart/form-data, field `file`. A folder comes as one .zip or .tar.gz."""
    return Status(201, keep_upload(actor_of(request, "json"), name=file.name or "file", file=cast(BinaryIO, file)))


@router.post("/imports", response=answers(JobOut, status=202), summary="Bring in a file or a folder", openapi_extra=WAITING)
def post_import(request: HttpRequest, body: ImportIn) -> Any:
    """Puts the work in line and answers at once; follow it at GET /jobs/{id}. The same file again changes nothing."""
    return Status(202, ask_for_import(actor_of(request, "json"), **body.dict()))


@router.post("/imports/preview", response=answers(FirstRowsOut), summary="Look at the first rows of a list of members")
def post_preview(request: HttpRequest, body: FirstRowsIn) -> Any:
    """The first rows as they would come in, and which column is read as what. Brings nothing in; nothing is put in line."""
    actor = actor_of(request, "json")
    require(actor, "history.bring_in")
    _row, file = handed_in(actor, path=body.path, upload=body.upload)
    seen = first_rows(file, wishes=body.columns, dates=body.dates, now=actor.now)
    refuse_wishes(seen.plan.wrong)
    return for_programs(seen)


@router.get("/imports", response=answers(PageOf[RunOut]), summary="What was brought in")
def get_imports(request: HttpRequest, cursor: str = "", size: int = Query(20, ge=1, le=100)) -> Any:  # type: ignore[type-arg]
    """The newest first."""
    actor = actor_of(request, "json")
    require(actor, "history.bring_in")
    found = queries.list_runs(actor.who, cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/imports/{run_id}", response=answers(RunOut), summary="One run")
def get_import(request: HttpRequest, run_id: int) -> Any:
    """Its counts, and why records were left out."""
    return _run(request, run_id)


@router.get(
    "/imports/{run_id}/rejected",
    response=answers(None, 401, 403, 404),
    summary="The records that were left out",
    openapi_extra={"responses": {200: {"content": {"application/x-ndjson": LEFT_OUT}}}},
)
def get_rejected(request: HttpRequest, run_id: int) -> HttpResponse:
    """One JSON line each: `place` in the source, `reason`, and the `record` as it stood there (application/x-ndjson)."""
    found = queries.rejected_file(_run(request, run_id), "jsonl")
    if found is None:
        raise NotFound()
    return FileResponse(found.open("rb"), content_type="application/x-ndjson")  # type: ignore[return-value]


def _run(request: HttpRequest, pk: int) -> ImportRun:
    actor = actor_of(request, "json")
    found = queries.get_run(actor.member, pk)
    require(actor, "history.bring_in")
    return found
