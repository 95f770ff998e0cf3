"""What the log says of places."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

MADE = Kind("spaces.made", _("{actor} made the space {space}"), counts=False)
CHANGED = Kind("spaces.changed", _("{actor} changed the space {space}"), counts=False)
ARCHIVED = Kind("spaces.archived", _("{actor} closed the space {space}"), counts=False)
JOINED = Kind("spaces.joined", _("{actor} joined {space}"), core="participate", merit=1)
LEFT = Kind("spaces.left", _("{actor} left {space}"), counts=False)
ASKED = Kind("spaces.asked_to_join", _("{actor} asks to join {space}"), core="participate", merit=1)
LET_IN = Kind("spaces.let_in", _("{actor} let {other} into {space}"), counts=False, audience=lambda a: [a.other_id])
TURNED_DOWN = Kind("spaces.turned_down", _("{actor} answered {other} about joining {space}"), counts=False, audience=lambda a: [a.other_id])
ORGANISER_MADE = Kind("spaces.organiser_made", _("{actor} made {other} an organiser of {space}"), counts=False, audience=lambda a: [a.other_id])
ORGANISER_ENDED = Kind("spaces.organiser_ended", _("{actor} ended {other}’s time as organiser of {space}"), counts=False, audience=lambda a: [a.other_id])
