"""What is let go of histories that came in."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.connectors.actions import remove_old_uploads
from fireside.lib.retention import keeps


@keeps("uploads", _("histories that were handed in, after they were brought in"), days=7)
def uploads(actor: Actor, before: datetime) -> int:
    return remove_old_uploads(actor, days=max((actor.now - before).days, 1))


@keeps("rejected", _("records of histories that could not be used"), days=90)
def rejected(actor: Actor, before: datetime) -> int:
    found = Path(settings.DATA) / "imports"
    old = [path for path in found.glob("[0-9]*/*") if path.is_file() and path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
