"""Asking the other side: few bytes, little time, no cookies, a few steps on, each of them looked at again."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from fireside import __version__
from fireside.conversation.links.guard import Closed, Resolve, Target, resolve, target_of

STEPS = 4
SECONDS = 8.0  # for all of it
PAGE_MOST, PICTURE_MOST = 512 * 1024, 5 * 1024 * 1024
PIECE = 16 * 1024


@dataclass(frozen=True)
class Got:
    url: str  # where it was found in the end
    kind: str  # "text/html"
    charset: str
    body: bytes


class Asker:
    """`names` resolves, `ports` may be asked: tests bring their own, for a server that stands here."""

    def __init__(self, names: Resolve = resolve, ports: frozenset[int] = frozenset({80, 443})) -> None:
        self.names, self.ports = names, ports

    def get(self, url: str, *, most: int, wanted: str) -> Got:
        """What stands at an address. Raises Closed where it may not be asked, does not answer well, in time, or with what is `wanted`."""
        until, base = time.monotonic() + SECONDS, ""
        for _step in range(STEPS):
            target = target_of(url, base=base, names=self.names, ports=self.ports)
            try:
                found = self._once(target, most, wanted, until)
            except (OSError, http.client.HTTPException, ValueError) as wrong:
                raise Closed(type(wrong).__name__) from wrong
            if isinstance(found, Got):
                return found
            base, url = target.url, found
        raise Closed("too many steps")

    def _once(self, target: Target, most: int, wanted: str, until: float) -> Got | str:
        line = _connect(target, until)
        asked: Any = http.client.HTTPConnection(target.host, target.port)
        asked.sock = line
        try:
            asked.request("GET", target.path, headers={
                "Host": target.name, "User-Agent": f"Fireside/{__version__} (link preview)",
                "Accept": wanted, "Accept-Encoding": "identity", "Connection": "close",
            })  # fmt: skip
            answer = asked.getresponse()
            if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
                return str(answer.headers["Location"])
            kind = answer.headers.get_content_type()
            if answer.status != 200 or not any(kind.startswith(one.strip().rstrip("*")) for one in wanted.split(",")):
                raise Closed(f"{answer.status} {kind}")
            body = bytearray()
            while len(body) < most:
                left = until - time.monotonic()
                if left <= 0:
                    raise Closed("too slow")
                line.settimeout(left)
                part = answer.read1(min(PIECE, most - len(body)))
                if not part:
                    break
                body += part
            if len(body) >= most and not wanted.startswith("text"):
                raise Closed("too large")  # half a picture is none; the head of a page is enough
            return Got(target.url, kind, answer.headers.get_content_charset() or "", bytes(body))
        finally:
            asked.close()
            line.close()


@cache
def _safely() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connect(target: Target, until: float) -> socket.socket:
    """To the very address that was looked at."""
    line = socket.create_connection((target.address, target.port), max(0.1, until - time.monotonic()))
    if target.scheme == "http":
        return line
    try:
        return _safely().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise
