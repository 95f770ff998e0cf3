"""What the tables of telling hold of people, and what of them travels."""

from django.db.models import Q

from fireside.activity.kinds import private_kinds
from fireside.lib.holds import ANEW, HERE, KEYS, PRIVATE, holds

holds(
    "notifications.Notice", without={"letter_due_at": None}, stays_if=lambda: Q(kind__in=private_kinds()), why_some=PRIVATE
)  # what was about to leave leaves from the old house, once
holds("notifications.Unwanted", name="unwanted_kinds")
holds("notifications.DigestTurn", stays=ANEW)
holds("notifications.Bounce", stays=HERE)  # an address is known by the key of the house
holds("notifications.PushDevice", stays=KEYS)
holds("notifications.PushKey", stays=KEYS)
