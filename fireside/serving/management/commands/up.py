"""`fireside up`: the whole house with one command."""

import os
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.lib.text import json_line
from fireside.site import setup_link, setup_words

BEGAN = time.monotonic()


class Command(BaseCommand):
    help = gettext_noop(
        "Open the house: prepare the database, serve pages, live updates and files on one port, and run a worker. Ctrl-C closes it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help=gettext_noop("default: PORT, else 8000"))
        parser.add_argument(
            "--host", default=settings.HOST, help=gettext_noop("address to listen on; default: FIRESIDE_HOST, else every one")
        )
        parser.add_argument(
            "--as-is", action="store_true", help=gettext_noop("do not look after database and static files first: they are in place")
        )
        parser.add_argument(
            "--json", action="store_true", help=gettext_noop("a line of JSON when the house is open, and one when it is closed")
        )
        parser.add_argument("--no-worker", action="store_true", help=gettext_noop("leave the work to `fireside work` elsewhere"))

    def handle(self, *, port: int, host: str, no_worker: bool, as_is: bool, json: bool = False, **_options: Any) -> None:
        from fireside.serving.opening import try_the_engines
        from fireside.serving.prepare import fresh_folder, prepare

        # Figures of all web processes meet in this folder; it must be named before anybody counts.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(fresh_folder(Path(settings.DATA) / f"figures-{port}"))
        from fireside.serving.supervise import PortTaken, check_port, serve

        try:
            check_port(host, port)
        except PortTaken:
            words = _(
                "Port %(port)s is taken by another program, perhaps by this house already running. Stop that one, or choose another: PORT=%(other)s …"
            )
            raise CommandError(words % {"port": port, "other": port + 1}) from None
        except OSError as wrong:
            words = _("Cannot listen on %(place)s: %(why)s.") % {"place": f"{host}:{port}", "why": wrong.strerror}
            raise CommandError(words) from None
        try_the_engines()
        if not as_is:
            prepare(self.stderr.write if json else self.say)
        reader = translation.get_language() or settings.LANGUAGE_CODE

        def ready() -> None:
            with translation.override(reader):  # a thread of its own
                self._ready(host, port, json)

        with translation.override(settings.LANGUAGE_CODE):  # what is forked from here asks each reader
            serve(host=host, port=port, worker=not no_worker, ready=ready)
        open_for = f"{time.monotonic() - BEGAN:.1f}"
        self.say(json_line({"state": "closed", "seconds": float(open_for)}) if json else _("Fireside is closed."))

    def _ready(self, host: str, port: int, as_json: bool) -> None:
        """Once the port answers: where to go."""
        near = "127.0.0.1" if host in {"0.0.0.0", ""} else f"[{host}]" if ":" in host else host  # noqa: S104
        for _try in range(300):
            try:
                with urllib.request.urlopen(f"http://{near}:{port}/healthz", timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        address = settings.ADDRESS if os.environ.get("FIRESIDE_ADDRESS") else f"http://localhost:{port}"
        facts = {"address": address, "folder": str(settings.DATA), "seconds": f"{age_of_this_process():.1f}"}
        if as_json:
            self.say(
                json_line({"state": "open", **facts, "seconds": float(facts["seconds"]), "setup": asked_in_a_thread(setup_link, address)})
            )
            return
        self.say(_("Fireside is open at %(address)s (data in %(folder)s; started in %(seconds)s s)") % facts)
        if words := asked_in_a_thread(setup_words, address):
            self.say(words)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def asked_in_a_thread(ask: Callable[[str], str | None], address: str) -> str | None:
    """Where the house is set up, while it has no community of its own. The thread's connection is closed."""
    try:
        return ask(address)
    finally:
        connection.close()


def age_of_this_process() -> float:
    """Seconds since the command was typed, its imports included; where the system does not tell, since this module was read."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return time.monotonic() - BEGAN
