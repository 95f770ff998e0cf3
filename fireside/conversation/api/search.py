"""Search through the JSON door."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import queries
from fireside.conversation.api._door import router
from fireside.conversation.api_shapes import Place, Who, who
from fireside.conversation.seeking import understand
from fireside.lib.answers import PageOf, answers
from fireside.spaces.queries import get_space, space_to_read


class HitOut(Schema):
    """A post that holds the words."""

    id: int = Field(description="Id of the post.", examples=[19])
    number: int = Field(description="Its number in the topic.", examples=[2])
    topic: int = Field(examples=[7])
    title: str = Field(description="Of the topic.", examples=["Handle works loose after about three months"])
    excerpt: str = Field(description="The part of its words that holds the first of those looked for.", examples=["Turn the washer over."])
    found: list[str] = Field(description="What in the title and the excerpt was looked for, as it is written there.", examples=[["washer"]])
    space: Place
    author: Who
    at: datetime
    state: str = Field(description="Of the topic: waiting, answered, closed, or empty.", examples=["answered"])
    is_accepted: bool = Field(examples=[True])
    helped: int = Field(examples=[9])
    url: str = Field(examples=["/t/7/2#p2"])


@router.get("/search", response=answers(PageOf[HitOut]))
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=2000, examples=["washer"], description="All words must be there; words in quotes side by side. The first 200 signs count.")] = "",
    space: Annotated[str, Query(max_length=60, description="Address of a space; without it, all that are open to you.")] = "",
    by: Annotated[str, Query(max_length=80, description="Handle of who said it.")] = "",
    since: Annotated[date | None, Query(description="First day.")] = None,
    until: Annotated[date | None, Query(description="Last day.")] = None,
    tag: Annotated[str, Query(max_length=120, description="A tag, in whatever spelling.")] = "",
    state: Annotated[Literal["", "answered", "waiting"], Query(description="Only in questions that are answered, or that wait.")] = "",
    sort: Literal["best", "latest"] = "best",
    cursor: str = "",
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Any:  # fmt: skip
    """Posts that hold the words, the best first. Of very many the latest are compared, and topics named so."""
    viewer, now = viewer_of(request), actor_of(request, "json").now
    filters = queries.filters_of(viewer, now=now, space=space, by=by, since=since, until=until, tag=tag, state=state, sort=sort)
    found = queries.search(viewer, understand(q), filters, now=now, cursor=cursor, size=size)
    return {"items": [_hit(row) for row in found.rows], "next": found.next}


class SimilarOut(Schema):
    """A topic that may be about the same."""

    id: int = Field(examples=[7])
    title: str = Field(examples=["Handle works loose after about three months"])
    state: str = Field(description="waiting, answered, closed, or empty.", examples=["answered"])
    replies: int = Field(examples=[3])
    space: Place
    url: str = Field(examples=["/t/7"])


@router.get("/spaces/{slug}/similar", response=answers(list[SimilarOut]))
def similar(
    request: HttpRequest,
    slug: str,
    title: Annotated[str, Query(max_length=200, examples=["Handle came loose"], description="Of the topic that is to be opened.")],
) -> Any:
    """Topics whose titles say nearly the same, the nearest first, before one more is opened. At most four, of any space open to you."""
    viewer = viewer_of(request)
    space = space_to_read(viewer, get_space(viewer, slug).pk)
    return [
        {name: getattr(row, name) for name in ("id", "title", "state", "replies", "url")}
        | {"space": {"slug": row.space_slug, "name": row.space_name}}
        for row in queries.similar(viewer, title, now=actor_of(request, "json").now, space_id=space.pk)
    ]


def _hit(row: queries.Hit) -> dict[str, Any]:
    same = ("id", "number", "title", "at", "state", "helped", "url")
    sought = dict.fromkeys(words for words, asked in (*row.title_pieces, *row.pieces) if asked)
    return {name: getattr(row, name) for name in same} | {
        "topic": row.topic_id, "excerpt": "".join(words for words, _asked in row.pieces), "found": list(sought), "author": who(row.author),
        "space": {"slug": row.space_slug, "name": row.space_name}, "is_accepted": row.accepted,
    }  # fmt: skip
