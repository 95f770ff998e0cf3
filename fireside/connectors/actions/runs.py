"""A run from its beginning to its end: each batch, its counts and its mark are one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.connectors import kinds
from fireside.connectors.actions.samples import refuse_in_sample
from fireside.connectors.models import ImportRun
from fireside.lib.errors import Refused
from fireside.lib.hold import hold_the_house
from fireside.members.rights import require


@dataclass(slots=True)
class Taken:
    """What one batch did. imported + unchanged + the sum of `reasons` is what it read."""

    imported: int = 0
    unchanged: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    @property
    def read(self) -> int:
        return self.imported + self.unchanged + self.rejected


@quiet(right="history.bring_in")
def begin_run(actor: Actor, *, importer: str, source: str, path: str, form: str, fingerprint: str, job_id: int | None = None) -> ImportRun:
    """Begin to bring something in, or go on where the same files were left."""
    require(actor, "history.bring_in")
    if not 1 <= len(source) <= 80:
        raise Refused("source_wrong", _("Name the source in 1 to 80 characters."), field="source")
    hold_the_house()  # a sample that moves in at this moment comes before or after, never beside
    refuse_in_sample()
    same = {"importer": importer, "source": source, "fingerprint": fingerprint, "ended_at": None}
    try:
        with transaction.atomic():
            run, made = ImportRun.objects.get_or_create(
                **same,
                defaults={
                    "path": path[-500:], "form": form, "job_id": job_id, "started_at": actor.now, "member_id": getattr(actor.who, "pk", None),
                },
            )  # fmt: skip
    except IntegrityError:
        run, made = ImportRun.objects.get(**same), False
    if made:
        run.rejected_file = f"imports/{run.pk}/rejected"
    elif job_id:
        run.job_id = job_id
    run.save(update_fields=["rejected_file", "job"])
    return run


@quiet(right="history.bring_in")
def take_in_batch(actor: Actor, *, run: ImportRun, take: Callable[[], Taken], rejected_bytes: int) -> Taken:
    """Take in the next batch and move the mark: one commit. Refused when another process has moved it meanwhile."""
    require(actor, "history.bring_in")
    # The row first: whoever holds it is the only one that goes on with this run.
    now = ImportRun.objects.select_for_update().filter(pk=run.pk, mark=run.mark, ended_at__isnull=True).first()
    if now is None:
        raise Refused("import_elsewhere", _("This import is being brought in by another process. Wait until it has ended."))
    taken = take()
    now.mark += taken.read
    now.read += taken.read
    now.imported += taken.imported
    now.unchanged += taken.unchanged
    now.rejected += taken.rejected
    now.reasons, now.counts = _added(now.reasons, taken.reasons), _added(now.counts, taken.counts)
    now.rejected_bytes = rejected_bytes
    now.save(update_fields=["mark", "read", "imported", "unchanged", "rejected", "reasons", "counts", "rejected_bytes"])
    for name in ("mark", "read", "imported", "unchanged", "rejected", "reasons", "counts", "rejected_bytes"):
        setattr(run, name, getattr(now, name))
    return taken


@action(right="history.bring_in")
def end_run(actor: Actor, *, run: ImportRun, counts: dict[str, Any] | None = None, bots: Sequence[dict[str, Any]] = ()) -> ImportRun:
    """Everything is in: close the run and say so in the log."""
    require(actor, "history.bring_in")
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.ended_at is not None:
        return already(run)
    run.ended_at, run.bots = actor.now, list(bots)
    run.counts = run.counts | (counts or {})
    run.save(update_fields=["ended_at", "counts", "bots"])
    record(actor, kinds.BROUGHT_IN, run, source_name=run.source, records=run.imported)
    return run


def _added(had: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return {key: had.get(key, 0) + more.get(key, 0) for key in had | more}
