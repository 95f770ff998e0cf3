"""Zulip's own ways of writing."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.connectors.rules.records import Unusable
from fireside.connectors.rules.zulip import (
    better_name,
    decode,
    encode,
    looks_encoded,
    mentions_in_html,
    mentions_in_markdown,
    quoted_message,
    read_message,
    split_stream,
)  # fmt: skip

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = {"id": 1, "timestamp": 1_600_000_000, "stream": "7", "topic": "t", "sender": "name:a", "content": "<p>x</p>"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_survives_its_address(words):
    assert decode(encode(words)) == words
    assert looks_encoded(encode(words))


@pytest.mark.parametrize(("address", "words"), [
    ("topic.20demonstration", "topic demonstration"), ("C.23.2F.2Enet", "C#/.net"), (".E2.9C.94.20done", "✔ done"), ("0.2E1.C2.B0", "0.1°"),
    ("swimming", "swimming"), ("v1.2 release", "v1.2 release"), ("bad.FF", "bad.FF"), ("low.2fcase", "low.2fcase"), ("50.25", "50%"),
])  # fmt: skip
def test_addresses_are_decoded_exactly(address, words):
    assert decode(address) == words


def test_a_stream_is_told_by_its_number_and_gets_its_full_name_from_the_talk():
    assert split_stream("407028-C.23.2F.2Enet-talk", encoded=True) == ("407028", "C#/.net-talk")
    assert split_stream("no number", encoded=False) == ("name:no number", "no number")
    assert better_name("new-members", {"new members": 3, "news": 9}) == "new members"
    assert better_name("new-members", {}) == "new-members"


def test_mentions_call_people_but_silent_ones_and_groups_do_not():
    html = (
        '<p><span class="user-mention" data-user-id="12">@Ada &amp; Co</span> <span class="user-mention silent" data-user-id="13">Bo</span>'
        '<span class="user-mention" data-user-id="*">@all</span><span class="user-group-mention user-mention" data-user-id="4">@crew</span></p>'
    )
    assert mentions_in_html(html) == (("12", "Ada & Co"),)
    assert mentions_in_markdown("@**Ada|12** and @**Bo** not @_**Cy** not `@**Di**` @**all**") == (("12", "Ada"), ("", "Bo"))


def test_a_quote_at_the_beginning_says_what_is_answered():
    new = '<p><span class="user-mention silent" data-user-id="1">Ada</span> <a href="#narrow/stream/7-x/topic/y/near/99">said</a>:</p>'
    old = '<p><em>Ada</em> <a href="https://z.example/#narrow/stream/7-x/topic/y/near/98">写道</a>:</p>'
    assert (quoted_message(new, "html"), quoted_message(old, "html"), quoted_message("<p>so Ada said</p>", "html")) == ("99", "98", "")
    assert quoted_message("@_**Ada|1** [said](https://z.example/#narrow/near/97):\n```quote", "md") == "97"


@pytest.mark.parametrize(("change", "reason"), [
    ({"id": None}, "no_id"), ({"id": True}, "no_id"), ({"id": -4}, "no_id"), ({"id": 2**70}, "no_id"), ({"id": "x"}, "no_id"),
    ({"timestamp": None}, "no_time"), ({"timestamp": "now"}, "impossible_time"), ({"timestamp": 5}, "impossible_time"),
    ({"timestamp": 1e12}, "impossible_time"), ({"timestamp": float("inf")}, "impossible_time"), ({"stream": None}, "no_place"),
    ({"topic": 7}, "no_place"), ({"sender": None}, "no_sender"), ({"content": None}, "no_text"), ({"content": "a\0b"}, "bad_characters"),
    ({"content": "\ud800"}, "bad_characters"), ({"topic": "\udc00"}, "bad_characters"),
])  # fmt: skip
def test_what_cannot_be_a_message_says_why(change, reason):
    with pytest.raises(Unusable) as wrong:
        read_message(GOOD | change, now=NOW)
    assert wrong.value.reason == reason


@given(
    st.dictionaries(
        st.sampled_from(list(GOOD)), st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
    )
)
def test_whatever_stands_there_it_is_a_message_or_a_reason(change):
    with suppress(Unusable):
        assert read_message(GOOD | change, now=NOW).id.isdigit()
