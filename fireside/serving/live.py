"""GET /live?topic=ID&space=ID&bell=1: what happens now, as server-sent events.

An event is named after what was subscribed: `topic`, `space` (data: {"kind", "target", "parent", "space", "by"}) or `bell`
(something for this member arrived; data: {}). `missed` says that events were lost while away: load the page anew. The
connection knows only what its viewer may see, is checked anew at least every ten minutes, and is closed when rights change;
a browser's EventSource comes back by itself.
"""

import asyncio
import contextlib
import logging
import random
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from fireside.serving import figures, rules
from fireside.serving.bridge import Headers, Receive, Scope, Send
from fireside.serving.rules import NOTHING_IN_IT
from fireside.serving.tail import Event, Tail, place_of
from fireside.serving.who import subscriptions

log = logging.getLogger(__name__)
EVERY = 0.4  # seconds between looks at the log
HEARTBEAT = 20.0
LIFE = 600.0
BEHIND = 1000  # events a slow client may be behind before it is dropped
AT_ONCE = 50  # events told before those who read get a moment to take them
REMEMBERED = 2000
MOST_KEYS = 20


class Listener:
    """One open connection. While nothing happens it holds no task, no queue and nothing of its request: there may be thousands."""

    __slots__ = ("dropped", "keys", "place", "pouring", "send", "task", "until", "waiting", "who")

    def __init__(self, who: str, keys: tuple[str, ...], place: tuple[int, int], send: Send) -> None:
        self.who = who
        self.keys = keys
        self.place = place  # up to here its rights have been asked
        self.send = send
        self.until = asyncio.get_running_loop().time() + LIFE * random.uniform(0.8, 1)  # noqa: S311  spreads the returns
        self.waiting: list[bytes | None] | None = []  # what is to be sent; None: nothing, and nobody is at it
        self.pouring: asyncio.Task[None] | None = None
        self.task: asyncio.Task[Any] | None = asyncio.current_task()
        self.dropped = False

    def put(self, data: bytes | None) -> None:
        """Hand over, or drop a client that does not keep up: it will come back and be told that it missed something."""
        if self.waiting is None:
            self.waiting = [data]
            self.flow()
        elif len(self.waiting) < BEHIND:
            self.waiting.append(data)
        elif self.task is not None and not self.dropped:
            self.dropped = True
            figures.LIVE_DROPPED.inc()
            self.task.cancel()

    def flow(self) -> None:
        """Send what waits, by a task that ends with it."""
        self.pouring = asyncio.get_running_loop().create_task(self._pour())

    async def begin(self, extra: Headers, missed: bytes) -> None:
        headers: Headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
        ]  # fmt: skip
        await self.send({"type": "http.response.start", "status": 200, "headers": headers + extra})
        await self.send({"type": "http.response.body", "body": b"retry: 3000\n: here\n\n" + missed, "more_body": True})
        self.flow()

    async def _pour(self) -> None:
        try:
            while self.waiting:  # what came meanwhile goes along
                parts, self.waiting = self.waiting, []
                ends = None in parts
                if words := b"".join(parts[: parts.index(None)] if ends else parts):  # type: ignore[arg-type]
                    await self.send({"type": "http.response.body", "body": words, "more_body": True})
                if ends or asyncio.get_running_loop().time() > self.until:
                    await self.send({"type": "http.response.body", "body": b""})
                    self.leave()
                    return
            self.waiting = self.pouring = None
        except Exception:  # it is gone, and what waits for its leaving hears of it, too
            self.leave()

    def leave(self) -> None:
        if self.task is not None:
            self.task.cancel()

    async def stay(self, receive: Receive) -> None:
        """Until the client leaves, is dropped, or has been told that this is the end."""
        with contextlib.suppress(asyncio.CancelledError):
            while (await receive())["type"] != "http.disconnect":
                pass


def whose(keys: Sequence[str], address: str) -> tuple[str, int]:
    """Whom a connection counts for, and how many of theirs may stand: a member's account, or where a visitor comes from."""
    member = next((key for key in keys if key.startswith("member:")), "")
    return (member, rules.MEMBER_LISTENS) if member else (rules.neighbourhood(address), rules.VISITOR_LISTENS)


class Live:
    """The live connections of one process."""

    def __init__(self) -> None:
        self.by_key: dict[str, set[Listener]] = {}
        self.listeners: set[Listener] = set()
        self.standing: Counter[str] = Counter()  # connections by who holds them
        self.recent: deque[Event] = deque(maxlen=REMEMBERED)
        self.since: tuple[int, int] | None = None  # everything after this place is in `recent`
        self.tail = Tail()
        self.reader: ThreadPoolExecutor | None = None
        self.doors: ThreadPoolExecutor | None = None
        self.running: asyncio.Task[None] | None = None
        self.closing = False

    def open(self) -> None:
        self.reader = ThreadPoolExecutor(1, "tail")
        self.doors = ThreadPoolExecutor(2, "live-door")

    def farewell(self) -> None:
        """The process is about to end: every connection is closed now, and browsers come back to another process."""
        self.closing = True
        for one in list(self.listeners):
            one.put(None)

    def shut(self) -> None:
        self.farewell()
        if self.running is not None:
            self.running.cancel()
        for pool in (self.reader, self.doors):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    async def admit(self, scope: Scope, send: Send, *, address: str, extra: Headers) -> Listener | None:
        """Ask what may be heard and begin the answer. None: refused, and said so. Whoever is let in must be kept (`keep`)."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            asked = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=MOST_KEYS * 2)
        except ValueError:  # more than anybody listens to: refused like nothing
            asked = {}
        loop = asyncio.get_running_loop()
        status, keys, place = await loop.run_in_executor(self.doors, subscriptions, scope["method"], headers, asked, address)
        if status != 200:
            await send(
                {
                    "type": "http.response.start",
                    "status": status,
                    "headers": [(b"content-type", b"text/plain; charset=utf-8"), *NOTHING_IN_IT, *extra],
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return None
        await self._follow(loop)
        if any(key.startswith("bell:") for key in keys) and not any(key.startswith("bell:") for key in self.by_key):
            await loop.run_in_executor(self.reader, self.tail.ring_from_now)
        who, most = whose(keys, address)
        if settings.LIMITS and self.standing[who] >= most:
            begins = {
                "type": "http.response.start",
                "status": 429,
                "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60"), *NOTHING_IN_IT, *extra],
            }
            await send(begins)
            await send({"type": "http.response.body", "body": b""})
            return None
        mine = Listener(who, tuple(keys), place, send)
        self._attach(mine)
        if self.closing:
            mine.put(None)
        try:
            await mine.begin(extra, self._missed(mine, headers.get(b"last-event-id", b"").decode("latin-1")))
        except BaseException:
            self._detach(mine)
            raise
        return mine

    async def keep(self, mine: Listener, receive: Receive) -> None:
        try:
            await mine.stay(receive)
        finally:
            self._detach(mine)

    def _missed(self, mine: Listener, last: str) -> bytes:
        """What happened between the last event of the old connection and now, or word that it cannot be told."""
        if not last:
            return b""
        try:
            place = place_of(last)
        except ValueError:
            return b""
        if self.since is None or place < self.since:
            return b"event: missed\ndata: {}\n\n"
        return b"".join(
            event.encode(key.partition(":")[0])
            for event in self.recent
            if event.data and place_of(event.place) > place
            for key in event.keys
            if key in mine.keys and not key.startswith("member:")
        )

    def _attach(self, one: Listener) -> None:
        self.listeners.add(one)
        self.standing[one.who] += 1
        for key in one.keys:
            self.by_key.setdefault(key, set()).add(one)
        figures.LIVE.set(len(self.listeners))

    def _detach(self, one: Listener) -> None:
        if one in self.listeners:
            self.listeners.discard(one)
            self.standing[one.who] -= 1
            if not self.standing[one.who]:
                del self.standing[one.who]
        one.task = None
        if one.pouring is not None:
            one.pouring.cancel()
        for key in one.keys:
            if (there := self.by_key.get(key)) is not None:
                there.discard(one)
                if not there:
                    del self.by_key[key]
        figures.LIVE.set(len(self.listeners))

    async def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the tail with the first listener; it ends with the last."""
        if self.running is None or self.running.done():
            self.running = loop.create_task(self._run(loop))
        while self.since is None:
            await asyncio.sleep(0.01)

    async def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        self.since = None
        self.recent.clear()
        while self.since is None:
            try:
                self.since = await loop.run_in_executor(self.reader, self.tail.start)
            except Exception:
                log.warning("live updates wait for the database", exc_info=True)
                await asyncio.sleep(2)
        beat = idle = loop.time()
        while loop.time() - idle < 30:
            await asyncio.sleep(EVERY)
            if self.listeners:
                idle = loop.time()
            bells = any(key.startswith("bell:") for key in self.by_key)
            try:
                events = await loop.run_in_executor(self.reader, self.tail.read, bells)
            except Exception:
                log.warning("live updates wait for the database", exc_info=True)
                await asyncio.sleep(2)
                continue
            for n, event in enumerate(events, 1):
                self._tell(event)
                if n % AT_ONCE == 0:  # much at once: who reads is not taken for slow
                    await asyncio.sleep(0.005)
            if loop.time() - beat > HEARTBEAT:
                beat = loop.time()
                for one in list(self.listeners):
                    one.put(b":\n\n")
        self.since = None

    def _tell(self, event: Event) -> None:
        if event.place:
            if len(self.recent) == REMEMBERED:
                self.since = place_of(self.recent[0].place)
            self.recent.append(event)
        sent = 0
        for key in event.keys:
            there = self.by_key.get(key)
            if not there:
                continue
            name = key.partition(":")[0]
            data = None if name == "member" or (event.place and not event.data) else event.encode(name)
            for one in list(there):
                if data is not None:
                    one.put(data)
                    sent += 1
                if event.shuts and place_of(event.place) > one.place:
                    one.put(None)
        if sent:
            figures.LIVE_EVENTS.inc(sent)
