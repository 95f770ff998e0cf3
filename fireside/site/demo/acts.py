"""One act of the plan. People, spaces and topics are meant by their place in the plan, posts by (topic, number)."""

from datetime import datetime
from typing import Any, NamedTuple

PostRef = tuple[int, int]


class Act(NamedTuple):
    at: datetime
    order: int  # of two acts in one second, the one planned first
    verb: str
    who: int  # index of the person who acts
    what: dict[str, Any]
