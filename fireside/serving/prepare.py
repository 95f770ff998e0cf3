"""What must be in place before the house opens: tables, the cache table, static files. Quick when nothing has changed."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from fireside.lib.migrating import bring_tables_up_to_date, migrations_waiting
from fireside.serving import statics
from fireside.site.actions.leaving import finish_leaving

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Everything, in order. Safe to run while another house on the same database does the same."""
    if waiting := migrations_waiting():
        say(_("Preparing the database (%(count)s steps) …") % {"count": waiting})
        bring_tables_up_to_date(waiting)
    if not settings.VALKEY_URL and "cache" not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
    if count := statics.collect():
        say(_("Preparing %(count)s static files.") % {"count": count})
    finish_leaving()
    for left_over in Path(settings.UPLOADS).glob("*"):
        if left_over.is_file():
            left_over.unlink(missing_ok=True)


def fresh_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
