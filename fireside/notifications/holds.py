"""What notices hold of people: their own rows go with them."""

from fireside.lib.holds import holds

holds("notifications.Unwanted", name="unwanted_kinds")
