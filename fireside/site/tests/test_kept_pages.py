"""Visitors' pages are kept and handed out again; nobody's own page ever is."""

from typing import Any

import pytest
from django.test import Client

from fireside.conversation.actions import open_topic
from fireside.site.middleware import kept_pages
from fireside.site.tests.test_doors import signed_in, talking, text_of  # noqa: F401


@pytest.fixture
def keeping(settings: Any, monkeypatch: Any) -> Any:
    settings.KEEP_PAGES = 60
    monkeypatch.setattr(kept_pages, "LOOK_EVERY", 3600.0)  # the log is looked at when a test says so
    return monkeypatch


def ask(client: Client, address: str = "/", **headers: str) -> Any:
    return client.get(address, headers=headers or None)


def test_the_third_visit_costs_no_query(keeping: Any, talking: Any, django_assert_num_queries: Any) -> None:  # noqa: F811
    client = Client()
    first, second = ask(client), ask(client)
    with django_assert_num_queries(0):
        third = ask(client)
    assert first.content == second.content == third.content and dict(second.headers) == dict(third.headers)
    assert "script-src 'self'" in third["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/talk", "/spaces", "/spaces/{space}", "/t/{topic}"])
def test_what_visitors_read_is_kept(keeping: Any, talking: Any, django_assert_num_queries: Any, address: str) -> None:  # noqa: F811
    client, path = Client(), address.format(space=talking.bench.slug, topic=talking.answered.pk)
    for _ in range(2):
        assert not ask(client, path).cookies, "a token in a page keeps it from being kept"
    with django_assert_num_queries(0):
        assert ask(client, path).status_code == 200


def test_a_new_line_of_the_log_makes_pages_anew(keeping: Any, talking: Any) -> None:  # noqa: F811
    client = Client()
    for _ in range(3):
        ask(client, "/talk")
    open_topic(talking.as_("ben"), space=talking.bench, title="A brand new lamp", text="Look.")
    assert "A brand new lamp" not in text_of(ask(client, "/talk")), "kept for the second"
    keeping.setattr(kept_pages, "LOOK_EVERY", 0.0)  # a second has passed
    assert "A brand new lamp" in text_of(ask(client, "/talk"))


def test_nobody_gets_another_s_page(keeping: Any, talking: Any) -> None:  # noqa: F811
    client = Client()
    for _ in range(3):
        assert "Sign in" in text_of(ask(client))
    own = text_of(client_of(talking.ann, client).get("/"))
    assert 'href="/me"' in own
    fresh = Client()
    fresh.handler = client.handler
    assert 'href="/me"' not in text_of(ask(fresh))


def client_of(member: Any, other: Client) -> Client:
    """A signed-in client on the same process as another."""
    client = signed_in(member)
    client.handler = other.handler
    return client


def test_language_and_light_have_pages_of_their_own(keeping: Any, talking: Any) -> None:  # noqa: F811
    client = Client()
    for _ in range(3):
        assert 'lang="en"' in text_of(ask(client, **{"accept-language": "en"}))
        assert 'lang="zh-CN"' in text_of(ask(client, **{"accept-language": "zh-CN"}))
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in text_of(ask(client, **{"accept-language": "en"}))


def test_what_is_missing_is_not_kept(keeping: Any, talking: Any) -> None:  # noqa: F811
    client = Client()
    for _ in range(3):
        assert ask(client, "/t/999999").status_code == 404
        assert ask(client, f"/t/{talking.secret.pk}").status_code == 404
