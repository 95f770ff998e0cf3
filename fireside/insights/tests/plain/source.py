"""A Zulip archive of packed JSON lines (messages.jsonl.gz), as a history: who is who, which topics are one, which of them ask."""

import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from .history import Act, History

QUESTION_WORDS = (
    "how what why when where who which whom whose is are am was were do does did can could should shall would will has have had may any"
    " anyone anybody anything help problem error issue trouble question need"
)
HAN_BEGIN = "请问 求助 求教 请教 怎么 怎样 如何 为什么 为何 为啥 什么 哪 谁 有没有 有人 能不能 可不可以 是不是 会不会 几时 多少 咋 求"
HAN_END = "吗 呢 么 没有 怎么办 为什么 咋办"


@dataclass(frozen=True)
class Message:
    """One line of the source."""

    number: int
    at: int  # seconds
    stream: str  # its number
    topic: str  # as the archive writes it
    name: str
    html: str


def read(path: Path) -> tuple[list[Message], int]:
    """(messages in the order of time, how many lines are no JSON)."""
    found, broken = [], 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            try:
                one = json.loads(line)
            except ValueError:
                broken += 1
                continue
            stream = one["stream"].partition("-")[0]
            found.append(Message(one["id"], one["timestamp"], stream, one["topic"], one["sender_full_name"], one["content"]))
    return sorted(found, key=lambda m: (m.at, m.number)), broken


def person(name: str) -> str:
    """Names that differ only in case, width or white space are one person."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def topic_of(message: Message) -> str:
    """Topics of one name in two streams are two."""
    return f"{message.stream}/{message.topic}"


def title_of(message: Message) -> str:
    return " ".join(unquote(re.sub(r"\.([0-9A-F]{2})", r"%\1", message.topic)).split())


def asks(title: str, html: str) -> bool:
    """A question mark of either script, in the title or in the first 2 000 characters of the words, links aside; or how they begin;
    or, in Chinese, how one of the first twenty lines ends."""
    words = " ".join(re.split(r"<[^>]*>", html))[:2000]
    words = " ".join(part for part in re.split(r"(https?://\S+)", words) if not part.startswith(("http://", "https://")))
    return any(_asks(one.strip()) for one in (title, words))


def _asks(words: str) -> bool:
    low = words.lower()
    first = re.match(r"\w+", low)
    if "?" in words or "？" in words or (first and first[0] in QUESTION_WORDS.split()) or re.match(r"looking for(?!\w)", low):
        return True
    ends = (line.rstrip("。.!！~～ \t") for line in words.splitlines()[:20])
    return words.startswith(tuple(HAN_BEGIN.split())) or any(end.endswith(tuple(HAN_END.split())) for end in ends if end)


def quoted(html: str) -> int:
    """The message that this one begins by quoting: “NAME said:” with a link to it. 0 = none."""
    found = re.match(r"\s*<p><(?:span [^>]*silent[^>]*|em)>[^<]*</(?:span|em)>\s*<a href=\"[^\"]*/near/(\d+)\"", html)
    return int(found[1]) if found else 0


THANKS = "thanks|thank you|thank u|thankyou|thanx|thx|thnx|ty|tysm|cheers|much appreciated|appreciate it|appreciate that|appreciate your|appreciate the"
HAN_THANKS = "谢谢 多谢 感谢 谢了 谢啦 謝謝 多謝 感謝"


def thanks(html: str) -> bool:
    """Words of thanks, but not “no thanks”, nor in advance, and not in what is quoted or code."""
    while (bare := re.sub(r"(?s)<(blockquote|pre|code)\b[^>]*>((?!<(blockquote|pre|code)\b).)*?</\1>", " ", html)) != html:
        html = bare
    words = " ".join(unescape(" ".join(re.split(r"<[^<>]*>", html))).lower().split())
    given = (m for m in re.finditer(rf"\b({THANKS})\b", words))
    said = any(not words[: m.start()].endswith("no ") and not words[m.end() :].startswith(" in advance") for m in given)
    return said or any(one in words for one in HAN_THANKS.split())


def named(html: str) -> list[tuple[str, str]]:
    """(number, name) of those whom a message calls aloud."""
    found = re.findall(r"<span\b([^>]*\buser-mention\b[^>]*)>([^<]*)</span>", html)
    loud = [(re.search(r'data-user-id="([^"]*)"', about), unescape(name).removeprefix("@").strip()) for about, name in found
            if "silent" not in about and "group-mention" not in about]  # fmt: skip
    return [(number[1], name) for number, name in loud if number and number[1] != "*"]


@dataclass(frozen=True)
class Rules:
    """What the source leaves to be decided, to be twisted one by one."""

    person: Callable[[str], str] = person
    topic: Callable[[Message], str] = topic_of
    asks: Callable[[str, str], bool] = asks
    thanks: Callable[[str], bool] = thanks


RULES = Rules()


def history(
    messages: list[Message], *, bots: set[str], staff: set[str] = frozenset(), same: Mapping[str, str] | None = None, rules: Rules = RULES
) -> History:
    """The first message of somebody is the day they came, and nothing that they did besides; the first of a topic opens it, and asks if it sounds like it; all others reply:
    to whom they quote, else to who opened it. `bots`, `staff` and `same` are names as the source writes them."""
    threads: dict[str, list[Message]] = defaultdict(list)
    for m in messages:
        threads[rules.topic(m)].append(m)
    authors = {m.number: rules.person(m.name) for m in messages}
    wrote, also = set(authors.values()), defaultdict[str, set[str]](set)
    for m in messages:
        for number, name in named(m.html):
            also[number].add(rules.person(name))
    acts: list[Act] = []
    for topic, thread in threads.items():
        for m in thread:
            if rules.thanks(m.html):
                called = ([rules.person(name), *sorted(also[number])] for number, name in named(m.html))
                people = dict.fromkeys(next((one for one in names if one in wrote), "") for names in called)
                acts += [Act("thanked_by_name", m.at, authors[m.number], m.stream, topic, str(m.number), to)
                         for to in people if to and to != authors[m.number]]  # fmt: skip
        first, *rest = thread
        opener = authors[first.number]
        what = "asked" if rules.asks(title_of(first), first.html) else "opened"
        acts.append(Act(what, first.at, opener, first.stream, topic, str(first.number)))
        for m in rest:
            to = authors.get(quoted(m.html), opener)
            acts.append(Act("replied", m.at, authors[m.number], m.stream, topic, str(m.number), to if to != authors[m.number] else ""))
    acts.sort(key=lambda act: act.at)  # stable: within a topic as it was
    people = {rules.person(a): rules.person(b) for a, b in (same or {}).items()}
    return History(acts, {rules.person(name) for name in bots}, {rules.person(name) for name in staff}, people)
