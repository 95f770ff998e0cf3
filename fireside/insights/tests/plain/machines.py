"""Who is a bot, by the rules as docs/importing.md tells them, over a source's lines."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

from .source import Message, person

SERVICES = {"github", "gitlab", "jenkins", "zapier", "jira", "rss", "webhook"}  # a name that might be one's of a machine
AT_WORK = {"welcome", "notification", "notifications", "build", "deploy", "github"}


def by_name(name: str) -> str:
    """ "is", "might" or ""."""
    words = re.findall(r"\w+", name.casefold())
    if "[bot]" in name.casefold() or name.endswith("机器人") or name.casefold().endswith(("-bot", "_bot")):
        return "is"
    if words and words[-1] == "bot":
        return "is" if AT_WORK & set(words[:-1]) or (len(words) > 2 and name.endswith(" bot")) else "might"
    return "might" if " ".join(words) in SERVICES else ""


def signs(mine: list[Message], alone: float, topics: int) -> set[str]:
    """The six signs of rhythm."""
    times = sorted(m.at for m in mine)
    gaps = [b - a for a, b in pairwise(times)]
    begins = Counter(re.sub(r"<[^>]*>?|\d+", "", m.html[:160])[:12].strip() for m in mine)
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 0
    many = len(mine) >= 20
    return {
        name
        for name, yes in {
            "alone": topics >= 20 and alone >= 0.9,
            "quick": many and sum(gap <= 3 for gap in gaps) >= 0.2 * len(gaps),
            "minute": max(Counter(at // 60 for at in times).values()) >= 12,
            "day": max(Counter(at // 86_400 for at in times).values()) >= 400,
            "opening": many and max((n for begin, n in begins.items() if begin), default=0) >= 0.6 * len(mine),
            "regular": many and usual >= 60 and sum(abs(gap - usual) <= usual * 0.01 for gap in gaps) >= 0.8 * len(gaps),
        }.items()
        if yes
    }


def bots(messages: list[Message]) -> set[str]:
    """Names, as people are told apart."""
    mine: dict[str, list[Message]] = defaultdict(list)
    speakers: dict[tuple[str, str], set[str]] = defaultdict(set)
    called: Counter[str] = Counter()
    for m in messages:
        who = person(m.name)
        mine[who].append(m)
        speakers[m.stream, m.topic].add(who)
        for attributes, name in re.findall(r"<span\b([^>]*\buser-mention\b[^>]*)>@?([^<]*)</span>", m.html):
            if "silent" not in attributes and person(name) != who:
                called[person(name)] += 1
    found = set()
    for who, said in mine.items():
        topics = {(m.stream, m.topic) for m in said}
        seen = signs(said, sum(speakers[topic] == {who} for topic in topics) / len(topics), len(topics))
        name = by_name(said[0].name)
        rhythm = len(said) >= 50 and len(seen) >= 2 and called[who] <= max(2, len(said) // 500)
        if name == "is" or (name == "might" and seen and len(said) >= 20) or rhythm:
            found.add(who)
    return found
