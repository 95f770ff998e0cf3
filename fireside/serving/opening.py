"""Why the house cannot open: one sentence that says what to mend, where a traceback would help nobody."""

import sqlite3
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

PATIENCE = 5  # seconds for Valkey to answer
FILE_TROUBLE = {
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip


def try_the_engines() -> None:
    """Ask the database and Valkey for an answer, before anything else is begun."""
    connection.ensure_connection()
    if settings.VALKEY_URL:
        from redis import Redis

        with Redis.from_url(settings.VALKEY_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as client:
            client.ping()


def what_to_mend(wrong: Exception) -> str | None:
    """The sentence for whoever started it, or None: then it is no matter of what lies around the house, and the traceback is right."""
    if isinstance(wrong, DatabaseError):
        return _of_sqlite(wrong) if connection.vendor == "sqlite" else _of_postgres(wrong)
    if isinstance(wrong, OSError) and (words := _of_the_folder(wrong)):
        return words
    if isinstance(wrong, ImproperlyConfigured) and "psycopg" in str(wrong):
        return _("DATABASE_URL names a PostgreSQL, but its driver is not installed: pip install 'fireside[postgres]'.")
    if isinstance(wrong, ImportError) and wrong.name == "redis":
        return _("VALKEY_URL is set, but its driver is not installed: pip install 'fireside[valkey]'.")
    return _of_valkey(wrong)


def _of_postgres(wrong: DatabaseError) -> str | None:
    if connection.connection is not None and connection.is_usable():
        return None  # it is there, and what went wrong is another matter
    entry = connection.settings_dict
    where = f"{entry['HOST'] or 'this machine'}:{entry['PORT'] or 5432}"
    words = _("The database “%(name)s” at %(where)s cannot be opened: %(why)s. Start PostgreSQL there, or correct DATABASE_URL=postgresql://user:password@host:5432/name.")  # fmt: skip
    return words % {"name": entry["NAME"], "where": where, "why": _reason(wrong)}


def _of_sqlite(wrong: DatabaseError) -> str | None:
    code = getattr(wrong.__cause__, "sqlite_errorcode", 0) & 0xFF  # the upper bits say more exactly what
    if code not in FILE_TROUBLE:
        return None
    words = _("The database in %(name)s cannot be used: %(why)s. See that this user may write there and that the disk has room, or set FIRESIDE_DATA to another folder.")  # fmt: skip
    return words % {"name": connection.settings_dict["NAME"], "why": _reason(wrong)}


def _of_the_folder(wrong: OSError) -> str | None:
    name = wrong.filename
    if not isinstance(name, str) or not name.startswith(str(settings.DATA)):
        return None
    words = _(
        "%(name)s cannot be used: %(why)s. See that this user may read and write in %(folder)s, or set FIRESIDE_DATA to another folder."
    )
    return words % {"name": name, "why": wrong.strerror, "folder": settings.DATA}


def _of_valkey(wrong: Exception) -> str | None:
    if not settings.VALKEY_URL or not type(wrong).__module__.startswith("redis."):
        return None
    parts = urlsplit(settings.VALKEY_URL)
    where = f"{parts.hostname or 'localhost'}:{parts.port or 6379}" if parts.scheme != "unix" else parts.path
    words = _("Valkey at %(where)s does not answer: %(why)s. Start it there, or correct VALKEY_URL; without it the house does alone.")
    return words % {"where": where, "why": _reason(wrong)}


def _reason(wrong: Exception) -> str:
    """The first line, without its full stop. Drivers never repeat a password."""
    return (str(wrong).strip().splitlines() or [type(wrong).__name__])[0].rstrip(". ")
