"""The bench of the search: what it asks is found, and what it puts into the index is what the house would put there."""

import pytest
from django.utils import timezone

from fireside.activity.actor import house
from fireside.conversation.actions.seeking import index_posts
from fireside.conversation.models import Sought
from fireside.serving.bench import searching
from fireside.serving.bench.filling import fill

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def test_a_search_is_timed_in_a_filled_house():
    fill(300)
    lines = list(searching.rows(300, again=1))
    assert [line["name"] for line in lines] == ["search", "search.index"]
    for line in lines:
        assert line["size"] == 300 and 0 < line["p50_ms"] <= line["p95_ms"] <= line["p99_ms"] and line["cpu_ms"] > 0
    quick = {one.pk: sorted(one.words.replace("'", "").split()) for one in Sought.objects.all()}
    assert len(quick) == 300
    index_posts(house("worker", now=timezone.now()), posts=list(quick))
    slow = {one.pk: sorted(one.words.replace("'", "").split()) for one in Sought.objects.all()}
    tags = {token for words in slow.values() for token in words} - {token for words in quick.values() for token in words}
    assert {pk: [token for token in words if token not in tags] for pk, words in slow.items()} == quick
