"""What the log says of reports. Who reported is known to those who decide, and to nobody else."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

REPORTED = Kind("moderation.reported", _("{actor} reported a post in “{title}”"), counts=False, audience=lambda a: a.data.get("told", []))
# Of a private message the log says that it was reported, who read it and what became of it: no words, and not in which conversation.
TOLD_PRIVATELY: Any = lambda a: a.data.get("told", [])  # noqa: E731
REPORTED_PRIVATELY = Kind(
    "moderation.reported_privately", _("{actor} reported a private message"), counts=False, private=True, audience=TOLD_PRIVATELY
)
LOOKED = Kind("moderation.looked", _("{actor} read a private message that was reported"), counts=False)
REMOVED_PRIVATELY = Kind(
    "moderation.removed_privately",
    _("The private message that you reported was removed"),
    counts=False,
    private=True,
    audience=TOLD_PRIVATELY,
)
DISMISSED_PRIVATELY = Kind(
    "moderation.dismissed_privately", _("The private message that you reported stays: {reason}"), counts=False, private=True,
    audience=TOLD_PRIVATELY, forget=("reason",),
)  # fmt: skip
REMOVED = Kind(
    "moderation.removed", _("What you reported in “{title}” was removed"), counts=False, audience=lambda a: a.data.get("told", [])
)
DISMISSED = Kind(
    "moderation.dismissed", _("What you reported in “{title}” stays: {reason}"), counts=False, audience=lambda a: a.data.get("told", []),
    forget=("reason",),
)  # fmt: skip
