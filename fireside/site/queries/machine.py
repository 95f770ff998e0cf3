"""What the pages of the site ask about the machine they stand on."""

import shutil
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from fireside.site.formats import bytes_words, number
from fireside.site.rules import years_of_room


@dataclass(frozen=True)
class Check:
    """One line of “This machine”: its name, how it is, what that means, and whether something is to be done."""

    name: Any
    value: Any
    means: Any
    good: bool


def this_machine() -> list[Check]:
    return [_records(), *around_it()]


def around_it() -> list[Check]:
    """What asks no database."""
    return [_room(), _address(), _letters()]


def _records() -> Check:
    if connection.vendor == "sqlite":
        means = _("Good to about 50,000 members. Set DATABASE_URL to move to PostgreSQL.")
        return Check(_("Records"), _("SQLite, one file"), means, True)
    version = connection.cursor().execute("show server_version").fetchone()[0].split()[0]
    return Check(_("Records"), f"PostgreSQL {version}", _("Made for many members and many machines."), True)


def _room() -> Check:
    free = shutil.disk_usage(settings.DATA).free
    years = years_of_room(free)
    enough = years >= 1
    if not enough:
        means = _("Less than a year at 1,000 posts a day. Make room, or set FIRESIDE_DATA to a larger disk.")
    elif years > 50:
        means = _("More than 50 years at 1,000 posts a day, pictures not counted.")
    else:
        means = _("About %(years)s years at 1,000 posts a day, pictures not counted.") % {"years": number(years)}
    return Check(_("Room"), _("%(size)s free") % {"size": bytes_words(free)}, means, enough)


def _address() -> Check:
    host = urlsplit(settings.ADDRESS).hostname or ""
    if host in {"localhost", "127.0.0.1", "::1"}:
        means = _("Only this machine calls it that. Set FIRESIDE_ADDRESS to the address your members type.")
        return Check(_("Address"), settings.ADDRESS, means, False)
    if not settings.TLS:
        means = _("Without https anybody on the way can read along. Put a certificate before it and set FIRESIDE_ADDRESS to https://…")
        return Check(_("Address"), settings.ADDRESS, means, False)
    return Check(_("Address"), settings.ADDRESS, _("Members reach the house by https."), True)


def _letters() -> Check:
    if settings.MAIL:
        return Check(_("Letters"), settings.EMAIL_HOST, _("Codes, new passwords and notices go out through this server."), True)
    means = _("Members can join and sign in by password, but no code and no new password can be sent. Set SMTP_HOST and start again.")
    return Check(_("Letters"), _("Not set up"), means, False)
