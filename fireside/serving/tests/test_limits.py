"""How much one asker may ask for, counted where all processes see it."""

import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client

from conftest import ROOT
from fireside.serving import limits
from fireside.serving.limits import wait_for
from fireside.serving.models import Hits
from fireside.serving.rules import VISITOR_WRITES, Limit
from fireside.serving.sweeps import forget_hits

NOON = 1_800_000_000.0


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


def test_all_processes_count_together(transactional_db):
    """Four real processes, fifty requests each, under a limit of sixty: sixty pass."""
    code = (
        "import django; django.setup()\n"
        "from fireside.serving.limits import wait_for; from fireside.serving.rules import Limit\n"
        f"print(sum(wait_for(Limit('shared', 60, 3600), 'ben', now={NOON}) == 0 for _ in range(50)))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    passed = [int(one.communicate(timeout=120)[0].split()[-1]) for one in running]
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
    for _n in range(VISITOR_WRITES.most):
        assert client.post("/nothing-here", REMOTE_ADDR="198.51.100.7").status_code != 429
    page = client.post("/nothing-here", REMOTE_ADDR="198.51.100.7")
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 61
    assert words in page.content.decode()
    answer = client.post("/api/v1/nothing-here", REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert answer.json()["code"] == "slow_down"
    assert words in answer.json()["message"]
    assert client.post("/nothing-here", REMOTE_ADDR="198.51.100.8").status_code != 429


@pytest.mark.parametrize(("language", "words"), [("en", "too large"), ("zh-hans", "太大")])
def test_too_large_is_said_in_the_readers_language(language, words):
    client = Client(headers={"Accept-Language": language})
    page = client.post("/anything", **{"fireside.too_large": 12})
    assert page.status_code == 413
    assert words in page.content.decode()
    assert "12" in page.content.decode()


def test_the_cache_is_shared_between_processes(transactional_db):
    """Sign-in's own limits stand in the cache: what one process puts there, another finds."""
    cache.set("said", "here", 60)
    code = "import django; django.setup(); from django.core.cache import cache; print(cache.get('said'))"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True, timeout=60).split() == ["here"]
