"""One pass per door, and the notices of others are as missing as those that never were."""

import json
import re

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell
from fireside.spaces.actions import ask_to_join, leave_space
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world):
    """Ann has been told that Cat and Mira ask to join the workshop."""
    for name in ("cat", "mira"):
        ask_to_join(world.as_(name), space=world.workshop)
    tell(list(Activity.objects.order_by("id")), world.now)
    return world


def test_opening_the_list_clears_the_bell_and_a_notice_leads_to_its_thing(world):
    ann = as_(world, "ann")
    bell = ann.get("/notices/bell").content.decode()
    unread = re.search(r"Notices, (\d+) unread", bell)
    assert unread and int(unread[1]) == Notice.objects.filter(member=world.ann).count()
    page = ann.get("/notices")
    words = page.content.decode()
    assert "<b>Mira</b> and <b>Cat</b> asked to join <b>Workshop</b>" in words
    assert "unread" not in ann.get("/notices/bell").content.decode()
    newest = Notice.objects.filter(member=world.ann).latest("id")
    answer = ann.get(f"/notices/{newest.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/spaces/workshop/people")
    newest.refresh_from_db()
    assert newest.read_at is not None
    assert Notice.objects.filter(member=world.ann, kind="spaces.asked_to_join", read_at__isnull=True).count() == 0  # grouped with it
    assert ann.post("/notices/read").status_code == 302
    assert not Notice.objects.filter(member=world.ann, read_at__isnull=True).exists()
    assert 'data-bell="rail"' in ann.get("/notices/bell?in=rail").content.decode()


@pytest.mark.parametrize("name", ["cat", "dan", ""])
def test_the_notices_of_others_are_missing(world, name):
    theirs = Notice.objects.filter(member=world.ann).latest("id").pk
    client = as_(world, name)

    def ask(pk):
        answer = client.get(f"/notices/{pk}")
        words = answer.content.replace(answer.headers.get("X-Request-ID", "\0").encode(), b"")
        return answer.status_code, words.replace(f"%2Fnotices%2F{pk}".encode(), b"")  # a visitor is led back here after signing in

    assert ask(theirs) == ask(theirs + 10**6) == ask(2**63 + 1)
    assert client.get("/notices").status_code == (200 if name else 403)


def test_a_notice_of_a_space_one_has_left_is_missing(world):
    mine = Notice.objects.filter(member=world.ben, kind="spaces.let_in").latest("id")
    ben = as_(world, "ben")
    assert mine.activity.space_id == world.cellar.pk
    assert ben.get(f"/notices/{mine.pk}").status_code == 302
    leave_space(world.as_("ben"), space=world.cellar)
    assert ben.get(f"/notices/{mine.pk}").status_code == 404
    assert "Cellar" not in ben.get("/notices").content.decode()


def test_notices_in_json(world):
    ann = as_(world, "ann")
    told = Notice.objects.filter(member=world.ann).count()
    assert ann.get("/api/v1/notices/bell").json() == {"unseen": told, "more": False}
    first = ann.get("/api/v1/notices?size=1").json()
    assert first["items"][0]["text"] == "Mira and Cat asked to join Workshop"
    assert first["items"][0]["count"] == 2
    zh = ann.get("/api/v1/notices?size=1", headers={"Accept-Language": "zh-hans"}).json()
    assert zh["items"][0]["text"] == "Mira 和 Cat 申请加入“Workshop”"
    rest = ann.get(f"/api/v1/notices?cursor={first['next']}").json()
    assert first["items"][0]["id"] not in [one["id"] for one in rest["items"]]
    assert ann.put("/api/v1/notices/seen").json() == {"changed": told}
    assert ann.get("/api/v1/notices/bell").json()["unseen"] == 0
    body = json.dumps({"ids": [first["items"][0]["id"]]})
    assert ann.put("/api/v1/notices/read", body, content_type="application/json").json() == {"changed": 2}
    assert ann.put("/api/v1/notices/read", "{}", content_type="application/json").json() == {"changed": told - 2}
    assert ann.get("/api/v1/notices?cursor=bad").json()["code"] == "bad_cursor"
    assert ann.get("/api/v1/notices?size=0").status_code == 422
    assert as_(world, "").get("/api/v1/notices").json()["code"] == "sign_in"


def test_the_command_line(world, capsys):
    call_command("act", "notifications.read_notices", "as=ann", "--json")
    assert json.loads(capsys.readouterr().out)["result"] == Notice.objects.filter(member=world.ann).count()


def test_the_page_asks_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    ann = as_(world, "ann")
    ann.get("/notices")
    # session, member; groups; newest with their lines; voices; cards; own card; gates; inside; asks' own gates and who is inside;
    # names of spaces, twice (sentence, address); unseen; the frame's bell and rail
    with django_assert_max_num_queries(16):
        ann.get("/notices")
