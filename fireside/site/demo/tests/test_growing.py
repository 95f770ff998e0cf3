"""The sample moves in by real actions, stops and goes on, and leaves an empty house behind; a real house is never touched."""

import json
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from fireside.activity import jobs
from fireside.activity.actor import Actor, house
from fireside.activity.models import Activity, Job
from fireside.conversation.models import File, Helped, Post, Reaction, Topic, TopicTag
from fireside.conversation.queries import talks
from fireside.lib.errors import Refused
from fireside.members.actions import set_up_community
from fireside.members.models import Member
from fireside.members.queries import find_member, the_community, the_owner
from fireside.site.demo import clearing, growing
from fireside.site.demo.clearing import clear_sample
from fireside.site.demo.growing import JOB, grow, plan_for, start_demo
from fireside.spaces.models import AskToJoin, Belonging, Space

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 18, 6, 5, tzinfo=UTC)
SMALL = {"seed": 1, "members": 45, "days": 18}


def by_the_house(now: datetime = NOW) -> Actor:
    return Actor(None, "cli", now, seed="test")


def move_in(**size: int) -> Job:
    return jobs.run_here(by_the_house(), JOB, SMALL | size)


def rows() -> dict[str, int]:
    """Tables that hold something; left out are those of the code itself, and how often somebody asked in this minute."""
    counted = {}
    for table in connection.introspection.table_names():
        if table not in clearing.STAYS | {"serving_hits"} and not table.startswith(
            ("conversation_sought_words_", "sqlite_")
        ):  # as FTS5 keeps it
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                if n := cursor.fetchone()[0]:
                    counted[table] = n
    return counted


def found_real_house() -> None:
    set_up_community(
        by_the_house(), name="Lantern Works", purpose="", kind="product", languages=["en"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@example.org", owner_password="a-long-lantern-9",
    )  # fmt: skip


def without_pictures(text: str) -> str:
    """The words: a picture's address has its number in this house."""
    return re.sub(r"\n\n!\[[^]]*\]\(/files/\d+\)", "", text)


# ── moving in ──
def test_it_moves_in_by_the_plan(empty_house):
    row = move_in()
    plan = plan_for(by_the_house(), **SMALL, end=NOW)
    verbs = Counter(act.verb for act in plan.acts)
    assert (row.state, row.error) == ("done", "") and row.done == row.total == len(plan.acts) == row.counts["acts"]
    community = the_community()
    assert community is not None and community.is_sample and community.time_zone == "Asia/Shanghai"
    members = Member.objects.all()
    assert members.count() == 45 and not members.filter(is_sample=False).exists()
    assert not [member.name for member in members if member.has_usable_password()]
    assert members.filter(is_bot=True, bot_reason="operator").count() == 2
    assert Counter(members.values_list("role", flat=True))["support"] == 2 and the_owner().name == "安然 Ann"
    private, open_to_all = Topic.objects.filter(space__isnull=True), Topic.objects.filter(space__isnull=False)
    assert open_to_all.count() == verbs["open"] == row.counts["topics"]
    assert Post.objects.filter(topic__in=open_to_all).count() == verbs["open"] + verbs["reply"] == row.counts["posts"]
    assert private.count() == verbs["begin"] == 3 and Post.objects.filter(topic__in=private).count() == verbs["begin"] + verbs["say"] == 13
    assert Reaction.objects.count() == verbs["react"] and Helped.objects.count() == verbs["helped"]
    assert Topic.objects.filter(accepted__isnull=False).count() <= verbs["accept"]
    assert Topic.objects.filter(pin_until__isnull=False).count() == verbs["pin"] == 2 and TopicTag.objects.exists()
    shown = {pk for text in Post.objects.values_list("source_text", flat=True) for pk in re.findall(r"/files/(\d+)", text)}
    assert len(shown) == File.objects.count() == sum("cup" in act.what for act in plan.acts) > 0
    assert Space.objects.filter(slug="repair-bench").exists() and Space.objects.get(openness="hidden").slug.startswith("hosts-")
    # Every act is a line of the log, made through the door of samples, at its own moment; joining by writing adds some.
    log = Activity.objects.all()
    assert log.count() >= len(plan.acts) and set(log.values_list("via", flat=True)) == {"sample"}
    assert (
        not log.filter(imported=True).exists()
        and not log.filter(at__gte=NOW).exists()
        and not log.filter(at__lt=NOW - timedelta(days=18)).exists()
    )
    kinds = Counter(log.values_list("kind", flat=True))
    assert kinds["conversation.replied"] == verbs["reply"] and kinds["conversation.helped"] == verbs["helped"]
    # Only lines that the stock marks as answers were accepted, or helped somebody.
    able = {said.text for thread in plan.threads for said in thread.posts if said.line and thread.scene.can_help(said.line)}
    crowned = {*Helped.objects.values_list("post__source_text", flat=True)}
    crowned |= {*Topic.objects.filter(accepted__isnull=False).values_list("accepted__source_text", flat=True)}
    assert len(crowned) > 5 and crowned <= able
    # The numbers are there at once.
    assert apps.get_model("insights", "Segment").objects.exists() and apps.get_model("insights", "Answer").objects.exists()


def test_whoever_looks_around_finds_private_conversations_and_nobody_else_does(empty_house, quick):
    move_in(members=40, days=14)
    mine = talks(the_owner()).rows
    assert [(len(one.others), one.unread, one.asked) for one in mine] == [(2, True, False), (1, True, False), (1, True, False)]
    said = " ".join(Post.objects.filter(topic__space__isnull=True).values_list("source_text", flat=True))
    assert "补寄" in said and "walnut" in said, "in both languages"
    assert [card.name for card in mine[0].others] == ["丹 Dan", "Nell Haworth"]
    assert not talks(find_member(the_owner(), "tobi")).rows and not talks(find_member(the_owner(), "laoke")).rows
    assert all(wide in mine[0].title for wide in ("周六", "Saturday"))


@pytest.mark.once
def test_the_same_seed_makes_the_same_community(empty_house, quick):
    def words() -> list[tuple[str, str, datetime]]:
        rows = Post.objects.order_by("at", "author__handle").values_list("author__handle", "source_text", "at")
        return [(handle, without_pictures(text), at) for handle, text, at in rows]

    move_in(members=30, days=10)
    one = words()
    clear_sample(by_the_house())
    move_in(members=30, days=10)
    assert words() == one and len(one) > 20


def test_stopped_half_way_it_goes_on(empty_house, quick, monkeypatch):
    monkeypatch.setattr(growing, "BATCH", 30)
    plan = plan_for(by_the_house(), **SMALL, end=NOW)

    def stop_at_half(progress: jobs.Progress) -> None:
        if progress.done > len(plan.acts) // 2:
            jobs.stop(progress.row.pk)

    row = jobs.run_here(by_the_house(), JOB, SMALL, show=stop_at_half)
    assert row.state == "stopped" and 0 < row.done < len(plan.acts) and row.marks["done"] == row.done
    assert Post.objects.count() == len(row.marks["posts"])  # marks and acts are one commit
    jobs.resume(row.pk)
    later = NOW + timedelta(minutes=20)  # another worker, later: the half year still ends where it was to end
    again = jobs.run_job(jobs.claim_next(datetime.now(UTC)), by_the_house(later))
    assert (again.state, again.error) == ("done", "")
    written = {(act.at, act.what["text"]) for act in plan.acts if act.verb in {"open", "reply"}}
    edited = {act.what["text"] for act in plan.acts if act.verb == "edit"}
    written |= {(act.at, act.what["text"]) for act in plan.acts if act.verb in {"begin", "say"}}
    assert Post.objects.count() == len([act for act in plan.acts if act.verb in {"open", "reply", "begin", "say"}])
    here = {(at, without_pictures(text)) for at, text in Post.objects.values_list("at", "source_text")}
    assert {post for post in here if post[1] not in edited} <= written


def test_stopped_before_words_in_the_hidden_room_it_goes_on(empty_house, quick, monkeypatch):
    monkeypatch.setattr(growing, "BATCH", 1)
    acts = plan_for(by_the_house(), **SMALL, end=NOW).acts
    made = next(place for place, act in enumerate(acts) if act.verb == "space" and act.what["space"] == "hosts")
    assert any(act.what.get("space") == "hosts" for act in acts[made + 1 :])

    def stop_there(progress: jobs.Progress) -> None:
        if progress.done == made + 2:  # the act under way when it is told to stop is undone
            jobs.stop(progress.row.pk)

    row = jobs.run_here(by_the_house(), JOB, SMALL, show=stop_there)
    assert (row.state, row.done) == ("stopped", made + 1)
    monkeypatch.setattr(growing, "BATCH", 120)  # the rest goes quicker
    again = jobs.run_here(by_the_house(), JOB, SMALL, left=row)
    assert (again.state, again.error) == ("done", "")


def test_it_keeps_counters_that_are_true(empty_house, quick):
    move_in()
    for space in Space.objects.all():
        people = Belonging.objects.filter(space=space, member__is_bot=False).count()
        assert (space.members_count, space.topics_count) == (people, Topic.objects.filter(space=space, removed_at=None).count())


@pytest.mark.once
def test_private_rooms_were_asked_for_and_opened(empty_house, quick):
    move_in(members=110, days=80)
    assert AskToJoin.objects.filter(let_in=True).count() >= 3
    assert Belonging.objects.filter(space__openness="hidden").count() >= 8
    inside = set(Belonging.objects.filter(space__slug="small-mill-trial").values_list("member_id", flat=True))
    assert set(Post.objects.filter(topic__space__slug="small-mill-trial").values_list("author_id", flat=True)) <= inside


# ── the doors ──
@pytest.mark.once
def test_only_an_empty_house_takes_a_sample(empty_house, quick, capsys):
    found_real_house()
    with pytest.raises(Refused) as no:
        start_demo(by_the_house())
    assert no.value.code == "real_community"
    row = move_in()
    assert row.state == "failed" and "Lantern Works" in row.error and Member.objects.count() == 1
    with pytest.raises(SystemExit) as code:
        call_command("demo", "--json", "--members", "40", "--days", "14")
    assert code.value.code == 2 and json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "real_community"


@pytest.mark.once
def test_asking_twice_follows_one(empty_house):
    visitor = Actor(None, "web", NOW)
    assert start_demo(visitor).pk == start_demo(visitor).pk
    assert Job.objects.count() == 1


@pytest.mark.once
def test_a_size_that_makes_no_sense_is_refused(empty_house):
    row = move_in(members=3)
    assert row.state == "failed" and "25 to 5000" in row.error and the_community() is None


@pytest.mark.once
def test_the_command_moves_in_and_out(empty_house, quick, capsys):
    call_command("demo", "--json", "--members", "40", "--days", "14")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["state"] == "done" and told["members"] == 40 and told["posts"] == Post.objects.filter(topic__space__isnull=False).count()
    with pytest.raises(SystemExit):  # a second one is refused
        call_command("demo", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "sample_there"
    call_command("demo", "--remove", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["state"] == "removed"
    assert rows() == {} and the_community() is None


def test_stopped_at_the_terminal_the_same_command_goes_on(empty_house, quick, capsys, monkeypatch):
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(growing, "time", SimpleNamespace(sleep=interrupted))  # ^C after the first batch
        with pytest.raises(SystemExit) as code:
            call_command("demo", "--json", "--members", "40", "--days", "14")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (code.value.code, told["state"]) == (130, "stopped") and f"/jobs/{told['job']}" in told["message"]
    with pytest.raises(Refused) as no:  # the page of set-up leads there, too
        start_demo(by_the_house())
    assert (no.value.code, no.value.facts["href"]) == ("sample_half", f"/jobs/{told['job']}")
    with pytest.raises(SystemExit):
        call_command("demo", "--json", "--members", "50")
    other = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert other["code"] == "sample_half" and "--members 40 --days 14" in other["message"]
    call_command("demo", "--json")
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (again["state"], again["job"], again["members"]) == ("done", told["job"], 40) and Job.objects.count() == 1


@pytest.mark.long
@pytest.mark.once
def test_half_a_year_in_less_than_ninety_seconds(empty_house, full):
    """With FULL=1 the whole sample, by the time of its core; else a tenth of the people, only that it comes whole."""
    size = {"members": 1000, "days": 180} if full else {"members": 100, "days": 90}
    began, worked = time.monotonic(), time.process_time()
    row = jobs.run_here(house("cli"), JOB, {"seed": 1} | size)
    wall, cpu = time.monotonic() - began, time.process_time() - worked
    print(f"\nsample: {row.counts['acts']} acts, {Activity.objects.count()} lines in {wall:.1f} s ({cpu:.1f} s of one core)")
    assert row.state == "done", row.error
    if full:
        assert row.counts["acts"] >= 20_000 and Activity.objects.count() >= 20_000 and Member.objects.count() == 1000
        assert cpu < 90  # on a machine that is free the wall says no more than this; beside other tests it says nothing


def test_grow_is_the_job():
    assert grow.__module__ == "fireside.site.demo.growing" and JOB in jobs.JOBS
