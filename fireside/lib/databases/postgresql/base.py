"""Whether PostgreSQL is still there is seen without asking it: a server that goes says so, and what it said lies ready to be read.

Only after a silence it is asked: what stands between may have dropped the connection and told nobody.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

SILENCE = 30.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    seen_at = 0.0

    def is_usable(self) -> bool:
        before, self.seen_at = self.seen_at, time.monotonic()
        return self._is_open() and (self.seen_at - before < SILENCE or super().is_usable())

    def _is_open(self) -> bool:
        held: Any = self.connection
        if held is None or held.closed or held.broken or held.info.transaction_status == TransactionStatus.INERROR:
            return False
        waiting = select.poll()  # not select(): thousands of live connections are open files, too
        waiting.register(held.fileno(), select.POLLIN)
        try:
            for _time in range(5):
                if not waiting.poll(0):
                    return True
                held.pgconn.consume_input()  # a notice, or farewell, and then the end
        except self.Database.OperationalError:
            pass
        return False
