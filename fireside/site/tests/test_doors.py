"""The site's own pages through the web door: frame, first page, language and light, refusals, headers."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import path as url_path

from fireside.conversation.actions import open_topic, reply, say_helped
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.spaces.actions import join_space, make_space


@pytest.fixture
def talking(world: Any) -> Any:
    """A public bench with an answered question and a waiting one, asked just now; and a hidden room of Ann's."""
    from datetime import UTC, datetime, timedelta

    world.now = datetime.now(UTC) - timedelta(hours=3)
    world.bench = make_space(world.as_("dan"), name="Repair bench", openness="public")
    world.room = make_space(world.as_("dan"), name="Back room", openness="hidden")
    for name in ("ann", "ben"):
        join_space(world.as_(name), space=world.bench)
    world.answered = open_topic(world.as_("ben"), space=world.bench, title="Why does the lamp flicker?", text="It does.")
    post = reply(world.as_("ann"), topic=world.answered, text="Turn the washer.")
    say_helped(world.as_("ben"), post=post)
    world.waiting = open_topic(world.as_("cat"), space=world.bench, title="Which oil for the hinge?", text="Please.")
    world.secret = open_topic(world.as_("dan"), space=world.room, title="Not for all", text="Between us.")
    return world


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_the_first_page_of_a_member(talking: Any, django_assert_num_queries: Any) -> None:
    client = signed_in(talking.ann)
    client.get("/")
    # session and member; bell and own spaces; helped (kept for a moment where pages are), spaces to read, waiting; they wait; latest
    # near; thanks: notices
    with django_assert_num_queries(8):
        answer = client.get("/")
    page = text_of(answer)
    assert "one person was helped here" in page and 'role="img" aria-label="In the last 7 days one person was helped here. ' in page
    assert "You are the one who helped." in page
    assert "Which oil for the hinge?" in page and "Why does the lamp flicker?" in page
    assert page.count("<h1") == 1 and 'aria-current="page"' in page
    assert "Cockpit" not in page and "Cockpit" in text_of(signed_in(talking.dan).get("/"))


def test_the_door_that_visitors_see(talking: Any, django_assert_num_queries: Any) -> None:
    Client().get("/")
    # spaces (rail), helped, spaces to read, waiting, open spaces, latest
    with django_assert_num_queries(6):
        page = text_of(Client().get("/"))
    assert "Lantern Works" in page and "People who build and mend lamps" in page
    assert "Repair bench" in page and "Why does the lamp flicker?" in page
    assert "Back room" not in page and "Not for all" not in page
    assert "csrfmiddlewaretoken" not in page, "a page for visitors is kept for others: no token may stand in it"


@pytest.mark.parametrize(
    ("accepts", "lang", "word"),
    [("zh-CN,zh;q=0.9", "zh-CN", "加入"), ("en-GB,en", "en", "Join"), ("fr", "en", "Join"), ("zh-TW", "zh-CN", "加入")],
)
def test_the_page_speaks_the_reader_s_language(world: Any, accepts: str, lang: str, word: str) -> None:
    page = text_of(Client(headers={"accept-language": accepts}).get("/"))
    assert f'<html lang="{lang}"' in page and word in page


def test_language_and_light_are_kept(world: Any) -> None:
    visitor = Client(headers={"accept-language": "en", "referer": "http://testserver/talk?show=waiting"})
    answer = visitor.post("/look", {"language": "zh-hans"})
    assert answer.status_code == 302 and answer["Location"] == "/talk?show=waiting"
    visitor.post("/look", {"theme": "dark"})
    page = text_of(visitor.get("/"))
    assert '<html lang="zh-CN" data-theme="dark">' in page
    visitor.post("/look", {"theme": ""})
    assert "data-theme" not in text_of(visitor.get("/"))
    member = signed_in(world.ann)
    member.post("/look", {"theme": "light"})
    world.ann.refresh_from_db()
    assert world.ann.theme == "light" and 'data-theme="light"' in text_of(signed_in(world.ann).get("/"))


@pytest.mark.parametrize("referer", ["https://evil.example/x", "http://testserver//evil.example", "http://testserver.evil.example/"])
def test_look_sends_nobody_elsewhere(world: Any, referer: str) -> None:
    assert Client(headers={"referer": referer}).post("/look", {"theme": "dark"})["Location"] == "/"


def bare(answer: Any) -> tuple[int, str, dict[str, str]]:
    """An answer without what differs by itself: the request id."""
    page = re.sub(r'<span class="mono">[^<]*</span>', "", text_of(answer))
    return answer.status_code, page, {k: v for k, v in answer.headers.items() if k != "X-Request-Id"}


@pytest.mark.parametrize("who", ["", "cat"])
def test_hidden_is_missing_is_unknown_byte_for_byte(talking: Any, who: str) -> None:
    client = signed_in(getattr(talking, who)) if who else Client()
    hidden = bare(client.get(f"/t/{talking.secret.pk}"))
    assert hidden[0] == 404
    others = ["/t/999999", f"/spaces/{talking.room.slug}", "/spaces/no-such-space", "/no/such/page", "/jobs/77"]
    for other in [*others, "/people/nobody-at-all"] if who else others:  # visitors are sent to sign in from every page of people
        assert bare(client.get(other)) == hidden, other


def test_every_answer_carries_the_headers_of_safety(talking: Any) -> None:
    for address in ("/", "/no/such/page", "/look", "/static/fireside.css", "/api/v1/openapi.json"):
        headers = Client().get(address).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"], address
        assert "unsafe" not in headers["Content-Security-Policy"], address
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY" and headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def raise_it(wrong: BaseException) -> Any:
    def view(request: Any) -> Any:
        raise wrong

    return view


urlpatterns = [
    url_path("refused", raise_it(Refused("closed", "Too late. Open a new one."))),
    url_path("forbidden", raise_it(NotAllowed("organisers", "Only organisers do this. Ask Ann."))),
    url_path("hidden", raise_it(NotFound("its_own_code", "words that would tell"))),
    url_path("sent-on", raise_it(Refused("first", "First join.", href="/spaces/x", act="Join the bench"))),
    url_path("broken", raise_it(RuntimeError("boom"))),
    url_path("api/v1/broken", raise_it(RuntimeError("boom"))),
]
handler400, handler403 = "fireside.site.views.refused.damaged", "fireside.site.views.refused.forbidden"
handler404, handler500 = "fireside.site.views.refused.missing", "fireside.site.views.refused.broken"


@pytest.mark.urls(__name__)
class TestRefusals:
    def test_each_says_what_to_do(self, world: Any) -> None:
        client = signed_in(world.ann)
        for address, status, words in (
            ("/refused", 409, "Too late. Open a new one."),
            ("/forbidden", 403, "Only organisers do this. Ask Ann."),
        ):
            answer = client.get(address)
            assert answer.status_code == status and words in text_of(answer) and 'class="btn main"' in text_of(answer)
            assert answer["Cache-Control"] == "no-store"
        sent_on = text_of(client.get("/sent-on"))
        assert 'href="/spaces/x"' in sent_on and "Join the bench" in sent_on

    def test_a_visitor_is_shown_the_way_in(self, world: Any) -> None:
        assert 'href="/accounts/login/?next=%2Fforbidden"' in text_of(Client().get("/forbidden"))

    def test_what_was_hidden_keeps_its_words(self, world: Any) -> None:
        answer = Client().get("/hidden")
        assert "words that would tell" not in text_of(answer) and answer["X-Refusal"] == "not_found"

    def test_htmx_gets_a_note_to_put_in_place(self, world: Any) -> None:
        answer = signed_in(world.ann).post("/refused", headers={"hx-request": "true"})
        assert answer.status_code == 409 and answer["X-Refusal"] == "closed"
        assert text_of(answer).lstrip().startswith('<div class="note bad" role="alert">') and "<html" not in text_of(answer)

    def test_a_form_that_is_not_ours_is_refused(self, world: Any) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.ann, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.post("/refused")
        assert answer.status_code == 403 and "This form was open too long" in text_of(answer)

    def test_our_own_fault_asks_no_table(self, world: Any, django_assert_num_queries: Any) -> None:
        client = Client(raise_request_exception=False, headers={"accept-language": "zh-CN"})
        client.get("/broken")
        with django_assert_num_queries(0):
            answer = client.get("/broken")
        assert answer.status_code == 500 and "我们这边出了问题" in text_of(answer)
        assert client.get("/api/v1/broken").json()["code"] == "broken"


def test_the_first_page_counts_the_questions_that_talk_lists(talking: Any) -> None:
    from datetime import UTC, datetime, timedelta

    for n, days in enumerate((30, 89, 91, 400)):
        old = open_topic(talking.as_("cat"), space=talking.bench, title=f"Old question {n}?", text="x")
        type(old).objects.filter(pk=old.pk).update(opened_at=datetime.now(UTC) - timedelta(days=days))
    client = signed_in(talking.ann)
    home, listed = text_of(client.get("/")), text_of(client.get("/talk?show=waiting"))
    assert '<a class="quiet-link" href="/talk?show=waiting">3 questions wait, the longest for' in home
    assert '<span class="count">3</span>' in listed and listed.count('class="tag warn"') == 3


def test_the_address_of_a_form_says_that_it_only_takes_forms(talking: Any) -> None:
    client = signed_in(talking.ann)
    for path in (f"/spaces/{talking.bench.slug}/asks", "/spaces/nowhere/asks", f"/t/{talking.answered.pk}/1/helped"):
        answer = client.get(path)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "No page stands here" in text_of(answer) and 'class="rail"' in text_of(answer)
    assert client.get("/api/v1/notices/read").status_code != 200  # a program is answered as its document says
