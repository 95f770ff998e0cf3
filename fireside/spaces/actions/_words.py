"""What is said when a rule of places refuses, and how names and the like are checked before they are kept."""

from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.lib.errors import Refused
from fireside.lib.reasons import reason_given
from fireside.lib.text import one_line, plain
from fireside.spaces.models import Openness, Space
from fireside.spaces.rules import NAME_LIMIT, SLUG_LIMIT, free_slug, slug_of

SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another

ICON_WORDS: dict[str, Any] = {
    "messages-square": _("Talk"),
    "house": _("House"),
    "coffee": _("Cup"),
    "wrench": _("Tools"),
    "hammer": _("Workshop"),
    "droplets": _("Drops"),
    "map-pin": _("Place on the map"),
    "lightbulb": _("Idea"),
    "life-buoy": _("Help"),
    "hand-helping": _("Helping hand"),
    "star": _("Star"),
    "heart": _("Heart"),
    "sprout": _("Sprout"),
    "sun": _("Sun"),
    "flame": _("Fire"),
    "image": _("Picture"),
    "video": _("Film"),
    "mic": _("Voice"),
    "megaphone": _("News"),
    "calendar-days": _("Calendar"),
    "flask-conical": _("Experiment"),
    "languages": _("Languages"),
    "package": _("Product"),
    "gift": _("Gift"),
    "store": _("Shop"),
    "users": _("People"),
    "binoculars": _("Lookout"),
    "lock": _("Lock"),
    "shield": _("Shield"),
}
ICONS = tuple(ICON_WORDS)

ABOUT_LIMIT = 2000
REASON_LIMIT = 300

REFUSALS: dict[str, Any] = {
    "cycle": _("A space cannot stand in itself or in a space below it. Choose another place for it."),
    "too_deep": _("Spaces stand in one another five deep at most. Choose a place higher up."),
    "board_empty": _("Write a line for the board, or wipe it."),
    "board_too_long": _("There is room for %(limit)s characters on the board. Say the rest in a topic."),
    "yourself": _("You cannot remove yourself. Leave the space instead."),
    "stands_above": _(
        "%(member)s looks after what this space stands in. Only those who look after that, or run the community, can remove them."
    ),
    "last_organiser": _("You are its only organiser. Make somebody else an organiser first, or close the space."),
}


def checked_name(name: str) -> str:
    name = one_line(name)
    if not name:
        raise Refused("no_name", _("Give the space a name."), field="name")
    if len(name) > NAME_LIMIT:
        raise Refused(
            "name_too_long",
            _("A name has %(limit)s characters at most; this one has %(has)s.") % {"limit": NAME_LIMIT, "has": len(name)},
            field="name",
        )
    return name


def checked_about(about: str) -> str:
    about = plain(about)
    if len(about) > ABOUT_LIMIT:
        raise Refused(
            "about_too_long",
            _("What it is about takes %(limit)s characters at most; this has %(has)s.") % {"limit": ABOUT_LIMIT, "has": len(about)},
            field="about",
        )
    return about


def checked_reason(reason: str) -> str:
    """What somebody is told who is turned down or removed."""
    return reason_given(reason, limit=REASON_LIMIT, missing=_("Say why, in a sentence: they read it."))


def checked_icon(icon: str) -> str:
    if icon not in ICONS:
        raise Refused(
            "unknown_icon",
            _("There is no icon “%(icon)s”. Choose one of: %(icons)s.") % {"icon": icon, "icons": ", ".join(ICONS)},
            field="icon",
        )
    return icon


def checked_openness(openness: str) -> str:
    if openness not in Openness.values:
        raise Refused(
            "unknown_openness",
            _("A space is public, open, private or hidden, not “%(openness)s”.") % {"openness": openness},
            field="openness",
        )
    return openness


def free_slug_for(actor: Actor, name: str, wanted: str = "", *, hidden: bool = False, but: int | None = None) -> str:
    """The address asked for, when it is free and well made; else one made of the name.

    A hidden space gets characters behind it that nobody guesses: else “taken” would tell that it exists.
    """
    others = Space.objects.exclude(pk=but or 0)
    if hidden:
        return unguessable(actor, wanted or name)
    if not wanted:
        return free_slug(name, lambda names: others.filter(slug__in=names).values_list("slug", flat=True))
    slug = slug_of(wanted)
    if slug != one_line(wanted).casefold() or len(slug) > SLUG_LIMIT:
        raise Refused(
            "bad_slug",
            _("An address has letters, digits and single hyphens, %(limit)s at most. This would do: %(slug)s")
            % {"limit": SLUG_LIMIT, "slug": slug},
            field="slug",
        )
    if slug == "new" or others.filter(slug=slug).exists():
        raise Refused("slug_taken", _("The address “%(slug)s” is taken. Choose another, or leave it empty.") % {"slug": slug}, field="slug")
    return slug


def unguessable(actor: Actor, words: str, *salt: str) -> str:
    """The slug of these words with ten characters behind it: fifty bits."""
    for n in count():
        dice = actor.dice("address", words, *salt, n)
        slug = f"{slug_of(words)[: SLUG_LIMIT - 11].rstrip('-')}-{''.join(dice.choices(SIGNS, k=10))}"
        if not Space.objects.filter(slug=slug).exists():
            return slug
    raise AssertionError
