"""The rows of pages, of their JSON, and of replies: asked by many members at once, each with an account and topics of their own."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fireside.lib.text import json_line
from fireside.serving.bench.asking import Asked, ask_for
from fireside.serving.bench.houses import House
from fireside.serving.bench.rows import Row, percentiles

SECRET = "b" * 32  # a CSRF token of the bench's own making: it only has to match its cookie
Requests = Callable[[int], Sequence[bytes]]


@dataclass(frozen=True)
class Pace:
    """How long and by how many at once each thing is asked for."""

    seconds: float = 4.0
    warm: float = 3.0
    connections: int = 16


class Pages:
    """What is asked of one house; `ready` answers with as many bytes as one wants, as the house's own stack would."""

    def __init__(self, house: House, ready: House, pace: Pace) -> None:
        self.house, self.ready, self.pace = house, ready, pace
        self.limits: dict[int, float] = {}  # answers a second, by size

    def get(self, path: str, nth: int | None = None) -> bytes:
        """As the nth reader, or as a visitor."""
        cookies = self.house.filled["cookies"]
        who = "X-A: b" if nth is None else f"Cookie: sessionid={cookies[nth % len(cookies)]}; csrftoken={SECRET}; scrolls=1"
        return f"GET {path} HTTP/1.1\r\nHost: localhost:{self.house.port}\r\nAccept: text/html\r\n{who}\r\n\r\n".encode()

    def reply(self, topic: int, nth: int) -> bytes:
        words = json_line({"text": f"So it is, {secrets.token_hex(4)}."}).encode()
        head = self.get(f"/api/v1/topics/{topic}/posts", nth).decode().replace("GET", "POST", 1).removesuffix("\r\n")
        more = f"X-CSRFToken: {SECRET}\r\nContent-Type: application/json\r\nContent-Length: {len(words)}\r\n\r\n"
        return (head + more).encode() + words

    def asked_for(self) -> dict[str, Requests]:
        topics = self.house.filled["topics"]

        def each(path: str) -> Requests:
            """Every reader goes through the topics, each from another one on."""
            return lambda nth: [self.get(path.format(topics[(nth + k) % len(topics)]), nth) for k in range(len(topics))]

        return {
            "page.topic_list": lambda nth: [self.get("/talk", nth)],
            "page.topic": each("/t/{}"),
            "api.topic_list": lambda nth: [self.get("/api/v1/topics", nth)],
            "api.topic": each("/api/v1/topics/{}/posts"),
            "page.anonymous": lambda _nth: [self.get("/talk"), *(self.get(f"/t/{one}") for one in self.house.filled["for_all"])],
            "write.reply": lambda nth: [self.reply(topics[(nth * 7 + k) % len(topics)], nth) for k in range(200)],
        }

    def rows(self, wanted: Callable[[str], bool], tell: Callable[[str], None]) -> Iterator[Row]:
        for name, requests in self.asked_for().items():
            if wanted(name):
                tell(name)
                yield self.row(name, requests)

    def row(self, name: str, requests: Requests) -> Row:
        # What is shown alike is made once, a visitor's page kept when it is asked for again: first that, as in a house that lives.
        self._ask(self.house, requests, self.pace.warm)
        before = self.house.cpu_ms()
        asked = self._ask(self.house, requests, self.pace.seconds)
        spent, many = self.house.cpu_ms() - before, len(asked.took)
        size = asked.bytes // many
        limit = None if name == "write.reply" else self.limit(size)
        return Row(
            name, self.house.engine.name, self.house.filled["posts"], asked.per_second, "answers/s", **percentiles(asked.took),
            cpu_ms=round(spent / many, 2), rss_mb=self.house.rss_mb(), bytes=size, limit=limit,
            ratio=round(asked.per_second / limit, 3) if limit else None,
        )  # fmt: skip

    def limit(self, size: int) -> float:
        """Answers of this size a second that the stack gives when there is nothing to do."""
        size = round(size, -3) or size
        if size not in self.limits:
            request = f"GET /{size} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            self.limits[size] = self._ask(self.ready, lambda _nth: [request], self.pace.seconds / 2).per_second
        return self.limits[size]

    def _ask(self, house: House, requests: Requests, seconds: float) -> Asked:
        return asyncio.run(ask_for(house.port, requests, seconds=seconds, connections=self.pace.connections))
