"""Into the sample and out of it, from the browser."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from fireside.activity.actor import house
from fireside.members.actions import join_community, set_up_community
from fireside.members.queries import the_community
from fireside.site import key, setup_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sample() -> Any:
    key.throw_away()
    made = set_up_community(
        house("cli"), name="Made-up circle", purpose="A sample.", kind="product", languages=["en", "zh-hans"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@sample.example", is_sample=True,
    )  # fmt: skip
    yield made
    key.throw_away()


def test_in_and_out_with_the_link(sample: Any) -> None:
    holder = Client()
    holder.get(str(setup_link()).removeprefix(settings.ADDRESS))
    assert "A sample community lives here now" in holder.get("/setup").content.decode()
    assert holder.post("/setup/start", {}).status_code == 409, "first the sample goes"
    assert holder.get("/setup/enter")["Location"] == "/"
    page = holder.get("/").content.decode()
    assert 'class="note sample"' in page and 'action="/setup/empty"' in page and "Olu" in page, "gone in one click"
    assert "Remove “Made-up circle” and everything in it?" in holder.get("/setup/empty").content.decode()
    assert the_community() is not None, "asking removes nothing"
    assert holder.post("/setup/empty")["Location"] == "/setup"
    assert the_community() is None
    assert "/setup/start" in holder.get("/setup").content.decode(), "the house is empty and can be set up"


def test_others_neither_enter_nor_remove_it(sample: Any) -> None:
    ben = join_community(house("cli"), name="Ben", email="ben@sample.example")
    member, visitor = Client(), Client()
    member.force_login(ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    for client in (member, visitor):
        assert client.get("/setup/enter").status_code == 404
        assert client.get("/setup/empty").status_code == 404 and client.post("/setup/empty").status_code == 404
        page = client.get("/").content.decode()
        assert 'class="note sample"' in page and "/setup/empty" not in page, "marked as a sample, but not theirs to remove"
    assert the_community() is not None


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("A sample community lives here", "Ask them for the link")), ("zh-hans", ("这里住着一个示例社区", "请向他要链接"))],
)
def test_a_stranger_at_set_up_is_told_what_is_true_and_how_to_come_by_the_link(sample: Any, language: str, words: Any) -> None:
    """In a house with the sample and in one from which it was removed; and nothing of the key or the machine."""
    stranger, link = Client(headers={"Accept-Language": language}), str(setup_link())
    page = stranger.get("/setup")
    for part in (*words, "fireside setup --link"):
        assert part in page.content.decode()
    holder = Client()
    holder.get(link.removeprefix(settings.ADDRESS))
    assert holder.post("/setup/empty")["Location"] == "/setup"
    emptied = stranger.get("/setup")
    assert ("This house is empty" if language == "en" else "这座屋子是空的") in emptied.content.decode()
    for seen in (page, emptied):
        assert seen.status_code == 200 and not seen.cookies
        for secret in (link, link.partition("key=")[2], str(settings.DATA), "Olu", "olu@", "/setup/start", "/setup/empty"):
            assert secret not in seen.content.decode(), secret


def test_a_real_community_is_never_removed(world: Any) -> None:
    owner = Client()
    owner.force_login(world.olu, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert owner.post("/setup/empty").status_code == 404 and the_community() is not None
