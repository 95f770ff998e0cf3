"""What stands behind a number, and what of it can be taken along: the same by every door, at a cost that does not grow."""

import csv
import html
import io
import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds
from fireside.conversation.actions import open_topic, remove_post, reply, say_helped
from fireside.insights import actions, metrics
from fireside.insights.tests.test_front import ask, page_of
from fireside.insights.tests.test_seen import signed_in
from fireside.site.tests.tour import reads_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def house(mirror, world):
    """The world's people have talked, and the mirror knows."""
    actions.bring_up_to_date(the_house("worker", now=world.now))
    return world


@pytest.mark.parametrize(
    ("address", "queries"),
    [("first_reply/people?which=asked&mode=topics", 8), ("talk/people?which=questions", 8), ("talk/people?which=topics", 8), ("heat/people?which=spaces", 8),
     ("talk/people?which=removed", 9), ("talk/people?which=posts", 9), ("helped/people?which=said", 9), ("retention/people?which=there", 6), ("helped/people?which=confirmed", 6)],
)  # fmt: skip
def test_pages_of_evidence_cost_the_same_however_long_they_are(mirror, world, django_assert_max_num_queries, address, queries):
    """The frame (4, some of them kept); state of the mirror (2); spaces open to the viewer (1) and the titles, posts with their cards (2)
    or names of the page (1), where it lists such."""
    now = timezone.now()
    for n in range(3):
        topic = open_topic(world.as_("ben").at(now - timedelta(hours=4)), space=world.hearth, title=f"Handle {n}", text="What now?")
        post = reply(world.as_("ann").at(now - timedelta(hours=3)), topic=topic, text="Turn it.")
        say_helped(world.as_("ben").at(now - timedelta(hours=2)), post=post)
        remove_post(world.as_("dan").at(now - timedelta(hours=1)), post=post, reason="Said twice.")
    actions.bring_up_to_date(the_house("worker", now=now))
    client = signed_in(world.dan)
    client.get(f"/cockpit/{address}&staff=include")
    with django_assert_max_num_queries(queries + 2):
        page = client.get(f"/cockpit/{address}&staff=include").content.decode()
    if "retention" not in address:  # nobody has been here for so long
        assert page.count('<a class="row apart pad"') == (
            1 if "confirmed" in address or "heat" in address else 6 if "posts" in address else 3
        )


def test_what_is_behind_a_number_is_the_same_by_every_door(house, capsys):
    """People, a page at a time, and topics: by JSON, typed, and on the page."""
    client = signed_in(house.dan)
    for name, said in (("active", {"since": "2026-01-01"}), ("first_reply", {"since": "2026-01-01", "which": "asked", "mode": "topics"})):
        outside = client.get(f"/api/v1/metrics/{name}/evidence", {**said, "size": "2"}).json()
        which = outside["which"]
        typed = {key: value for key, value in said.items() if key != "which"} | {"behind": which, "size": 2}
        call_command("metrics", name, "--as-it-stands", "--json", **typed, **{"as": house.dan.handle})
        assert json.loads(capsys.readouterr().out) == outside
        call_command("metrics", name, "--as-it-stands", **typed)
        out = capsys.readouterr().out
        assert [one["name"] in out for one in outside["items"]] == [True] * len(outside["items"])
        assert (f"--after {outside['next']}" in out) == bool(outside["next"])
        page = html.unescape(client.get(f"/cockpit/{name}/people", said).content.decode())
        assert all(f'href="{one["href"]}"' in page for one in outside["items"])
    with pytest.raises(SystemExit) as no:
        call_command("metrics", "talk", "--as-it-stands", behind="nonsense")
    assert no.value.code == 4


@pytest.mark.once
def test_a_file_holds_what_the_chart_draws(house, capsys):
    """Point by point, with days that are days; and of the figures under it, the intervals of every share."""
    client = signed_in(house.dan)
    for name in metrics.NAMES:
        page = client.get(f"/cockpit/{name}?since=2026-01-01").content.decode()
        text = client.get(f"/cockpit/{name}/csv?since=2026-01-01").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))
        answer = client.get(f"/api/v1/metrics/{name}?since=2026-01-01").json()
        said = [row[0].removeprefix("# ") for row in lines if row[0].startswith("# ")]
        assert said[:3] == [answer[part]["en"] for part in ("title", "definition", "population")]
        assert answer["clock"]["time_zone"] in said[4]
        head, *rows = [row for row in lines if not row[0].startswith("# ")]
        found = re.search(r'<script type="application/json" id="c-data">(.*?)</script>', page, re.DOTALL)
        if found:
            chart = json.loads(found[1])
            drawn = [one["values"] for one in chart.get("series") or [chart]]
            if chart["type"] == "curve":
                drawn = [chart["values"], chart["low"], chart["high"]]
            told = list(zip(*rows, strict=True))[-len(drawn) :]
            assert [[None if v == "" else float(v) for v in column] for column in told] == [
                [None if v is None else float(v) for v in one] for one in drawn
            ]
        assert not any("*" in cell for row in rows for cell in row)
        assert all(len(row) == len(head) for row in rows)
        call_command("metrics", name, "--as-it-stands", csv="chart", since="2026-01-01")
        typed = list(csv.reader(io.StringIO(capsys.readouterr().out)))
        assert typed[len(said) :] == lines[len(said) :]
    figures = client.get("/cockpit/retention/csv?part=table").content.decode("utf-8-sig")
    assert "week 1,lower bound,upper bound" in figures
    assert client.get("/cockpit/talk/csv?part=nonsense").status_code == 404


def test_only_what_waits_is_said_to_wait(mirror, world):
    """One question has a reply and one has none; lists of all that were asked say when each was asked."""
    now = timezone.now()
    answered, waiting = (ask(world, "ben", title, at=now - timedelta(days=2)) for title in ("Handle", "Hinge"))
    reply(world.as_("ann").at(now - timedelta(days=2) + timedelta(minutes=5)), topic=answered, text="Turn it.")
    actions.bring_up_to_date(the_house("worker", now=now))
    for lang, waits, asked in (("en-GB", "waits for 2 days", "asked <time"), ("zh-CN", "等了 2 天", "提问于 <time")):
        reads_in(world.dan, lang)
        for name, which in (("talk", "questions"), ("first_reply", "asked")):
            page = page_of(world.dan, f"/cockpit/{name}/people", which=which)
            assert (page.count(asked), page.count(waits)) == (2, 0), (lang, name)
        page = page_of(world.dan, "/cockpit/first_reply/people", which="waiting")
        assert (page.count(waits), answered.title in page, waiting.title in page) == (1, False, True)


@pytest.mark.once
def test_the_page_that_slowest_hours_lead_to_shows_the_hours(mirror, world):
    """Twenty questions at 9 o'clock wait an hour, twenty at 15 five hours: the panel names the slow ones and leads to both."""
    zone = ZoneInfo(world.community.time_zone)
    morning = (timezone.now().astimezone(zone) - timedelta(days=2)).replace(hour=9, minute=30)
    lines = []
    for n in range(40):
        at, wait = (morning, 1) if n % 2 else (morning.replace(hour=15), 5)
        about = {"parent_id": 9000 + n, "space_id": world.hearth.pk}
        lines += [Line(kinds.ASKED, at, world.ben.pk, target_id=90_000 + n, **about),
                  Line(kinds.REPLIED, at + timedelta(hours=wait), world.ann.pk, target_id=91_000 + n, other_id=world.ben.pk, **about)]  # fmt: skip
    record_many(world.as_(""), lines)
    actions.bring_up_to_date(worker := the_house("worker", now=timezone.now()))
    actions.refresh_standing(worker, only="week")
    for lang, slowest, hours in (
        ("en-GB", "Slowest from 15 to 18 o’clock", "Hours with fewer than 20"),
        ("zh-CN", "15 点到 18 点最慢", "提问不到 20 个的时段"),
    ):
        reads_in(world.dan, lang)
        panel = page_of(world.dan)
        assert slowest in panel
        address = html.unescape(re.search(r'href="(/cockpit/first_reply\?[^"]*)#hours"', panel)[1])
        part = page_of(world.dan, address).split('id="hours"')[1].split("</section>")[0]
        cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", part)]
        assert cells[:2] == ["9–12", "20"] and cells[4:6] == ["15–18", "20"]
        assert hours in part and zone.key in part and "<time" not in part.split("</table>")[0]
    assert 'id="hours"' not in page_of(world.dan, "/cockpit/first_reply?since=2020-01-01&until=2020-01-31")
