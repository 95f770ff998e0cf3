"""One import under way: batches, the mark, the file of rejected records, the progress bar."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.activity.jobs import Progress
from fireside.connectors.actions import Taken, begin_run, end_run, take_in_batch
from fireside.connectors.models import ImportRun
from fireside.connectors.rules.records import Found, Unusable, left_out
from fireside.members.rights import require

BATCH = 2000


def fingerprint_of(files: Iterable[Path], **options: Any) -> str:
    """Names, sizes and times of the files and the options: the same again goes on with the same run."""
    digest = hashlib.sha256(json.dumps(options, sort_keys=True, default=str).encode())
    for path in files:
        seen = path.stat()
        digest.update(f"{path}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


@dataclass(slots=True)
class Batch:
    """Some records of the source, in its order: those that can be used, and those that cannot."""

    good: list[Any] = field(default_factory=list)
    bad: list[Found] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, int]:
        return dict(Counter(one.reason for one in self.bad))


class Intake:
    """Takes a stream of records in, batch by batch; with `dry` it only counts."""

    def __init__(
        self, actor: Actor, progress: Progress, *, importer: str, source: str, path: Path, form: str, fingerprint: str, dry: bool
    ) -> None:
        require(actor, "history.bring_in")
        self.actor = replace(actor, via="import")
        self.progress, self.dry, self.importer, self.source = progress, dry, importer, source
        self.run: ImportRun | None = None
        self.totals = Taken()
        self.rejected = settings.DATA / "imports" / f"dry-{progress.row.pk}" / "rejected.jsonl"
        self._bytes = self.noted = 0
        if not dry:
            self.run = begin_run(
                self.actor, importer=importer, source=source, path=str(path), form=form, fingerprint=fingerprint, job_id=progress.row.pk
            )
            self.rejected = settings.DATA / f"{self.run.rejected_file}.jsonl"
            self._bytes = self.run.rejected_bytes
            run = self.run
            self.totals = Taken(run.imported, run.unchanged, dict(run.reasons), dict(run.counts))
        self.rejected.parent.mkdir(parents=True, exist_ok=True)
        with self.rejected.open("ab") as file:
            file.truncate(self._bytes)  # what a killed run wrote beyond its last commit

    @property
    def mark(self) -> int:
        return self.run.mark if self.run else 0

    def begin(self, total: int) -> None:
        """The survey is over: so many records there are, and so many of them have been passed already."""
        self.progress.done = self.mark
        self.progress.counts = self._counts()
        self.progress.marks = {"run": self.run.pk} if self.run else {}
        self.progress.total(max(total, self.mark))

    def each(self, records: Iterable[Any], judge: Callable[[Found], Any], size: int = BATCH) -> Iterator[Batch]:
        """Batches of what comes after the mark. `judge` turns a record into what is taken in, or raises Unusable."""
        walk = islice(iter(records), self.mark, None)
        while part := list(islice(walk, size)):
            batch = Batch()
            for found in part:
                if found.reason:
                    batch.bad.append(found)
                    continue
                try:
                    batch.good.append(judge(found))
                except Unusable as wrong:
                    batch.bad.append(left_out(found, wrong))
            yield batch

    def take(self, batch: Batch, take: Callable[[Sequence[Any]], Taken], check: Callable[[Batch], None] | None = None) -> None:
        """One commit: the batch, its counts, the mark. `check` may still move what refers to nothing from the good to the bad."""
        if check is not None:
            check(batch)
        size = self._write_down(batch.bad)

        def whole() -> Taken:
            taken = take(batch.good) if batch.good else Taken()
            for reason, count in batch.reasons.items():
                taken.reasons[reason] = taken.reasons.get(reason, 0) + count
            return taken

        taken = whole() if self.run is None else take_in_batch(self.actor, run=self.run, take=whole, rejected_bytes=size)
        self._bytes = size
        self.totals.imported += taken.imported
        self.totals.unchanged += taken.unchanged
        for had, more in ((self.totals.reasons, taken.reasons), (self.totals.counts, taken.counts)):
            for key, count in more.items():
                had[key] = had.get(key, 0) + count
        self.progress.counts = self._counts()
        self.progress.advance(taken.read)

    def note(self, left: Sequence[Found]) -> None:
        """Write down what was left out beside the records: it stands in the same file, and is counted by whoever left it out."""
        self.noted = len(left)
        self._write_down(left)

    def end(self, counts: dict[str, Any], bots: Sequence[dict[str, Any]] = ()) -> None:
        if self.run is not None:
            self.run = end_run(self.actor, run=self.run, counts=counts, bots=bots)
        self.totals.counts |= counts
        self.progress.counts = self._counts()
        self.progress.step(_("Done"))

    def _counts(self) -> dict[str, Any]:
        found = self.totals
        counts: dict[str, Any] = {"read": found.read, "imported": found.imported, "unchanged": found.unchanged, "rejected": found.rejected}
        counts |= {"reasons": dict(found.reasons)} | found.counts
        if found.rejected or self.noted:
            counts["rejected_file"] = str(self.rejected)
        if self.run is not None:
            counts["run"] = self.run.pk
        return counts

    def _write_down(self, bad: Sequence[Found]) -> int:
        """Append to the file of rejected records; returns its length, which becomes true with the commit."""
        if not bad:
            return self._bytes
        with self.rejected.open("r+b") as file:
            file.truncate(self._bytes)
            file.seek(self._bytes)
            for one in bad:
                line = {"place": one.place, "reason": one.reason, "record": one.raw}
                file.write(json.dumps(line, ensure_ascii=True).encode() + b"\n")
            file.flush()
            return file.tell()
