"""Questions about what was brought in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from fireside.connectors.models import ImportRun, Upload
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page, keyset_page
from fireside.members.queries import Card, cards_of
from fireside.members.rights import may


def other_sources(importer: str, source: str) -> list[str]:
    """Other names under which this importer has brought something in."""
    return sorted(set(ImportRun.objects.filter(importer=importer, imported__gt=0).exclude(source=source).values_list("source", flat=True)))


def source_of_same(importer: str, content: str) -> str:
    """The name under which a file with the very same content came in before; "" when none did. Two queries."""
    paths = [str(place_of(row)) for row in Upload.objects.filter(content=content).order_by("-pk")[:100]] if content else []
    runs = ImportRun.objects.filter(importer=importer, path__in=paths, read__gt=0).order_by("-pk") if paths else ()
    return next((run.source for run in runs), "")


def list_runs(viewer: Any, *, cursor: str = "", size: int = 20) -> Page[ImportRun]:
    """What was brought in, the newest first. Nobody else sees that there was anything."""
    rows = ImportRun.objects.all() if may(viewer, "history.bring_in") else ImportRun.objects.none()
    return keyset_page(rows, ["-id"], cursor=cursor, size=size)


def anything_run() -> bool:
    """Has anything been brought in here, or begun to be?"""
    return ImportRun.objects.exists()


def get_run(viewer: Any, pk: int) -> ImportRun:
    found = ImportRun.objects.filter(pk=pk).first() if may(viewer, "history.bring_in") else None
    if found is None:
        raise NotFound()
    return found


def get_upload(viewer: Any, key: str) -> Upload:
    """A file that was handed in, for those who bring history in."""
    found = Upload.objects.filter(key=key, removed_at__isnull=True).first() if may(viewer, "history.bring_in") else None
    if found is None or not place_of(found).exists():
        raise NotFound()
    return found


def place_of(upload: Upload) -> Path:
    """Where it lies. (A path of the machine is absolute, and stays so.)"""
    return Path(settings.DATA / upload.path)


def rejected_file(run: ImportRun, form: str) -> Path | None:
    """The file of rejected records: "jsonl", or "csv" for a table."""
    found = Path(settings.DATA / f"{run.rejected_file}.{form}")
    left = run.rejected or run.counts.get("pictures_rejected", 0)
    return found if run.rejected_file and left and found.is_file() else None


@dataclass(frozen=True, slots=True)
class BotFound:
    card: Card
    reason: str
    posts: int


def bots_of(run: ImportRun) -> list[BotFound]:
    """Who was taken for a machine, the busiest first; as they stand now. One query."""
    rows: Sequence[dict[str, Any]] = run.bots[:100]
    cards = cards_of([row["member"] for row in rows]) if rows else {}
    return [BotFound(cards[row["member"]], row["reason"], row["posts"]) for row in rows if row["member"] in cards]
