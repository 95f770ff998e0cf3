"""Bringing a community into an empty house: all rows in one commit, with their ids; then what is made anew from them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from fireside.activity.actor import Actor
from fireside.activity.models import Bookmark
from fireside.activity.reactions import lose_places
from fireside.conversation.actions.seeking import index_piece
from fireside.insights.actions import rebuild_mirror
from fireside.lib.bulk import insert
from fireside.lib.errors import Refused
from fireside.lib.hold import hold_the_house
from fireside.members.queries import forget_community
from fireside.site.actions.arriving import arrival, note_arrival, note_arrived
from fireside.site.carrying.archive import Box, broken, checked, opened
from fireside.site.carrying.out import PIECE, ROWS, Told, kept_place
from fireside.site.carrying.things import Thing, readers, things


def bring_house(actor: Actor, path: Path, *, told: Told) -> dict[str, Any]:
    """Bring the community of an archive in. Refused before anything is written when the archive is not whole or somebody lives here.

    The same archive again changes nothing. One that was killed behind its commit goes on with what is made anew.
    """
    with opened(path) as box:
        if arrival(box.seal) is None:
            _see_that_nobody_lives_here()
            found = checked(box, told)
            with _files_laid(box, told):
                _take_in(actor, box, found, told)
        return {
            "community": box.manifest["community"], "rows": sum(one["rows"] for one in box.manifest["things"]),
            "files": len(box.manifest["files"]), "unchanged": _finish(actor, box.seal, told),
        }  # fmt: skip


def _see_that_nobody_lives_here() -> None:
    lived_in = next((one for one in things(private=True) if one.model is not Bookmark and one.model._base_manager.exists()), None)
    if lived_in is not None:
        raise Refused(
            "lived_in",
            _("A community lives here already, or something of one (%(what)s). Bring the archive into an empty house: a data folder of its own, and with PostgreSQL a database of its own.") % {"what": lived_in.name},
        )  # fmt: skip


def _take_in(actor: Actor, box: Box, found: list[tuple[Thing, dict[str, Any]]], told: Told) -> None:
    told.step(_("Bringing in the records"))
    with transaction.atomic():
        hold_the_house()
        forget_community()
        _see_that_nobody_lives_here()
        lose_places()  # of a house that was opened and not set up
        for thing, entry in found:
            _rows(box, thing, entry, told)
            _go_on_from(thing, entry)
        note_arrival(actor, seal=box.seal, name=box.manifest["community"])
    forget_community()
    with suppress(Exception):  # a Valkey that does not answer forgets by itself, within minutes
        cache.clear()


def _rows(box: Box, thing: Thing, entry: dict[str, Any], told: Told) -> None:
    here = [(field, how) for field, how in readers(thing, connection) if field.attname in set(entry["fields"])]
    later = [one for one in thing.fields if one.attname not in set(entry["fields"])]  # fields that a younger house has
    said: dict[str, Any] = {one.attname: one.get_db_prep_save(one.get_default(), connection) for one in later}
    for name, value in thing.says.without.items():
        field = thing.model._meta.get_field(name.removesuffix("_id") if value is None else name)
        said[field.attname] = field.get_db_prep_save(value, connection)  # type: ignore[union-attr]
    by_name = {field.attname: field.column for field in thing.model._meta.concrete_fields}
    columns = [str(by_name[name]) for name in [*(field.attname for field, _how in here), *said]]
    rest, lines = tuple(said.values()), box.lines(entry)
    while some := list(islice(lines, ROWS)):
        rows = [(*(how(row[field.attname]) for field, how in here), *rest) for row in some]
        insert(thing.model._meta.db_table, columns, rows)
        told.advance(len(some))


def _go_on_from(thing: Thing, entry: dict[str, Any]) -> None:
    """The next row gets the id that it would have got in the old house."""
    key, table, after = thing.model._meta.pk, thing.model._meta.db_table, entry.get("next_id")
    if not isinstance(key, models.AutoField) or not after:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)", [f'"{table}"', key.column, after])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, after - 1])


@contextmanager
def _files_laid(box: Box, told: Told) -> Iterator[None]:
    """The files in their places. What fails inside takes them out again."""
    laid: list[tuple[str, str]] = []
    told.step(_("Bringing in the files"))
    try:
        for entry in box.manifest["files"]:
            laid += [place] if (place := _lay(box, entry)) else []
            told.advance()
        yield
    except BaseException:
        for alias, name in laid:
            with suppress(OSError):
                storages[alias].delete(name) if alias else os.unlink(settings.DATA / name)
        raise


def _lay(box: Box, entry: dict[str, Any]) -> tuple[str, str] | None:
    """Where it was laid; None when the same lies there already."""
    alias, name = kept_place(entry["name"])
    there = storages[alias].exists(name) if alias else (settings.DATA / name).exists()
    if there:
        with storages[alias].open(name) if alias else open(settings.DATA / name, "rb") as source:
            same = _sum(source) == entry["sha256"]
        if not same:
            raise Refused(
                "file_in_the_way", _("Another file lies at %(path)s. Bring the archive into an empty data folder.") % {"path": name}
            )
        return None
    with box.open(entry["name"]) as source:
        if alias:
            from django.core.files import File

            kept = storages[alias].save(name, File(source, name=name))
            if kept != name:
                storages[alias].delete(kept)
                raise Refused(
                    "file_in_the_way", _("Another file lies at %(path)s. Bring the archive into an empty data folder.") % {"path": name}
                )
        else:
            place = settings.DATA / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as out:
                while piece := source.read(PIECE):
                    out.write(piece)
    with storages[alias].open(name) if alias else open(settings.DATA / name, "rb") as kept_file:
        if _sum(kept_file) != entry["sha256"]:
            raise broken(box.path, entry["name"])
    return alias, name


def _sum(source: Any) -> str:
    total = hashlib.sha256()
    while piece := source.read(PIECE):
        total.update(piece)
    return total.hexdigest()


def _finish(actor: Actor, seal: str, told: Told) -> bool:
    """What is made anew from the rest: the search index, the numbers' mirror. Returns whether all of it was here already."""
    if (row := arrival(seal)) and row.finished_at is not None:
        return True
    told.total(None)
    told.step(_("Making the search index"))
    last = 0
    while True:
        last, count = index_piece(actor, after=last)
        if not last:
            break
        told.advance(count)
    told.step(_("Making the numbers’ mirror"))
    rebuild_mirror(actor, told=told.advance)
    note_arrived(actor, seal=seal)
    return False
