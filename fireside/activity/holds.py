"""What the ground floor's tables hold."""

from django.db.models import Q

from fireside.activity.kinds import private_kinds
from fireside.lib.holds import HERE, LETTERS, PRIVATE, holds

holds(
    "activity.Activity",
    name="lines",
    without={"tx": 0},
    of=("member_id", "other_id"),
    erase="act",
    stays_if=lambda: Q(kind__in=private_kinds()),
    why_some=PRIVATE,
)  # personal words go by kind: Kind.forget
holds("activity.Bookmark", without={"tx": 0})
holds("activity.Parked", name="parked_lines", stays_if=lambda: Q(activity__kind__in=private_kinds()), why_some=PRIVATE)
holds("activity.Sweep", stays=HERE)
holds("activity.Beat", stays=HERE)
holds(
    "activity.Job",
    stays=HERE,
    of=("member_id",),
    erase="strip",
    blank={"params": {}, "counts": {}, "marks": {}, "key": "", "step": "", "error": ""},
)
holds("activity.Letter", stays=LETTERS, of=("member_id",), erase="act", own=("id", "channel", "written_at", "sent_at"))
