"""Long work of the site."""

from typing import Any

from fireside.activity.actor import Actor
from fireside.activity.jobs import job
from fireside.site.actions.takeouts import note_ready
from fireside.site.carrying.out import write_out
from fireside.site.demo.growing import grow
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
