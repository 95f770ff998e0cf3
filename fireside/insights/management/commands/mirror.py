"""Bring the mirror up to date, or make it anew from the log."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tqdm import tqdm

from fireside.activity.actor import house
from fireside.activity.jobs import Progress, run_here
from fireside.activity.models import Job
from fireside.insights import actions
from fireside.insights.mirror.files import root
from fireside.insights.mirror.state import snapshot
from fireside.lib.text import json_line


class Command(BaseCommand):
    help = gettext_noop("Bring the numbers' mirror of the log up to date: fireside mirror. Make it anew: fireside mirror --rebuild.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help=gettext_noop("copy the whole log again, then put the new files in place of the old")
        )
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON"))

        parser.add_argument("--files", action="store_true", help=gettext_noop("only name the files that are live now, part by part"))

    def handle(self, *args: Any, rebuild: bool, json: bool, files: bool, **options: Any) -> None:
        if files:
            live = {part: [str(root() / path) for path in paths] for part, paths in snapshot().paths.items()}
            self.stdout.write(json_line(live) if json else "\n".join(f"{part} {path}" for part, paths in live.items() for path in paths))
            return
        actor = house("cli", now=datetime.now(UTC))
        why = "" if rebuild else actions.needs_rebuild()
        with tqdm(unit=" " + _("lines"), disable=None, leave=False, file=self.stderr._out) as bar:

            def show(progress: Progress) -> None:
                bar.update(progress.done - bar.n)
                bar.set_description(str(progress.doing), refresh=True)

            row = run_here(actor, "insights.rebuild" if rebuild or why else "insights.catch_up", {}, show=show)
        if row.state != Job.State.DONE:
            raise row.refusal or CommandError(row.error or row.state)
        state = snapshot()
        counts = {
            **row.counts, "rows": state.rows, "watermark": state.watermark, "files": sum(map(len, state.paths.values())),
            "rebuilt": bool(rebuild or why), "why": why,
        }  # fmt: skip
        told = ", ".join(f"{name} {value}" for name, value in counts.items() if value not in {"", False})
        self.stdout.write(json_line(counts) if json else told)
