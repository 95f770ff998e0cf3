"""What the log says of reports. Who reported is known to those who decide, and to nobody else."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

REPORTED = Kind("moderation.reported", _("{actor} reported a post in “{title}”"), counts=False, audience=lambda a: a.data.get("told", []))
REMOVED = Kind(
    "moderation.removed", _("What you reported in “{title}” was removed"), counts=False, audience=lambda a: a.data.get("told", [])
)
DISMISSED = Kind(
    "moderation.dismissed", _("What you reported in “{title}” stays: {reason}"), counts=False, audience=lambda a: a.data.get("told", []),
    forget=("reason",),
)  # fmt: skip
