"""Every address below /api/ says no in one form, whatever was wrong: with the method, the size, the body, the asker or the house."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from fireside.lib.answers import Problem
from fireside.serving.bridge import Bridge
from fireside.serving.front import make


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/json"
    said = json.loads(answer.content)
    Problem.model_validate(said)
    assert said["code"] == code
    return dict(said)


def test_an_address_says_with_which_methods_it_is_asked(world: Any) -> None:
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/api/v1/posts/1/removal")
    assert refused(answer, 405, "wrong_method")["message"] == "This address does not take POST. It takes: DELETE, PUT."
    assert answer["Allow"] == "DELETE, PUT"
    chinese = refused(client.post("/api/v1/posts/1/removal", headers={"accept-language": "zh-CN"}), 405, "wrong_method")
    assert chinese["message"] == "这个地址不接受 POST，只接受：DELETE, PUT。"


def test_every_address_of_the_document_does(world: Any) -> None:
    client = Client()
    document = client.get("/api/v1/openapi.json").json()
    for n, (path, methods) in enumerate(document["paths"].items()):
        other = next(one for one in ("put", "delete", "post", "get") if one not in methods)
        names = {one["name"]: "1" for one in next(iter(methods.values())).get("parameters", ()) if one["in"] == "path"}
        answer = client.generic(other.upper(), path.format(**names), REMOTE_ADDR=f"10.2.{n}.1")
        refused(answer, 405, "wrong_method")
        assert answer["Allow"] == ", ".join(sorted(methods)).upper()
        for operation in methods.values():
            assert operation["responses"]["405"]["headers"]["Allow"] and operation["responses"]["500"]["content"]
            assert ("413" in operation["responses"]) == ("requestBody" in operation)


def test_a_browser_without_the_token_hears_json(world: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused(client.patch("/api/v1/me", {"about": "x"}, content_type="application/json"), 403, "csrf")
    refused(client.post("/api/v1/nothing/of/this/kind", {}), 404, "not_found")
    refused(client.post("/api/nothing", {}), 404, "not_found")


def test_unknown_addresses_and_bodies_that_cannot_be_read(world: Any) -> None:
    client = Client()
    client.force_login(world.ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in ("/api/", "/api/v1/", "/api/v2/people", "/api/v1/people/", "/api/v1/topics/x", "/api/v1/people/%00"):
        refused(client.get(address), 404, "not_found")
    space = {"space": "hearth", "title": "T", "text": "x"}
    refused(client.post("/api/v1/topics", space), 400, "bad_request")  # a form where JSON is taken
    refused(client.post("/api/v1/topics", b"\xff\xfe", content_type="application/json"), 400, "bad_request")
    refused(client.post("/api/v1/topics", b"", content_type="application/json"), 422, "invalid")
    refused(client.post("/api/v1/me/picture", "{}", content_type="application/json"), 422, "invalid")
    refused(client.post("/api/v1/me/picture", b"--x", content_type="multipart/form-data"), 400, "bad_request")
    refused(client.get("/api/v1/people?size=9" + "9" * 4400), 422, "invalid")


def test_too_large_too_often_and_our_own_fault(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    told_by_the_front: Any = {"fireside.too_large": 1}
    refused(client.post("/api/v1/topics", **told_by_the_front), 413, "too_large")
    monkeypatch.setattr("fireside.serving.middleware.wait_for", lambda *_limit: 7)
    slow = client.get("/api/v1/community")
    refused(slow, 429, "slow_down")
    assert slow["Retry-After"] == "7"
    monkeypatch.undo()
    monkeypatch.setattr("fireside.members.queries.get_community", lambda: 1 / 0)
    refused(client.get("/api/v1/community"), 500, "broken")


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me", b"application/json"), ("/talk", b"text/plain; charset=utf-8")])
def test_what_the_front_refuses_before_django_is_json_for_programs(path: str, kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, Any]] = []

    async def nothing() -> dict[str, Any]:
        return {}

    async def send(part: dict[str, Any]) -> None:
        said.append(part)

    front = make(lambda *_asked: [])
    monkeypatch.setattr(Bridge, "full", True)
    with ThreadPoolExecutor(1) as alone:  # a browser of other tests keeps a loop running in this thread
        alone.submit(
            asyncio.run, front({"type": "http", "path": path, "query_string": b"", "method": "GET", "headers": []}, nothing, send)
        ).result()
    head, body = said
    assert head["status"] == 503 and (b"content-type", kind) in head["headers"] and (b"retry-after", b"5") in head["headers"]
    if kind == b"application/json":
        Problem.model_validate(json.loads(body["body"]))
