"""The raw application on the one port: live updates, static files and health by itself, everything else over the bridge."""

import asyncio
import contextlib
import json
import logging
import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fireside.lib import env
from fireside.lib.away import WAIT, WORDS, what_is_away
from fireside.lib.cores import keep_to
from fireside.serving import figures, overload
from fireside.serving.body import Body, Gone, TooLarge, let_pass, nothing, read_body
from fireside.serving.bridge import Bridge, Broken, Headers, Receive, Scope, Send, environ_of
from fireside.serving.large import NotTheirs, may_send_much
from fireside.serving.live import Listener, Live
from fireside.serving.rules import NOTHING_IN_IT, Network, real_address, request_id, within, without_secrets
from fireside.serving.seats import own_cores
from fireside.serving.shelf import Name, Shelf
from fireside.serving.statics import Statics

log = logging.getLogger("fireside.request")
SLOW = 1.0  # seconds after which a request is worth a line by itself
MIB = 1024 * 1024


class Front:
    """One per process. Everything here runs on the event loop, so nothing here may touch the database."""

    def __init__(
        self, wsgi: Any, *, statics: Statics, live: Live, threads: int, slow_threads: int, proxies: list[Network], tls: bool,
        uploads: Path, small_mib: int, larger: tuple[tuple[tuple[str, ...], int], ...], access_log: bool,
        may_send_much: Callable[[dict[str, Any]], bool],
    ) -> None:  # fmt: skip
        self.bridge = Bridge(wsgi, threads=threads, slow_threads=slow_threads)
        self.statics, self.live, self.shelf = statics, live, Shelf()
        self.proxies, self.tls = proxies, tls
        self.uploads, self.small, self.larger = uploads, small_mib * MIB, larger
        self.access_log = access_log
        self.may_send_much = may_send_much

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if (stays := await self._http(scope, receive, send)) is not None:
                scope.clear()  # thousands may stay, for minutes, and need nothing of what they asked
                del scope, send
                await self.live.keep(stays, receive)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:  # a websocket: nothing here speaks it
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> Listener | None:
        """Answer. Whoever stays for live updates is given back when all but that is done."""
        path = scope["path"]
        if path == "/healthz":
            await plain(send, 200, b"ok\n", method=scope["method"])
            return None
        if path.startswith("/static/") and await self.statics.answer(scope, send):
            return None
        began = time.perf_counter()
        given = dict(scope["headers"])  # of repeated ones the last: enough for what is asked of it here
        peer = (scope.get("client") or ("", 0))[0]
        trusted = bool(self.proxies) and within(peer, self.proxies)
        address = real_address(peer, given.get(b"x-forwarded-for", b"").decode("latin-1"), self.proxies) if trusted else peer
        scheme = scope.get("scheme", "http")
        if trusted and given.get(b"x-forwarded-proto") in {b"https", b"http"}:
            scheme = given[b"x-forwarded-proto"].decode()
        fresh = secrets.token_hex(16)
        name = request_id(given.get(b"x-request-id", b"").decode("latin-1"), fresh) if trusted else fresh
        if path == "/live":
            return await self.live.admit(scope, send, address=address, extra=[(b"x-request-id", name.encode())])
        if (page := self.shelf.take(lies := self.shelf.name_of(scope, given, scheme))) is not None:
            status, route = 200, "kept"
            await page.hand_out(send, name)
        else:
            status, route = await self._page(scope, receive, send, address, scheme, name, given, lies)
        took = time.perf_counter() - began
        figures.observe(scope["method"], route, status, took)
        if self.access_log or took > SLOW or status >= 500:
            log.log(
                logging.ERROR if status >= 500 else logging.INFO, "request",
                extra={"fields": {"method": scope["method"], "path": without_secrets(path), "status": status, "ms": round(took * 1000, 1),
                                  "address": address, "request_id": name}},
            )  # fmt: skip
        return None

    async def _page(
        self, scope: Scope, receive: Receive, send: Send, address: str, scheme: str, name: str, given: dict[bytes, bytes], lies: Name | None
    ) -> tuple[int, str]:
        """Body, bridge, answer. Returns the status and the route that Django found."""
        extra: Headers = [(b"x-request-id", name.encode())]
        if self.bridge.full:
            await plain(
                send, 503, b"Many people are here right now. Please try again in a few seconds.\n", path=scope["path"], code="full",
                extra=[*extra, (b"retry-after", b"5")],
            )  # fmt: skip
            return 503, "full"
        waited = self.bridge.waited
        if kind := overload.rests(scope["path"], scope["query_string"], waited):
            figures.RESTED.labels(kind).inc()
            wait = b"%d" % overload.RETRY[kind]
            await plain(
                send, 503, overload.words_for(given), path=scope["path"], code="busy", method=scope["method"],
                extra=[*extra, (b"retry-after", wait), (b"x-busy", b"1"), (b"connection", b"close")],
            )  # fmt: skip
            return 503, kind
        unread: dict[str, Any] = {}
        try:
            body = await self._body(scope, receive, given, address, scheme)
        except (TooLarge, NotTheirs) as wrong:
            unread = (
                {"fireside.too_large": self._most(scope["path"]) // MIB} if isinstance(wrong, TooLarge) else {"fireside.not_theirs": True}
            )
            body = nothing()
            if b"expect" not in given:
                await let_pass(receive)
            extra.append((b"connection", b"close"))  # what is left of the body is not worth reading
        except Gone:
            with contextlib.suppress(Exception):  # most often nobody is there to hear it
                await plain(
                    send, 400, b"What you sent did not arrive whole. Please send it again.\n", path=scope["path"], code="not_whole",
                    extra=[*extra, (b"connection", b"close")],
                )  # fmt: skip
            return 400, "gone"
        except OSError as wrong:
            if not (gone := what_is_away(wrong)):
                raise
            log.error("no room for what was sent", extra={"fields": {"request_id": name}})
            await let_pass(receive)
            await plain(
                send, 503, str(WORDS[gone]).encode() + b"\n", path=scope["path"], code=gone,
                extra=[*extra, (b"retry-after", b"%d" % WAIT), (b"connection", b"close")],
            )  # fmt: skip
            return 503, "no_room"
        try:
            environ = environ_of(scope, body.file, 0 if unread else body.size or None, address, scheme)
            environ |= unread | {"fireside.request_id": name}
            if waited > overload.AFTER[overload.BACKGROUND]:
                environ["fireside.waited"] = waited
            try:
                answer = await self.bridge.answer(scope, receive, send, environ, slow=body.large, extra=extra)
                status = answer.status
                self.shelf.lay(lies, answer, environ.get("fireside.holds"))
                if waited and any(header == b"x-busy" for header, _value in answer.headers):
                    figures.RESTED.labels(overload.OWN_PAGES).inc()
            except Broken:  # Django answers its own mistakes; this is below it
                log.exception("the application broke", extra={"fields": {"request_id": name}})
                await plain(
                    send, 500, b"Something broke on our side. Please try again.\n", path=scope["path"], code="broken",
                    method=scope["method"], extra=extra,
                )  # fmt: skip
                status = 500
            return status, environ.get("fireside.route", "unknown")
        finally:
            body.file.close()

    async def _body(self, scope: Scope, receive: Receive, given: dict[bytes, bytes], address: str, scheme: str) -> Body:
        said = given.get(b"content-length")
        if said is None and b"transfer-encoding" not in given and scope.get("http_version") != "2":
            return nothing()
        if said == b"0":
            return nothing()
        size = int(said) if said is not None and said.isdigit() else None
        most, pool = self._most(scope["path"]), self.bridge.slow
        if size is not None and size <= self.small:
            most = self.small
        elif most > self.small and (size or 0) <= most:
            environ = environ_of(scope, nothing().file, 0, address, scheme)
            if not await asyncio.get_running_loop().run_in_executor(pool, self.may_send_much, environ):
                raise NotTheirs
        return await read_body(receive, said=size, most=most, folder=self.uploads, pool=pool)

    def _most(self, path: str) -> int:
        return next((mib * MIB for paths, mib in self.larger if path.startswith(paths)), self.small)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                keep_to(own_cores())
                self.live.open()
                before_closing(asyncio.get_running_loop(), self.live.farewell)
                await send({"type": "lifespan.startup.complete"})
            else:
                self.live.shut()
                self.bridge.shutdown()
                await send({"type": "lifespan.shutdown.complete"})
                return


def before_closing(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Do this on SIGINT and SIGTERM before the server's own handler, which waits for open connections and tells nobody."""
    for name in (signal.SIGINT, signal.SIGTERM):
        servers = getattr(loop, "_signal_handlers", {}).get(name)
        if servers is not None:

            def both(servers: Any = servers) -> None:
                call()
                servers._run()

            loop.add_signal_handler(name, both)


async def plain(
    send: Send, status: int, text: bytes, *, path: str = "", code: str = "", method: str = "GET", extra: Headers | None = None
) -> None:  # fmt: skip
    """A short answer without Django: plain text, and for programs the form of every refusal."""
    kind = b"text/plain; charset=utf-8"
    if code and path.startswith("/api/"):
        kind, text = b"application/json", json.dumps({"code": code, "message": text.decode().strip()}).encode()
    headers = [
        (b"content-type", kind), (b"content-length", b"%d" % len(text)), *NOTHING_IN_IT,
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers + (extra or [])})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else text})


def make(wsgi: Any, may_send_much: Callable[[dict[str, Any]], bool] = may_send_much) -> Front:
    """The front as the environment wants it."""
    from django.conf import settings

    return Front(
        wsgi, statics=Statics(), live=Live(), threads=settings.WEB_THREADS, slow_threads=settings.SLOW_THREADS,
        proxies=settings.PROXIES, tls=settings.TLS, uploads=settings.UPLOADS, small_mib=settings.MAX_BODY_MIB,
        larger=((settings.UPLOAD_PATHS, settings.MAX_UPLOAD_MIB), (settings.FILE_PATHS, settings.MAX_FILE_MIB + 1)), access_log=env.flag("FIRESIDE_ACCESS_LOG"),
        may_send_much=may_send_much,
    )  # fmt: skip
