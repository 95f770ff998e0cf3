"""The doors of numbers: pages, JSON, command line; who may, what each page costs, and that hidden is missing."""

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.conversation.actions import open_topic
from fireside.insights import actions, metrics
from fireside.lib.errors import NotAllowed
from fireside.members.actions import join_community

pytestmark = [pytest.mark.django_db]


def signed_in(member):
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def house(mirror, world):
    """The world's people have talked, and the mirror knows."""
    actor = the_house("worker", now=world.now)
    actions.bring_up_to_date(actor)
    return world


PAGES = ["/cockpit", "/cockpit/helped", "/cockpit/helped/people", "/cockpit/helped/csv", "/cockpit/members/people?which=active"]
NOTHING = ["/cockpit/nonsense", "/cockpit/helped/people?which=nonsense", "/cockpit/helped?space=nowhere", "/cockpit/nonsense/csv"]


def test_numbers_are_for_those_who_may_read_them(house):
    dan, ben = signed_in(house.dan), signed_in(house.ben)
    for path in PAGES:
        assert dan.get(path).status_code == 200, path
        assert ben.get(path).status_code == 403, path
        assert Client().get(path).status_code in {302, 401, 403}, path
    for path in NOTHING:
        assert dan.get(path).status_code == 404, path


@pytest.mark.once
def test_words_that_cannot_be_read_say_how_to_write_them(house):
    answer = signed_in(house.dan).get("/api/v1/metrics/helped?since=yesterday")
    assert (answer.status_code, answer.json()["code"]) == (409, "bad_day")
    for said in (
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"staff": "x"},
        {"mode": "x"},
        {"by": "year"},
        {"since": "1980-01-01", "by": "day"},
    ):
        assert signed_in(house.dan).get("/cockpit/helped", said).status_code == 409, said


def test_the_front_page_reads_what_is_kept(house, django_assert_max_num_queries):
    client = signed_in(house.dan)
    client.get("/cockpit")
    # the frame: session, member, bell, spaces (4, some cached); ours: the answers of the period (1), who waits now (1), and, because
    # the last of the answers is more than an hour old, where the mirror stands (1); for an operator, whether
    # anything got stuck or waits too long (1; 2 here, where no worker ever came)
    with django_assert_max_num_queries(10):
        page = client.get("/cockpit").content.decode()
    for number in range(1, 9):
        assert f'id="q{number}"' in page
    assert page.count('class="btn main"') == 1
    assert "<style" not in page
    assert " style=" not in page


@pytest.mark.once
def test_who_set_the_house_up_today_is_shown_the_way_to_old_talk(mirror, world):
    now = timezone.now()
    old = (now - timedelta(days=60)).replace(hour=4)  # the same day here and in Shanghai
    today = replace(world.as_(""), now=now)
    open_topic(replace(world.as_("ben"), now=old), space=world.hearth, title="Handle works loose", text="What now?")
    join_community(today, name="Olga")
    actions.bring_up_to_date(the_house("worker", now=now))
    page = signed_in(world.dan).get("/cockpit").content.decode()
    assert "The last words were said on" in page
    assert f"until={old.date()}" in page


def test_talk_that_came_in_is_said_to_be_on_its_way_until_it_is_counted(mirror, world):
    now = timezone.now()
    client = signed_in(world.dan)
    assert "Being counted" not in client.get("/cockpit").content.decode()  # the log holds no talk
    for n in range(3):
        open_topic(replace(world.as_("ben"), now=now - timedelta(days=400)), space=world.hearth, title=f"Handle {n}", text="What now?")
    page = client.get("/cockpit").content.decode()
    assert "Being counted" in page
    assert "lines of the log are on their way" in page
    assert "Open the first space" not in page
    assert 'http-equiv="refresh"' in page
    again = {"HX-Request": "true", "HX-Target": "being-counted"}
    assert "on their way" in client.get("/cockpit", headers=again).content.decode()
    actions.bring_up_to_date(the_house("worker", now=now))
    assert "Being counted" in client.get("/cockpit").content.decode()  # the mirror knows, the answers do not
    actions.refresh_standing(the_house("worker", now=now + timedelta(hours=1)), only="week")
    anew = client.get("/cockpit", headers=again)
    assert (anew.status_code, anew.headers["HX-Refresh"]) == (204, "true")
    page = client.get("/cockpit").content.decode()
    assert "Being counted" not in page
    assert 'id="q1"' in page


@pytest.mark.once
def test_a_number_of_a_history_that_ended_leads_to_its_last_days(mirror, world):
    now = timezone.now()
    old = (now - timedelta(days=400)).replace(hour=4)
    open_topic(replace(world.as_("ben"), now=old), space=world.hearth, title="Handle works loose", text="What now?")
    actions.bring_up_to_date(the_house("worker", now=now))
    client = signed_in(world.dan)
    page = client.get("/cockpit/talk").content.decode()
    assert "The last words were said on" in page
    assert "data-chart" not in page
    there = re.search(r'href="(/cockpit/talk\?[^"]*until=' + str(old.date()) + '[^"]*)"', page)
    assert there
    assert "data-chart" in client.get(html.unescape(there[1])).content.decode()
    for name in metrics.NAMES:
        assert client.get(f"/cockpit/{name}").status_code == 200, name


@pytest.mark.once
def test_a_filter_that_cannot_be_read_is_mended_beside_its_field(house):
    client = signed_in(house.dan)
    for said, field in (
        ({"since": "yesterday"}, "since"), ({"since": "2026-03-02", "until": "2026-03-01"}, "until"), ({"staff": "x"}, "staff"),
        ({"since": "1980-01-01", "by": "day"}, "by"),
    ):  # fmt: skip
        page = client.get("/cockpit/helped", said).content.decode()
        assert f'aria-describedby="{field}-error"' in page, said
        assert 'action="/cockpit/helped"' in page, said
        assert "staff can be" not in page
        assert "since is a day" not in page
    page = client.get("/cockpit/retention", {"bracket": "9-1", "k": "3", "offsets": "5"}).content.decode()
    assert "from the smaller to the larger" in page
    assert 'aria-describedby="bracket-error"' in page
    for field, value in (("bracket", "9-1"), ("k", "3"), ("offsets", "5")):  # “Show” asks for them again
        assert re.search(rf'name="{field}" value="{value}"', page), field


@pytest.mark.once
def test_every_page_that_reads_a_filter_says_how_to_mend_it(house):
    client = signed_in(house.dan)
    for address in ("/cockpit/helped/people", "/cockpit/helped/csv"):
        answer = client.get(address, {"since": "yester<b>day"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'aria-describedby="since-error"' in page
        assert "“yester&lt;b&gt;day” is not a day" in page
        assert 'action="/cockpit/helped"' in page
        assert 'value="yester' not in page  # a field for days would drop it without a word
    assert client.get("/cockpit/helped/people?after=rubbish").status_code == 409  # no filter: the general page
    answer = client.get("/cockpit?until=soon&period=year")
    page = answer.content.decode()
    assert (answer.status_code, "“soon” is not a day" in page, 'name="period" value="year"' in page) == (409, True, True)
    for door in ("metrics/helped", "metrics/helped/evidence"):
        answer = client.get(f"/api/v1/{door}?since=soon")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "bad_day", "since")


@pytest.mark.once
def test_a_time_before_all_talk_leads_to_the_first_day(mirror, world):
    now = timezone.now()
    first = (now - timedelta(days=400)).replace(hour=4)
    for days in (0, 3, 90):
        open_topic(replace(world.as_("ben"), now=first + timedelta(days=days)), space=world.hearth, title=f"Lamp {days}", text="?")
    actions.bring_up_to_date(the_house("worker", now=now))
    client = signed_in(world.dan)
    page = client.get("/cockpit?until=2001-02-03").content.decode()
    assert "Nobody had written here before" in page
    assert "3 February 2001" in page
    assert "Open the first space" not in page
    assert 'id="q1"' not in page
    week = (first + timedelta(days=6)).date()
    assert f'href="/cockpit?until={week}"' in page
    there = client.get(f"/cockpit?until={week}").content.decode()
    assert 'id="q1"' in there
    assert "Nobody had written here before" not in there
    assert "of the last 90 days" not in there  # who waits now is no figure of another day


def test_the_page_of_a_number(mirror, world, django_assert_max_num_queries):
    now = timezone.now()
    open_topic(replace(world.as_("ben"), now=now), space=world.hearth, title="Handle works loose", text="What now?")
    actions.bring_up_to_date(the_house("worker", now=now))
    client = signed_in(world.dan)
    client.get("/cockpit/cores?by=day")
    # the frame (4); state of the mirror (2), the answer kept (1), spaces of the filter (1)
    with django_assert_max_num_queries(9):
        page = client.get("/cockpit/cores?by=day").content.decode()
    assert "c-data" in page
    assert "Formula: plain counts." in page


def test_a_number_is_chinese_down_to_its_formula(mirror, world):
    now = timezone.now()
    open_topic(replace(world.as_("ben"), now=now), space=world.hearth, title="Handle works loose", text="What now?")
    actions.bring_up_to_date(the_house("worker", now=now))
    type(world.dan).objects.filter(pk=world.dan.pk).update(language="zh-hans")
    client = signed_in(world.dan)
    heat = client.get("/cockpit/heat?by=day").content.decode()
    assert "公式出处：指数衰减。" in heat and re.search(r'<td class="r">\d+\.\d</td>', heat)
    behind = client.get("/cockpit/talk/people").content.decode()
    assert "公式出处：直接计数。" in client.get("/cockpit/talk?by=day").content.decode()
    assert re.search(r'<p class="small faint">[^<]*。 ', behind) is None, "between two Chinese sentences there is no space"


def test_evidence_is_paged_by_keys(house, django_assert_max_num_queries):
    client = signed_in(house.dan)
    # the frame (4); state of the mirror (2), the people of the page (1); the first page of the day also writes that he was here (1, in a savepoint)
    with django_assert_max_num_queries(8 + 3):
        client.get("/cockpit/members/people?which=active")
    with django_assert_max_num_queries(8):
        client.get("/cockpit/members/people?which=active")
    first = client.get("/api/v1/metrics/active/evidence?size=1&since=2026-01-01").json()
    assert first["what"] == "people"
    seen, cursor = [i["id"] for i in first["items"]], first["next"]
    while cursor:
        more = client.get(f"/api/v1/metrics/active/evidence?size=1&since=2026-01-01&cursor={cursor}").json()
        seen, cursor = seen + [i["id"] for i in more["items"]], more["next"]
    assert len(seen) == len(set(seen)) == client.get("/api/v1/metrics/active?since=2026-01-01").json()["headline"]["people"]
    assert client.get("/api/v1/metrics/active/evidence?cursor=rubbish").status_code == 409


def test_every_door_says_the_same_from_one_definition(house, capsys):
    client = signed_in(house.dan)
    assert [m["metric"] for m in client.get("/api/v1/metrics").json()] == list(metrics.NAMES)
    said = {"since": "2026-02-01", "until": "2026-03-02", "by": "day"}
    outside = client.get("/api/v1/metrics/talk", said).json()
    call_command("metrics", "talk", "--as-it-stands", "--json", **said)
    inside = json.loads(capsys.readouterr().out)
    assert (inside["headline"], inside["rows"], inside["definition"]) == (outside["headline"], outside["rows"], outside["definition"])
    table = list(csv.reader(io.StringIO(client.get("/cockpit/talk/csv", said).content.decode("utf-8-sig"))))
    assert table[0][0].startswith("# ")
    drawn = [row for row in table if not row[0].startswith("# ")]
    assert [[row[0], row[3]] for row in drawn[1:]] == [[r["start"], str(r["posts"])] for r in outside["rows"]]
    call_command("metrics", "talk", "--as-it-stands")
    assert outside["title"]["en"] in capsys.readouterr().out
    call_command("metrics", "--json")
    (line,) = capsys.readouterr().out.splitlines()
    assert [one["metric"] for one in json.loads(line)["metrics"]] == list(metrics.NAMES)


def test_the_command_line_takes_in_what_is_new_first(house, capsys):
    """As the job of the mirror does, people and rollups included."""
    said = {"since": "2026-02-01", "until": "2026-03-02", "by": "day"}
    open_topic(house.as_("ben"), space=house.hearth, title="Which wick?", text="For the big one.")
    call_command("metrics", "talk", "--json", **said)
    posts = json.loads(capsys.readouterr().out)["headline"]["posts"]
    call_command("metrics", "talk", "--json", "--as-it-stands", **said)
    assert json.loads(capsys.readouterr().out)["headline"]["posts"] == posts == 1


def test_the_command_line_refuses_in_words(house, capsys):
    with pytest.raises(SystemExit) as no:
        call_command("metrics", "nonsense", "--as-it-stands")
    assert no.value.code == 4
    assert "retention" in capsys.readouterr().err
    with pytest.raises(SystemExit) as no:
        call_command("metrics", "talk", "--as-it-stands", **{"as": house.ben.handle})
    assert no.value.code == 3


def test_a_member_may_not_read_numbers_by_any_door(house):
    from fireside.activity.actor import Actor
    from fireside.members.rights import may, require

    assert not may(house.ben, "numbers.read")
    with pytest.raises(NotAllowed):
        require(Actor(house.ben, "json", house.now), "numbers.read")
    assert signed_in(house.ben).get("/api/v1/metrics/helped").status_code == 403
    assert signed_in(house.ben).get("/api/v1/metrics/helped/evidence").status_code == 403


def test_a_quiet_house_does_not_doubt_its_worker(mirror, world):
    now = timezone.now()
    open_topic(replace(world.as_("ben"), now=now - timedelta(hours=3)), space=world.hearth, title="Handle works loose", text="What now?")
    before = the_house("worker", now=now - timedelta(hours=2))
    actions.bring_up_to_date(before)
    actions.refresh_standing(before, only="week")
    client = signed_in(world.dan)
    assert "have stood still" in client.get("/cockpit").content.decode()
    actions.bring_up_to_date(the_house("worker", now=now))  # the worker looked, and nobody had said anything
    assert "have stood still" not in client.get("/cockpit").content.decode()
