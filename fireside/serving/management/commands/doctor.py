"""`fireside doctor`: what is wrong, and how to mend it."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.lib.text import json_line
from fireside.serving.doctor import examine


class Command(BaseCommand):
    help = gettext_noop("Say what is wrong with this house and how to mend it. Exit code 1 when something must be mended, 0 when not.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--quick",
            action="store_true",
            help=gettext_noop("look through a large SQLite file in seconds: not whether its indexes agree with its tables"),
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON"))

    def handle(self, *, quick: bool, json: bool, **_options: Any) -> None:
        found = examine(datetime.now(UTC), quick=quick)
        wrong = sum(one.wrong for one in found)
        if json:
            self.stdout.write(json_line({"state": "wrong" if wrong else "well", "wrong": wrong, "found": [asdict(one) for one in found]}))
        else:
            for one in found:
                self.stdout.write(f"{'✗' if one.wrong else '·'} {one.what}\n  → {one.mend}")
            self.stdout.write(_("To be mended: %(count)s.") % {"count": wrong} if wrong else _("Nothing is wrong."))
        if wrong:
            sys.exit(1)
