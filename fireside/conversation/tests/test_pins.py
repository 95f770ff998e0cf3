"""Topics that are pinned above a list: who may, in which order, how long; and what a list with them costs."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Topic
from fireside.conversation.queries import latest
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.spaces.actions import archive_space

pytestmark = pytest.mark.both
TODAY = date(2026, 3, 2)  # the noon of the world


@pytest.fixture
def talked(world):
    """Seven topics in the open space, the seventh spoken in last."""
    world.topics = [
        actions.open_topic(world.later(minutes=n).as_("ben"), space=world.hearth, title=f"T{n}", text="words") for n in range(1, 8)
    ]
    return world


def titles(viewer, today=TODAY, **more):
    return [row.title for row in latest(viewer, today=today, **more).rows]


def pin(world, n, who="ann", **more):
    return actions.pin_topic(world.as_(who), topic=world.topics[n - 1], **more)


@pytest.mark.parametrize(
    ("given", "obstacle"),
    [
        ({}, ""),
        ({"others": 2, "place": 3, "until": TODAY}, ""),
        ({"others": 3}, "pins_full"),
        ({"place": 4}, "pin_place"),
        ({"place": -1}, "pin_place"),
        ({"until": TODAY - timedelta(days=1)}, "pin_past"),
    ],
)
def test_what_keeps_a_topic_from_being_pinned(given, obstacle):
    assert rules.why_not_pin(**({"others": 0, "place": 0, "until": None, "today": TODAY} | given)) == obstacle


def test_the_order_is_that_of_whoever_pins():
    assert rules.in_order([], 1, 3) == [1]
    assert rules.in_order([1, 2], 3, 0) == [1, 2, 3]
    assert rules.in_order([1, 2], 3, 1) == [3, 1, 2]
    assert rules.in_order([1, 2, 3], 3, 2) == [1, 3, 2]
    assert rules.in_order([1, 2, 3], 2, 0) == [1, 2, 3]


def test_pinned_ones_stand_first_and_nowhere_else(talked):
    pin(talked, 2)
    pin(talked, 4, place=1)
    rows = latest(talked.ben, space=talked.hearth, today=TODAY, size=3)
    assert [(row.title, row.pinned) for row in rows.rows] == [("T4", True), ("T2", True), ("T7", False), ("T6", False), ("T5", False)]
    rest = latest(talked.ben, space=talked.hearth, today=TODAY, size=3, cursor=rows.next)
    assert [row.title for row in rest.rows] == ["T3", "T1"]
    assert rest.next == ""
    assert titles(talked.ben) == ["T7", "T6", "T5", "T4", "T3", "T2", "T1"], "above its space, not above all talk"
    assert titles(talked.ben, space=talked.hearth, filter="waiting")[0] == "T7"
    assert titles(talked.ben, space=talked.hearth, today=None)[0] == "T7"


def test_to_the_end_of_its_day(talked):
    pin(talked, 1, until=TODAY)
    assert titles(talked.ben, space=talked.hearth)[0] == "T1"
    assert titles(talked.ben, TODAY + timedelta(days=1), space=talked.hearth) == ["T7", "T6", "T5", "T4", "T3", "T2", "T1"]
    with pytest.raises(Refused) as no:
        pin(talked, 2, until=TODAY - timedelta(days=1))
    assert no.value.code == "pin_past"


def test_three_at_most_and_a_past_one_gives_its_place_away(talked):
    for n in (1, 2, 3):
        pin(talked, n, until=TODAY if n == 1 else None)
    with pytest.raises(Refused) as no:
        pin(talked, 4)
    assert no.value.code == "pins_full"
    actions.pin_topic(talked.later(days=1).as_("ann"), topic=talked.topics[3])
    assert list(Topic.objects.filter(pin_place__isnull=False).order_by("pin_place").values_list("title", flat=True)) == ["T2", "T3", "T4"]
    assert Topic.objects.get(title="T1").pin_until is None


def test_who_may(talked):
    for who in ("ben", "cat"):
        with pytest.raises(NotAllowed):
            pin(talked, 1, who)
    for who in ("ann", "ben"):
        with pytest.raises(NotAllowed):
            actions.pin_above_all(talked.as_(who), topic=talked.topics[0])
    inside = actions.open_topic(talked.as_("ben"), space=talked.cellar, title="In", text="words")
    with pytest.raises(NotFound):
        actions.pin_topic(talked.as_("cat"), topic=inside)
    archive_space(talked.as_("ann"), space=talked.hearth)
    with pytest.raises(Refused) as no:
        pin(talked, 1)
    assert no.value.code == "archived"


def test_above_all_talk_for_those_who_may_read_it(talked):
    inside = actions.open_topic(talked.as_("ben"), space=talked.cellar, title="In", text="words")
    for topic in (inside, talked.topics[0]):
        actions.pin_above_all(talked.as_("dan"), topic=topic)
    assert titles(talked.ben)[:3] == ["In", "T1", "T7"]
    assert titles(talked.cat)[:2] == ["T1", "T7"]
    assert titles(talked.ben, space=talked.hearth)[0] == "T7"
    actions.remove_post(talked.as_("dan"), post=talked.topics[0].posts.get(), reason="no")
    assert titles(talked.cat)[0] == "T7"


def test_each_is_one_line_and_a_second_press_none(talked):
    before = Activity.objects.count()
    for _ in range(2):
        pin(talked, 1, until=TODAY)
    for _ in range(2):
        actions.unpin_topic(talked.as_("ann"), topic=talked.topics[0])
    lines = list(Activity.objects.order_by("id")[before:].values_list("kind", flat=True))
    assert lines == ["conversation.pinned", "conversation.unpinned"]
    assert titles(talked.ben, space=talked.hearth)[0] == "T7"


def test_a_list_costs_no_query_more(talked):
    costs = []
    for n in range(3):
        with CaptureQueriesContext(connection) as ran:
            latest(talked.ben, space=talked.hearth, today=TODAY)
        costs.append(len(ran))
        pin(talked, n + 1)
    assert costs == [1, 1, 1]  # topics with the pinned ones, their people, reading marks


def test_web(talked, client):
    at = f"/t/{talked.topics[0].pk}"
    client.force_login(talked.ben)
    assert client.get(f"{at}/pin").status_code == 404
    client.force_login(talked.ann)
    assert f'href="{at}/pin"' in client.get(at).content.decode()
    page = client.get(f"{at}/pin").content.decode()
    assert f'action="{at}/pin"' in page and f'action="{at}/front"' not in page
    assert client.post(f"{at}/pin", {"place": "0", "until": "2001-01-01"}).status_code == 422
    assert client.post(f"{at}/pin", {"place": "1", "until": "2999-01-01"}).headers["Location"] == at
    listed = client.get(f"/spaces/{talked.hearth.slug}").content.decode()
    assert listed.index("T1</a>") < listed.index("T7</a>") and "Pinned" in listed
    assert "Pinned" in client.get(at).content.decode()
    client.post(f"{at}/pin/end")
    client.force_login(talked.dan)
    assert f'action="{at}/front"' in client.get(f"{at}/pin").content.decode()
    client.post(f"{at}/front", {})
    listed = client.get("/talk").content.decode()
    assert listed.index("T1</a>") < listed.index("T7</a>")
    client.post(f"{at}/front/end")
    assert not Topic.objects.exclude(pin_place=None, front_place=None).exists()


def test_json(talked, client):
    at = f"/api/v1/topics/{talked.topics[0].pk}"
    client.force_login(talked.dan)
    answer = client.put(f"{at}/pin", {"until": "2999-01-01"}, content_type="application/json").json()
    assert (answer["pin_place"], answer["pin_until"], answer["front_place"]) == (1, "2999-01-01", None)
    client.put(f"{at}/front", {}, content_type="application/json")
    for address in ("/api/v1/topics?size=1", f"/api/v1/topics?size=1&space={talked.hearth.slug}"):
        assert [(one["title"], one["pinned"]) for one in client.get(address).json()["items"]] == [("T1", True), ("T7", False)]
    Topic.objects.update(pin_until=date(2001, 1, 1))
    assert client.get(at).json()["pin_place"] is None
    assert client.delete(f"{at}/front").json()["front_place"] is None


def test_command_line(talked):
    words = ("as=ann", f"topic={talked.topics[2].pk}", "until=2999-12-31")
    call_command("act", "conversation.pin_topic", *words, stdout=StringIO())
    assert titles(talked.ben, space=talked.hearth)[0] == "T3"
