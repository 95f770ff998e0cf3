"""While somebody writes a title: what was asked already, and may be read by them, is shown first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions, queries
from fireside.conversation.models import Topic

pytestmark = pytest.mark.both
TITLES = (
    "Handle came loose after three months", "Loose handle, what now?", "Which handle for small hands?", "手柄松了怎么办", "手柄用什么木头好", "Tea at five", "茶叶",
)  # fmt: skip


@pytest.fixture
def asked(world):
    for title in TITLES:
        actions.open_topic(world.as_("ben"), space=world.hearth, title=title, text="See the title.")
    actions.open_topic(world.as_("ben"), space=world.cellar, title="My handle came loose, too", text="Hush.")
    react_until_quiet(world.now)
    return world


def near(world, title, who="cat"):
    return [one.title for one in queries.similar(world.people[who], title, now=world.now)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("My handle is loose!", ["Loose handle, what now?", "Handle came loose after three months"]),
        ("手柄松了", ["手柄松了怎么办"]),
        ("Five o’clock tea", ["Tea at five"]),
        ("Nothing of the kind", []),
        ("?!", []),
        ("", []),
    ],
)
def test_what_says_nearly_the_same_is_shown_the_nearest_first(asked, title, found):
    assert near(asked, title) == found


def test_only_what_may_be_read_and_stands(asked, client):
    assert "My handle came loose, too" in near(asked, "handle loose", "ben")
    assert "My handle came loose, too" not in near(asked, "handle loose")
    gone = Topic.objects.get(title="Loose handle, what now?")
    actions.remove_post(asked.as_("ben"), post=gone.posts.get(), reason="Twice")
    assert near(asked, "handle loose") == ["Handle came loose after three months"]
    client.force_login(asked.cat)
    hidden, none = (client.get(f"/spaces/{slug}/similar?title=handle") for slug in (asked.cellar.slug, "never-was"))
    assert (hidden.status_code, hidden.content.replace(asked.cellar.slug.encode(), b"")) == (404, none.content.replace(b"never-was", b""))


def test_on_the_page_and_for_programs(asked, client):
    where = f"/spaces/{asked.hearth.slug}/similar"
    assert client.get(where, {"title": "handle loose"}).status_code == 403
    client.force_login(asked.cat)
    page = client.get(where, {"title": "handle loose"}).content.decode()
    assert "Was it asked already?" in page and "Loose handle, what now?" in page
    assert "similar" not in client.get(where, {"title": "quite another"}).content.decode()
    assert 'hx-get="/spaces/hearth/similar"' in client.get("/spaces/hearth/new").content.decode()
    found = client.get(f"/api/v1{where}", {"title": "handle loose"}).json()
    assert {one["title"] for one in found} == {TITLES[0], TITLES[1]}
    # session, member, the community's cards; the space and what is read there; those that share a word
    with CaptureQueriesContext(connection) as ran:
        client.get(where, {"title": "handle loose"})
    assert len(ran) <= 6, "\n".join(one["sql"] for one in ran)
