"""Whatever bytes are handed in as a chat: nothing breaks, every record is a message or left out with a reason, and one bad one costs itself."""

import csv
import io
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
DISCORD = json.dumps({
    "guild": {"id": "7", "name": "Lamps"}, "channel": {"id": "100", "type": "GuildTextChat", "name": "lamps", "topic": None},
    "messages": [{"id": f"{n}", "type": "Default", "timestamp": "2023-01-02T03:04:05+00:00", "content": f"words {n}",
                  "author": {"id": "1", "name": "ada", "isBot": False}, "attachments": [], "reactions": [], "mentions": []} for n in range(5)],
}, indent=2)  # fmt: skip
QQ = "消息记录（此消息记录为文本格式，不支持重新导入）\n" + "".join(
    f"\n2019-07-16 18:15:0{n} 安和(1000123)\n话 @安和 {n}\n" for n in range(5)
)
WECHAT = "Type,SubType,IsSender,CreateTime,StrContent,StrTime,NickName,Sender\n" + "".join(
    f"1,0,0,{1_700_000_000 + n},话 {n},2023-11-15 06:13:20,灯下,{who}\n" for n, who in enumerate(["安和", "Bo"] * 3)
)
WHOLE = {"chatlab": CHATLAB, "discord": DISCORD, "qq": QQ, "wechat": WECHAT}
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
            list(archive.reactions()), list(archive.counters()), list(archive.subscriptions())
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
    assert not isinstance(told, str) and told[1] >= 5 and (told[0] == len(rows) + 5 or "bad_json" in told[2])


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["id", "type", "timestamp", "content", "author", "attachments", "embeds", "stickers", "reactions", "mentions", "reference", "forwardedMessage", "isPinned"]), anything | st.lists(st.dictionaries(st.sampled_from(["id", "name", "users", "emoji", "fileName", "title"]), anything, max_size=3), max_size=2), max_size=6), max_size=4))  # fmt: skip
def test_a_discord_file_of_any_values(rows: list[dict[str, Any]]):
    body = json.loads(DISCORD)
    body["messages"] = [*rows, *body["messages"]]
    told = read_all("discord", json.dumps(body, indent=2).encode())
    assert not isinstance(told, str) and told[1] >= 5 and (told[0] == len(rows) + 5 or "bad_json" in told[2])


@settings(max_examples=120, deadline=None)
@given(lines=st.lists(st.sampled_from([*QQ.splitlines(), "=" * 64, "消息分组:群", "消息对象:灯下", "消息对象:Bo", "2019-07-16 18:15:05 Bo", "2019-07-16 18:15:05 系统消息(10000)", "Bo撤回了一条消息", "\ufeff", ""]) | st.text(max_size=30)))  # fmt: skip
def test_a_text_of_qq_of_any_lines(lines):
    told = read_all("qq", "\n".join(lines).encode("utf-8", "surrogatepass"))
    assert isinstance(told, str) or told[0] == told[1] + len(told[2])


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(st.lists(st.sampled_from(["1", "0", "49", "57", "10000", "3", "1700000000", "2023-11-15 06:13:20", "<title>x", '"Bo" 撤回了一条消息', "Bo", "我", "wxid_abcd1", "灯下", ""]) | st.text(string.printable, max_size=20), max_size=9)))  # fmt: skip
def test_a_table_of_wechat_of_any_cells(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    told = read_all("wechat", (WECHAT + out.getvalue()).encode())
    assert not isinstance(told, str) and told[1] >= 6
