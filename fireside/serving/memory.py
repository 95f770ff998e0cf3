"""Pages for visitors without a name, kept for a few seconds: the same page for everybody is made once.

Kept by the front of each process, keyed by host, address, language, light and whether htmx asks. Only what carries nothing
of one visitor: no cookie but language and light comes in, none goes out. Kept from the second time it is asked for.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes, ...]
HARMLESS = {b"lang", b"theme"}
NOT_KEPT = (b"/api/", b"/accounts/", b"/setup", b"/metrics", b"/readyz")
BIGGEST = 512 * 1024
MOST = 400


class Kept(NamedTuple):
    until: float
    headers: Headers
    body: bytes


class Memory:
    """`seconds` 0 keeps nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.kept: dict[Key, Kept] = {}
        self.asked: dict[Key, float] = {}

    def key_of(self, scope: Mapping[str, Any], given: Mapping[bytes, bytes]) -> Key | None:
        """Under what the answer to this request may be kept; None when it belongs to somebody."""
        path = scope["path"].encode("utf-8", "surrogateescape")
        if not self.seconds or scope["method"] != "GET" or b"authorization" in given or b"range" in given or path.startswith(NOT_KEPT):
            return None
        chosen = b""
        if cookies := given.get(b"cookie"):
            brought = sorted(part.strip() for part in cookies.split(b";"))
            if {part.partition(b"=")[0] for part in brought} - HARMLESS:
                return None
            chosen = b";".join(brought)
        return (
            given.get(b"host", b""), path, scope["query_string"], given.get(b"accept-language", b""), given.get(b"hx-request", b""),
            given.get(b"hx-history-restore-request", b""), b"wx" if b"MicroMessenger" in given.get(b"user-agent", b"") else b"", chosen,
        )  # fmt: skip

    def recall(self, key: Key, now: float) -> Kept | None:
        found = self.kept.get(key)
        return found if found is not None and found.until > now else None

    def offer(self, key: Key, status: int, headers: Headers, body: bytes, now: float) -> None:
        """Keep it, if it is the same for everybody and has been asked for lately."""
        if status != 200 or len(body) > BIGGEST:
            return
        for name, value in headers:
            if name == b"set-cookie" or (
                name == b"cache-control" and (b"no-store" in value or b"private" in value or b"no-cache" in value)
            ):
                return
        before = self.asked.get(key, 0.0)
        if len(self.asked) > MOST * 10:
            self.asked.clear()
        self.asked[key] = now
        if now - before > 60:
            return
        if len(self.kept) >= MOST:
            self.kept = {k: one for k, one in self.kept.items() if one.until > now}
            if len(self.kept) >= MOST:
                return
        self.kept[key] = Kept(now + self.seconds, headers, body)
