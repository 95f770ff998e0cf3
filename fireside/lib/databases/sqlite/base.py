"""SQLite's file has one writer at a time. Whoever waits for their turn asks again every few milliseconds.

By itself SQLite waits longer and longer before it asks again, up to a tenth of a second: meanwhile nobody may be writing at all, and who
has waited longest waits on.
"""

import sqlite3
import time
from datetime import datetime
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError
from django.utils.dateparse import parse_datetime

OFTEN = 3  # milliseconds; more often costs more than it saves


def moment(raw: bytes) -> datetime | None:
    """A column's moment, always UTC, in a third of the time of Django's two steps: a list of topics holds a hundred of them."""
    try:
        return datetime.fromisoformat(raw.decode() + "+00:00")
    except ValueError:  # written by somebody else's hand
        return parse_datetime(raw.decode())


sqlite3.register_converter("datetime", moment)


class DatabaseWrapper(base.DatabaseWrapper):
    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        with self.cursor() as cursor:
            plain: Any = self.connection
            plain.execute(f"PRAGMA busy_timeout={OFTEN}")
            try:
                while True:
                    try:
                        cursor.execute(f"BEGIN {self.transaction_mode or ''}")
                        return
                    except OperationalError as wrong:
                        if not _is_taken(wrong) or time.monotonic() > until:
                            raise
            finally:
                plain.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")


def _is_taken(wrong: OperationalError) -> bool:
    return getattr(wrong.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
