"""A search of words that very many posts hold: the latest are looked at first, and wider when they are not what was asked for."""

import sys
from datetime import timedelta

import pytest

from fireside.activity import jobs
from fireside.activity.worker import react_until_quiet
from fireside.conversation.models import Post
from fireside.conversation.tests.test_search import find, say, titles

pytestmark = pytest.mark.both


def test_what_the_index_cannot_narrow_down_is_found_behind_many_later_ones(world, monkeypatch):
    """Of a common word the latest few are looked at first: a question that waits, and a day of the month, stand behind them."""
    for n in range(12):
        topic = say(world, f"lamp {n}", "a lamp", asks=n == 2)
        if n < 4:
            Post.objects.filter(topic=topic).update(at=world.now - timedelta(days=1))
        if n > 5:
            say(world, f"shade {n}", "another lamp", who="ann", space=world.cellar)
    react_until_quiet(world.now)
    jobs.run_here(world.as_("olu"), "conversation.index", {})
    module = sys.modules["fireside.conversation.queries.search"]
    for name, number in {"LOOKED": 30, "PIECE": 2, "RANKED": 4, "TITLES": 1, "ENOUGH": 5, "FEW": 0}.items():
        monkeypatch.setattr(module, name, number)
    everything = find(world, "lamp")
    assert {hit.title for hit in everything.rows} == {"lamp 11", "lamp 10", "lamp 9", "lamp 8"} and everything.more
    assert titles(world, "lamp", state="waiting") == ["lamp 2"]
    yesterday = (world.now - timedelta(days=1)).date()
    assert set(titles(world, "lamp", until=yesterday)) == {"lamp 3", "lamp 2", "lamp 1", "lamp 0"}
    assert not find(world, "lamp", until=yesterday, state="waiting").more
    monkeypatch.setattr(module, "LOOKED", 11)  # five that Cat may read, and six that she may not: none of yesterday
    found = find(world, "lamp", until=yesterday)
    assert {hit.title for hit in found.rows} == set() and found.more
    monkeypatch.setattr(module, "RANKED", 6)  # of what was looked at she may read fewer: nothing tells her that there is more
    assert not find(world, "lamp", until=yesterday).more
