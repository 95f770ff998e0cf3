"""The shelf on a real house: visitors get at once what was made for the one before; nobody's own page and nothing of yesterday lies there."""

import gzip
import http.client
import time
from datetime import UTC, datetime, timedelta

import pytest

from conftest import DATA
from fireside.activity import jobs
from fireside.activity.actor import Actor
from fireside.conversation.actions import open_topic, reply
from fireside.serving.bridge import Answer
from fireside.serving.shelf import MOST, Shelf
from fireside.serving.tests.house import House
from fireside.serving.tests.test_live import cookie_of
from fireside.site.actions import erase_member
from fireside.site.middleware.kept_pages import LOOK_EVERY
from fireside.spaces.actions import change_space, join_space, make_space

PLAIN = {"Accept-Language": "en"}


@pytest.fixture
def keeping(house, world):
    """A house that keeps pages, with a topic that everybody may read. (The other one, on the same records, keeps none.)"""
    world.bench = make_space(world.as_("dan"), name="Repair bench", openness="public")
    for name in ("ann", "ben"):
        join_space(world.as_(name), space=world.bench)
    world.topic = open_topic(world.as_("ben"), space=world.bench, title="Why does the lamp flicker?", text="It does.")
    world.said = reply(world.as_("ann"), topic=world.topic, text="Turn the washer.")
    world.house = House(DATA, "--as-is", "--no-worker", FIRESIDE_WEB_PROCESSES="1", FIRESIDE_KEEP_PAGES="60", FIRESIDE_LIMITS="no").wait()
    yield world
    world.house.stop()


def ask(house, path="/talk", method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    line.request(method, path, headers=PLAIN | {name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    return answer, said


def handed_out(world):
    """How many pages the front has handed out from its shelf, as its figures say."""
    said = ask(world.house, "/metrics", Cookie=cookie_of(world.olu))[1]
    lines = [line for line in said.splitlines() if line.startswith("fireside_request_seconds_count") and 'route="kept"' in line]
    return sum(float(line.split()[-1]) for line in lines)


def laid(world, path="/talk", **headers):
    """Asked some times within a second, until one of them came from the shelf. Returns the last answer; all say the same."""
    for _try in range(20):
        before = handed_out(world)
        asked = [ask(world.house, path, **headers) for _n in range(8)]
        if handed_out(world) > before:
            assert len({said for _answer, said in asked}) == 1
            return asked[-1]
    raise AssertionError(f"{path} never lay on the shelf")


def test_from_the_shelf_it_is_the_same_page_with_an_id_of_its_own(keeping):
    made, words = ask(keeping.house)
    kept, again = laid(keeping)
    assert again == words and "flicker" in words
    plain, other = ({name.lower(): value for name, value in answer.getheaders()} for answer in (made, kept))
    assert plain.pop("x-request-id") != other.pop("x-request-id")
    plain.pop("date", None), other.pop("date", None)
    assert other == plain and "script-src 'self'" in other["content-security-policy"]
    head, nothing = ask(keeping.house, method="HEAD")
    assert (head.status, nothing) == (200, "")


def test_nobody_s_own_page_comes_from_the_shelf_or_lies_there(keeping):
    own = {"Cookie": f"theme=dark; {cookie_of(keeping.cat)}"}
    for _twice in range(3):
        assert 'href="/me"' in ask(keeping.house, **own)[1]
    assert 'href="/me"' not in laid(keeping)[1]
    before = handed_out(keeping)
    assert 'href="/me"' in ask(keeping.house, **own)[1]
    for headers in (
        {"Authorization": "Bearer nobody"}, {"HX-Request": "true"}, {"Cookie": "sessionid=x"}, {"Cookie": "messages=x"}, {"Cookie": "setup=x"},
        {"Content-Length": "0"},
    ):  # fmt: skip
        ask(keeping.house, **headers)
    assert ask(keeping.house, method="POST")[0].status in {403, 405}
    assert handed_out(keeping) == before, "all of these went to Django"


def test_packed_pages_lie_apart(keeping):
    line = http.client.HTTPConnection("127.0.0.1", keeping.house.port, timeout=20)
    plain, before = laid(keeping)[1], handed_out(keeping)
    for _n in range(8):
        line.request("GET", "/talk", headers={**PLAIN, "Accept-Encoding": "gzip"})
        answer = line.getresponse()
        assert answer.headers["Content-Encoding"] == "gzip" and gzip.decompress(answer.read()).decode() == plain
    line.close()
    assert handed_out(keeping) > before
    answer, said = laid(keeping)
    assert "content-encoding" not in answer.headers and said == plain


def test_language_and_light_lie_apart(keeping):
    seen = [
        laid(keeping, **headers)[1]
        for headers in (
            {}, {"Cookie": "theme=dark; scrolls=1"}, {"Cookie": f"lang=zh-hans; csrftoken={32 * 'c'}"}, {"Accept-Language": "zh-CN"}, {"Host": "elsewhere.example"},
        )
    ]  # fmt: skip
    marks = [('<html lang="zh-CN"' in page, 'data-theme="dark"' in page) for page in seen]
    assert marks == [(False, False), (False, True), (True, False), (True, False), (False, False)]


def test_what_changed_is_shown_a_second_later_and_never_again_as_it_was(keeping):
    """A new post, somebody who is forgotten, a space that is open no more: each is asked for while it lies on the shelf."""
    topic = f"/t/{keeping.topic.pk}"
    name = keeping.ann.name
    assert name in laid(keeping, topic)[1] and "Turn the washer." in laid(keeping, topic)[1]

    reply(keeping.as_("ben"), topic=keeping.topic, text="That was it.")
    settled(keeping, topic, lambda answer, page: "That was it." in page)

    erase_member(keeping.as_("dan"), member=keeping.ann, reason="asked by letter")
    now = datetime.now(UTC) + timedelta(seconds=1)
    while (row := jobs.claim_next(now)) is not None:
        jobs.run_job(row, Actor(None, "worker", now))
    settled(keeping, topic, lambda answer, page: name not in page and "Turn the washer." not in page)

    change_space(keeping.as_("dan"), space=keeping.bench, openness="hidden")
    settled(keeping, topic, lambda answer, page: answer.status == 404, kept=False)
    settled(keeping, "/talk", lambda answer, page: "flicker" not in page)


def settled(world, path, right, *, kept=True):
    """A second after the change every answer is right, and so is what lies on the shelf then."""
    time.sleep(LOOK_EVERY + 0.2)
    for _try in range(6):
        assert right(*ask(world.house, path)), path
    if kept:
        assert right(*laid(world, path)), path


def test_a_page_that_does_not_hold_is_not_taken_and_the_shelf_does_not_grow():
    shelf, holds = Shelf(), [True]
    scope = {"method": "GET", "path": "/talk", "query_string": b"", "headers": [(b"host", b"x")]}
    name = shelf.name_of(scope, dict(scope["headers"]), "http")
    answer = Answer()
    answer.headers, answer.body = [(b"x-request-id", b"first"), (b"vary", b"Cookie")], b"words"
    shelf.lay(name, answer, None)
    assert shelf.take(name) is None, "Django did not say that it may be kept"
    shelf.lay(name, answer, lambda: holds[0])
    assert shelf.take(name).headers == [(b"vary", b"Cookie")]
    assert shelf.take(name._replace(scheme="https")) is None
    holds[0] = False
    assert shelf.take(name) is None
    for n in range(MOST + 5):
        shelf.lay(name._replace(query=b"%d" % n), answer, lambda: True)
    assert len(shelf.pages) == MOST


@pytest.mark.parametrize("header", [(b"cookie", b"a=1"), (b"accept-language", b"zh")])
def test_what_stands_twice_is_left_to_django(header):
    scope = {"method": "GET", "path": "/talk", "query_string": b"", "headers": [header, header]}
    assert Shelf().name_of(scope, dict(scope["headers"]), "http") is None
