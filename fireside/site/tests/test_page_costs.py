"""No page that members live in asks the database more than eight times or sends more than 60 KB, however much there is to show."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.moderation.actions import report_post
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both
QUERIES, KB = 8, 60


@pytest.fixture
def full(world):
    """More of everything than a page shows."""
    words = "The handle works loose after some months, and the flame goes out when the window is open. " * 3
    for n in range(35):
        opener = ("ann", "ben")[n % 2]
        topic = actions.open_topic(world.later(minutes=1).as_(opener), space=world.hearth, title=f"The lamp of number {n}", text=words)
        for _ in range(24 if n == 0 else 1):
            post = actions.reply(world.later(minutes=1).as_(("ben", "ann")[n % 2]), topic=topic, text=words)
        actions.say_helped(world.as_(opener), post=post)
    # Notices of every sort on one page: of posts, of whole topics, of a private conversation, of a closed space, of a report.
    late = world.later(minutes=1)
    for one, other in (("ann", "ben"), ("ben", "ann")):
        moved = actions.open_topic(late.as_(one), space=world.workshop, title="It goes elsewhere", text="See.")
        reported = actions.reply(late.as_(other), topic=moved, text="Buy.")
        report_post(late.as_("olu"), post=reported, reason="spam")
        actions.move_topic(late.as_("olu"), topic=moved, space=world.hearth)
        actions.open_topic(late.as_(other), space=world.workshop, title="Inside", text=f"@{one}, look.")
        actions.begin_conversation(late.as_(one), people=[world.people[other]], text="Between us two.")
    tell(list(Activity.objects.order_by("pk")), world.now)
    return world


PAGES = (
    "/", "/talk", "/talk?show=new", "/talk?show=unread", "/talk?show=waiting", "/talk?show=answered", "/talk?show=mine", "/t/1", "/t/2", "/spaces", "/spaces/hearth",
    "/spaces/hearth/new", "/spaces/hearth/people", "/spaces/hearth/library", "/search", "/people", "/people/ann", "/me", "/notices", "/messages", "/messages/new",
    "/later", "/following", "/start", "/t/1/2/report", "/me/data", "/notices/settings",
)  # fmt: skip


def size_of(page: bytes) -> int:
    """As an open house sends it, where the name of each file carries eight signs of its hash; in tests only if another one has gathered them."""
    plain = re.sub(rb"(/static/[^\"# ]*)\.[0-9a-f]{8}(?=\.\w+)", rb"\1", page)
    return len(plain) + len(".01234567") * plain.count(b"/static/")


@pytest.mark.parametrize("who", ["ben", "ann", "olu"])
def test_pages_ask_little_and_are_light(full, who):
    client = Client()
    client.cookies["scrolls"] = "1"  # a browser that says how far one has read, instead of the page that was made
    client.force_login(full.people[who], "allauth.account.auth_backends.AuthenticationBackend")
    topic = min(Activity.objects.filter(kind="conversation.asked").values_list("parent_id", flat=True), default=1)
    wrong = []
    for address in PAGES:
        shown = re.sub(r"^/t/(\d)", lambda found: f"/t/{topic + int(found[1]) - 1}", address)
        client.get(shown)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(shown)
        assert page.status_code == 200, shown
        size = size_of(page.content)
        if len(asked) > QUERIES or size > KB * 1000:
            wrong.append((address, len(asked), round(size / 1000, 1)))
    assert not wrong
