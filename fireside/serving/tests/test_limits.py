"""How much one asker may ask for, counted where all processes see it."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from fireside.lib.tests.racers import begin_together, wait_for_the_word
from fireside.serving import limits, rules
from fireside.serving.limits import wait_for
from fireside.serving.models import Hits
from fireside.serving.rules import MEMBER_WRITES, TOKEN_WRITES, VISITOR_WRITES, Limit
from fireside.serving.sweeps import forget_hits

NOON = 1_800_000_000.0
LONG = 10**9  # seconds: no window of this length begins anew while a test runs


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    limits._mine.clear()
    cache.clear()


def test_so_many_and_no_more_until_the_window_is_over():
    three = Limit("three", 3, 60)
    waits = [wait_for(three, "ben", now=NOON + 10) for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == waits[4] > 0
    assert wait_for(three, "cat", now=NOON + 10) == 0
    assert wait_for(three, "ben", now=NOON + 10 + waits[3]) == 0


def test_in_steps_the_first_ones_cost_nothing(django_assert_num_queries):
    many = Limit("many", 20, 60, step=10)
    with django_assert_num_queries(0):
        assert not any(wait_for(many, "ben", now=NOON) for _ in range(9))
    assert [bool(wait_for(many, "ben", now=NOON)) for _ in range(12)] == [False] * 11 + [True]


def ask_fifty_times(line):
    wait_for_the_word(line)
    line.send(sum(wait_for(Limit("shared", 60, 3600), "ben", now=NOON) == 0 for _ in range(50)))


def test_all_processes_count_together(transactional_db, racer):
    """Four real processes, fifty requests each, under a limit of sixty: sixty pass."""
    four = [racer(ask_fifty_times) for _n in range(4)]
    begin_together(four)
    passed = [one.hear() for one in four]
    assert sum(passed) == 60, passed


def test_what_is_over_is_forgotten(settings):
    from fireside.activity.actor import house

    settings.VALKEY_URL = ""
    wait_for(Limit("short", 3, 1), "ben", now=NOON)
    forget_hits(house())  # NOON lies in the future of this test's clock
    assert Hits.objects.count() == 1
    from datetime import UTC, datetime

    forget_hits(house(now=datetime.fromtimestamp(NOON + 3600, UTC)))
    assert Hits.objects.count() == 0


@pytest.mark.parametrize(("language", "words"), [("en", "go on in"), ("zh-hans", "秒")])
def test_too_many_is_a_page_and_json_in_the_readers_language(language, words):
    client = Client(headers={"Accept-Language": language})
    statuses = []
    while 429 not in statuses and len(statuses) <= 2 * VISITOR_WRITES.most:  # the minute that counts may end in the middle
        page = client.post("/nothing-here", REMOTE_ADDR="198.51.100.7")
        statuses.append(page.status_code)
    assert statuses[-1] == 429
    assert len(statuses) > VISITOR_WRITES.most
    assert 0 < int(page.headers["Retry-After"]) <= 61
    assert words in page.content.decode()
    answer = client.post("/api/v1/nothing-here", REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert answer.json()["code"] == "slow_down"
    assert words in answer.json()["message"]
    assert client.post("/nothing-here", REMOTE_ADDR="198.51.100.8").status_code != 429


def writes_with(secret, address):
    """The status of one write through the JSON door: a draft's preview, which costs nothing else."""
    head = {"Authorization": f"Bearer {secret}"}
    return Client(REMOTE_ADDR=address, headers=head).post("/api/v1/preview", {"text": "x"}, content_type="application/json").status_code


@pytest.fixture
def narrow(monkeypatch):
    """Five writes for a token, three for a visitor: enough to see who is counted as whom."""
    monkeypatch.setattr(rules, "TOKEN_WRITES", Limit("token-writes", 5, LONG))
    monkeypatch.setattr(rules, "VISITOR_WRITES", Limit("visitor-writes", 3, LONG))
    assert (TOKEN_WRITES.most, MEMBER_WRITES.most, VISITOR_WRITES.most) == (300, 60, 30)


def test_tokens_are_counted_by_account_wherever_they_come_from(world, narrow):
    from fireside.members.actions import make_token

    _one, first = make_token(world.as_("ann"), name="one", scopes=["write"])
    _two, second = make_token(world.as_("ann"), name="two", scopes=["write"])
    _his, other = make_token(world.as_("ben"), name="his", scopes=["write"])
    said = [writes_with(secret, f"198.51.100.{n}") for n, secret in enumerate((first, second) * 4)]
    assert said == [200] * 5 + [429] * 3  # another token, another address: the same account
    assert writes_with(other, "198.51.100.1") == 200


def test_what_is_no_token_is_counted_by_address_and_never_against_a_true_one(world, narrow, django_assert_num_queries):
    from fireside.members.actions import make_token

    _token, true = make_token(world.as_("ann"), name="true", scopes=["write"])
    made_up = "fs_" + "x" * 43
    assert [writes_with(made_up, "198.51.100.7") for _n in range(5)] == [401] * 3 + [429] * 2
    assert writes_with("fs_short", "198.51.100.7") == 429
    assert writes_with(made_up, "198.51.100.8") == 401
    assert writes_with(true, "198.51.100.7") == 200  # from the same office as whoever guesses
    with django_assert_num_queries(0 if settings_of_limits_in_valkey() else 1):  # the count; what has not a token's shape is not looked up
        writes_with("guess", "198.51.100.9")


def settings_of_limits_in_valkey():
    return bool(settings.VALKEY_URL)


def test_a_token_is_read_once_a_request(world, django_assert_num_queries):
    from fireside.members.actions import make_token

    _token, secret = make_token(world.as_("ann"), name="reads", scopes=["read"])
    head = {"Authorization": f"Bearer {secret}"}
    assert Client(headers=head).get("/api/v1/me").status_code == 200
    with django_assert_num_queries(1):  # the token with its member, for the limit and for the door
        assert Client(headers=head).get("/api/v1/me").status_code == 200


def write_twenty_times(line, secret):
    settings.ALLOWED_HOSTS = ["*"]
    rules.TOKEN_WRITES = Limit("token-writes", 30, LONG)
    wait_for_the_word(line)
    line.send(sum(writes_with(secret, f"198.51.100.{n}") == 200 for n in range(20)))


@pytest.mark.django_db(transaction=True)
def test_an_account_racing_with_two_tokens_gets_what_one_account_gets(transactional_db, racer):
    """Four real processes with two tokens of one member write twenty times each, where thirty are allowed: thirty pass."""
    from fireside.members.actions import make_token
    from fireside.members.tests.world import make_people

    world = make_people()
    secrets = [make_token(world.as_("ann"), name=f"t{n}", scopes=["write"])[1] for n in (1, 2)]
    four = [racer(write_twenty_times, secrets[n % 2]) for n in range(4)]
    begin_together(four)
    passed = [one.hear() for one in four]
    assert sum(passed) == 30, passed


@pytest.mark.parametrize(("language", "words"), [("en", "too large"), ("zh-hans", "太大")])
def test_too_large_is_said_in_the_readers_language(language, words):
    client = Client(headers={"Accept-Language": language})
    page = client.post("/anything", **{"fireside.too_large": 12})
    assert page.status_code == 413
    assert words in page.content.decode()
    assert "12" in page.content.decode()


def say_what_stands_there(line):
    line.send(cache.get("said"))


def test_the_cache_is_shared_between_processes(transactional_db, racer):
    """Sign-in's own limits stand in the cache: what one process puts there, another finds."""
    cache.set("said", "here", 60)
    assert racer(say_what_stands_there).hear() == "here"
