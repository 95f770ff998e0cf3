"""`fireside restore`: everything is unpacked, checked and brought up to date beside the house before the house itself is touched."""

import filecmp
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from fireside.activity.actor import house
from fireside.activity.reactions import realign_after_restore
from fireside.insights.actions import rebuild_mirror
from fireside.lib.env import text
from fireside.lib.errors import Refused
from fireside.lib.migrating import bring_tables_up_to_date
from fireside.members.queries import forget_community, the_community
from fireside.serving.keeping import DUMP, FOLDERS, SECRET, SQLITE, postgres, sqlite
from fireside.serving.keeping.archive import read_manifest, unpack
from fireside.serving.keeping.rooms import clear, own_room
from fireside.serving.keeping.taking import STAMP, Step, kept_files
from fireside.site.forgetting.doing import forget_again


def restore(archive: Path, *, now: datetime, step: Step, replace: bool = False) -> dict[str, Any]:
    """Put an archive in the place of this house, or of none. Whatever fails leaves the old house as it was."""
    manifest, data = read_manifest(archive), Path(settings.DATA)
    clear(data)
    _see_that_it_fits(archive, manifest)
    if not replace and _somebody_lives_here():
        raise Refused("lived_in", _("A community lives here already. To put the archive in its place, add --replace."))
    engine: Any = postgres if connection.vendor == "postgresql" else sqlite
    before = data / f"before-restore-{now.strftime(STAMP)}"
    with engine.alone(), own_room("restoring-", data) as room:
        unpack(archive, manifest, room, step(_("Checking and unpacking"), sum(entry["size"] for entry in manifest["entries"])))

        def finish() -> None:
            forget_community()
            _see_that_all_rows_are_there(archive, manifest)
            bring_tables_up_to_date()
            realign_after_restore()
            forget_again(house("cli", now=now))
            rebuild_mirror(house("cli", now=now), told=step(_("Making the numbers’ mirror anew"), 0, _("lines")))

        with _files_put(room, before):
            engine.put_in(room / (DUMP if engine is postgres else SQLITE), before, finish)
        if before.exists() and not filecmp.cmp(room / SECRET, data / SECRET, shallow=False):
            _move(data / SECRET, before / SECRET)
        (room / SECRET).chmod(0o600)
        (room / SECRET).replace(data / SECRET)
    known = {entry["name"] for entry in manifest["entries"]}
    for name, path in [*kept_files()]:
        if name not in known:
            _move(path, before / name)
    with suppress(Exception):  # a Valkey that does not answer forgets by itself, within minutes
        cache.clear()
    forget_community()
    another = bool(given := text("FIRESIDE_SECRET")) and given != (data / SECRET).read_text()
    return {
        "archive": str(archive), "made_at": manifest["made_at"], "fireside": manifest["fireside"], "rows": sum(manifest["tables"].values()),
        "files": sum(name.partition("/")[0] in FOLDERS for name in known), "before": str(before) if before.exists() else "", "another_key": another,
    }  # fmt: skip


def _somebody_lives_here() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    try:
        return "members_community" in connection.introspection.table_names() and the_community() is not None
    except DatabaseError:
        return True  # damaged, and perhaps all that there is


def _see_that_it_fits(archive: Path, manifest: dict[str, Any]) -> None:
    """An archive of this engine, of a version that this house knows, and room for it."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if strange := [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]:
        words = _(
            "%(name)s was made by Fireside %(version)s, which is newer than this house (it has %(step)s). Upgrade this house first, then restore."
        )
        raise Refused("too_new", words % {"name": archive.name, "version": manifest["fireside"], "step": strange[0]})
    if manifest["engine"] != connection.vendor:
        if manifest["engine"] == "sqlite":
            words = _("%(name)s holds records of SQLite, and this house is on PostgreSQL. Restore it without DATABASE_URL.")
        else:
            words = _(
                "%(name)s holds records of PostgreSQL, and this house is on SQLite. Set DATABASE_URL to a PostgreSQL database, then restore."
            )
        raise Refused("another_engine", words % {"name": archive.name})
    needs, free = sum(entry["size"] for entry in manifest["entries"]), shutil.disk_usage(settings.DATA).free
    if needs > free:
        words = _(
            "There is too little room in %(folder)s: the archive needs %(needs)s MiB and %(free)s MiB are free. Make room, then restore."
        )
        raise Refused("no_room", words % {"folder": settings.DATA, "needs": (needs >> 20) + 1, "free": free >> 20})


def _see_that_all_rows_are_there(archive: Path, manifest: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for name, rows in manifest["tables"].items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            if (found := cursor.fetchone()[0]) != rows:
                words = _(
                    "%(name)s is damaged: %(table)s has %(found)s rows and should have %(rows)s. Take another archive; this house is as it was."
                )
                raise Refused("archive_damaged", words % {"name": archive.name, "table": name, "found": found, "rows": rows})


@contextmanager
def _files_put(room: Path, before: Path) -> Iterator[None]:
    """Files of the archive among those of the house. What fails inside takes them out again."""
    data, undo = Path(settings.DATA), list[Callable[[], Any]]()
    try:
        for new in sorted(path for folder in FOLDERS for path in (room / folder).rglob("*") if path.is_file()):
            name = new.relative_to(room)
            place, old = data / name, before / name
            if place.exists():
                if filecmp.cmp(place, new, shallow=False):
                    continue
                _move(place, old)
                undo.append(lambda place=place, old=old: old.replace(place))  # type: ignore[misc]
            else:
                undo.append(lambda place=place: place.unlink(missing_ok=True))  # type: ignore[misc]
            _move(new, place)
        yield
    except BaseException:
        for back in reversed(undo):
            back()
        shutil.rmtree(before, ignore_errors=True)
        raise


def _move(old: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    old.replace(new)
