"""Who may send more than a page takes."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from fireside.members.actions import make_token
from fireside.serving.large import is_theirs
from fireside.site import key

pytestmark = pytest.mark.django_db
ARCHIVES = ("/setup/history", "/cockpit/import", "/api/v1/imports/files")
FILES = ("/files", "/api/v1/files")


def environ(path: str, **headers: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "POST", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.url_scheme": "http", **headers}


def cookies_of(member: Any) -> str:
    client = Client()
    client.force_login(member)
    return f"sessionid={client.cookies['sessionid'].value}"


def allowed(**headers: str) -> set[str]:
    return {path for path in (*ARCHIVES, *FILES) if is_theirs(environ(path, **headers))}


def test_members_send_files_and_those_who_bring_in_history_archives(world: Any) -> None:
    assert allowed() == set()
    assert allowed(HTTP_COOKIE="sessionid=abcdefghijklmnopqrstuvwxyz012345; other=1") == set()
    assert allowed(HTTP_COOKIE=cookies_of(world.cat)) == set(FILES)
    assert allowed(HTTP_COOKIE=cookies_of(world.olu)) == {*ARCHIVES, *FILES}


def test_tokens_send_by_the_json_door_what_their_member_may(world: Any) -> None:
    _row, cats = make_token(world.as_("cat"), name="t", scopes=["write"])
    _row, olus = make_token(world.as_("olu"), name="t", scopes=["run"])
    assert allowed(HTTP_AUTHORIZATION=f"Bearer {cats}") == {"/api/v1/files"}
    assert allowed(HTTP_AUTHORIZATION=f"Bearer {olus}") == {"/api/v1/imports/files", "/api/v1/files"}
    assert allowed(HTTP_AUTHORIZATION="Bearer fs_" + "x" * 43) == set()


def test_an_empty_house_takes_archives_of_whoever_holds_its_key() -> None:
    answer = key.hand_over(HttpResponse())
    assert allowed(HTTP_COOKIE=f"setup={answer.cookies['setup'].value}") == {"/setup/history"}
    assert allowed(HTTP_COOKIE="setup=" + "0" * 64) == set()


def test_whose_account_is_shut_sends_nothing(world: Any) -> None:
    said = cookies_of(world.olu)
    type(world.olu).objects.filter(pk=world.olu.pk).update(is_active=False)
    assert allowed(HTTP_COOKIE=said) == set()


def test_while_the_records_are_away_nobody_fills_the_disk(world: Any) -> None:
    said = cookies_of(world.olu)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_member RENAME TO elsewhere")
    assert allowed(HTTP_COOKIE=said) == set()


@pytest.mark.parametrize(("language", "words"), [("en", "Sign in, then send it again."), ("zh-hans", "请先登录")])
def test_it_is_said_in_the_readers_language_with_the_way_in(language: str, words: str) -> None:
    client = Client(headers={"Accept-Language": language})
    page = client.post("/cockpit/import", **{"fireside.not_theirs": True})  # type: ignore[arg-type]
    assert page.status_code == 403
    assert words in page.content.decode()
    assert "/accounts/login/" in page.content.decode()
    said = client.post("/api/v1/imports/files", **{"fireside.not_theirs": True})  # type: ignore[arg-type]
    assert (said.status_code, said.json()["code"]) == (403, "not_allowed")
