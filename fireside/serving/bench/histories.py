"""Histories of made-up words, each in the form of its source: 500 people, 40 places, topics of 200 messages or 20 posts."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from fireside.serving.bench.filling import WORDS

BEGAN = datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
SHANGHAI = timedelta(hours=8)
PEOPLE, PLACES, POSTS = 500, 40, 20  # posts: of one topic of a forum


def zulip(folder: Path, size: int) -> Path:
    return _lines(folder / "history.jsonl", (json.dumps({
        "id": n + 1, "timestamp": int(at.timestamp()), "stream": f"Stream {n % PLACES}", "topic": f"Topic {n // 200 % 5000} {n % PLACES}",
        "sender_full_name": f"Person {who}", "content": f"<p>{words}</p>",
    }, ensure_ascii=False) for n, at, who, words in _said(size)))  # fmt: skip


def gitter(folder: Path, size: int) -> Path:
    head = "room_id\troom_uri\tsent_at\tfrom_userid\tfrom_username\tmessage_id\ttext"
    return _lines(folder / "rooms.tsv", [head, *(
        f"r{n % PLACES}\tlamps/room-{n % PLACES}\t{_iso(at)}Z\tu{who}\tperson-{who}\tm{n}\t{words}" for n, at, who, words in _said(size)
    )])  # fmt: skip


def slack(folder: Path, size: int) -> Path:
    place = folder / "slack"
    people = [
        {"id": f"U{n}", "team_id": "T1", "name": f"person{n}", "real_name": f"Person {n}", "deleted": False, "is_bot": False}
        for n in range(PEOPLE)
    ]
    rooms = [
        {"id": f"C{n}", "name": f"room-{n}", "created": int(BEGAN.timestamp()), "members": [], "is_archived": False} for n in range(PLACES)
    ]
    days: dict[str, list[dict[str, object]]] = {}
    for n, at, who, words in _said(size):
        day = days.setdefault(f"room-{n % PLACES}/{at:%Y-%m-%d}", [])
        day.append({"type": "message", "user": f"U{who}", "text": words, "ts": f"{int(at.timestamp())}.{n % 1_000_000:06}"})
    for path, value in [("users", people), ("channels", rooms), *days.items()]:
        _whole(place / f"{path}.json", value)
    return place


def discord(folder: Path, size: int) -> Path:
    place, rooms = folder / "discord", [list[dict[str, object]]() for _ in range(PLACES)]
    for n, at, who, words in _said(size):
        author = {"id": str(who + 1), "name": f"person{who}", "nickname": f"Person {who}", "isBot": False}
        rooms[n % PLACES].append({
            "id": str(10_000 + n), "type": "Default", "timestamp": f"{_iso(at)}+00:00", "timestampEdited": None, "isPinned": False, "content": words,
            "author": author, "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": [],
        })  # fmt: skip
    for n, said in enumerate(rooms):
        channel = {"id": str(100 + n), "type": "GuildTextChat", "categoryId": "50", "category": "Talk", "name": f"room-{n}", "topic": None}
        _whole(
            place / f"room-{n}.json",
            {"guild": {"id": "7", "name": "Lamps"}, "channel": channel, "messages": said, "messageCount": len(said)},
        )
    return place


def discourse(folder: Path, size: int) -> Path:
    place = folder / "discourse"
    topics: dict[int, list[dict[str, object]]] = {}
    for n, at, who, words in _said(size):
        posts = topics.setdefault(n // POSTS, [])
        posts.append({
            "id": n + 1, "user_id": who + 1, "username": f"person{who}", "name": f"Person {who}", "created_at": f"{_iso(at)}.000Z",
            "updated_at": f"{_iso(at)}.000Z", "cooked": f"<p>{words}</p>", "post_number": len(posts) + 1, "post_type": 1,
            "reply_to_post_number": 1 if len(posts) % 3 == 2 else None, "topic_id": n // POSTS + 1, "actions_summary": [],
        })  # fmt: skip
    for n, posts in topics.items():
        _whole(place / f"{n + 1}.json", {
            "id": n + 1, "title": f"About lamp {n}", "category_id": n % PLACES + 1, "posts_count": len(posts), "archetype": "regular",
            "created_at": posts[0]["created_at"], "post_stream": {"posts": posts}, "tags": [],
        })  # fmt: skip
    rooms = [{"id": n + 1, "name": f"Room {n}", "slug": f"room-{n}", "read_restricted": False} for n in range(PLACES)]
    _whole(place / "categories.json", {"category_list": {"categories": rooms}})
    return place


def stackexchange(folder: Path, size: int) -> Path:
    rows, each = ['<?xml version="1.0" encoding="utf-8"?>', "<posts>"], 4  # a question, and three answers
    for n, at, who, words in _said(size):
        first = n - n % each + 1
        of = (
            f'PostTypeId="1" Title="About lamp {n}" Tags="&lt;lamp&gt;" AnswerCount="{min(each, size - n) - 1}"'
            if n % each == 0
            else f'PostTypeId="2" ParentId="{first}"'
        )
        rows.append(f'  <row Id="{n + 1}" {of} CreationDate="{_iso(at)}.000" Score="0" Body="&lt;p&gt;{words}&lt;/p&gt;" OwnerUserId="{who + 1}" OwnerDisplayName="Person {who}" />')  # fmt: skip
    return _lines(folder / "lamps.stackexchange.Posts.xml", [*rows, "</posts>"])


def mbox(folder: Path, size: int) -> Path:
    def letter(n: int, at: datetime, who: int, words: str) -> str:
        first = n - n % POSTS
        answers = (
            "" if n == first else f"In-Reply-To: <m{n - 1}@lamps.example>\nReferences: <m{first}@lamps.example> <m{n - 1}@lamps.example>\n"
        )
        return (
            f"From person{who}@lamps.example {at:%a %b %d %H:%M:%S %Y}\nFrom: Person {who} <person{who}@lamps.example>\n"
            f"Subject: {'' if n == first else 'Re: '}[lamps] About lamp {first}\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <m{n}@lamps.example>\n"
            f"List-Id: Lamps <lamps.example>\nContent-Type: text/plain; charset=utf-8\n{answers}\n{words}\n"
        )

    return _lines(folder / "lamps.mbox", (letter(*one) for one in _said(size)))


def qq(folder: Path, size: int) -> Path:
    place = folder / "qq"
    rooms: list[list[str]] = [[] for _ in range(PLACES)]
    for n, at, who, words in _said(size):
        rooms[n % PLACES].append(f"{at + SHANGHAI:%Y-%m-%d %H:%M:%S} 成员{who}({100_000 + who})\n{words}\n")
    rule = "=" * 64
    for n, said in enumerate(rooms):
        head = [f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{rule}\n消息分组:我的群聊\n{rule}\n消息对象:灯群{n}\n{rule}\n"]
        _lines(place / f"灯群{n}.txt", [*head, *said])
    return place


def wechat(folder: Path, size: int) -> Path:
    head = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return _lines(folder / "messages.csv", [head, *(
        f"{n + 1},{n % PLACES + 1},1,0,0,{int(at.timestamp())},,{words},{at + SHANGHAI:%Y-%m-%d %H:%M:%S},,灯群{n % PLACES},wxid_person{who:04}"
        for n, at, who, words in _said(size)
    )])  # fmt: skip


def chatlab(folder: Path, size: int) -> Path:
    place, rooms = folder / "chatlab", [list[dict[str, object]]() for _ in range(PLACES)]
    for n, at, who, words in _said(size):
        rooms[n % PLACES].append({
            "sender": f"u{who}", "accountName": f"成员{who}", "timestamp": int(at.timestamp()), "type": 0, "content": words, "platformMessageId": str(n),
        })  # fmt: skip
    for n, said in enumerate(rooms):
        _whole(place / f"{n}.json", {
            "chatlab": {"version": "0.0.1", "exportedAt": int(BEGAN.timestamp())},
            "meta": {"name": f"灯群{n}", "platform": "wechat", "type": "group", "groupId": f"g{n}"}, "members": [], "messages": said,
        })  # fmt: skip
    return place


HISTORIES: dict[str, Callable[[Path, int], Path]] = {
    "zulip": zulip, "gitter": gitter, "slack": slack, "discord": discord, "discourse": discourse, "stackexchange": stackexchange, "mbox": mbox,
    "qq": qq, "wechat": wechat, "chatlab": chatlab,
}  # fmt: skip


def _said(size: int) -> Iterator[tuple[int, datetime, int, str]]:
    """Number, time, who, words: one a minute."""
    dice = Random(11)  # noqa: S311  made-up words
    for n in range(size):
        words = " ".join(dice.choices(WORDS, k=30))
        yield n, BEGAN + timedelta(minutes=n), dice.randrange(PEOPLE), words


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def _lines(file: Path, lines: "Iterator[str] | list[str]") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines)
    return file


def _whole(file: Path, value: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
