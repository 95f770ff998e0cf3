"""What is let go of archives."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.lib.retention import keeps
from fireside.serving.keeping.rooms import clear
from fireside.serving.keeping.taking import BEFORE, lapse_older


@keeps("backups", _("backups in the data folder; those elsewhere lapse when the next one is made there"), days=30)
def backups(actor: Actor, before: datetime) -> int:
    data = Path(settings.DATA)
    folder = data / "backups"
    gone = lapse_older(data, before, BEFORE) + (lapse_older(folder, before) if folder.is_dir() else 0)
    return gone + clear(data) + (clear(folder) if folder.is_dir() else 0)
