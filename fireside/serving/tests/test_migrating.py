"""A house with data is upgraded: whoever watches sees how far it is, and a start with nothing to do says nothing."""

import io

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fireside.lib.migrating import bring_tables_up_to_date, migrations_waiting


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_an_upgrade_shows_its_steps_where_somebody_looks(world):
    try:
        MigrationExecutor(connection).migrate([("conversation", "0016_shapes")])
        assert (steps := migrations_waiting())
    finally:
        seen, log = Terminal(), io.StringIO()
        bring_tables_up_to_date(out=seen)
    assert "conversation.0017_library" in seen.getvalue() and f"{steps}/{steps}" in seen.getvalue()
    assert migrations_waiting() == 0
    for out in (log, seen := Terminal()):
        bring_tables_up_to_date(out=out)
        assert out.getvalue() == ""
    assert world.hearth.belongings.count() == 2
