"""The OpenAPI document shows a whole request and a whole answer for every operation; each fits its schema, and the house takes each request."""

import importlib
import inspect
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from ninja import Schema
from PIL import Image

from fireside.activity.jobs import run_here
from fireside.activity.models import Activity, Parked
from fireside.activity.outbox import write_letter
from fireside.api import APPS, api
from fireside.connectors.actions import keep_upload
from fireside.connectors.models import ImportRun
from fireside.conversation.actions import accept_answer, merge_topic, open_topic, react, remove_post, reply, say_helped, share_file
from fireside.insights.actions import bring_up_to_date
from fireside.insights.mirror import files
from fireside.members.actions import PersonIn, make_token, merge_members, offer_claim, take_in_people
from fireside.members.models import Member
from fireside.moderation.actions import report_post
from fireside.notifications.models import PushDevice
from fireside.site.actions import ask_to_be_erased
from fireside.site.models import Takeout
from fireside.site.queries.takeouts import file_of
from fireside.site.tests.rights.messaging import between_us, reported_between_us
from fireside.spaces.actions import ask_to_join, make_space

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str)))


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def good(operation: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status of success and what the document shows of it, by type of content."""
    ((status, answer),) = [(int(status), one) for status, one in operation["responses"].items() if int(status) < 300]
    return status, answer.get("content", {})


def wrong(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    whole = schema | {"components": document["components"]}
    return [str(one) for one in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value)]


def test_every_request_and_every_success_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    asked = answered = 0
    for method, path, operation in operations(document):
        contents = list(operation.get("requestBody", {}).get("content", {}).values())
        asked += len(contents)
        shown = list(good(operation)[1].values())
        assert shown, f"{method} {path} shows no answer"
        answered += len(shown)
        for content in contents + shown:
            assert "example" in content, (method, path)
            assert not wrong(document, content["schema"], content["example"]), (method, path, content["example"])
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                said = answer["content"]["application/json"]
                assert not wrong(document, said["schema"], said["example"]), (method, path, status)
    assert answered == len(operations(document)) > 70 and asked > 20


def test_a_name_in_the_document_means_one_shape() -> None:
    """Two classes of one name would show one app's fields and examples at the other's addresses."""
    shapes: dict[str, type] = {}
    for app in APPS:
        for end in ("api", "api_shapes"):
            try:
                module = importlib.import_module(f"fireside.{app}.{end}")
            except ModuleNotFoundError:
                continue
            for name, one in inspect.getmembers(module, lambda one: inspect.isclass(one) and issubclass(one, Schema)):
                assert shapes.setdefault(name, one) is one, f"{name} stands for two shapes"


@pytest.fixture
def talk(world: Any, tmp_path: Path, settings: Any) -> Any:
    """What the examples speak of: a trace of Ada, a house that stands above, a question with an answer, somebody at the door, an import."""
    shutil.rmtree(files.root(), ignore_errors=True)
    settings.MEDIA_ROOT = tmp_path / "files"
    world.now = datetime.now(UTC)
    take_in_people(world.as_("house"), source="zulip:old", people=[PersonIn("7", "Ada", world.now, email="ada@example.org")])
    world.house = make_space(world.as_("dan"), name="House", openness="open", slug="house")
    world.file = share_file(world.as_("ben"), file=png().read(), name="wick.png")
    text = f"For the big one. ![](/files/{world.file.pk})"
    world.topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text=text, tags=["lamp", "lamps"])
    world.post = reply(world.as_("ann"), topic=world.topic, text="Turn the washer.")
    world.ask = ask_to_join(world.as_("cat"), space=world.workshop, words="")
    make_space(world.as_("dan"), name="Archive", openness="open", slug="archive")
    (tmp_path / "members.csv").write_text("name,joined\nAda Lovelace,2020-01-02\n,2020-01-03\n")
    world.job = run_here(world.as_("olu"), "connectors.import_members", {"path": str(tmp_path / "members.csv"), "source": "old"})
    world.run = ImportRun.objects.get(job=world.job)
    world.token, _secret = make_token(world.as_("ben"), name="old", scopes=["read"])
    bring_up_to_date(world.as_("house"))
    line = Activity.objects.get(kind="conversation.replied")
    world.line = Parked.objects.create(reaction="notifications.tell", activity=line, error="KeyError: 'title'", next_try_at=world.now)
    world.letter = write_letter(world.as_("house"), channel="email", key="k", body={"to": "ann@example.org"}, member=world.ann)
    world.export = Takeout.objects.create(
        key="e" * 40, of="community", member_id=world.olu.pk, asked_at=world.now, ready_at=world.now, size=2, counts={"rows": 1, "files": 0}
    )
    (settings.DATA / "exports").mkdir(exist_ok=True)
    file_of(world.export).write_bytes(b"PK")
    own = Takeout.objects.create(
        key="f" * 40, of="member", member_id=world.cat.pk, asked_at=world.now - timedelta(days=2), ready_at=world.now
    )
    file_of(own).write_bytes(b"PK")
    return world


def png() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (64, 64), "orange").save(made, "PNG")
    return SimpleUploadedFile("ann.png", made.getvalue(), "image/png")


MEMBERS_CSV = b"name,email\nAda,ada@example.org\n"
ASKS = "/api/v1/spaces/{slug}/asks"


def older(world: Any) -> dict[str, Any]:
    return {"into": open_topic(world.as_("ben").at(world.now - timedelta(days=1)), space=world.hearth, title="Before", text="x").pk}


def merged_topic(world: Any) -> None:
    younger = open_topic(world.as_("ben"), space=world.hearth, title="Same?", text="x")
    merge_topic(world.as_("olu"), topic=younger, into=world.topic)
    world.number = younger.pk


def reported(world: Any) -> dict[str, Any]:
    world.case = report_post(world.as_("cat"), post=world.post, reason="spam")
    return {"version": world.case.version}


def merged(world: Any) -> None:
    merge_members(world.as_("dan"), member=Member.objects.get(handle="ben"), into=Member.objects.get(handle="ann"), reason="one person")


# What has to be so before an operation can be done: who does it (else Olu, who owns), other names in its address, words that only the
# running house knows (a secret, an id) in place of the example's.
Before = Callable[[Any], Any]
WHO = {
    "/api/v1/posts/{post}/reports": "ben",
    "/api/v1/me": "ann",
    "/api/v1/posts/{post}": "ann",
    "/api/v1/posts/{post}/acceptance": "ben",
    "/api/v1/posts/{post}/helped": "ben",
    "/api/v1/me/tokens/{token_id}": "ben",
    "/api/v1/claims": "cat",
    "/api/v1/me/erasure": "cat",
    "/api/v1/me/exports/{own}/file": "cat",
    "/api/v1/drafts": "ben",
    "/api/v1/topics/{topic}/posts": "ben",
    **dict.fromkeys([f"/api/v1/messages/{{topic}}/{one}" for one in ("people/{handle}", "title", "part", "archive")], "ann"),
    "/api/v1/messages/{topic}": "ben",
    "/api/v1/messages/{topic}/posts": "ben",
    "/api/v1/messages/{topic}/acceptance": "ben",
    f"post {ASKS}": "cat",
    ASKS + "/{ask_id}": "cat",
}
ASKED = {
    ("/api/v1/topics/{topic}/move", "space"): "workshop",
    ("/api/v1/topics/{topic}/merge", "into"): "{topic}",
}  # words of a query that are not the place of a draft
NAMES = {
    "/api/v1/people/{handle}/claim-links": {"handle": "ada"},
    "/api/v1/notices/kinds/{kind}": {"kind": "conversation.thanked"},
    "/api/v1/messages/{topic}/people/{handle}": {"handle": "cat"},
    "/api/v1/spaces/{slug}/people/{handle}": {"slug": "workshop", "handle": "cat"},
}
BEFORE: dict[tuple[str, str], Before] = {
    ("delete", "/api/v1/people/{handle}/merges"): merged,
    ("post", "/api/v1/claims"): lambda w: {"secret": offer_claim(w.as_("dan"), member=trace("ada"))[1]},
    ("delete", "/api/v1/me/sessions/{session_id}"): lambda w: UserSession.objects.create(
        pk=7, user=w.olu, ip="198.51.100.7", session_key="k", user_agent="MicroMessenger Android"
    ),
    ("delete", "/api/v1/me/push/{device_id}"): lambda w: PushDevice.objects.create(
        pk=7, member=w.olu, endpoint="https://push.example.net/send/1", p256dh="k", auth="a", name="Firefox", made_at=w.now
    ),
    ("delete", "/api/v1/posts/{post}/removal"): lambda w: remove_post(w.as_("ann"), post=w.post, reason="r"),
    ("delete", "/api/v1/posts/{post}/helped"): lambda w: say_helped(w.as_("ben"), post=w.post),
    ("delete", "/api/v1/posts/{post}/reactions/{sign}"): lambda w: react(w.as_("olu"), post=w.post, sign="heart"),
    ("delete", "/api/v1/topics/{topic}/acceptance"): lambda w: accept_answer(w.as_("ben"), post=w.post),
    ("put", "/api/v1/topics/{topic}/merge"): older,
    ("delete", "/api/v1/topics/{topic}/merges/{number}"): merged_topic,
    ("put", "/api/v1/reports/{case}/decision"): reported,
    ("put", "/api/v1/reports/{case}/reading"): reported_between_us,
    ("post", "/api/v1/me/erasure"): lambda w: {"handle": "cat"},
    ("get", "/api/v1/me/erasure"): lambda w: ask_to_be_erased(w.as_("cat"), handle="cat"),
    ("delete", "/api/v1/me/erasure"): lambda w: ask_to_be_erased(w.as_("cat"), handle="cat"),
    ("put", "/api/v1/drafts"): lambda w: {"place": f"reply:{w.topic.pk}"},
    ("put", "/api/v1/notices/read"): lambda w: {"ids": []},
    ("post", "/api/v1/imports/preview"): lambda w: {"upload": keep_upload(w.as_("olu"), name="a.csv", file=BytesIO(MEMBERS_CSV)).key},
    ("post", "/api/v1/imports"): lambda w: {"upload": keep_upload(w.as_("olu"), name="lamps.jsonl", file=BytesIO(b"{}")).key},
}


def trace(handle: str) -> Any:
    return Member.objects.get(handle=handle)


def test_the_house_takes_every_request_that_the_document_shows_and_answers_as_it_says(
    talk: Any, document: dict[str, Any], settings: Any
) -> None:
    settings.LIMITS = False
    for method, path, operation in operations(document):
        with transaction.atomic():
            answer = sent(talk, method, path, operation)
            transaction.set_rollback(True)
        status, contents = good(operation)
        assert answer.status_code == status, (method, path, answer.status_code, getattr(answer, "content", b"")[:300])
        ((kind, content),) = contents.items()
        assert answer["Content-Type"].split(";")[0] == kind
        if kind == "application/json":
            assert not wrong(document, content["schema"], answer.json()), (method, path, answer.json())


def spoilt(value: Any) -> Iterator[Any]:
    """The same, with signs in one of its words that nothing can store: once for each word."""
    if isinstance(value, str):
        yield f"{value[:3]}\x00\x07{value[3:]}"
    elif isinstance(value, list | dict):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            for bad in spoilt(one):
                yield value | {name: bad} if isinstance(value, dict) else [*value[:name], bad, *value[name + 1 :]]


@pytest.mark.both
def test_signs_that_nothing_can_store_break_no_request(talk: Any, document: dict[str, Any], settings: Any) -> None:
    """NUL in any word of any request: left out, so that the request means what it would without."""
    settings.LIMITS = False
    tried = 0
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for bad in spoilt(content["example"]) if content else ():
            tried, talk.now = tried + 1, talk.now + timedelta(seconds=1)
            with transaction.atomic():
                answer = sent(talk, method, path, operation | {"requestBody": {"content": {"application/json": {"example": bad}}}})
                transaction.set_rollback(True)
            assert answer.status_code == good(operation)[0], (method, path, bad, answer.content[:300])
    assert tried > 40


def sent(world: Any, method: str, path: str, operation: dict[str, Any]) -> Any:
    who = (
        WHO.get(f"{method} {path}")
        or WHO.get(path)
        or ("ben" if path.startswith("/api/v1/notices") else "ann" if path.startswith(ASKS) else "olu")
    )
    before = BEFORE.get((method, path))
    more = before(world) if before else None
    names = {
        "handle": "ben", "slug": "workshop" if path.startswith(ASKS) else "hearth", "topic": between_us(world, path) if path.startswith("/api/v1/messages/") else world.topic.pk, "post": world.post.pk,
        "sign": "heart", "ask_id": world.ask.pk, "token_id": world.token.pk, "name": "helped", "run_id": world.run.pk, "job_id": world.job.pk,
        "line_id": world.line.pk, "session_id": 7, "device_id": 7, "letter_id": world.letter.pk, "key": world.export.key, "own": "f" * 40, "what": "letters", "file": world.file.pk,
        "number": getattr(world, "number", 0), "case": getattr(getattr(world, "case", None), "pk", 0),
    } | NAMES.get(path, {})  # fmt: skip
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    ask = partial(client.generic, method.upper(), path.format(**names))
    query = "&".join(
        f"{one['name']}={ASKED.get((path, one['name']), 'reply:{topic}').format(**names)}"
        for one in operation.get("parameters", ())
        if one["in"] == "query" and one["required"]
    )
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if kind == "multipart/form-data":
            (field,) = content["example"]
            return client.post(
                path, {field: png() if field == "picture" or path.endswith("/files") else SimpleUploadedFile("members.csv", MEMBERS_CSV)}
            )
        return ask(json.dumps(content["example"] | (more if isinstance(more, dict) else {})), content_type=kind, QUERY_STRING=query)
    return ask(QUERY_STRING=query)
