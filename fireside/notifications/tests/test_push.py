"""Web push, to a real push service on this machine that opens what it got with the browser's own key."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from fireside.activity.models import Letter
from fireside.activity.outbox import send_due
from fireside.conversation.actions import open_topic
from fireside.lib.errors import NotFound, Refused
from fireside.members.actions import change_profile
from fireside.notifications.actions import add_push_device, change_telling, make_push_key, remove_push_device, see_notices
from fireside.notifications.models import Departure, Notice, PushDevice, PushKey
from fireside.notifications.queries import get_device
from fireside.notifications.rules import why_not_endpoint
from fireside.notifications.tests.letters_out import answered, fates, telling
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SECRET = b"sixteen bytes !!"


def word(made: bytes) -> str:
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


class Service(BaseHTTPRequestHandler):
    """Answers with the status that stands in the path, and keeps what was sent."""

    def do_POST(self) -> None:
        status = int(self.path.rpartition("/")[2])
        self.server.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            self.send_header("Location", "/201")
        self.end_headers()

    def log_message(self, *words: Any) -> None:
        pass


class Browser:
    def __init__(self, server: Any) -> None:
        self.key, self.server = ec.generate_private_key(ec.SECP256R1()), server

    def given(self, status: int = 201) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"http://127.0.0.1:{self.server.server_address[1]}/{status}", "p256dh": word(point), "auth": word(SECRET)}

    def opened(self) -> list[dict[str, Any]]:
        return [
            json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=SECRET, version="aes128gcm"))
            for _head, body in self.server.got
        ]


@pytest.fixture
def browser(settings: Any) -> Iterator[Browser]:
    settings.PUSH_ANYWHERE = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.got = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Browser(server)
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(world: Any) -> Any:
    world.topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", asks=True)
    telling(world)
    Notice.objects.all().delete()
    change_telling(world.as_("ben"), quiet="none")
    return world


def a_minute(world: Any) -> None:
    world.later(minutes=1)
    send_due(world.now)


def test_a_browser_is_called_and_only_it_can_read_what_for(world: Any, browser: Browser) -> None:
    add_push_device(world.as_("ben"), **browser.given())
    post = answered(world, text="Trim **it**.")
    send_due(world.now)
    assert browser.opened() == []
    a_minute(world)
    (said,) = browser.opened()
    assert said == {
        "title": "Ann replied in “Which wick?”",
        "body": "Trim it.",
        "url": f"/t/{world.topic.pk}/2#p2",
        "tag": f"conversation:{world.topic.pk}",
    }
    head, body = browser.server.got[0]
    assert b"Trim" not in body and head["content-encoding" if "content-encoding" in head else "Content-Encoding"] == "aes128gcm"
    assert PushKey.objects.get().public in (head.get("Authorization") or head.get("authorization") or "")
    assert "Trim" not in json.dumps(list(Letter.objects.values_list("body", flat=True))) and post
    called = PushDevice.objects.get().called_at
    assert fates() == [("Ben", "sent", 1)] and timedelta() <= called - world.now < timedelta(seconds=30)  # the round has gone on since
    a_minute(world)
    assert len(browser.server.got) == 1


def test_it_speaks_the_language_of_its_owner(world: Any, browser: Browser) -> None:
    add_push_device(world.as_("ben"), **browser.given())
    change_profile(world.as_("ben"), language="zh-hans")
    answered(world)
    a_minute(world)
    assert browser.opened()[0]["title"] == "Ann 回复了“Which wick?”"


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (lambda w: see_notices(w.as_("ben")), "seen"),
        (lambda w: change_telling(w.as_("ben"), quiet="20:00-08:00"), "quiet"),
        (lambda w: change_telling(w.as_("ben"), push_no=["conversation.replied"]), "kind_off"),
        (lambda w: w.gone(), "device_gone"),
    ],
    ids=["seen", "quiet", "kind_off", "device_gone"],
)
def test_why_a_browser_is_not_called(world: Any, browser: Browser, first: Any, reason: str) -> None:
    device = add_push_device(world.as_("ben"), **browser.given())
    world.__dict__["gone"] = lambda: remove_push_device(world.as_("ben"), device=device)
    answered(world)
    first(world)
    a_minute(world)
    assert browser.server.got == [] and fates() == [("Ben", reason, 1)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(world: Any, browser: Browser, status: int) -> None:
    add_push_device(world.as_("ben"), **browser.given(status))
    answered(world)
    a_minute(world)
    assert not PushDevice.objects.exists() and fates() == [("Ben", "device_gone", 1)]


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (400, False), (302, True)])
def test_what_did_not_get_through_is_tried_again_where_that_helps(world: Any, browser: Browser, status: int, again: bool) -> None:
    add_push_device(world.as_("ben"), **browser.given(status))
    answered(world)
    a_minute(world)
    row = Letter.objects.get()
    assert (row.sent_at, row.parked_at is None, len(browser.server.got), Departure.objects.count()) == (None, again, 1, 0)


def test_one_call_for_one_thing_and_none_for_who_has_no_browser(world: Any, browser: Browser) -> None:
    from fireside.conversation.actions import reply

    add_push_device(world.as_("ben"), **browser.given())
    for who in ("ann", "cat", "dan"):
        reply(world.as_(who), topic=world.topic, text=f"I am {who}, @mira.")
    telling(world)
    a_minute(world)
    (said,) = browser.opened()
    assert said["title"].startswith("Dan replied") and fates() == [("Ben", "sent", 3)]


def test_the_key_is_made_once_and_its_secret_half_stays_here(world: Any) -> None:
    first = make_push_key(world.as_("house"))
    assert make_push_key(world.as_("house")) == first and len(base64.urlsafe_b64decode(first.public + "=")) == 65
    ben = as_(world, "ben")
    page, answer = ben.get("/me/telling").content.decode(), ben.get("/api/v1/me/push").json()
    assert f'data-key="{first.public}"' in page and answer["key"] == first.public
    assert "PRIVATE" not in page and "PRIVATE" in first.private


def test_a_browser_is_let_in_and_out_on_the_page(world: Any, browser: Browser) -> None:
    ben = as_(world, "ben")
    assert ben.post("/me/push", browser.given(), headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/150.0"}).status_code == 302
    device = PushDevice.objects.get()
    assert "Firefox · Linux" in ben.get("/me/telling").content.decode()
    assert as_(world, "cat").post(f"/me/push/{device.pk}/end").status_code == 404
    with pytest.raises(NotFound):
        get_device(world.cat, device.pk)
    add_push_device(world.as_("cat"), **browser.given())  # Cat signs in at the same browser
    assert PushDevice.objects.get().member_id == world.cat.pk


def test_nobody_sends_the_house_into_its_own_network(world: Any, browser: Browser, settings: Any) -> None:
    settings.PUSH_ANYWHERE = False
    with pytest.raises(Refused):
        add_push_device(world.as_("ben"), **browser.given())
    inside = {**browser.given(), "endpoint": "https://localhost/201"}
    add_push_device(world.as_("ben"), **inside)
    answered(world)
    a_minute(world)
    assert "inside" in Letter.objects.get().error and browser.server.got == []
    with pytest.raises(Refused):
        add_push_device(world.as_("ben"), **{**inside, "p256dh": "short"})


@pytest.mark.parametrize(
    "address",
    ["http://push.example.net/x", "https://push.example.net:8443/x", "https://a@push.example.net/", "ftp://x", "https://", "https://x:y/"],
)
def test_what_is_no_push_service(address: str) -> None:
    assert why_not_endpoint(address) == "endpoint_wrong"
    assert why_not_endpoint("https://push.example.net/send/1") == ""


def test_the_worker_rules_the_whole_site(db: Any) -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert "showNotification" in answer.content.decode()
