"""Bringing the tables up to date, in whole steps and with a bar: on a large house one step may take minutes.

Django commits most steps first and writes down that they are done in a commit of its own: a process killed between the two
could never migrate again, because its tables would be there already. Here both are one commit, whichever command migrates.
"""

import sys
from typing import Any, TextIO
from unittest.mock import patch

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.transaction import atomic
from django.utils.translation import gettext as _


class WholeSteps(MigrationExecutor):
    applied = 0

    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        made = self._whole(state, migration, fake, fake_initial)
        WholeSteps.applied += 1
        return made

    def _whole(self, state: Any, migration: Migration, fake: bool, fake_initial: bool) -> Any:
        if not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        self.connection.disable_constraint_checking()  # SQLite makes tables only so, and cannot any more inside of a transaction
        try:
            with atomic(using=self.connection.alias):
                return super().apply_migration(state, migration, fake, fake_initial)
        finally:
            self.connection.enable_constraint_checking()


class Migrate(migrate.Command):
    """Django's `migrate`, in whole steps."""

    def handle(self, *args: Any, **options: Any) -> None:
        with patch.object(migrate, "MigrationExecutor", WholeSteps):
            super().handle(*args, **options)


def migrations_waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_tables_up_to_date(waiting: int | None = None, out: TextIO | None = None) -> None:
    """Apply what waits. Nothing is shown when nothing waits, nor where nobody looks (a log is no place for a bar)."""
    if not (waiting := migrations_waiting() if waiting is None else waiting):
        return
    from tqdm import tqdm

    with tqdm(total=waiting, unit=" " + _("steps"), mininterval=0, disable=None, leave=False, file=out or sys.stderr) as bar:

        class Shown(Migrate):
            def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
                if action == "apply_start":
                    bar.set_description_str(str(migration))
                elif action == "apply_success":
                    bar.update()

        call_command(Shown(), interactive=False, verbosity=0, skip_checks=True)
