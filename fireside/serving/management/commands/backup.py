"""`fireside backup`: one archive of the whole house, while people write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.lib.bars import Bars
from fireside.lib.errors import Refused
from fireside.lib.text import json_line
from fireside.serving.keeping.archive import reason
from fireside.serving.keeping.taking import back_up
from fireside.serving.opening import try_the_engines
from fireside.site.formats import bytes_words, number


class Command(BaseCommand):
    help = gettext_noop(
        "Keep everything in one archive, while people write: records, files and the signing key. `fireside restore` puts it back."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", metavar="FOLDER", type=Path, help=gettext_noop("where the archive is laid; default: backups in the data folder")
        )
        parser.add_argument(
            "--days",
            type=int,
            default=30,
            help=gettext_noop("older archives in that folder lapse after so many days and are removed; 0 = never; default: 30"),
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON"))

    def handle(self, *, to: Path | None, days: int, json: bool, **_options: Any) -> None:
        try_the_engines()
        folder = (to or settings.DATA / "backups").expanduser().resolve()
        try:
            with Bars(self.stderr._out) as bars:
                made = back_up(folder, now=datetime.now(UTC), step=bars.step, lapse=timedelta(days=days) if days > 0 else None)
        except OSError as wrong:
            words = _("The archive could not be made: %(path)s: %(why)s. Mend that, or name another folder with --to.")
            raise Refused("not_kept", words % {"path": wrong.filename or folder, "why": reason(wrong)}) from None
        if json:
            self.stdout.write(json_line({"state": "done", **made}))
            return
        facts = {
            "archive": made["archive"],
            "size": bytes_words(made["bytes"]),
            "rows": number(made["rows"]),
            "files": number(made["files"]),
        }
        self.stdout.write(
            _("%(archive)s: %(size)s with %(rows)s rows, %(files)s files and the signing key. Whoever holds it holds the house.") % facts
        )
        if made["lapsed"]:
            self.stdout.write(_("Older archives that have lapsed and are gone: %(count)s.") % {"count": made["lapsed"]})
