"""Search from the command line, as a member or as a visitor; and the index made anew."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from fireside.activity.actor import house
from fireside.activity.jobs import Progress, run_here
from fireside.activity.management.commands.act import EXIT, member_of
from fireside.activity.models import Job
from fireside.lib.errors import Refusal
from fireside.lib.text import json_line
from fireside.site.management.commands.show import ask, in_lines

NAMES = {
    "space": gettext_noop("slug of a space"), "by": gettext_noop("handle of who said it"),
    "since": gettext_noop("first day, like 2026-01-01"), "until": gettext_noop("last day"), "tag": gettext_noop("a tag, in whatever spelling"), "state": "answered | waiting",
    "sort": "best | latest", "cursor": gettext_noop("the next page, as the one before said"), "size": gettext_noop("how many on a page"),
}  # fmt: skip


class Command(BaseCommand):
    help = gettext_noop("Look for words in what was said: fireside search --as ann washer. Make the index anew: fireside search --rebuild.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="*", help=gettext_noop("all of them must be there"))
        parser.add_argument("--as", default="", help=gettext_noop("handle of the member who looks; without it, a visitor does"))
        for name, what in NAMES.items():
            parser.add_argument(f"--{name}", default="", help=what)
        parser.add_argument("--rebuild", action="store_true", help=gettext_noop("read every post again and make the index anew"))
        parser.add_argument("--json", action="store_true", help=gettext_noop("answer with one line of JSON"))

    def handle(self, *args: Any, words: list[str], rebuild: bool, json: bool, **options: Any) -> None:
        if rebuild:
            self._rebuild(json)
            return
        try:
            who = member_of(options["as"], datetime.now(UTC)) if options["as"] else None
            given = {name: options[name] for name in NAMES if options[name]}
            status, found = ask("search", {"q": " ".join(words), **given}, who)
        except Refusal as no:
            status, found = no.status, {"code": no.code, "message": str(no)}
        if status >= 400:
            (self.stdout if json else self.stderr).write(json_line(found) if json else found["message"])
            sys.exit(EXIT.get(403 if status == 401 else status, 2))
        self.stdout.write(json_line({"code": "done", "result": found}) if json else "\n".join(in_lines(found)))

    def _rebuild(self, json: bool) -> None:
        with tqdm(unit=" " + _("posts"), disable=None, leave=False, file=self.stderr._out) as bar:

            def show(progress: Progress) -> None:
                bar.update(progress.done - bar.n)

            row = run_here(house("cli", now=datetime.now(UTC)), "conversation.index", {}, key="conversation.index", show=show)
        if row.state != Job.State.DONE:
            raise row.refusal or CommandError(row.error or row.state)
        self.stdout.write(json_line(row.counts) if json else ", ".join(f"{name} {value}" for name, value in row.counts.items()))
