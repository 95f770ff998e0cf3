"""What the log says of telling. What members choose for themselves is nobody's news."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

TELLING_CHANGED = Kind(
    "notifications.telling_changed", _("{actor} changed how members are told who have chosen nothing else"), counts=False
)
BOUNCE_NOTED = Kind("notifications.bounce_noted", _("{actor} noted that letters to {other} came back"), counts=False)
BOUNCES_FORGIVEN = Kind("notifications.bounces_forgiven", _("{actor} lets letters go to {other} again"), counts=False)
