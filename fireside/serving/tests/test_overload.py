"""What rests first when more is asked than can be answered, and that it is answered again as soon as that is over."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import resolve

from fireside.serving import busy, overload
from fireside.serving.overload import BACKGROUND, OWN_PAGES, POLLS, SEARCH, rests
from fireside.serving.tests.test_front import ask, toy  # noqa: F401  the real front on a real server
from fireside.site.middleware import kept_pages
from fireside.site.tests.test_doors import signed_in, talking  # noqa: F401
from fireside.site.tests.test_kept_pages import keeping  # noqa: F401

pytestmark = pytest.mark.once


def test_the_order_in_which_things_rest():
    assert list(overload.AFTER) == [BACKGROUND, POLLS, SEARCH, OWN_PAGES]
    assert list(overload.AFTER.values()) == sorted(overload.AFTER.values())
    assert overload.AFTER[OWN_PAGES] == kept_pages.TOO_LONG
    asked = {
        "/talk/preview": BACKGROUND, "/talk/mentions": BACKGROUND, "/spaces/lamps/similar": BACKGROUND, "/api/v1/spaces/lamps/similar": BACKGROUND,
        "/messages/people": BACKGROUND, "/messages/7/people": "", "/talk/news": POLLS, "/messages/count": POLLS, "/notices/newest": POLLS, "/spaces/lamps/tags/suggested": BACKGROUND, "/notices/bell": POLLS,
        "/jobs/7/now": POLLS, "/search": SEARCH, "/messages": SEARCH, "/api/v1/messages/words": SEARCH, "/api/v1/search": SEARCH, "/t/7": "", "/t/7/replies": "", "/talk/drafts": "", "/": "",
        "/accounts/login/": "", "/talk/preview/x": "",
    }  # fmt: skip
    for path, kind in asked.items():
        assert rests(path, b"q=x", 60) == kind, path
        assert rests(path, b"q=x", 0.4) == ""
        if kind:
            assert rests(path, b"q=x", overload.AFTER[kind]) == ""
            assert resolve(path), "what rests is something that the house answers"
    for path in ("/search", "/messages"):
        assert rests(path, b"", 60) == "", "where no words are sought nothing is asked"


def test_under_load_the_least_missed_rests_first_and_comes_back_by_itself(toy):  # noqa: F811
    """Two page threads, eight requests of more than a second: the rest wait. Asked meanwhile, on a real server."""
    port, _folder = toy
    done = []
    load = [threading.Thread(target=lambda: done.append(ask(port, "/sleep?1.1")[0].status)) for _n in range(8)]
    began = time.monotonic()
    for one in load:
        one.start()
    late = {}

    def search_early():
        late["search"] = ask(port, "/search?q=wick")[0].status

    time.sleep(max(0, 0.65 - (time.monotonic() - began)))
    while True:  # on a machine that does other things, too, the load may come a little later
        answer, said = ask(port, "/talk/preview", "POST", b"text=x", {"Accept-Language": "zh-CN"})
        if answer.status == 503 or time.monotonic() - began > 1.2:
            break
        time.sleep(0.05)
    early = threading.Thread(target=search_early)
    if time.monotonic() - began < 0.95:
        early.start()
    assert (answer.status, answer.headers["X-Busy"], answer.headers["Retry-After"]) == (503, "1", "3")
    assert "现在人很多" in said.decode()
    time.sleep(max(0, 1.4 - (time.monotonic() - began)))
    answer, said = ask(port, "/api/v1/search?q=wick")
    assert answer.status == 503 and b'"code": "busy"' in said
    assert ask(port, "/notices/bell")[0].status == 503
    for one in load:
        one.join()
    assert done == [200] * 8, "whoever was waiting is answered"
    if early.ident:
        early.join()
        assert late["search"] == 500, "it was asked before search rested, and reached the application, which has no such page"
    assert ask(port, "/talk/preview", "POST", b"text=x")[0].status == 500
    assert ask(port, "/search?q=wick")[0].status == 500


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "as visitors do"), ("zh-hans", "访客")])
def test_members_get_what_visitors_get_and_are_told(keeping, talking, language, words):  # noqa: F811
    visitor = Client(headers={"accept-language": language})
    for _twice in range(2):
        visitor.get("/talk")
    member = signed_in(talking.ann)
    member.handler = visitor.handler
    own = member.get("/talk").content.decode()
    assert 'href="/me"' in own
    answer = member.get("/talk", **{"fireside.waited": 2.0}, headers={"accept-language": language})
    shown = answer.content.decode()
    assert answer["X-Busy"] == "1"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert words in shown
    assert 'href="/me"' not in shown
    assert member.get("/talk", **{"fireside.waited": 1.0}).content.decode().count('href="/me"') == own.count('href="/me"')
    unkept = member.get("/spaces", **{"fireside.waited": 2.0})
    assert unkept.status_code == 200 and "X-Busy" not in unkept.headers, "what is not kept is made as ever"
    assert member.get("/me", **{"fireside.waited": 9.0}).status_code == 200


@pytest.mark.django_db
def test_operators_see_that_pages_waited(talking, monkeypatch):  # noqa: F811
    monkeypatch.setattr(busy, "_noted", float("-inf"))
    client = signed_in(talking.dan)
    assert "no page had to wait" in client.get("/limits").content.decode()
    Client().get("/talk", **{"fireside.waited": 2.5})
    when, seconds = busy.busy_lately()
    assert seconds == 2.5
    assert datetime.now(UTC) - when < timedelta(minutes=1)
    assert "pages waited 2.5 seconds" in client.get("/limits").content.decode()
