"""How one is told, chosen through every door; the link that stops letters; and what became of letters, for those who look after the house."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from fireside.activity.models import Activity
from fireside.notifications import rules
from fireside.notifications.actions import change_community_telling, change_telling
from fireside.notifications.links import stop_address
from fireside.notifications.models import Departure
from fireside.notifications.queries import telling_of
from fireside.notifications.queries.departures import REASON_WORDS
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]
KIND = "conversation.thanked"


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_member_chooses_on_one_page(world: Any, settings: Any) -> None:
    settings.MAIL = True
    ben = as_(world, "ben")
    page = shown(ben, "/me/telling")
    assert "Somebody thanked you in “…”" in page and "Asia/Shanghai" in page and "your address is not verified" in page
    form = {"email": "on", "by_email": [KIND], "quiet": "on", "quiet_from": "23:00", "quiet_to": "07:15"}
    assert ben.post("/me/telling", form).status_code == 302
    mine = telling_of(world.ben)
    assert (mine.email, mine.quiet, mine.wants("email", KIND), mine.wants("email", "conversation.replied")) == (
        True,
        "23:00-07:15",
        True,
        False,
    )
    assert not telling_of(world.ann).wants("email", KIND)
    form = {**form, "quiet_from": "late"}
    answer = ben.post("/me/telling", form)
    assert answer.status_code == 422 and "22:00-08:00" in answer.content.decode()
    assert not Activity.objects.filter(kind="notifications.telling_changed").exists()  # nobody's news


def test_what_was_not_chosen_follows_the_community(world: Any, settings: Any) -> None:
    settings.MAIL = True
    ben, dan = as_(world, "ben"), as_(world, "dan")
    told = [kind["name"] for kind in ben.get("/api/v1/me/telling").json()["kinds"] if kind["email"]]
    ben.post("/me/telling", {"email": "on", "by_email": [*told, KIND], "quiet": "on", "quiet_from": "22:00", "quiet_to": "08:00"})
    wanted = {"by_email": [kind for kind in told if kind != "conversation.replied"], "quiet_from": "22:00", "quiet_to": "08:00"}
    assert dan.post("/cockpit/departures/defaults", wanted).status_code == 302
    mine, anns = telling_of(world.ben), telling_of(world.ann)
    assert (mine.email, mine.quiet, mine.wants("email", "conversation.replied"), mine.wants("email", KIND)) == (False, "", False, True)
    assert (anns.email, anns.wants("email", KIND)) == (False, False)
    line = Activity.objects.get(kind="notifications.telling_changed")
    assert (line.member_id, line.data) == (world.dan.pk, {"fields": ["email", "kinds", "quiet"]})
    dan.post("/cockpit/departures/defaults", wanted)
    assert Activity.objects.filter(kind="notifications.telling_changed").count() == 1


def test_in_json_and_on_the_command_line(world: Any, capsys: Any) -> None:
    ben = as_(world, "ben")
    body = json.dumps({"email": False, "quiet": "none", "yes": [KIND], "no": ["conversation.replied"]})
    answer = ben.patch("/api/v1/me/telling", body, content_type="application/json").json()
    kinds = {kind["name"]: kind["email"] for kind in answer["kinds"]}
    assert (answer["email"], answer["quiet"], kinds[KIND], kinds["conversation.replied"]) == (False, "", True, False)
    wrong = ben.patch("/api/v1/me/telling", '{"yes": ["spaces.made"]}', content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "kind_unknown")
    call_command("act", "notifications.change_telling", "as=ben", "email=yes", f"no={KIND}", "quiet=21-6")
    mine = telling_of(world.ben)
    assert (mine.email, mine.quiet, mine.wants("email", KIND)) == (True, "21:00-06:00", False)
    call_command("show", "me/telling", "as=ben", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["result"]["quiet"] == "21:00-06:00"


def test_one_click_stops_letters_without_signing_in(world: Any) -> None:
    link = stop_address(world.ben.pk, "notices").removeprefix("http://localhost:8000")
    nobody = Client(enforce_csrf_checks=True)
    looked = nobody.get(link)
    assert looked.status_code == 200 and "Stop these letters?" in looked.content.decode()
    assert telling_of(world.ben).email  # looking changes nothing
    assert nobody.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not telling_of(world.ben).email
    done = nobody.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded").content.decode()
    assert "No more of these letters" in done and "sessionid" not in nobody.cookies
    nobody.post(link, {"again": "1"})
    assert telling_of(world.ben).email


def test_it_speaks_the_language_of_whose_letter_it_is(world: Any) -> None:
    type(world.ben).objects.filter(pk=world.ben.pk).update(language="zh-hans")
    page = shown(Client(headers={"accept-language": "en"}), stop_address(world.ben.pk, "notices").removeprefix("http://localhost:8000"))
    assert "停掉这类邮件吗？" in page and 'lang="zh-CN"' in page


@pytest.mark.parametrize("word", ["3.notices:x", "x", "9999999.notices:" + "A" * 43, "%00"])
def test_a_link_that_was_not_signed_here_is_missing(world: Any, word: str) -> None:
    nobody = Client()
    assert nobody.get(f"/letters/stop/{word}").status_code == nobody.post(f"/letters/stop/{word}").status_code == 404


def test_links_of_people_who_are_gone_are_missing(world: Any) -> None:
    link = stop_address(world.ben.pk + 10**6, "notices").removeprefix("http://localhost:8000")
    assert Client().get(link).status_code == 404


@pytest.fixture
def left(world: Any) -> Any:
    """Two letters went to Ben, one did not; two did not go to Cat."""
    world.now = timezone.now()  # the doors read the clock
    for who, skipped in (("ben", ""), ("ben", ""), ("ben", "seen"), ("cat", "unverified"), ("cat", "seen")):
        Departure.objects.create(
            member=world.people[who], way="email", kind="conversation.replied", thing="conversation:1", at=world.now, skipped=skipped
        )
    return world


def test_what_became_of_letters(left: Any, settings: Any, django_assert_max_num_queries: Any, monkeypatch: Any) -> None:
    settings.MAIL = True
    call_command("act", "notifications.change_telling", "as=ben", "quiet=none")
    dan = as_(left, "dan")
    dan.get("/cockpit/departures")
    # session, member, bell, spaces (4); counts, rows, cards, what came back, who is due (5)
    with django_assert_max_num_queries(9):
        page = shown(dan, "/cockpit/departures")
    assert "Somebody replied in “…”" in page and "They had seen it before" in page and "2 letters" in page
    page = shown(dan, "/cockpit/departures?reason=unverified")
    assert "/people/cat" in page and "/people/ben" not in page
    assert shown(dan, "/cockpit/departures?reason=skipped").count("Not sent</span>") == 3
    found = dan.get("/api/v1/house/departures?reason=seen").json()["items"]
    assert [(row["who"], row["skipped"]) for row in found] == [("cat", "seen"), ("ben", "seen")]


def test_what_became_of_letters_is_for_those_who_look_after_the_house(left: Any) -> None:
    for name in ("ann", ""):
        assert as_(left, name).get("/cockpit/departures").status_code == 403
        assert as_(left, name).get("/cockpit/departures/defaults").status_code == 403


def test_every_reason_has_words_in_the_order_in_which_it_is_asked() -> None:
    assert list(REASON_WORDS) == ["", *rules.SKIPS]


def test_two_who_choose_at_once_both_keep_what_they_chose(world: Any) -> None:
    change_telling(world.as_("ben"), yes=[KIND])
    change_telling(world.as_("ben"), no=["conversation.replied"])
    change_community_telling(world.as_("dan"), yes=["conversation.helped"])
    mine = telling_of(world.ben)
    assert mine.wants("email", KIND) and not mine.wants("email", "conversation.replied") and mine.wants("email", "conversation.helped")
