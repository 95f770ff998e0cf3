"""`fireside work`: one more worker, on this machine or any other that reaches the same database."""

import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext_noop

from fireside.activity.worker import run_worker
from fireside.lib.text import json_line
from fireside.serving.opening import try_the_engines


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = gettext_noop(
        "Follow the log, keep deadlines, send letters and run jobs. Any number of workers may run. Ctrl-C ends it after its current step."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))
        parser.add_argument("--with-parent", type=int, metavar="PID", help=gettext_noop("end when this process is gone"))

    def handle(self, *, with_parent: int | None, json: bool = False, **_options: Any) -> None:
        if with_parent is None:  # the worker of a house that is open waits, as that does, when an engine is started anew
            try_the_engines()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_args: stop.set())
        if with_parent is not None:
            threading.Thread(target=_watch, args=(with_parent, stop), daemon=True).start()
        with translation.override(settings.LANGUAGE_CODE):  # whoever started it: each letter and page has its own reader
            done = run_worker(stop)
        if json:
            self.stdout.write(json_line({"state": "closed"} | done))


def _watch(parent: int, stop: threading.Event) -> None:
    """A house that was killed outright must not leave its worker behind."""
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()
