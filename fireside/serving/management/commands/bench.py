"""`fireside bench`: what pages, replies, live updates, imports and numbers cost in this version on this machine."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.lib.text import json_line


class Command(BaseCommand):
    help = gettext_noop(
        "Fill houses of its own, ask them by many at once, and print one JSON object a line. Sizes come from the environment: see docs/speed.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("only", nargs="?", default="", metavar="PREFIX", help=gettext_noop("only figures whose name begins so"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("the lines are JSON in any case"))
        parser.add_argument(
            "--fill", type=int, metavar="POSTS", help=gettext_noop("fill the database of FIRESIDE_DATA (the bench calls this itself)")
        )
        parser.add_argument("--filled", metavar="FILE", help=gettext_noop("with --fill: write down where to knock"))

    def handle(self, *, only: str, fill: int | None, filled: str | None, **_options: Any) -> None:
        if fill is not None:
            from fireside.serving.bench.filling import fill as fill_house

            Path(str(filled)).write_text(json_line(fill_house(fill).__dict__))
            return
        from fireside.serving.bench.asking import NotFine
        from fireside.serving.bench.houses import NotOpen
        from fireside.serving.bench.running import Sizes, rows

        def tell(words: str) -> None:
            sys.stderr.write(words + "\n")
            sys.stderr.flush()

        try:
            for row in rows(Sizes.asked(), only, tell):
                self.stdout.write(json_line(row))
                self.stdout.flush()
        except NotFine as wrong:
            raise CommandError(_("An answer was not fine: %(what)s.") % {"what": wrong}) from None
        except NotOpen as wrong:
            raise CommandError(_("A house of the bench did not do what it should: %(what)s") % {"what": wrong}) from None
