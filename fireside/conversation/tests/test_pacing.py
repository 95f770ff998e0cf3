"""How fast and how much one member may write, and that it ends by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from fireside.conversation.actions import edit_post, open_topic, remove_post, reply, turn_into_chat
from fireside.conversation.models import Post
from fireside.conversation.pacing import rules
from fireside.conversation.pacing.rules import KNOWN, NEW, Said, is_new, why_not_yet
from fireside.lib.errors import Refused
from fireside.lib.tests.racers import begin_together, wait_for_the_word
from fireside.members.models import Member
from fireside.serving.models import HeldBack
from fireside.spaces.actions import join_space

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def ago(**units):
    return NOON - timedelta(**units)


# ── rules ────────────────────────────────────────────────────────────────────
@pytest.mark.once
@pytest.mark.parametrize(
    ("joined", "standing", "new"),
    [(ago(hours=23), 50, True), (ago(days=1), 3, False), (ago(days=1), 2, True), (ago(days=900), 0, True), (ago(days=900), 3, False)],
)
def test_who_is_new(joined, standing, new):
    assert is_new(joined_at=joined, now=NOON, standing=standing) is new


def said(*moments, opens=False):
    return [Said(at, opens, f"words {at}") for at in moments]


@pytest.mark.once
@pytest.mark.parametrize(
    ("pace", "before", "opens", "code", "wait"),
    [
        (KNOWN, said(ago(seconds=4)), False, "slow_post", 1),
        (KNOWN, said(ago(seconds=5)), False, "", 0),
        (NEW, said(ago(seconds=5)), False, "slow_post", 25),
        (KNOWN, said(ago(seconds=14), opens=True), True, "slow_topic", 1),
        (NEW, said(ago(seconds=100), opens=True), True, "slow_topic", 20),
        (NEW, said(*[ago(hours=n) for n in (1, 2, 3)], opens=True), True, "topics_full", 21 * 3600),
        (NEW, said(*[ago(hours=n) for n in (1, 2, 24)], opens=True), True, "", 0),
        (KNOWN, said(*[ago(hours=1 + n / 10) for n in range(20)], opens=True), True, "topics_full", int(21.1 * 3600) + 0),
        (NEW, said(*[ago(minutes=10 + n) for n in range(10)]), False, "replies_full", 24 * 3600 - 19 * 60),
        (NEW, said(*[ago(minutes=10 + n) for n in range(10)]), True, "", 0),
        (KNOWN, said(*[ago(minutes=10 + n) for n in range(50)]), False, "", 0),
    ],
)
def test_what_is_too_soon(pace, before, opens, code, wait):
    found = why_not_yet(pace, now=NOON, said=before, opens=opens, words="new", in_a_row=0)
    assert (found.code if found else "", found.wait if found else 0) == (code, wait)


@pytest.mark.once
@given(st.lists(st.tuples(st.integers(-3, 100_000), st.booleans()), max_size=30), st.booleans(), st.sampled_from([NEW, KNOWN]))
def test_who_waits_as_long_as_was_said_gets_through(ages, opens, pace):
    before = sorted((Said(ago(seconds=age), first, str(n)) for n, (age, first) in enumerate(ages)), key=lambda one: one.at, reverse=True)
    now, tries = NOON, 0
    while (found := why_not_yet(pace, now=now, said=before, opens=opens, words="new", in_a_row=0)) is not None:
        assert found.wait > 0
        now, tries = now + timedelta(seconds=found.wait), tries + 1
        assert tries <= 3  # another limit may stand behind the first
    assert why_not_yet(pace, now=now + timedelta(days=2), said=before, opens=opens, words="new", in_a_row=0) is None


@pytest.mark.once
def test_the_same_words_again():
    before = [Said(ago(minutes=4), False, rules.key_of("Buy  LAMPS\nhere"))]
    assert why_not_yet(KNOWN, now=NOON, said=before, opens=True, words="buy lamps here", in_a_row=0).code == "same_words"
    assert why_not_yet(KNOWN, now=NOON + timedelta(minutes=1), said=before, opens=True, words="buy lamps here", in_a_row=0) is None


# ── acts ─────────────────────────────────────────────────────────────────────
@pytest.fixture
def paced(world, settings):
    """Ben has been here for long and has spoken; Cat joined a moment ago."""
    for n in range(3):
        open_topic(world.as_("ben"), space=world.hearth, title=f"Before {n}", text=f"Before {n}")
    Post.objects.update(at=NOON - timedelta(days=9))
    Member.objects.filter(handle="ben").update(joined_at=NOON - timedelta(days=9))
    world.topic = open_topic(world.as_("ann"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    join_space(world.as_("cat"), space=world.hearth)
    settings.PACE = True
    return world


class no:
    """Refused, with this code."""

    def __init__(self, code):
        self.code = code

    def __enter__(self):
        self.inner = pytest.raises(Refused)
        self.caught = self.inner.__enter__()
        return self.caught

    def __exit__(self, *what):
        result = self.inner.__exit__(*what)
        assert self.caught.value.code == self.code, self.caught.value.code
        return result


def test_a_member_waits_a_moment_and_a_new_one_longer(paced):
    for name, gap in (("ben", 5), ("cat", 30)):
        reply(paced.as_(name), topic=paced.topic, text=f"one by {name}")
        with no("slow_post") as caught:
            reply(paced.as_(name), topic=paced.topic, text="two")
        assert caught.value.facts["wait"] == gap
        assert f"{gap} seconds" in str(caught.value)
        assert ("while you are new" in str(caught.value)) is (name == "cat")
        paced.later(seconds=gap)
        reply(paced.as_(name), topic=paced.topic, text="two")
        paced.later(minutes=10)


def test_links_and_mentions_of_a_new_member_also_by_a_later_edit(paced):
    three = "https://a.example https://b.example [c](https://c.example)"
    with no("many_links"):
        reply(paced.as_("cat"), topic=paced.topic, text=three)
    with no("many_mentions"):
        reply(paced.as_("cat"), topic=paced.topic, text="@ann @ben @dan come")
    post = reply(paced.as_("cat"), topic=paced.topic, text="https://a.example by @ann and @ben")
    with no("many_links"):
        edit_post(paced.as_("cat"), post=post, text=three)
    reply(paced.as_("ben"), topic=paced.topic, text=three)


def test_three_replies_in_a_row_until_somebody_else_has_spoken(paced):
    for n in range(3):
        reply(paced.as_("ben"), topic=paced.topic, text=f"and {n}")
        paced.later(minutes=1)
    with no("in_a_row"):
        reply(paced.as_("ben"), topic=paced.topic, text="and more")
    reply(paced.as_("ann"), topic=paced.topic, text="I see.")
    reply(paced.as_("ben"), topic=paced.topic, text="and more")


def test_it_ends_by_itself_and_removed_posts_do_not_count(paced):
    first = [reply(paced.later(minutes=2).as_("cat"), topic=open_by_ann(paced, n), text=f"hello {n}") for n in range(3)]
    paced.later(days=1)
    remove_post(paced.as_("dan"), post=first[0], reason="no")
    with no("many_links"):
        reply(paced.as_("cat"), topic=paced.topic, text="https://a.example https://b.example https://c.example")
    reply(paced.as_("cat"), topic=paced.topic, text="one more")
    paced.later(seconds=5)
    reply(paced.as_("cat"), topic=paced.topic, text="https://a.example https://b.example https://c.example")


def open_by_ann(world, n):
    return open_topic(world.later(minutes=2).as_("ann"), space=world.hearth, title=f"T{n}", text=f"text {n}")


def test_who_is_not_asked(paced, settings):
    """Those with a role, the organiser in their space, importers, the command line."""
    for name, via in (("dan", "web"), ("ann", "web"), ("cat", "cli"), ("cat", "import")):
        for n in range(5):
            reply(paced.as_(name, via), topic=paced.topic, text=f"{n} by {name} {via}")


def test_it_costs_one_query_for_members_and_two_for_those_who_spoke_long_ago(paced, django_assert_num_queries, settings):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(text, pace):
        settings.PACE = pace
        with CaptureQueriesContext(connection) as asked:
            reply(paced.later(minutes=1).as_("ben"), topic=paced.topic, text=text)
        reply(paced.as_("dan"), topic=paced.topic, text=f"so {text}")
        return len(asked)

    for words in ("a", "b", "c"):
        cost(words, False)
    hold = connection.vendor == "postgresql"
    plain = cost("one", False)
    assert cost("two", True) - plain == 1 + hold  # the posts of the last day; on PostgreSQL also the turn
    Post.objects.filter(author=paced.ben).update(at=NOON - timedelta(days=2))
    assert cost("three", True) - plain == 2 + hold  # and whether older ones stand


def say_at_once(line, pk, topic, n):
    from django.conf import settings

    settings.PACE = True
    from fireside.activity.actor import Actor
    from fireside.conversation.models import Topic

    actor = Actor(Member.objects.get(pk=pk), "web", datetime.now(UTC))
    wait_for_the_word(line)
    try:
        reply(actor, topic=Topic.objects.get(pk=topic), text=f"words {n}")
        line.send("said")
    except Refused as refusal:
        line.send(refusal.code)


@pytest.mark.django_db(transaction=True)
def test_of_four_that_race_one_is_said(transactional_db, racer):
    """Four processes of one member, each in a topic of its own."""
    from fireside.members.tests.world import make_people
    from fireside.spaces.tests.world import add_spaces

    world = add_spaces(make_people())
    topics = [open_topic(world.as_("ann"), space=world.hearth, title=f"T{n}", text="x") for n in range(4)]
    four = [racer(say_at_once, world.ben.pk, topic.pk, n) for n, topic in enumerate(topics)]
    begin_together(four)
    assert sorted(one.hear() for one in four) == ["said", "slow_post", "slow_post", "slow_post"]


# ── doors ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("language", "words"), [("en", "30 seconds"), ("zh-hans", "30 秒")])
def test_the_page_keeps_every_word_and_json_says_when(paced, language, words):
    client = Client(headers={"accept-language": language})
    client.force_login(paced.cat)
    Member.objects.filter(handle="cat").update(joined_at=datetime.now(UTC))
    assert client.post(f"/t/{paced.topic.pk}/replies", {"text": "first words"}).status_code == 302
    page = client.post(f"/t/{paced.topic.pk}/replies", {"text": "second words"})
    assert page.status_code == 422
    assert "second words" in page.content.decode()
    assert words.split()[1] in page.content.decode()
    answer = client.post(f"/api/v1/topics/{paced.topic.pk}/posts", {"text": "third"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "slow_post")
    assert 0 < int(answer["Retry-After"]) <= 30
    held = HeldBack.objects.get()
    assert (held.member_id, held.code, held.count) == (paced.cat.pk, "slow_post", 2)


def test_operators_see_who_was_held_back_and_everybody_sees_the_limits(paced):
    from fireside.serving.limits import note_held_back

    note_held_back(f"m{paced.cat.pk}", paced.cat.pk, "many_links")
    note_held_back("198.51.100.7", None, "slow_down")
    seen = {}
    for who in ("", "cat", "dan"):
        client = Client(headers={"accept-language": "en"})
        if who:
            client.force_login(paced.people[who])
        page = client.get("/limits")
        assert page.status_code == 200
        assert "links in one post" in page.content.decode()
        seen[who] = "198.51.100.7" in page.content.decode(), client.get("/api/v1/limits/held").status_code
    assert seen == {"": (False, 401), "cat": (False, 403), "dan": (True, 200)}
    rows = client.get("/api/v1/limits/held").json()["items"]
    assert {(row["handle"], row["address"], row["count"]) for row in rows} == {("cat", "", 1), ("", "198.51.100.7", 1)}
    assert {row["what"]: row["new"] for row in client.get("/api/v1/limits").json()}["links in one post"] == "2"


def test_what_is_known_of_who_was_held_back_goes_after_a_while(paced):
    from fireside.activity.actor import house
    from fireside.serving.limits import note_held_back
    from fireside.serving.sweeps import forget_hits

    note_held_back(f"m{paced.cat.pk}", paced.cat.pk, "many_links")
    note_held_back("198.51.100.7", None, "slow_down")
    now = datetime.now(UTC)
    forget_hits(house(now=now + timedelta(days=8)))
    assert [row.member_id for row in HeldBack.objects.all()] == [paced.cat.pk]
    forget_hits(house(now=now + timedelta(days=31)))
    assert not HeldBack.objects.exists()


def test_searches_have_a_limit_of_their_own(world, settings):
    from fireside.serving.rules import VISITOR_SEARCHES

    client = Client(REMOTE_ADDR="198.51.100.9")
    statuses = [client.get("/search?q=wick").status_code for _n in range(2 * VISITOR_SEARCHES.most + 1)]
    assert 429 in statuses
    assert statuses.index(429) >= VISITOR_SEARCHES.most
    assert client.get("/search").status_code == 200


def test_a_chat_has_a_pace_of_its_own(paced):
    turn_into_chat(paced.as_("ann"), topic=paced.topic)
    for _piece in range(6):  # in pieces, and the same word again
        reply(paced.as_("ben"), topic=paced.topic, text="yes")
        paced.later(seconds=1)
    reply(paced.as_("cat"), topic=paced.topic, text="hello")
    paced.later(seconds=2)
    with no("slow_post"):
        reply(paced.as_("cat"), topic=paced.topic, text="hello again")
    spam = "Buy my lamps at the corner shop"
    reply(paced.as_("ben"), topic=paced.topic, text=spam)
    paced.later(seconds=30)
    with no("same_words"):
        reply(paced.as_("ben"), topic=paced.topic, text=spam)
