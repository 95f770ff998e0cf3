"""What is wrong with this house, and how to mend it: asked at the terminal, also when the house is closed or its database is gone."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from fireside.activity.doing import failing, parked_by_reaction, trouble
from fireside.activity.state import ahead, heartbeat_age, left_alone, of_the_house
from fireside.serving.keeping import SECRET, sqlite
from fireside.serving.keeping.rooms import left_behind
from fireside.serving.opening import try_the_engines, what_to_mend
from fireside.serving.views import ALIVE
from fireside.site.queries import around_it
from fireside.site.queries.doing import REACTION_WORDS, ROUND_WORDS

FULL = 512 << 20  # bytes; below that a backup, an upgrade or a busy day may find no room
SLIP = 60  # seconds that two clocks may differ


@dataclass(frozen=True)
class Found:
    """Something that is not as it should be. What is `wrong` must be mended; the rest is worth knowing."""

    code: str
    wrong: bool
    what: str
    mend: str


Look = Callable[[datetime, bool], Iterator[Found]]


def disk(now: datetime, quick: bool) -> Iterator[Found]:
    free = shutil.disk_usage(settings.DATA).free
    if free < FULL:
        what = _("The disk of %(folder)s is nearly full: %(free)s MiB are free.") % {"folder": settings.DATA, "free": free >> 20}
        yield Found(
            "disk",
            True,
            what,
            _(
                "Make room, or move the data folder to a larger disk and set FIRESIDE_DATA. `fireside backup --to` can lay archives elsewhere."
            ),
        )


def key(now: datetime, quick: bool) -> Iterator[Found]:
    kept = Path(settings.DATA) / SECRET
    if kept.exists() and kept.stat().st_mode & 0o077:
        what = _("Others on this machine can read the signing key %(path)s.") % {"path": kept}
        yield Found("key", True, what, f"chmod 600 {kept}")


def unfinished(now: datetime, quick: bool) -> Iterator[Found]:
    data = Path(settings.DATA)
    for room in (*left_behind(data), *left_behind(data / "backups")):
        what = _("A backup or a restore was killed and left a copy of this house: %(path)s.") % {"path": room}
        yield Found(
            "unfinished", False, what, _("It goes within the hour, or with the next backup. At once: rm -r %(path)s") % {"path": room}
        )


def around(now: datetime, quick: bool) -> Iterator[Found]:
    for code, one in zip(("room", "address", "letters"), around_it(), strict=True):
        if not one.good:
            yield Found(code, False, f"{one.name}: {one.value}", str(one.means))


def integrity(now: datetime, quick: bool) -> Iterator[Found]:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=20)) as opened:
            what = sqlite.damage_of(opened, "quick_check" if quick else "integrity_check")
        mend = _(
            "Close the house, copy its data folder aside, then `fireside restore` the newest archive. Without one: sqlite3 fireside.sqlite3 .recover"
        )
    else:
        what, mend = (
            _index_that_is_none(),
            _("Make it anew: REINDEX INDEX, then the name. If that fails, `fireside restore` the newest archive."),
        )
    if what:
        yield Found("integrity", True, _("The database is damaged: %(what)s.") % {"what": what}, mend)


def _index_that_is_none() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(indexrelid::regclass::text, ', ') FROM pg_index WHERE NOT indisvalid")
        return str(cursor.fetchone()[0] or "")


def tables(now: datetime, quick: bool) -> Iterator[Found]:
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        what = _("The tables are not up to date. Steps that wait: %(count)s.") % {"count": len(waiting)}
        yield Found("tables", True, what, _("Type `fireside migrate`, or start the house: it does so itself."))
    ours = {app for app, _name in executor.loader.disk_migrations}
    newer = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in executor.loader.disk_migrations
    ]
    if newer:
        what = _("The tables are of a newer Fireside than this one (%(step)s).") % {"step": newer[0]}
        yield Found("tables_newer", True, what, _("Install the newer version again, or `fireside restore` an archive from before it came."))


def worker(now: datetime, quick: bool) -> Iterator[Found]:
    age = heartbeat_age(now)
    if age is None or age > ALIVE:
        since = None if age is None else told(now - timedelta(seconds=age))
        what = _("No worker was seen since %(when)s.") % {"when": since} if since else _("No worker was ever seen.")
        yield Found(
            "worker",
            True,
            what,
            _("Open the house (`fireside up`) or start `fireside work`. Until then no notices, letters, numbers or imports."),
        )
    elif (seen := trouble(now)) and seen.behind:
        what = _("The worker is behind: lines wait since %(when)s.") % {"when": told(seen.behind)}
        yield Found("behind", True, what, _("Start another: `fireside work`. If it stays so, look at the log for what it stumbles over."))


def rounds(now: datetime, quick: bool) -> Iterator[Found]:
    for one in failing():
        facts = {"round": ROUND_WORDS.get(one.name, one.name), "error": one.error.strip().splitlines()[0][:200]}
        yield Found("round", True, _("A round fails: %(round)s (%(error)s).") % facts, _tried_again())


def stuck(now: datetime, quick: bool) -> Iterator[Found]:
    for name, count in parked_by_reaction().items():
        what = _("Lines that are parked: %(count)s (%(work)s).") % {"count": count, "work": REACTION_WORDS.get(name, name)}
        yield Found("parked", True, what, _look())
    if count := of_the_house(now)["letters_parked"]:
        yield Found("letters_parked", True, _("Letters that could not be sent and are parked: %(count)s.") % {"count": count}, _look())
    if count := left_alone(now):
        what = _("Jobs that have lost their worker: %(count)s.") % {"count": count}
        yield Found("jobs", True, what, _("A worker that runs takes them up by itself: start `fireside work`."))


def clock(now: datetime, quick: bool) -> Iterator[Found]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = int(abs((cursor.fetchone()[0] - now).total_seconds()))
        if apart > SLIP:
            what = _("The clocks of this machine and of the database are %(seconds)s seconds apart.") % {"seconds": apart}
            yield Found("clocks_apart", True, what, _by_time_servers())
    if (by := ahead(now)) is not None:
        what = _("The clock was ahead: something is dated %(when)s.") % {"when": told(now + by)}
        yield Found("clock", True, what, _by_time_servers())


def told(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _tried_again() -> str:
    return _("It is tried again by itself. If it stays so, report the words in brackets.")


def _look() -> str:
    return _("Look at what the house is doing, in the cockpit: there it says why, and each is tried again or let go.")


def _by_time_servers() -> str:
    return _("Let the machine take its time from time servers (timedatectl set-ntp true). What waits is put right by itself.")


WITHOUT_RECORDS: tuple[Look, ...] = (disk, key, unfinished, around)
OF_RECORDS: tuple[Look, ...] = (integrity, tables, worker, rounds, stuck, clock)
SOUND = {"integrity", "tables", "tables_newer"}  # while one of these is wrong the rows cannot be asked


def examine(now: datetime, *, quick: bool) -> list[Found]:
    """Everything that is not as it should be, what is wrong first."""
    found = [one for look in WITHOUT_RECORDS for one in look(now, quick)]
    try:
        try_the_engines()
        for look in OF_RECORDS:
            found += look(now, quick)
            if {one.code for one in found} & SOUND and look in (integrity, tables):
                break
    except Exception as wrong:
        words = what_to_mend(wrong)
        if words is None:
            raise
        found.append(Found("engines", True, words, _("Mend that first, then ask again: the rest could not be looked at.")))
    return sorted(found, key=lambda one: not one.wrong)
