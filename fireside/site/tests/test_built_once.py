"""What members ask for most builds no SQL anew: to build a query costs Django ten times what the database needs to answer it."""

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "/", "/talk", "/talk?show=new", "/talk?show=unread", "/talk?show=waiting", "/talk?show=answered", "/spaces/{space}", "/t/{topic}", "/t/{topic}/news?since=1", "/talk/news?since=2026-03-01T00:00:00Z", "/messages/count?in=rail",
    "/notices/bell", "/api/v1/topics", "/api/v1/topics/{topic}", "/api/v1/topics/{topic}/posts", "/api/v1/me",
)  # fmt: skip


@pytest.fixture
def built(monkeypatch):
    """SQL that Django has put together."""
    found = []
    made = SQLCompiler.as_sql

    def as_sql(self, *given, **more):
        found.append(self.query.model.__name__)
        return made(self, *given, **more)

    monkeypatch.setattr(SQLCompiler, "as_sql", as_sql)
    return found


@pytest.mark.parametrize("who", ["ann", "olu"])
def test_no_query_is_built_twice(world, built, settings, who):
    topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose handle", text="It came loose.", asks=True)
    post = actions.reply(world.as_(who), topic=topic, text="Turn the washer.")
    actions.say_helped(world.as_("ben"), post=post)
    settings.KEEP_PAGES = 60  # who was helped this week is read once, as in a house that is open
    tell(list(Activity.objects.order_by("pk")), world.now)
    client = Client()
    client.force_login(world.people[who], BACKEND)
    for one in PAGES:
        address = one.format(space=world.hearth.slug, topic=topic.pk)
        for _ in range(3):
            assert client.get(address).status_code == 200, address
        built.clear()
        client.get(address)
        assert not built, address
