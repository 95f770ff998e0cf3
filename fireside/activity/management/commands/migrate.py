"""`fireside migrate`, of which a kill at any point leaves whole steps only."""

from json import dumps
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext_noop

from fireside.lib.migrating import Migrate, WholeSteps


class Command(Migrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        WholeSteps.applied, out = 0, self.stdout
        if json:
            self.stdout = self.stderr  # which step is under way
        try:
            super().handle(*args, **options)
        finally:
            self.stdout = out
        if json:
            self.stdout.write(dumps({"state": "done", "applied": WholeSteps.applied}))
