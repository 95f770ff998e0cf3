"""From the ASGI port to Django's sync pages: a few threads for pages, a few others for what takes long.

A page runs in a page thread from first to last byte. What would hold one for long does not: a large upload is first read
into a file and handled by a slow thread; a whole file is sent by the server itself, a part of one piece by piece; an endless or long answer is drained by a slow
thread at the client's pace.
"""

import asyncio
import io
import itertools
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from fireside.lib.cores import run_anywhere
from fireside.serving.packing import Headers as Headers
from fireside.serving.packing import pack

log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
WITHOUT_BODY = {204, 304}
PIECE = 256 * 1024
STALLED = 60  # seconds a client may leave an answer untouched
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade"}


class Broken(Exception):
    """The application raised before it answered anything."""


class FileToSend:
    """What Django hands over for a FileResponse (`wsgi.file_wrapper`): the file, not its bytes."""

    def __init__(self, file: IO[bytes], block_size: int = 65536) -> None:
        self.file, self.block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        while part := self.file.read(self.block_size):
            yield part

    def close(self) -> None:
        self.file.close()


class Answer:
    """What the application said: a status, headers, and one of body, path or parts."""

    __slots__ = ("body", "close", "headers", "parts", "path", "status")

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []
        self.body: bytes | None = None
        self.path: str | None = None
        self.parts: Any = None
        self.close: Callable[[], None] | None = None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers if name.lower() not in HOP_BY_HOP
        ]
        return self._write

    def _write(self, data: bytes) -> None:
        self.body = (self.body or b"") + data


def environ_of(scope: Scope, file: IO[bytes], size: int | None, address: str, scheme: str) -> dict[str, Any]:
    """The WSGI environment. Header names with an underscore are left out: they could pose as another header."""
    server = scope.get("server") or ("localhost", 80)
    env: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": address,
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": file,
        "wsgi.errors": ERRORS,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileToSend,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if name == "content-type":
            env["CONTENT_TYPE"] = value.decode("latin-1")
        elif name == "content-length" or "_" in name or name.startswith("x-forwarded-"):
            continue  # length: what was really read; forwarded: already worked into address and scheme
        else:
            key = "HTTP_" + name.upper().replace("-", "_")
            text = value.decode("latin-1")
            env[key] = f"{env[key]}{'; ' if name == 'cookie' else ','}{text}" if key in env else text
    if size is not None:
        env["CONTENT_LENGTH"] = str(size)
    return env


class Bridge:
    """Runs the WSGI application for one process."""

    def __init__(self, wsgi: Any, *, threads: int, slow_threads: int, queue: int = 500) -> None:
        self.wsgi = wsgi
        self.pages = ThreadPoolExecutor(threads, "page")  # made by the loop's thread, and on its cores
        self.slow = ThreadPoolExecutor(slow_threads, "slow", run_anywhere)
        self.queue = queue
        self.waiting = 0  # touched on the loop only
        self.queued: dict[int, float] = {}  # of page threads: since when each request waits for one, the oldest first
        self.numbers = itertools.count()

    @property
    def full(self) -> bool:
        """More wait than could be answered in a useful time: better to say so than to let everybody wait."""
        return self.waiting >= self.queue

    @property
    def waited(self) -> float:
        """For how many seconds the oldest request that has no page thread yet has waited."""
        oldest = next(iter(self.queued.copy().values()), None)
        return 0.0 if oldest is None else time.monotonic() - oldest

    async def answer(self, scope: Scope, receive: Receive, send: Send, environ: dict[str, Any], *, slow: bool, extra: Headers) -> Answer:
        """Run the application and send what it says. Returns what it said."""
        loop = asyncio.get_running_loop()
        self.waiting += 1
        number = next(self.numbers)
        if not slow:
            self.queued[number] = time.monotonic()
        try:
            answer = await loop.run_in_executor(self.slow if slow else self.pages, self._run, environ, number)
        finally:
            self.waiting -= 1
            self.queued.pop(number, None)
        answer.headers += extra
        if answer.body is not None:
            await self._send_whole(scope["method"], answer, send)
        elif answer.path is not None and "http.response.pathsend" in (scope.get("extensions") or {}) and scope["method"] != "HEAD":
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.pathsend", "path": answer.path})
            await loop.run_in_executor(self.slow, _close, answer)
        elif isinstance(answer.parts, FileToSend):
            await self._send_file(scope["method"], answer, send)
        else:
            await self._send_parts(scope["method"], answer, receive, send)
        return answer

    def _run(self, environ: dict[str, Any], number: int = -1) -> Answer:
        self.queued.pop(number, None)
        answer = Answer()
        try:
            result = self.wsgi(environ, answer.start)
        except Exception as wrong:
            raise Broken from wrong
        closes = getattr(result, "close", None)
        if isinstance(result, FileToSend):
            answer.path = _whole_file(result.file, answer)
            answer.parts, answer.close = result, closes
        elif getattr(result, "streaming", True) and not isinstance(result, (list, tuple)):
            answer.parts, answer.close = result, closes
        else:
            try:
                answer.body = (answer.body or b"") + b"".join(result)
            finally:
                if closes is not None:
                    closes()
            if environ["REQUEST_METHOD"] != "HEAD" and answer.status not in WITHOUT_BODY:
                answer.headers, answer.body = pack(answer.headers, answer.body, environ.get("HTTP_ACCEPT_ENCODING", ""))
        return answer

    async def _send_whole(self, method: str, answer: Answer, send: Send) -> None:
        body = answer.body or b""
        if answer.status in WITHOUT_BODY:
            answer.headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
            body = b""
        elif not any(name == b"content-length" for name, _ in answer.headers):
            answer.headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})

    async def _send_file(self, method: str, answer: Answer, send: Send) -> None:
        """A part of a file (a player jumps, a download goes on), read piece by piece: while the client is slow no thread waits for it."""
        loop = asyncio.get_running_loop()
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while method != "HEAD" and (part := await loop.run_in_executor(self.slow, answer.parts.file.read, PIECE)):
                await asyncio.wait_for(send({"type": "http.response.body", "body": part, "more_body": True}), STALLED)
            await send({"type": "http.response.body", "body": b""})
        finally:
            await loop.run_in_executor(self.slow, _close, answer)

    async def _send_parts(self, method: str, answer: Answer, receive: Receive, send: Send) -> None:
        """One slow thread drains the answer from first to last part (a database cursor belongs to its thread) at the client's pace."""
        loop = asyncio.get_running_loop()
        gone = threading.Event()

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()

        def drain() -> None:
            try:
                if method != "HEAD" and answer.status not in WITHOUT_BODY:
                    for part in answer.parts:
                        if gone.is_set():
                            break
                        if part:
                            sending = send({"type": "http.response.body", "body": bytes(part), "more_body": True})
                            asyncio.run_coroutine_threadsafe(_await(sending), loop).result(STALLED)
            finally:
                _close(answer)

        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        watcher = loop.create_task(watch())
        try:
            await loop.run_in_executor(self.slow, drain)
        except Exception:
            log.warning("an answer was cut short", exc_info=True)
            raise
        finally:
            watcher.cancel()
        await send({"type": "http.response.body", "body": b""})

    def shutdown(self) -> None:
        self.pages.shutdown(wait=False, cancel_futures=True)
        self.slow.shutdown(wait=False, cancel_futures=True)


async def _await(sending: Awaitable[None]) -> None:
    await sending


def _whole_file(file: IO[bytes], answer: Answer) -> str | None:
    """The path of a real file that is to be sent from its first byte; then the server sends it without us."""
    name = getattr(file, "name", None)
    if answer.status != 200 or not isinstance(name, str) or isinstance(file, io.BytesIO):
        return None
    try:
        return name if file.tell() == 0 and name.startswith("/") else None
    except (OSError, ValueError):
        return None


def _close(answer: Answer) -> None:
    if answer.close is not None:
        answer.close()


class _Errors:
    """`wsgi.errors`: what somebody prints there goes to the log."""

    def write(self, text: str) -> None:
        if text.strip():
            log.error(text.strip())

    def flush(self) -> None:
        pass


ERRORS = _Errors()
