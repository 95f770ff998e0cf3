"""Whatever values a page of Discourse holds, and whatever bytes a dump: each is a post or a reason, and nothing stops."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fireside.connectors.first_look import glance
from fireside.connectors.readers.chats import CHATS
from fireside.connectors.readers.copy_blocks import copy_rows
from fireside.connectors.rules.records import Unusable
from fireside.connectors.tests.test_discourse import POSTS, as_json

pytestmark = pytest.mark.django_db

ODD = st.recursive(st.none() | st.booleans() | st.integers(-5, 2**70) | st.text(max_size=6) | st.sampled_from(["10", "topic", "\ud800", "2024-01-05", 10, 5, 2]),
                   lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "count", "posts", "post_number"]), inner, max_size=3), max_leaves=5)  # fmt: skip
FIELDS = ["id", "title", "category_id", "user_id", "tags", "closed", "posts_count", "post_stream", "accepted_answer", "details", "topics", "categories", "category_list", "groups", "users", "permissions_params"]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=6),
    st.lists(st.tuples(st.sampled_from([*POSTS[1], "raw", "username", "actions_summary", "topic_id"]), ODD), max_size=3),
)
def test_any_values_are_posts_or_reasons(tmp_path, topic, odd):
    post = as_json(POSTS[1]) | dict(odd)
    (tmp_path / "10.json").write_text(json.dumps({"id": 10, "title": "T", "post_stream": {"posts": [post]}} | topic))
    try:
        archive = CHATS["discourse"].open(tmp_path)
    except Unusable:
        return
    for _twice in range(2):
        for found in archive.messages():
            assert (found.value is None) == bool(found.reason)
            if not found.reason:
                with contextlib.suppress(Unusable):
                    archive.read(found.value, datetime(2024, 2, 1, tzinfo=UTC))
    for told in (archive.standings, archive.counters, archive.helps, archive.subscriptions, archive.gone, archive.left_out):
        list(told())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([b"COPY public.posts (id, a) FROM stdin;\n", b"1\t\\x41\\101\\t\n", b"\\.\n", b"\\N\t2\n", b"\n"]),
        ),
        max_size=8,
    )
)
def test_any_bytes_are_rows_or_reasons(tmp_path, pieces):
    path = tmp_path / "dump.sql"
    path.write_bytes(b"-- PostgreSQL database dump\n" + b"".join(pieces))
    for table, found in copy_rows(path, {"posts"}):
        assert (found.value is None) == bool(found.reason) and (table == "posts" or found.reason == "cut_off")
    known, why = glance("discourse", path, now=datetime(2024, 1, 1, tzinfo=UTC))
    assert (known is None) == bool(why)
