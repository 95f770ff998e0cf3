"""`fireside migrate`, of which a kill at any point leaves whole steps only.

Django commits most steps first and writes down that they are done in a commit of its own: a process killed between the two
could never migrate again, because its tables would be there already. Here both are one commit.
"""

from json import dumps
from typing import Any
from unittest.mock import patch

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.transaction import atomic
from django.utils.translation import gettext_noop


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


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help=gettext_noop("end with one line of JSON: the counts"))

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        WholeSteps.applied, out = 0, self.stdout
        if json:
            self.stdout = self.stderr  # which step is under way
        try:
            with patch.object(migrate, "MigrationExecutor", WholeSteps):
                super().handle(*args, **options)
        finally:
            self.stdout = out
        if json:
            self.stdout.write(dumps({"state": "done", "applied": WholeSteps.applied}))
