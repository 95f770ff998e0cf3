"""Long work of the site."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import job
from fireside.members.queries import ids_of_person_numbered
from fireside.site.actions.erasures import due_erasure
from fireside.site.actions.own_exports import note_own_ready, write_own
from fireside.site.actions.takeouts import note_ready
from fireside.site.carrying.out import write_out
from fireside.site.demo.growing import grow
from fireside.site.forgetting.doing import forget
from fireside.site.queries.takeouts import file_of, takeout_of


@job("site.demo")
def demo(actor: Actor, progress: Any, **size: Any) -> None:
    """The sample community moves in."""
    grow(actor, progress, **size)


@job("site.export")
def export(actor: Actor, progress: Any, *, takeout: int) -> None:
    """Everything of the community is written into one archive. Stopped, nothing of it stays; going on begins anew."""
    row = takeout_of(takeout)
    progress.done = 0
    file_of(row).unlink(missing_ok=True)  # of a worker that was killed between the last byte and its word
    manifest = write_out(file_of(row), now=actor.now, told=progress)
    counts = {"rows": sum(one["rows"] for one in manifest["things"]), "files": len(manifest["files"])}
    note_ready(actor, takeout=row, counts=counts)
    progress.counts |= counts


@job("site.erase")
def erase(actor: Actor, progress: Any, *, erasure: int) -> None:
    """A member is forgotten. What was taken back meanwhile is left alone."""
    row = due_erasure(erasure, actor.now)
    if row is not None:
        progress.step(_("Forgetting a member"))
        progress.counts["rows"] = sum(forget(actor, row, ids_of_person_numbered(row.member_id)).values())


@job("site.export_own")
def export_own(actor: Actor, progress: Any, *, takeout: int) -> None:
    """What the house holds of one member is written into an archive for them."""
    row = takeout_of(takeout)
    if row.ready_at is None:
        counts = write_own(actor, row)
        note_own_ready(actor, takeout=row, counts=counts)
        progress.counts |= counts
