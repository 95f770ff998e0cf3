"""`fireside restore`: an archive in the place of this house, or of none."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.lib.bars import Bars
from fireside.lib.text import json_line
from fireside.serving.keeping.putting_back import restore
from fireside.site.formats import number


class Command(BaseCommand):
    help = gettext_noop(
        "Put an archive of `fireside backup` in the place of this house, which must be closed. What fails leaves the house as it was."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", metavar="FILE", type=Path, help=gettext_noop("the archive that `fireside backup` made"))
        parser.add_argument(
            "--replace", action="store_true", help=gettext_noop("a community lives here already: put the archive in its place")
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON"))

    def handle(self, *, archive: Path, replace: bool, json: bool, **_options: Any) -> None:
        with Bars(self.stderr._out) as bars:
            done = restore(archive.expanduser().resolve(), now=datetime.now(UTC), step=bars.step, replace=replace)
        if json:
            self.stdout.write(json_line({"state": "done", **done}))
            return
        facts = {"name": archive.name, "made_at": done["made_at"], "rows": number(done["rows"]), "files": number(done["files"])}
        self.stdout.write(
            _("The house is as %(name)s kept it on %(made_at)s: %(rows)s rows, %(files)s files. Open it: fireside up") % facts
        )
        if done["before"]:
            self.stdout.write(
                _("What was here before lies in %(folder)s. Remove it when nothing of it is missed.") % {"folder": done["before"]}
            )
        if done["another_key"]:
            self.stdout.write(
                _(
                    "FIRESIDE_SECRET is not the key of the archive: everybody signs in anew, and one-time links are void. The archive’s key lies in the file “secret” of the data folder."
                )
            )
