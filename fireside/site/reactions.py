"""What the site answers to those who tell members."""

from fireside.notifications import visibility

visibility.register("site.takeout", None, lambda lines: {line.pk: "/me/data" for line in lines})
