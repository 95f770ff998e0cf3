"""Bringing the tables up to date, with a bar: on a large house one step may take minutes."""

import sys
from typing import Any, TextIO

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from tqdm import tqdm


def migrations_waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_tables_up_to_date(waiting: int | None = None, out: TextIO | None = None) -> None:
    """Apply what waits. Nothing is shown when nothing waits, nor where nobody looks (a log is no place for a bar)."""
    if not (waiting := migrations_waiting() if waiting is None else waiting):
        return
    with tqdm(total=waiting, unit=" " + _("steps"), disable=None, leave=False, file=out or sys.stderr) as bar:

        class Shown(migrate.Command):
            def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
                if action == "apply_start":
                    bar.set_description_str(str(migration))
                elif action == "apply_success":
                    bar.update()

        call_command(Shown(), interactive=False, verbosity=0, skip_checks=True)
