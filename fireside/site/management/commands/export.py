"""`fireside export`: everything of the community, in a form that people can read and any house takes in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fireside.activity.actor import house
from fireside.lib.bars import Steps
from fireside.lib.errors import Refused
from fireside.lib.text import json_line
from fireside.members.queries import the_community
from fireside.site.actions import note_export
from fireside.site.carrying.out import write_out
from fireside.site.formats import number


class Command(BaseCommand):
    help = gettext_noop(
        "Write everything of the community into a folder or a .zip: JSON lines and files, while people write. `fireside import fireside` brings it into an empty house, on either database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", metavar="FOLDER|FILE.zip", type=Path, help=gettext_noop("where it is written; nothing may be there yet"))
        parser.add_argument(
            "--with-private",
            action="store_true",
            help=gettext_noop("private conversations, too: for moving the house; the log says so to everybody who reads it"),
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON"))

    def handle(self, *, to: Path, with_private: bool, json: bool, **_options: Any) -> None:
        target, actor = to.expanduser().resolve(), house("cli", now=datetime.now(UTC))
        if the_community() is not None and not target.exists():
            note_export(actor, private=with_private)
        try:
            with Steps(self.stderr._out, _("records")) as steps:
                manifest = write_out(target, now=actor.now, told=steps, private=with_private)
        except OSError as wrong:
            words = _("It could not be written: %(path)s: %(why)s. Nothing of it stays. Mend that, or name another place.")
            raise Refused("not_written", words % {"path": wrong.filename or target, "why": wrong.strerror or wrong}) from None
        rows, files = sum(one["rows"] for one in manifest["things"]), len(manifest["files"])
        if json:
            self.stdout.write(json_line({"state": "done", "to": str(target), "rows": rows, "files": files}))
            return
        self.stdout.write(
            (
                _(
                    "%(path)s: %(rows)s records and %(files)s files. Whoever holds it reads everything, private conversations included; it lets nobody in."
                )
                if with_private
                else _(
                    "%(path)s: %(rows)s records and %(files)s files. Whoever holds it reads everything but private conversations; it lets nobody in."
                )
            )
            % {"path": target, "rows": number(rows), "files": number(files)}
        )
