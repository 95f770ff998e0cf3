"""How long a search takes in the filled house, and what the index costs to writing. For `fireside bench`: `rows(posts)`, after `fill`."""

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
    django.setup()

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from fireside.activity.actor import house
from fireside.activity.finding import find
from fireside.conversation.actions.seeking import index_posts
from fireside.conversation.queries import filters_of, search
from fireside.conversation.seeking import understand
from fireside.conversation.seeking.words import TITLE, places, tokens_of
from fireside.lib.bulk import insert
from fireside.spaces.queries import visible_spaces

PIECE, SAMPLE, WRITTEN = 20_000, 5_000, 500
POSTS = (
    "SELECT p.id, p.number, p.source_text, p.author_id, p.at, t.space_id, t.title FROM conversation_post p"
    " JOIN conversation_topic t ON t.id = p.topic_id WHERE p.id > %s ORDER BY p.id LIMIT %s"
)
_tokens = lru_cache(50_000)(tokens_of)  # made-up words come again and again


def rows(posts: int, *, again: int = 3) -> Iterator[dict[str, Any]]:
    """`search`: milliseconds for a member of every space, over words of every commonness and each filter; value is the 95th of a hundred.
    `search.index`: what one post more costs the index, in milliseconds."""
    index()
    yield _line("search", posts, *_asked(_reader(), again))
    yield _line("search.index", posts, *_written())


def index() -> None:
    """Put every post that is not there into the index, many at once. On SQLite FTS5 then reads them by itself: ten times as fast."""
    lite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        triggers = []
        if lite:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'conversation_sought'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        last = _one("SELECT coalesce(max(post_id), 0) FROM conversation_sought")[0]
        while found := _all(POSTS, last, PIECE):
            insert("conversation_sought", ("post_id", "words"), [(row[0], _words(row)) for row in found])
            last = found[-1][0]
        if lite:
            cursor.execute("INSERT INTO conversation_sought_words(conversation_sought_words) VALUES ('rebuild')")
            for _name, sql in triggers:
                cursor.execute(sql)
        cursor.execute("ANALYZE conversation_sought")


def _all(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _one(sql: str, *values: Any) -> list[Any]:
    return [row[0] for row in _all(sql, *values)]


def _words(row: Sequence[Any]) -> str:
    """As index_of says them."""
    _pk, number, text, author, at, space, title = row
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    named = _tokens(title) if number == 1 else set()
    return " ".join(sorted({*_tokens(text), *named, *(TITLE + one for one in named), *places(space, author, at)}))


def _reader() -> Any:
    """Whoever belongs to the most spaces."""
    handle = _one(
        "SELECT m.handle FROM members_member m JOIN spaces_belonging b ON b.member_id = m.id GROUP BY m.handle, m.id ORDER BY count(*) DESC, m.id LIMIT 1"
    )[0]
    return find(get_user_model(), house("cli"), handle)


def _questions() -> list[str]:
    """Words of the latest posts: the commonest, two of them, some in the middle, the rarest; Chinese ones, too; and one that nobody said."""
    counted = Counter[str]()
    for text in _one("SELECT source_text FROM conversation_post ORDER BY id DESC LIMIT %s", SAMPLE):
        counted.update(one for one in _tokens(text) if len(one) > 1 and one.isalnum())
    ranked = [word for word, _n in counted.most_common()]
    han = [word for word in ranked if not word.isascii()]
    middle = len(ranked) // 8
    return [ranked[0], f"{ranked[0]} {ranked[1]}", f"{ranked[2]} {ranked[3]} {ranked[4]}", ranked[middle], ranked[-1], *han[:1],
            *([han[0] + han[1], han[-1]] if len(han) > 1 else []), "nobodysaidthis"]  # fmt: skip


def _asked(who: Any, again: int) -> tuple[list[float], list[float]]:
    now = timezone.now()
    space = visible_spaces(who).order_by("pk").values_list("slug", flat=True)[0]
    by = _one("SELECT m.handle FROM conversation_post p JOIN members_member m ON m.id = p.author_id ORDER BY p.id DESC LIMIT 1")[0]
    day = now.date()
    narrow: list[dict[str, Any]] = [
        {}, {"space": space}, {"by": by}, {"since": day - timedelta(days=200), "until": day - timedelta(days=150)}, {"tag": "brass"},
        {"state": "answered"}, {"state": "waiting"}, {"sort": "latest"},
    ]  # fmt: skip
    wall, cpu = [], []
    for question in _questions():
        for words in narrow:
            filters = filters_of(who, now=now, **words)
            for _time in range(again):
                began, used = time.perf_counter(), time.process_time()
                search(who, understand(question), filters, now=now)
                wall.append((time.perf_counter() - began) * 1000)
                cpu.append((time.process_time() - used) * 1000)
    return wall, cpu


def _written() -> tuple[list[float], list[float]]:
    """The latest posts are put into the index once more, fifty at a time, as the reaction does."""
    ids = _one("SELECT id FROM conversation_post ORDER BY id DESC LIMIT %s", WRITTEN)
    wall, cpu, actor = [], [], house("worker", now=timezone.now())
    for begin in range(0, len(ids), 50):
        some = ids[begin : begin + 50]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM conversation_sought WHERE post_id IN ({', '.join(map(str, some))})")  # noqa: S608  numbers
        began, used = time.perf_counter(), time.process_time()
        index_posts(actor, posts=some)
        wall.append((time.perf_counter() - began) * 1000 / len(some))
        cpu.append((time.process_time() - used) * 1000 / len(some))
    return wall, cpu


def _line(name: str, size: int, wall: list[float], cpu: list[float]) -> dict[str, Any]:
    wall.sort()

    def at(share: float) -> float:
        return round(wall[min(len(wall) - 1, int(len(wall) * share))], 2)

    return {
        "name": name, "engine": {"postgresql": "postgres"}.get(connection.vendor, connection.vendor), "size": size, "value": at(0.95), "unit": "ms",
        "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "cpu_ms": round(sum(cpu) / len(cpu), 2),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


if __name__ == "__main__":  # a process of its own: `fireside bench search` starts it on the records of a filled house
    from fireside.lib.text import json_line

    for row in rows(int(sys.argv[1])):
        sys.stdout.write(json_line(row) + "\n")
