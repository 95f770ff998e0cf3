"""`fireside up`: the web processes (Granian's, forked from this one) and a worker beside them, started and stopped together."""

import contextlib
import errno
import gc
import importlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.urls import get_resolver
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from fireside.serving import seats

log = logging.getLogger(__name__)
# All headers together, up to twice that when they come at once; hyper takes at most 100 of them.
HTTP1 = HTTP1Settings(header_read_timeout=15_000, max_buffer_size=32 * 1024)
GRACE = 6  # seconds for what is under way when the house closes


class PortTaken(Exception):
    """Somebody else listens on the port."""


def check_port(host: str, port: int) -> None:
    """Raises PortTaken. SO_REUSEADDR as the server has it, so that a house just closed does not count."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as wrong:
            if wrong.errno == errno.EADDRINUSE:
                raise PortTaken from wrong
            raise


class Worker:
    """The worker process: started again when it ends by itself, slower each time it does so at once.

    Spawned by one call of the system, not by subprocess: that waits on a pipe, and a web process forked in the same moment
    would inherit the pipe's other end and keep it open for ever.
    """

    def __init__(self) -> None:
        self.pid = 0  # 0 = none running
        self.closing = threading.Event()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._spawn()
        self.thread.start()

    def _spawn(self) -> None:
        words = [sys.executable, "-m", "fireside", "work", "--with-parent", str(os.getpid())]
        self.ended.clear()
        # A session of its own: a Ctrl-C at the terminal reaches it through us, in order.
        self.pid = os.posix_spawn(sys.executable, words, os.environ, setsid=True)

    def _keep(self) -> None:
        pause = 1.0
        while True:
            born = time.monotonic()
            _pid, status = os.waitpid(self.pid, 0)
            self.pid = 0
            self.ended.set()
            if self.closing.is_set():
                return
            pause = 1.0 if time.monotonic() - born > 60 else min(pause * 2, 60)
            fields = {"exit": os.waitstatus_to_exitcode(status), "again_in_seconds": pause}
            log.error("the worker ended by itself", extra={"fields": fields})
            if self.closing.wait(pause):
                return
            self._spawn()

    def stop(self) -> None:
        self.closing.set()
        for name, patience in ((signal.SIGTERM, GRACE * 2), (signal.SIGKILL, GRACE)):
            if not self.pid:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, name)
            if self.ended.wait(patience):
                return


def warm() -> None:
    """Load every page's code once, before the web processes are forked: they start at once and share the memory."""
    importlib.import_module("fireside.asgi")
    get_resolver().url_patterns  # noqa: B018  reading it imports every view
    gc.collect()
    gc.freeze()  # else the first full collection of a web process writes into every page of that memory, and it is shared no more


def serve(*, host: str, port: int, worker: bool, ready: Any) -> None:
    """Open the house and keep it open until SIGINT or SIGTERM. Call it from the main thread, once."""
    server = Server(
        "fireside.asgi:app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        http=HTTPModes.http1,  # to be ready for HTTP/2 without TLS, which no browser speaks, costs 12 KB for each open connection
        workers=settings.WEB_PROCESSES,
        backlog=2048,
        backpressure=settings.LIVE_CONNECTIONS,
        http1_settings=HTTP1,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    )
    keeper = Worker()
    if worker:
        server.on_startup(keeper.start)
        server.on_shutdown(keeper.stop)
    server.on_startup(lambda: threading.Thread(target=ready, daemon=True).start())
    warm()
    if settings.OWN_CORES:
        seats.of_this_house = seats.Seats(settings.WEB_PROCESSES)
    connections.close_all()  # nothing open is inherited by the web processes
    try:
        server.serve()
    finally:
        keeper.stop()
        write_the_journal_back()


def write_the_journal_back() -> None:
    """SQLite's: by whoever closes its file last. Web processes end without closing it, and the house would leave two files more behind."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint")
        connections.close_all()
