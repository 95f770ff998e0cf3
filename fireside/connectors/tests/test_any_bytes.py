"""Whatever bytes are handed in as a chat: nothing breaks, every record is a message or left out with a reason, and one bad one costs itself."""

import json
import string
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireside.connectors.readers.chats import CHATS
from fireside.connectors.reasons import REASONS
from fireside.connectors.rules.records import Found, Unusable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHATLAB = json.dumps({
    "chatlab": {"version": "0.0.2"}, "meta": {"name": "灯下", "platform": "qq", "type": "group"}, "members": [{"platformId": "1", "accountName": "安"}],
    "messages": [{"sender": "1", "accountName": "安", "timestamp": 1_700_000_000 + n, "type": 0, "content": f"话 @安 {n}"} for n in range(5)],
}, ensure_ascii=False)  # fmt: skip
WHOLE = {"chatlab": CHATLAB}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable + "安\u2005\x00"),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3),
    max_leaves=6,
)


def read_all(importer: str, data: bytes) -> tuple[int, int, list[str]] | str:
    """How many records, how many messages, why the others are none; or why the file is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "talk"
        path.write_bytes(data)
        try:
            archive = CHATS[importer].open(path)
            found: list[Found] = list(archive.messages())
        except Unusable as wrong:
            return wrong.reason
        good, bad = 0, []
        for one in found:
            try:
                if one.reason:
                    raise Unusable(one.reason)
                message = archive.read(one.value, NOW)
            except Unusable as wrong:
                bad.append(wrong.reason)
            else:
                good += 1
                assert message.sender in archive.known.people and message.stream in archive.known.streams
                assert len(message.id) <= 180 and len(message.topic) <= 200 and message.text
    assert all(reason in REASONS for reason in bad), bad
    return len(found), good, bad


@pytest.mark.parametrize("importer", WHOLE)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes(importer, data):
    read_all(importer, data)


@pytest.mark.parametrize("importer", WHOLE)
@settings(max_examples=120, deadline=None)
@given(at=st.integers(0, 10_000), gone=st.integers(0, 6), put=st.binary(max_size=6))
def test_a_whole_file_in_which_some_bytes_are_others(importer, at, gone, put):
    data = WHOLE[importer].encode()
    at %= len(data)
    told = read_all(importer, data[:at] + put + data[at + gone :])
    assert isinstance(told, str) or told[0] == told[1] + len(told[2])


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["sender", "accountName", "timestamp", "type", "content", "platformMessageId", "replyToMessageId", "aliases"]), anything), max_size=4), late=st.booleans(), indent=st.sampled_from([None, 0, 2]))  # fmt: skip
def test_a_chatlab_file_of_any_values(rows: list[dict[str, Any]], late, indent):
    body = json.loads(CHATLAB)
    body["messages"] = [*rows, *body["messages"]]
    body["members"].append({"platformId": rows[0].get("sender") if rows else None})
    if late:
        body["meta"] = body.pop("meta")
    told = read_all("chatlab", json.dumps(body, indent=indent).encode())  # NaN and Infinity are written, and are no JSON
    assert not isinstance(told, str) and told[1] >= 5 and len(rows) + 5 <= told[0] <= len(rows) + 6
