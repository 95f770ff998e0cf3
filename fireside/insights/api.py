"""The JSON door of numbers."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from fireside.activity.doors import actor_of
from fireside.insights import actions, queries
from fireside.lib.answers import PageOf, answers
from fireside.members.rights import require

router = Router()
Words = dict[str, str]


class MetricOut(Schema):
    """What a number means, before it is asked for. Words come in every language of the house."""

    metric: str = Field(examples=["helped"])
    title: Words = Field(examples=[{"en": "People helped", "zh-hans": "得到帮助的人"}])
    definition: Words = Field(examples=[{"en": "Distinct people who said a post helped them …"}])
    population: Words = Field(examples=[{"en": "Members and staff; bots left out."}])
    unit: str = Field(examples=["people"])
    source: str = Field(examples=["distinct people"])
    by: str = Field(description="Interval when none is asked for.", examples=["week"])
    staff: str = Field(description="How staff is counted when nothing is said.", examples=["include"])
    modes: dict[str, Words] = Field(description="The first is the default.", examples=[{}])
    evidence: dict[str, Words] = Field(
        description="Kinds of evidence; the first is the default.", examples=[{"people": {"en": "people who were helped"}}]
    )


class Clock(Schema):
    """From when to when, and up to which instant we know."""

    as_of: datetime = Field(description="The instant up to which the log was read.", examples=["2026-11-21T10:00:00Z"])
    as_of_day: int = Field(description="That day, as days since 1970-01-01 in `time_zone`.", examples=[20778])
    watermark: str = Field(description="The state of the mirror.", examples=["12:20310"])
    lines: int = Field(description="Lines of the log in it.", examples=[20310])
    time_zone: str = Field(examples=["Asia/Shanghai"])
    since: date = Field(examples=["2026-08-31"])
    until: date = Field(examples=["2026-11-21"])
    by: str = Field(examples=["week"])


class AnswerOut(Schema):
    """A number with everything that must stand beside it."""

    metric: str = Field(examples=["helped"])
    title: Words = Field(examples=[{"en": "People helped", "zh-hans": "得到帮助的人"}])
    definition: Words = Field(examples=[{"en": "Distinct people who said a post helped them …"}])
    population: Words = Field(examples=[{"en": "Members and staff; bots left out."}])
    source: str = Field(examples=["distinct people"])
    unit: str = Field(description="Of `headline.value`: people, acts, share, seconds or heat.", examples=["people"])
    params: dict[str, Any] = Field(examples=[{"since": "2026-08-31", "until": "2026-11-21", "by": "week", "staff": "include"}])
    clock: Clock
    headline: dict[str, Any] = Field(examples=[{"value": 128, "confirmed": 96, "inferred": 32, "helpers": 41, "peer_share": 0.93}])
    columns: list[dict[str, Any]] = Field(examples=[[{"key": "helped", "words": {"en": "people helped"}, "unit": "people"}]])
    rows: list[dict[str, Any]] = Field(
        description="One an interval; `partial` when it is not over or not wholly inside what was asked.",
        examples=[[{"start": "2026-11-16", "end": "2026-11-22", "partial": True, "helped": 11}]],
    )
    more: dict[str, Any] = Field(description="What charts draw besides: spreads, curves, bands.", examples=[{}])
    links: dict[str, Any] = Field(examples=[{"page": "/cockpit/helped", "evidence": {"people": "/cockpit/helped/people?which=people"}}])


class EvidenceOut(Schema):
    """One person, topic, post, help or space behind a number."""

    model_config = ConfigDict(extra="forbid")
    id: int = Field(examples=[7])
    name: str = Field(description="Of the person or space, or the title of the topic; of a post or a help, its topic’s.", examples=["Ann"])
    handle: str | None = Field(None, description="Of the person; of a help, of who was helped.", examples=["ann"])
    href: str = Field(examples=["/people/ann"])
    value: Any = Field(description="What it is ordered by, in the unit of `unit`.", examples=[3])


class EvidencePage(PageOf[EvidenceOut]):
    """A page of evidence."""

    what: Literal["people", "topics", "posts", "helps", "spaces"]
    which: str = Field(examples=["people"])
    unit: str = Field(description="number, days, day (a date), at_ms (an instant), half_ms (seconds) or milli (heat).", examples=["number"])


class Asked(Schema):
    """What to count, of whom, from when to when. Everything may be left out."""

    space: str = Field("", description="Slug of a space; what is below it is included.", examples=["repair-bench"])
    since: str = Field("", description="First day.", examples=["2026-08-31"])
    until: str = Field("", description="Last day.", examples=["2026-11-21"])
    by: Literal["", "day", "week", "month"] = Field("", description="Weeks begin on Monday, in the community's time zone.")
    mode: str = Field("", description="One of the metric's modes.")
    bots: Literal["", "exclude", "include"] = ""
    staff: Literal["", "include", "exclude", "only"] = ""
    offsets: str = Field("", description="retention: how many intervals to follow.", examples=["12"])
    bracket: str = Field("", description="retention, mode bracket: from–to.", examples=["1-4"])
    k: str = Field("", description="retention: after how many intervals the number in front is.", examples=["4"])
    of: str = Field("", description="network, evidence `parted`: the id of a bridge, as `bridges` has it.", examples=["7"])


@router.get("/metrics", response=answers(list[MetricOut], 401, 403), summary="Every number there is, and what it means")
def list_metrics(request: HttpRequest) -> list[dict[str, Any]]:
    require(actor_of(request, "json"), "numbers.read")
    return queries.list_metrics()


@router.get(
    "/metrics/{name}", response=answers(AnswerOut, 401, 403, 404, 409, 422), summary="A number with its definition, population and clock"
)
def get_answer(request: HttpRequest, name: str, asked: Query[Asked]) -> dict[str, Any]:
    actor = actor_of(request, "json")
    require(actor, "numbers.read")
    return actions.keep_answer(actor, metric=name, **asked.dict())


@router.get(
    "/metrics/{name}/evidence",
    response=answers(EvidencePage, 401, 403, 404, 409, 422),
    summary="The people, topics, posts, helps or spaces behind a number",
)
def list_evidence(
    request: HttpRequest,
    name: str,
    asked: Query[Asked],
    which: str = "",
    cursor: str = "",
    size: int = Query(40, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    actor = actor_of(request, "json")
    require(actor, "numbers.read")
    found = queries.evidence(name, now=actor.now, viewer=actor.who, which=which, cursor=cursor, size=size, asked=asked.dict())
    return queries.in_short(found)
