"""Which answers may be shown to another visitor, and which never."""

import pytest

from fireside.serving.memory import Memory

PLAIN = [(b"content-type", b"text/html")]


def asked(path="/", method="GET", query=b"", **headers):
    given = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return {"path": path, "method": method, "query_string": query}, given


def test_it_is_kept_from_the_second_time_and_forgotten():
    memory = Memory(5)
    key = memory.key_of(*asked(host="a"))
    memory.offer(key, 200, PLAIN, b"page", 100)
    assert memory.recall(key, 100) is None
    memory.offer(key, 200, PLAIN, b"page", 101)
    assert memory.recall(key, 105.9).body == b"page"
    assert memory.recall(key, 106) is None


@pytest.mark.parametrize(
    "request_",
    [
        asked(method="POST"), asked(method="HEAD"), asked(cookie="sessionid=1"), asked(cookie="lang=en; sessionid=1"), asked(cookie="csrftoken=1"),
        asked(cookie="setup=1"), asked(authorization="Bearer x"), asked("/api/v1/topics"), asked("/accounts/login/"), asked("/setup"),
        asked(cookie="bad[]=\x07;;"), asked(range="bytes=0-3"),
    ],
)  # fmt: skip
def test_what_belongs_to_somebody_is_never_kept(request_):
    assert Memory(5).key_of(*request_) is None


@pytest.mark.parametrize(
    ("status", "headers"),
    [(404, PLAIN), (302, PLAIN), (200, [(b"set-cookie", b"csrftoken=1")]), (200, [(b"cache-control", b"no-store")]),
     (200, [(b"cache-control", b"private, max-age=5")])],
)  # fmt: skip
def test_answers_for_one_are_not_kept(status, headers):
    memory = Memory(5)
    key = memory.key_of(*asked())
    for now in (1, 2, 3):
        memory.offer(key, status, headers, b"page", now)
    assert memory.recall(key, 3) is None


def test_language_light_and_browser_have_their_own():
    memory = Memory(5)
    keys = {
        memory.key_of(*asked(**one))
        for one in (
            {}, {"accept_language": "zh-CN"}, {"cookie": "lang=zh-hans"}, {"cookie": "theme=dark"}, {"hx_request": "true"},
            {"user_agent": "Mozilla MicroMessenger/8"}, {"host": "b"}, {"path": "/talk"}, {"query": b"a=1"},
        )
    }  # fmt: skip
    assert len(keys) == 9
    assert None not in keys


def test_it_does_not_grow_without_end():
    memory = Memory(5)
    for n in range(5000):
        key = memory.key_of(*asked(f"/{n}"))
        memory.offer(key, 200, PLAIN, b"page", 1)
        memory.offer(key, 200, PLAIN, b"page", 1)
    assert len(memory.kept) <= 400
    assert len(memory.asked) <= 4001
