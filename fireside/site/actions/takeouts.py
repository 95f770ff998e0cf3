"""Taking out: archives that are asked for on a page or by a program, kept for some days, and fetched by whose they are."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs
from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members.rights import require
from fireside.site import kinds
from fireside.site.models import Takeout
from fireside.site.queries.takeouts import file_of

ONE_AT_A_TIME = _("An export is being made. It shows here when it is ready.")


@action(right="community.export", grave=True)
def export_community(actor: Actor) -> Takeout:
    """Put an export of the whole community in line; who asked for it fetches it when it is ready, within some days."""
    require(actor, "community.export")
    open_one = Takeout.objects.filter(of=Takeout.Of.COMMUNITY, ready_at=None, removed_at=None).order_by("-pk").first()
    if open_one is not None and jobs.is_open(open_one.job_id):
        return already(open_one)
    row = Takeout.objects.create(key=new_key(actor), of=Takeout.Of.COMMUNITY, member_id=actor.member.pk, asked_at=actor.now)
    row.job_id = jobs.ask_once(actor, "site.export", key="site.export", takeout=row.pk).pk
    row.save(update_fields=["job_id"])
    record(actor, kinds.EXPORTED)
    return row


@quiet(passing=True)
def note_export(actor: Actor, *, private: bool) -> None:
    """An export that the command line writes is written down like any other; that private conversations are in it, too."""
    record(actor, kinds.EXPORTED_WITH_PRIVATE if private else kinds.EXPORTED)


@action(right="community.export")
def remove_export(actor: Actor, *, takeout: Takeout) -> Takeout:
    """Remove an export before its days are over."""
    require(actor, "community.export")
    if takeout.ready_at is None:
        raise Refused("not_ready", ONE_AT_A_TIME)
    if takeout.removed_at is not None:
        return already(takeout)
    record(actor, kinds.EXPORT_REMOVED, takeout)
    return remove(actor, takeout)


def remove(actor: Actor, takeout: Takeout) -> Takeout:
    file_of(takeout).unlink(missing_ok=True)
    Takeout.objects.filter(pk=takeout.pk, removed_at=None).update(removed_at=actor.now)
    takeout.refresh_from_db()
    return takeout


@quiet(passing=True)
def note_ready(actor: Actor, *, takeout: Takeout, counts: dict[str, int]) -> None:
    """An export is whole: from now on it can be fetched."""
    Takeout.objects.filter(pk=takeout.pk).update(ready_at=actor.now, size=file_of(takeout).stat().st_size, counts=counts)


def lapse(actor: Actor, before: datetime) -> int:
    """Exports whose days are over go; and files that no row names, of a worker that was killed."""
    old = Takeout.objects.filter(removed_at=None, asked_at__lt=before)
    gone = [remove(actor, row) for row in old]
    known = set(Takeout.objects.filter(removed_at=None).values_list("key", flat=True))
    folder = Path(settings.DATA) / "exports"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.lstrip(".").partition(".")[0] not in known:
            path.unlink(missing_ok=True)
    return len(gone)


def new_key(actor: Actor) -> str:
    return f"{actor.dice('takeout', actor.now.isoformat()).getrandbits(160):040x}"
