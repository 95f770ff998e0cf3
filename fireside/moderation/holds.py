"""What reports hold of people. A report goes with who made it; what was decided stays, without the words of who decided."""

from django.db.models import Q

from fireside.lib.holds import PRIVATE, holds

holds("moderation.Look", erase="keep", stays_if=lambda: Q(case__post__topic__space__isnull=True), why_some=PRIVATE)
holds("moderation.Report", stays_if=lambda: Q(case__post__topic__space__isnull=True), why_some=PRIVATE)
holds(
    "moderation.Case",
    of=("decided_by_id",),
    erase="strip",
    blank={"reason": ""},
    stays_if=lambda: Q(post__topic__space__isnull=True),
    why_some=PRIVATE,
)
