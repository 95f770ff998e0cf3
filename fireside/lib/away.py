"""When what the house stands on is away for a while: no room on the disk, a database that does not answer.

Whatever was sent is not kept then and nothing half of it either (every act is one transaction), so the answer says that it can be sent
again: 503 with Retry-After, in the reader's language, without asking a single table. The house heals by itself.
"""

import errno
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

WAIT = 10  # seconds after which it is worth trying again
FULL, AWAY = "no_room", "records_away"
WORDS = {
    FULL: _("There is no room left on the disk of this house. What you sent was not kept: leave this page open and send it again when somebody has made room."),
    AWAY: _("The house cannot reach its records right now. What you sent was not kept, and nothing that was here is lost: leave this page open and send it again in a minute."),
}  # fmt: skip
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAID_FULL = ("disk is full", "no space left", "disk full", "disk i/o error")


def what_is_away(wrong: BaseException | None = None) -> str:
    """FULL, AWAY, or "" when a failure is the house's own mistake. Without `wrong`: the one that is being handled."""
    seen: set[int] = set()
    found: Any = wrong if wrong is not None else sys.exc_info()[1]
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, OSError) and found.errno in _NO_ROOM:
            return FULL
        if isinstance(found, OperationalError | InterfaceError):
            return FULL if any(words in str(found).lower() for words in _SAID_FULL) else AWAY
        found = found.__cause__ or found.__context__
    return ""
