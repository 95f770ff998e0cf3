"""Asking for an import through a door: the right, the file, then a job that a worker does."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.jobs import ask_once, is_there
from fireside.activity.log import record
from fireside.activity.models import Job
from fireside.connectors import kinds
from fireside.connectors.actions.samples import refuse_in_sample
from fireside.connectors.models import Upload
from fireside.connectors.queries import get_upload, place_of, source_of_same
from fireside.connectors.reasons import refuse
from fireside.connectors.rules.asked import LOCAL_CLOCK, TELLS_NOT, Asked
from fireside.connectors.rules.records import Unusable
from fireside.connectors.rules.sources import CHATS, source_of
from fireside.lib.errors import NotAllowed, Refused
from fireside.lib.text import one_line, shorten
from fireside.members.rights import may, require

IMPORTERS = (*CHATS, "activity", "members")
_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/run", str(Path.home() / ".ssh"))  # a member list never lies there; secrets do


@action(right="history.bring_in")
def ask_for_import(
    actor: Actor, *, importer: str, path: str = "", upload: str = "", source: str = "", space: str = "", dry_run: bool = False,
    columns: dict[str, str] | None = None, dates: str = "", openness: str = "", one_to_one: bool = False, zone: str = "",
) -> Job:  # fmt: skip
    """Put an import in line: of an upload, or of a path on the machine of the house. Its progress is the job's.

    `openness`, `one_to_one`, `zone`: of a chat that does not say who may read it, see rules/asked.py.
    """
    require(actor, "history.bring_in")
    refuse_in_sample()
    if importer not in IMPORTERS:
        raise Refused("no_such_importer", _("Choose one of: %(known)s.") % {"known": ", ".join(IMPORTERS)}, field="importer")
    row, file = handed_in(actor, path=path, upload=upload)
    params: dict[str, Any] = {"path": str(file), "source": one_line(source)}
    params["dry_run"] = dry_run
    if importer != "members":
        params["space"] = space
    if said := _wishes(importer, Asked(openness=openness, one_to_one=one_to_one, zone=one_line(zone))):
        params |= said
    if importer == "members":
        params |= {"columns": columns or {}, "dates": dates}
    if row and not row.outside and not source:  # its place here says nothing; its owner's name for it does
        params["source"] = source_of_same(importer, row.content) or source_of(importer, row.name)
        if importer in CHATS:  # it may name its own site; else its file does
            params |= {"called": row.name, "content": row.content}
    same = {name: value for name, value in params.items() if name not in {"path", "called"}} if row and row.content else params
    sealed = hashlib.sha256(json.dumps([same, row.content if row else ""], sort_keys=True).encode()).hexdigest()
    key = f"import_{importer}:{sealed}"
    there = is_there(key)
    job = ask_once(actor, f"connectors.import_{importer}", key=key, **params)
    if there:
        return already(job)
    record(actor, kinds.ASKED_FOR_IMPORT, job, importer=importer, dry_run=dry_run)
    return job


def _wishes(importer: str, asked: Asked) -> dict[str, Any]:
    """What was said of a chat, checked."""
    said = asked.said
    if (said and importer not in TELLS_NOT) or (asked.zone and importer not in LOCAL_CLOCK):
        raise Refused("tells_itself", _("This kind of history says itself who may read it, and when it was."), field=next(iter(said)))
    try:
        asked.check()
    except Unusable as wrong:
        raise refuse(wrong) from wrong
    return said


def handed_in(actor: Actor, *, path: str, upload: str) -> tuple[Upload | None, Path]:
    """What is spoken of and where it lies: an upload, or a path on the machine of the house."""
    if bool(path) == bool(upload):
        raise Refused("what_to_import", _("Hand in a file, or name its path on the machine of the house."), field="path")
    row = get_upload(actor.who, upload) if upload else None
    return row, place_of(row) if row else readable_path(actor, path)


def readable_path(actor: Actor, path: str) -> Path:
    """A path that this actor may have read. The house's own files and the system's are never read, whoever asks."""
    if not actor.is_house and not may(actor.member, "community.roles"):
        raise NotAllowed("path_is_the_owners", _("Only the owner reads from the machine of the house. Hand in the file instead."))
    found = Path(path).expanduser().resolve()
    rooms = settings.IMPORT_FROM
    if rooms and not any(found.is_relative_to(room) for room in rooms):
        raise Refused("path_elsewhere", _("Files are read from here only: %(rooms)s. Put it there.") % {"rooms": ", ".join(map(str, rooms))}, field="path")  # fmt: skip
    own = found.is_relative_to(settings.DATA) and not found.is_relative_to(settings.DATA / "incoming")
    if own or settings.DATA.is_relative_to(found) or any(found.is_relative_to(one) for one in _SYSTEM):
        raise Refused("path_own", _("The house does not read its own or the system’s files. Put it into the folder “incoming” of the data folder."), field="path")  # fmt: skip
    if not found.exists():
        raise Refused("no_such_path", _("There is nothing at this path. Check it; the house reads it on its own machine."), field="path")
    return found


def keep_upload(actor: Actor, *, name: str, file: BinaryIO) -> Upload:
    """Keep a file that was handed in until it has been brought in."""
    require(actor, "history.bring_in")
    refuse_in_sample()
    with put_aside(actor, name=name, file=file) as upload:
        return note_upload(actor, upload=upload)


@contextmanager
def put_aside(actor: Actor, *, name: str, file: BinaryIO) -> Iterator[Upload]:
    """Copy a file that was handed in to its place, before any transaction: on SQLite nobody else could write meanwhile.

    Whoever goes on notes it (`note_upload`); when they cannot, the file goes again.
    """
    key = _new_key(actor, name)
    ending = "".join(Path(one_line(name).replace("\\", "/")).suffixes[-2:])[-20:]
    safe = "".join(sign for sign in ending if sign.isascii() and (sign.isalnum() or sign == ".")).lower()
    target = settings.DATA / "imports" / "uploads" / f"{key}{safe}"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, content = _copy(file, target)
        path = str(target.relative_to(settings.DATA))
        yield Upload(key=key, name=shorten(name, 200), path=path, size=size, content=content, at=actor.now)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _copy(file: BinaryIO, target: Path) -> tuple[int, str]:
    """How large it is, and what its content sums up to."""
    size, digest = 0, hashlib.sha256()
    with target.open("xb") as out:
        while piece := file.read(1024 * 1024):
            size += len(piece)
            if size > settings.MAX_UPLOAD_MIB * 1024**2:
                raise Refused("upload_too_large", _("A file may hold %(size)s MB. Put it on the machine and name its path.") % {"size": settings.MAX_UPLOAD_MIB}, field="file")  # fmt: skip
            out.write(piece)
            digest.update(piece)
    if not size:
        raise Refused("upload_empty", _("This file is empty."), field="file")
    return size, digest.hexdigest()


@quiet(right="history.bring_in")
def note_upload(actor: Actor, *, upload: Upload) -> Upload:
    """Note a file that was handed in and lies in its place already."""
    require(actor, "history.bring_in")
    upload.member_id = actor.member.pk
    upload.save(force_insert=True)
    return upload


@quiet(right="history.bring_in")
def name_file(actor: Actor, *, path: str) -> Upload:
    """Name a file or folder of the machine, to look at it before it is brought in."""
    require(actor, "history.bring_in")
    refuse_in_sample()
    found = readable_path(actor, path)
    return Upload.objects.create(
        key=_new_key(actor, path), name=shorten(found.name, 200), path=str(found), outside=True,
        size=found.stat().st_size if found.is_file() else 0, member_id=actor.member.pk, at=actor.now,
    )  # fmt: skip


def _new_key(actor: Actor, name: str) -> str:
    return f"{actor.dice('upload', name, actor.now.isoformat()).getrandbits(160):040x}"


@quiet(right="history.bring_in")
def remove_old_uploads(actor: Actor, *, days: int = 7) -> int:
    """Files handed in more than so many days ago go: what was brought in does not need them any more."""
    require(actor, "history.bring_in")
    return _remove(actor.now - timedelta(days=days), actor.now)


def _remove(before: datetime, now: datetime) -> int:
    old = list(Upload.objects.filter(removed_at__isnull=True, at__lt=before)[:500])
    for row in old:
        if not row.outside:
            place_of(row).unlink(missing_ok=True)
    Upload.objects.filter(pk__in=[row.pk for row in old]).update(removed_at=now)
    return len(old)
