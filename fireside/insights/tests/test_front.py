"""The cockpit's front page: figures of one instant, who waits in all, what came before, and links that lead to what they count."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.conversation.actions import open_topic, remove_post, reply, say_helped
from fireside.insights import actions, queries
from fireside.insights.models import Answer
from fireside.insights.queries.standing import PERIODS, standing_answers, standing_of
from fireside.insights.rules import day_of
from fireside.members.actions import change_community
from fireside.site.tests.tour import reads_in

pytestmark = [pytest.mark.django_db]
ALL = len(standing_of("week"))


@pytest.fixture
def quick(monkeypatch):
    """Answers that say only of which instant they are: what is kept with what is proved without counting anything."""

    def compute(metric, params, state, among=None):
        moment = datetime.fromtimestamp(params.as_of_ms // 1000, UTC).isoformat().replace("+00:00", "Z")
        since, until = (day_of(day).isoformat() for day in (params.since, params.until))
        clock = {"as_of": moment, "as_of_day": params.as_of_day, "time_zone": params.zone, "since": since, "until": until}
        return {"metric": metric.name, "clock": clock}

    monkeypatch.setattr("fireside.insights.actions.answers.compute_answer", compute)


def signed_in(member):
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(member, address="/cockpit", **said):
    answer = signed_in(member).get(address, said)
    assert answer.status_code == 200, address
    return answer.content.decode()


def ask(world, who, title, *, at):
    return open_topic(world.as_(who).at(at), space=world.hearth, title=title, text="What now?")


def clocks(period):
    front = standing_answers(period)
    return {body["clock"]["as_of"] for part in (front.now, front.before) for body in part.values()}


def marks(period):
    return set(Answer.objects.filter(standing=True, params_key__startswith=f"standing:{period}").values_list("watermark", flat=True))


def test_standing_answers_are_made_once_until_something_moves(mirror, world, quick):
    actor = the_house("worker", now=world.now)
    actions.bring_up_to_date(actor)
    assert actions.refresh_standing(actor, only="week") == ALL == 11
    assert actions.refresh_standing(actor, only="week") == 0
    actions.move_mirror(actor)
    assert actions.refresh_standing(actor, only="week") == 0


def test_a_period_is_of_one_instant_though_time_was_up_in_the_middle(mirror, world, quick):
    """Somebody speaks between two rounds, and each round has time for next to nothing: every page still is of one instant."""
    now = timezone.now() - timedelta(hours=5)
    for minutes in (0, 10, 20):
        later = now + timedelta(minutes=minutes)
        ask(world, "ben", f"Handle {minutes}", at=later)
        worker = the_house("worker", now=later)
        actions.bring_up_to_date(worker)
        assert actions.refresh_standing(worker, seconds=0.000001) == ALL  # one period whole, and no more
        for period in PERIODS:
            assert len(clocks(period)) == len(marks(period)) == (1 if standing_answers(period).now else 0), period
    assert [standing_answers(period).whole for period in PERIODS] == [True, True, True, False]


def a_week_kept(world):
    """One question an hour ago, and the answers of the week made of it. Gives the moment and who made them."""
    now = timezone.now()
    ask(world, "ben", "Handle", at=now - timedelta(hours=1))
    worker = the_house("worker", now=now)
    actions.bring_up_to_date(worker)
    actions.refresh_standing(worker, only="week")
    return now, worker


def test_answers_of_different_instants_are_made_anew_together(mirror, world, quick):
    """What an older house kept one by one, and what was kept under another day's clock."""
    _now, worker = a_week_kept(world)
    row = Answer.objects.get(metric="talk", params_key="standing:week")
    row.body["clock"]["as_of"] = "2026-01-01T00:00:00Z"
    row.save()
    assert len(clocks("week")) == 2
    assert actions.refresh_standing(worker, only="week") == ALL
    assert len(clocks("week")) == 1


def test_when_the_community_changes_its_zone_the_cockpit_follows_in_the_next_rounds(mirror, world, quick):
    _now, worker = a_week_kept(world)
    change_community(world.as_("olu"), time_zone="America/Los_Angeles")
    assert actions.rebuild_here(worker)
    assert actions.refresh_standing(worker, only="week") == ALL
    assert {row.body["clock"]["time_zone"] for row in Answer.objects.filter(standing=True)} == {"America/Los_Angeles"}


def test_a_quiet_house_still_looks_again_after_a_while(mirror, world, quick):
    now = timezone.now()
    ask(world, "ben", "Handle", at=now - timedelta(hours=3))
    before = the_house("worker", now=now - timedelta(hours=2))
    actions.bring_up_to_date(before)
    actions.refresh_standing(before)
    later = the_house("worker", now=now)
    actions.bring_up_to_date(later)
    assert actions.refresh_standing(later, only="week") == ALL
    assert clocks("week") == {now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}


def test_another_day_is_of_one_instant_too(mirror, world, quick):
    now = timezone.now()
    ask(world, "ben", "Handle", at=now - timedelta(days=3))
    actions.bring_up_to_date(the_house("worker", now=now - timedelta(minutes=30)))
    day = (now - timedelta(days=1)).date().isoformat()
    first = the_house("worker", now=now - timedelta(minutes=30))
    front = actions.cockpit_answers(first, period="week", until=day)
    said = {"since": front.now["talk"]["clock"]["since"], "until": day, "by": "day"}
    Answer.objects.filter(metric="helped").delete()
    later = the_house("worker", now=now)
    actions.bring_up_to_date(later)  # nothing new: the same state of the mirror, looked at later
    actions.keep_answer(later, metric="helped", **said)
    front = actions.cockpit_answers(later, period="week", until=day)
    assert front.whole
    assert len({body["clock"]["as_of"] for part in (front.now, front.before) for body in part.values()}) == 1


def test_the_headline_says_who_waits_in_all_and_leads_there(mirror, world):
    """Ben asked 40 days ago: nobody who asked this week waits, and yet somebody does. Home says the same."""
    now = timezone.now()
    ask(world, "ben", "Handle", at=now - timedelta(days=40))
    ask(world, "cat", "Lamp", at=now - timedelta(days=200))  # after 90 days nobody waits
    answered = ask(world, "cat", "Hinge", at=now - timedelta(days=2))
    reply(world.as_("ann").at(now - timedelta(days=1)), topic=answered, text="Turn it.")
    actions.bring_up_to_date(the_house("worker", now=now))
    page = page_of(world.dan)
    assert "Nobody who asked in these 7 days still waits." in page
    assert "One question of the last 90 days waits in all" in page
    assert re.findall(r'<a class="btn main" href="([^"]*)', page) == ["/talk?show=waiting"]
    ring = page[page.index('<div class="circle') : page.index("</svg>", page.index('<div class="circle'))]
    assert 'class="wait"' in ring
    assert "One question waits" in page_of(world.dan, "/")
    there = page_of(world.dan, "/talk", show="waiting")
    assert "Handle" in there
    assert "Lamp" not in there
    reads_in(world.dan, "zh-CN")
    assert "近 90 天的提问还有 1 个在等" in page_of(world.dan)
    reads_in(world.dan, "en-GB")


def test_panels_compare_with_as_many_days_before(mirror, world):
    now = timezone.now()
    for days, who in ((1, "ben"), (2, "cat"), (2, "mira"), (8, "ben")):
        topic = ask(world, who, f"Handle {who} {days}", at=now - timedelta(days=days))
        post = reply(world.as_("ann").at(now - timedelta(days=days) + timedelta(minutes=30)), topic=topic, text="Turn it.")
        if who != "mira":
            say_helped(world.as_(who).at(now - timedelta(days=days) + timedelta(hours=1)), post=post)
    worker = the_house("worker", now=now)
    actions.bring_up_to_date(worker)
    page = page_of(world.dan)
    trends = [re.sub(r"<[^>]*>", "", words) for words in re.findall(r'<p class="trend">(.*?)</p>', page)]
    assert trends == [
        "So far: one more than in the 7 days before", "In the 7 days before it took 30 min.", "So far: 2 more than in the 7 days before",
        "So far: as many as in the 7 days before",
    ]  # fmt: skip
    front, talk = standing_answers("week"), {}
    since = datetime.fromisoformat(front.now["talk"]["clock"]["since"]).date()
    said = {"since": (since - timedelta(days=7)).isoformat(), "until": (since - timedelta(days=1)).isoformat(), "by": "day"}
    for metric in front.before:
        talk[metric] = queries.answer(metric, now=now, viewer=worker, **said)
        assert front.before[metric]["headline"] == talk[metric]["headline"], metric
    reads_in(world.dan, "zh-CN")
    page = page_of(world.dan)
    assert "比之前 7 天多 2" in page
    assert re.search("（<a[^>]*>3 个有了回应</a>）", page)


def test_each_panel_prints_its_own_clock_and_the_header_the_oldest(mirror, world):
    now, _worker = a_week_kept(world)
    row = Answer.objects.get(metric="talk", params_key="standing:week")
    older = (now - timedelta(minutes=4)).astimezone(UTC).replace(microsecond=0)
    row.body["clock"]["as_of"] = older.isoformat().replace("+00:00", "Z")
    row.save()
    page = page_of(world.dan)
    told = [moments("Up to", part) for part in page.split('<section class="question')[1:]]
    assert [number for number, at in enumerate(told, 1) if at == [older]] == [5, 7]
    assert [len(at) for at in told] == [1] * 8
    assert moments("Numbers up to", page) == [older]


def moments(words, page):
    return [datetime.fromisoformat(at).astimezone(UTC) for at in re.findall(words + r" <time datetime=\"([^\"]*)", page)]


def listed(page):
    return page.count('<a class="row apart pad"')


def test_removed_posts_are_shown_to_those_who_may_see_them(mirror, world):
    """Mira reads numbers, and neither the cellar nor removed topics: what is there is missing to her, also by the API."""
    now = timezone.now()
    hidden = open_topic(world.as_("ben").at(now - timedelta(hours=4)), space=world.cellar, title="In the cellar", text="?")
    away = ask(world, "ben", "Taken away whole", at=now - timedelta(hours=4))
    stands = ask(world, "ben", "Stands", at=now - timedelta(hours=4))
    posts = [reply(world.as_("ann").at(now - timedelta(hours=3)), topic=topic, text="No.") for topic in (hidden, stands)]
    for post in (*posts, away.posts.get(number=1)):
        remove_post(world.as_("dan").at(now - timedelta(hours=1)), post=post, reason="Not here.")
    actions.bring_up_to_date(the_house("worker", now=now))
    door = "/api/v1/metrics/talk/evidence?which=removed"
    told = {who: {one["name"] for one in signed_in(getattr(world, who)).get(door).json()["items"]} for who in ("dan", "mira")}
    assert told == {"dan": {"In the cellar", "Taken away whole", "Stands"}, "mira": {"Stands"}}
    assert signed_in(world.dan).get("/api/v1/metrics/talk?by=day").json()["headline"]["removed"] == 3
    page = page_of(world.mira, "/cockpit/talk/people", which="removed")
    assert "Stands" in page
    assert "cellar" not in page


def test_posts_and_helps_are_listed_for_those_who_may_read_them(mirror, world):
    """What was said in the cellar or in a removed topic is missing to Mira; a post removed from a topic that stands did help, and says so."""
    now = timezone.now()
    hidden = open_topic(world.as_("ben").at(now - timedelta(hours=4)), space=world.cellar, title="In the cellar", text="?")
    away, stands = (ask(world, "ben", title, at=now - timedelta(hours=4)) for title in ("Taken away whole", "Stands"))
    posts = [reply(world.as_("ann").at(now - timedelta(hours=3)), topic=topic, text="Turn it.") for topic in (hidden, away, stands)]
    for post in posts:
        say_helped(world.as_("ben").at(now - timedelta(hours=2)), post=post)
    for post in (away.posts.get(number=1), posts[2]):
        remove_post(world.as_("dan").at(now - timedelta(hours=1)), post=post, reason="Not here.")
    actions.bring_up_to_date(the_house("worker", now=now))
    every = {"In the cellar", "Taken away whole", "Stands"}
    for metric, which, each in (("talk", "posts", 2), ("helped", "said", 1)):
        told = {}
        for who in ("dan", "mira"):
            client, cursor, told[who] = signed_in(getattr(world, who)), "", []
            while cursor or not told[who]:  # a page at a time, of posts of one instant
                said = client.get(f"/api/v1/metrics/{metric}/evidence", {"which": which, "size": 2, "cursor": cursor}).json()
                cursor = said["next"]
                told[who] += [one["name"] for one in said["items"]]
        assert told["dan"] and {name: told["dan"].count(name) for name in every} == dict.fromkeys(every, each), which
        assert told["mira"] == ["Stands"] * each, which
    said = signed_in(world.dan).get("/api/v1/metrics/helped/evidence?which=said").json()
    assert (said["what"], {one["handle"] for one in said["items"]}) == ("helps", {world.ben.handle})
    assert "Ben, after a post of Ann that was removed since" in page_of(world.mira, "/cockpit/helped/people", which="said")


@pytest.mark.once
def test_a_number_of_one_is_said_as_one(mirror, world):
    now = timezone.now()
    topic = ask(world, "ben", "Handle", at=now - timedelta(hours=4))
    post = reply(world.as_("ann").at(now - timedelta(hours=3)), topic=topic, text="Turn it.")
    say_helped(world.as_("ben").at(now - timedelta(hours=2)), post=post)
    actions.bring_up_to_date(the_house("worker", now=now))
    ones = {"helped": ("once", "1 次"), "helped/people?which=topics": ("once", "1 次"), "talk": ("1 post", "1 条帖子"), "cores": ("1 act", "1 次"),
            "concentration": ("1 contribution", "1 次贡献"), "active": ("active on 1 day", "活跃 1 天")}  # fmt: skip
    for lang, place, names in (("en-GB", 0, list(ones)), ("zh-CN", 1, ["helped", "active"])):
        reads_in(world.dan, lang)
        for name in names:
            address = f"/cockpit/{name}" if "/" in name else f"/cockpit/{name}/people" + ("?which=interact" if name == "cores" else "")
            told = re.findall(r'<span class="small soft num nowrap">([^<]*)</span>', page_of(world.dan, address))
            assert ones[name][place] in [said.strip() for said in told], (lang, name, told)


def test_an_address_with_words_it_does_not_know_leads_to_the_one_it_does(world):
    client = signed_in(world.dan)
    for asked, known in {
        "/cockpit/members?foo=1": "/cockpit/members", "/cockpit?foo=1&period=year": "/cockpit?period=year",
        "/cockpit?from=singlemessage&isappinstalled=0": "/cockpit", "/cockpit/helped/people?which=helpers&x=%F0%9F%94%A5": "/cockpit/helped/people?which=helpers",
        "/cockpit/helped/csv?by=month&cursor=1": "/cockpit/helped/csv?by=month",
    }.items():  # fmt: skip
        answer = client.get(asked)
        assert (answer.status_code, answer.headers["Location"]) == (302, known), asked
    assert client.get("/cockpit/nonsense?foo=1").status_code == 404
    assert signed_in(world.ben).get("/cockpit?foo=1").status_code == 403
    answer = client.get("/cockpit?period=foo&until=2026-01-01")
    page = answer.content.decode()
    assert (answer.status_code, "Choose one from the list." in page) == (409, True)
    assert 'aria-describedby="period-error"' in page
    assert '<input type="hidden" name="until" value="2026-01-01">' in page
