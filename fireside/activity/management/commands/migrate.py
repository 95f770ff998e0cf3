"""`fireside migrate`, of which a kill at any point leaves whole steps only.

Django commits most steps first and writes down that they are done in a commit of its own: a process killed between the two
could never migrate again, because its tables would be there already. Here both are one commit.
"""

from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.transaction import atomic


class WholeSteps(MigrationExecutor):
    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        if not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        self.connection.disable_constraint_checking()  # SQLite makes tables only so, and cannot any more inside of a transaction
        try:
            with atomic(using=self.connection.alias):
                return super().apply_migration(state, migration, fake, fake_initial)
        finally:
            self.connection.enable_constraint_checking()


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with patch.object(migrate, "MigrationExecutor", WholeSteps):
            super().handle(*args, **options)
