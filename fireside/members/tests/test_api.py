"""The JSON door: who is there, what is refused, and how."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import get_language, override

from fireside.activity.models import Activity
from fireside.api import api
from fireside.lib.json_door import House
from fireside.members.actions import PersonIn, join_community, make_token, revoke_token, take_in_people
from fireside.members.models import Token

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def bearer(world, name, *scopes, days=0):
    token, secret = make_token(world.as_(name), name="test", scopes=scopes or ("read",), days=days)
    return token, {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def test_a_token_reads_and_its_last_day_is_written_once(world, client, django_assert_num_queries):
    token, head = bearer(world, "ann")
    assert client.get("/api/v1/me", **head).json()["handle"] == "ann"
    assert Token.objects.get(pk=token.pk).last_used_on is not None
    with django_assert_num_queries(1):  # the token with its member; nothing is written again on this day
        assert client.get("/api/v1/me", **head).status_code == 200


def test_scopes_bound_what_a_token_does(world, client):
    _t, read = bearer(world, "dan", "read")
    _t, write = bearer(world, "dan", "write", "read")
    _t, run = bearer(world, "dan", "run")
    assert client.patch("/api/v1/me", {"about": "x"}, content_type="application/json", **read).json()["code"] == "token_scope"
    assert client.patch("/api/v1/me", {"about": "x"}, content_type="application/json", **write).status_code == 200
    assert client.patch("/api/v1/community", {"name": "New"}, content_type="application/json", **write).json()["code"] == "token_scope"
    assert client.patch("/api/v1/community", {"name": "New"}, content_type="application/json", **run).json()["name"] == "New"
    assert client.get("/api/v1/me", **run).status_code == 403
    assert (
        client.post("/api/v1/me/tokens", {"name": "b", "scopes": ["run"]}, content_type="application/json", **run).json()["code"]
        == "token_never"
    )


@pytest.mark.parametrize("spoil", ["revoked", "expired", "unknown", "basic", "closed"])
def test_a_token_that_does_not_count_is_401_everywhere(world, client, spoil):
    token, head = bearer(world, "ann", days=1)
    if spoil == "revoked":
        revoke_token(world.as_("ann"), token=token)
    elif spoil == "expired":
        Token.objects.filter(pk=token.pk).update(expires_at=world.now - timedelta(days=1))
    elif spoil == "closed":
        type(world.ann).objects.filter(pk=world.ann.pk).update(is_active=False)
    else:
        head = {"HTTP_AUTHORIZATION": "Bearer fs_x" if spoil == "unknown" else "Basic YTpi"}
    answer = client.get("/api/v1/community", **head)
    assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "bad_token", "Bearer")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/api/v1/topics?spce=x", "cursor, show, size, space"),
        ("/api/v1/people?size=5&serch=ann", "cursor, search, size"),
        ("/api/v1/metrics/active?metric=members", "bots, bracket, by, k, mode, of, offsets, since, space, staff, until"),
    ],
)
def test_an_unknown_parameter_is_named_with_those_that_are_known(world, client, path, known):
    client.force_login(world.dan)
    answer = client.get(path)
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"], wrong["code"]) == (422, "invalid", "unknown_parameter")
    assert wrong["field"] == "query." + path.rpartition("?")[2].rpartition("&")[2].partition("=")[0]
    assert known in wrong["message"]
    assert "不认识" in client.get(path, headers={"Accept-Language": "zh-hans"}).json()["errors"][0]["message"]


@pytest.mark.once
def test_no_operation_takes_a_parameter_it_does_not_know(world):
    """Every operation of the document, asked by somebody with every right: refused before anything is done, and the document says so."""
    _t, head = bearer(world, "olu", "read", "write", "run")
    client, lines = Client(raise_request_exception=False), Activity.objects.count()
    document = client.get("/api/v1/openapi.json").json()
    assert "query parameter that an address does not know is refused" in document["info"]["description"]
    asked = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert "422" in operation["responses"], (method, path)
            if "requestBody" in operation or any(one["required"] for one in operation.get("parameters", ()) if one["in"] == "query"):
                continue  # what is missing there is told first
            address = path.format(**{one["name"]: "1" for one in operation.get("parameters", ()) if one["in"] == "path"})
            answer = client.generic(method.upper(), address + "?nobody=knows", **head)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.nobody"), (method, path)
            asked += 1
    assert asked > 50
    assert Activity.objects.count() == lines


def test_a_session_needs_the_csrf_header_to_change_and_not_to_read(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ann)
    assert client.get("/api/v1/me").json()["email"] == "ann@example.org"
    assert client.patch("/api/v1/me", {"about": "x"}, content_type="application/json").json()["code"] == "csrf"
    client.cookies["csrftoken"] = "a" * 32
    assert client.patch("/api/v1/me", {"about": "x"}, content_type="application/json", HTTP_X_CSRFTOKEN="a" * 32).json()["about"] == "x"


def test_a_visitor_reads_what_is_public_and_is_asked_to_sign_in_for_the_rest(world, client):
    assert client.get("/api/v1/community").json()["name"] == "Lantern Works"
    for method, path in (("get", "/api/v1/me"), ("get", "/api/v1/people"), ("patch", "/api/v1/me")):
        answer = getattr(client, method)(path, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_hidden_and_missing_and_never_was_are_the_same_bytes(world, client):
    client.force_login(world.ann)
    missing = client.get("/api/v1/people/nobody")
    client.logout()
    hidden, never = client.get("/api/v1/people/ann"), client.get("/api/v1/nothing/of/this/kind")
    assert missing.status_code == hidden.status_code == never.status_code == 404
    assert missing.content == hidden.content == never.content


def test_refusals_speak_the_readers_language_and_name_the_field(world, client):
    client.force_login(world.ann)
    answer = client.patch("/api/v1/me", {"handle": "a b"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "handle_wrong", "handle")
    answer = client.patch("/api/v1/me", {"name": 7}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.name"
    assert client.patch("/api/v1/me", "{", content_type="application/json").json()["code"] == "bad_request"


def test_the_list_of_people_pages_by_key_in_a_fixed_number_of_queries(world, client, django_assert_num_queries):
    for n in range(7):
        join_community(world.later(minutes=1).as_(""), name=f"Nia {n}")
    _t, head = bearer(world, "ann")
    client.get("/api/v1/me", **head)
    seen, cursor = [], ""
    while True:
        with django_assert_num_queries(2):  # the token with its member; one page of members
            page = client.get("/api/v1/people", {"size": 5, "cursor": cursor}, **head).json()
        seen += [one["handle"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 13
    assert seen[0] == "nia-6"
    found = client.get("/api/v1/people", {"search": "NIA"}, **head).json()
    assert [one["name"] for one in found["items"]] == [f"Nia {n}" for n in range(7)]
    assert client.get("/api/v1/people", {"cursor": "@@"}, **head).json()["code"] == "bad_cursor"


@pytest.mark.once
def test_the_document_is_whole(client, db):
    doc = json.loads(client.get("/api/v1/openapi.json").content)
    assert set(doc["components"]["securitySchemes"]) >= {"Bearer", "Session"}
    for path, methods in doc["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), (path, method)
            assert {"401", "403", "404", "409", "429"} <= set(operation["responses"]), (path, method)
            for status, answer in operation["responses"].items():
                if status.startswith("4"):
                    assert answer["content"]["application/json"]["example"]["code"], (path, method, status)


@pytest.mark.once
def test_the_document_is_made_once_for_each_language_and_root(client, db, monkeypatch):
    made, make, root = [], House.make_document, f"/{uuid4()}/"  # a root that nobody has asked for yet

    def counted(api, root):
        made.append((root, get_language()))
        return make(api, root) | {"info": get_language()}

    monkeypatch.setattr(House, "make_document", counted)
    for language in ("en", "zh-hans") * 2:
        with override(language):
            document = api.get_openapi_schema(path_prefix=root)
        assert document["info"] == language
        assert all(path.startswith(root) for path in document["paths"])
    assert made == [(root, "en"), (root, "zh-hans")]
    monkeypatch.undo()
    for language in ("en", "zh-hans"):  # what programs are sent is what would be made for them
        with override(language):
            fresh = json.loads(json.dumps(api.make_document("/api/v1/"), default=str))
        assert client.get("/api/v1/openapi.json", headers={"Accept-Language": language}).json() == fresh


def test_who_is_who_through_json(world, client):
    taken = take_in_people(world.as_("house"), source="zulip:old", people=[PersonIn("7", "Ada", world.now, email="a@example.org")])
    assert taken
    _t, run = bearer(world, "dan", "read", "run")

    def send(method, path, body=None):
        return getattr(client, method)(f"/api/v1/people/{path}", json.dumps(body or {}), content_type="application/json", **run)

    assert client.get("/api/v1/people/ada/identities", **run).json()[0]["source"] == "zulip:old"
    assert send("put", "ada/bot").json()["is_bot"]
    assert not send("delete", "ada/bot").json()["is_bot"]
    merged = send("post", "ada/merges", {"into": "ben", "reason": "same address"})
    assert (merged.status_code, merged.json()["into"], merged.json()["until"]) == (201, "ben", None)
    assert client.get("/api/v1/people/ada", **run).json()["handle"] == "ben"
    assert send("delete", "ada/merges", {"reason": "no"}).json()["handle"] == "ada"
    link = send("post", "ada/claim-links")
    assert link.status_code == 201
    secret = link.json()["url"].rpartition("/")[2]
    _t, cat = bearer(world, "cat", "write", "read")
    claimed = client.post("/api/v1/claims", {"secret": secret}, content_type="application/json", **cat)
    assert (claimed.status_code, claimed.json()["handle"]) == (201, "ada")
    assert client.post("/api/v1/claims", {"secret": "x"}, content_type="application/json", **cat).json()["code"] == "claim_link_over"
    assert send("put", "cat/role", {"role": "support"}).json()["code"] == "not_allowed"
    assert client.get("/api/v1/people/ada/identities", **cat).status_code == 403


def test_a_token_is_made_through_json_only_by_somebody_signed_in(world, client):
    client.force_login(world.ann)
    made = client.post("/api/v1/me/tokens", {"name": "n", "scopes": ["read"], "days": 1}, content_type="application/json")
    assert made.status_code == 201
    head = {"HTTP_AUTHORIZATION": f"Bearer {made.json()['secret']}"}
    assert [one["name"] for one in client.get("/api/v1/me/tokens", **head).json()] == ["n"]
    assert client.delete(f"/api/v1/me/tokens/{made.json()['id']}", **head).json()["code"] == "token_scope"
    assert client.delete(f"/api/v1/me/tokens/{made.json()['id']}").json()["revoked_at"]
    assert client.delete(f"/api/v1/me/tokens/{2**70}").status_code == 404
