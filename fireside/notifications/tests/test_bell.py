"""The bell: its lists, one notice read without going there, the newest row, and what rings at all."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from fireside.activity.kinds import KINDS
from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.lib.errors import NotFound
from fireside.notifications.actions import choose_told, read_notices
from fireside.notifications.models import Notice
from fireside.notifications.queries import kinds_told, list_notices
from fireside.notifications.reactions import tell
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world):
    """In Ben's topic Ann replied twice and Cat once; Ann named him elsewhere."""
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.")
    for who in ("ann", "cat", "ann"):
        post = actions.reply(world.later(minutes=1).as_(who), topic=world.topic, text="Turn it.")
    world.post = post
    actions.open_topic(world.later(minutes=1).as_("ann"), space=world.hearth, title="Wicks", text="As @ben says.")
    telling(world)
    Notice.objects.exclude(kind__startswith="conversation.").delete()
    return world


def telling(world):
    known = Notice.objects.order_by("-activity_id").values_list("activity_id", flat=True).first() or 0
    tell(list(Activity.objects.filter(pk__gt=known).order_by("id")), world.now)


def texts(viewer, show="all"):
    return [row.text for row in list_notices(viewer, show=show).rows]


ASKED, REPLIED = "Ann asked “Wicks”", "Ann and Cat replied in “Loose?”"


def test_all_unread_and_mentions(world):
    assert texts(world.ben) == texts(world.ben, "unread") == [ASKED, REPLIED]
    assert texts(world.ben, "mentions") == [ASKED]
    read_notices(world.as_("ben"), ids=[list_notices(world.ben).rows[0].id])
    assert texts(world.ben, "unread") == [REPLIED] and texts(world.ben, "mentions") == [ASKED]
    actions.reply(world.later(minutes=1).as_("mira"), topic=world.topic, text="@ben, and?")
    telling(world)
    assert texts(world.ben) == ["Mira, Ann and Cat replied in “Loose?”", ASKED]
    assert [row.names for row in list_notices(world.ben).rows] == [True, False], "one of the three named him"
    assert texts(world.ben, "mentions") == ["Mira mentioned you in “Loose?”", ASKED], "who named him, and nobody else"
    page = list_notices(world.ben, show="mentions", size=1)
    assert [row.text for row in list_notices(world.ben, show="mentions", size=1, cursor=page.next).rows] == [ASKED]


def test_a_role_that_calls_is_a_mention(world):
    actions.reply(world.as_("mira"), topic=world.topic, text="@organisers look")
    telling(world)
    assert texts(world.ann, "mentions") == ["Mira mentioned you in “Loose?”"]


def test_pages(world):
    ben = as_(world, "ben")
    newest = ben.get("/notices/newest").content.decode()
    assert "<b>Ann</b> asked" in newest and "toast" in newest
    page = ben.get("/notices?show=unread").content.decode()
    assert page.index("Wicks") < page.index("Loose?") and 'aria-current="page">Unread' in page
    assert ben.get("/notices/newest").content.strip() == b"", "it was seen"
    Notice.objects.update(seen_at=None)
    read_notices(world.as_("ben"), ids=[list_notices(world.ben).rows[0].id])
    assert ben.get("/notices/newest").content.strip() == b"", "what came last was read where it stands; older ones had their time"
    Notice.objects.update(read_at=None, seen_at=world.now)
    first, second = list_notices(world.ben).rows
    part = ben.post(f"/notices/{first.id}/read", {"show": "unread"}, HTTP_HX_REQUEST="true").content.decode()
    assert "Wicks" not in part and "Loose?" in part and "<html" not in part
    assert ben.post(f"/notices/{second.id}/read").headers["Location"] == "/notices"
    assert "Everything is read" in ben.get("/notices?show=unread").content.decode()
    assert "Wicks" in ben.get("/notices?show=mentions", HTTP_HX_REQUEST="true").content.decode()
    cat = as_(world, "cat")
    assert cat.post(f"/notices/{first.id}/read").status_code == cat.post("/notices/999999/read").status_code == 404
    assert "Nobody has named you yet" in cat.get("/notices?show=mentions").content.decode()
    assert as_(world, "").get("/notices/newest").content.strip() == b""


def test_json(world):
    ben = as_(world, "ben")
    assert [one["text"] for one in ben.get("/api/v1/notices?show=mentions").json()["items"]] == [ASKED]
    assert ben.get("/api/v1/notices?show=loud").status_code == 422
    kinds = {one["kind"]: one for one in ben.get("/api/v1/notices/kinds").json()}
    assert kinds["conversation.thanked"] == {"kind": "conversation.thanked", "words": "Somebody thanked you in “…”", "bell": True}
    answer = ben.put("/api/v1/notices/kinds/conversation.thanked", {"bell": False}, content_type="application/json")
    assert answer.json()["bell"] is False
    assert ben.put("/api/v1/notices/kinds/never.was", {"bell": False}, content_type="application/json").status_code == 404


def test_what_does_not_ring(world):
    assert {one.kind for one in kinds_told(world.ben)} == {name for name, kind in KINDS.items() if kind.audience is not None}
    with translation.override("zh-hans"):
        assert all("{" not in one.words for one in kinds_told(world.ben))
    Notice.objects.all().delete()
    choose_told(world.as_("ben"), kind="conversation.replied", bell=False)
    choose_told(world.as_("ben"), kind="conversation.replied", bell=False)
    start = Activity.objects.order_by("-id").values_list("id", flat=True)[0]
    actions.reply(world.as_("ann"), topic=world.topic, text="More.")
    actions.react(world.as_("cat"), post=world.topic.posts.get(number=1))
    tell(list(Activity.objects.filter(pk__gt=start)), world.now)
    assert texts(world.ben) == ["Cat thanked you in “Loose?”"]
    choose_told(world.as_("ben"), kind="conversation.replied", bell=True)
    actions.reply(world.as_("ann"), topic=world.topic, text="And more.")
    telling(world)
    assert len(texts(world.ben)) == 2
    for kind in ("never.was", "conversation.reacted"):
        with pytest.raises(NotFound):
            choose_told(world.as_("ben"), kind=kind, bell=False)
    call_command("act", "notifications.choose_told", "as=ben", "kind=conversation.helped", "bell=no", stdout=StringIO())
    ben = as_(world, "ben")
    page = ben.get("/notices/settings").content.decode()
    assert 'value="conversation.helped"><' in page.replace(" ><", "><") and 'value="conversation.replied" checked' in page
    ben.post("/notices/settings", {"bell": ["conversation.helped"]})
    assert {one.kind for one in kinds_told(world.ben) if one.bell} == {"conversation.helped"}
    assert as_(world, "").get("/notices/settings").status_code == 302
    headings = [page.index(f"<legend>{about}</legend>") for about in ("Talk", "Private conversations", "Your account", "Reports", "Spaces")]
    assert headings[0] < page.index('value="conversation.replied"') < headings[1] < page.index('value="conversation.talk_said"')
    assert headings == sorted(headings) and page.count("<legend>") == len({one.about for one in kinds_told(world.ben)})
