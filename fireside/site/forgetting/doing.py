"""Forgetting itself: everything in one transaction, then what lies in files and in the pages of the database."""

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from fireside.activity.actor import Actor
from fireside.activity.forgetting import burn_letters, forget_lines
from fireside.activity.log import record
from fireside.conversation.actions import forgetting as talk
from fireside.conversation.actions.files import take_away_bytes
from fireside.insights.actions import copy_people
from fireside.members.actions.erasing import Known, end_sessions, known_of, lay_tombstone, still_here
from fireside.members.queries import forget_community
from fireside.site import kinds
from fireside.site.actions.erasures import end_erasure, erasure_again
from fireside.site.forgetting import beside
from fireside.site.forgetting.rows import forget_rows
from fireside.site.models import Erasure
from fireside.spaces.actions._counts import count_people


def forget(actor: Actor, erasure: Erasure, members: Collection[int], *, numbers: bool = True) -> dict[str, int]:
    """Forget a person under all their names. Once more does no harm, and ends what was begun. `numbers`: the mirror stands, and follows."""
    known = known_of(members)
    traces = [[pk, at.isoformat()] for pk, at in known.joined]
    if not any(one["traces"] == traces for one in beside.noted()):
        beside.note(traces, words=erasure.words, at=actor.now.isoformat())
    with transaction.atomic():
        changed = _rows(actor, known, erasure.words)
        end_erasure(actor, erasure=erasure, traces=traces)
        record(actor, kinds.ERASED, None, other=erasure.member_id)
    forget_community()
    _files(known)
    take_away_bytes(actor)
    if numbers:
        copy_people(actor, always=True)
    settle()
    with suppress(Exception):  # a Valkey that does not answer forgets by itself, within minutes
        cache.clear()
    return changed


def _rows(actor: Actor, known: Known, words: str) -> dict[str, int]:
    members, goes = known.members, words == Erasure.Words.REMOVE
    instead = f"former-{known.members[0]}"
    topics = talk.topics_of(members) if goes else []
    about = [("conversation.topic", topics), ("conversation.post", talk.posts_in(topics)), ("conversation.opening", talk.posts_in(topics))]
    changed = {"lines": forget_lines(members, about=about, wipes=known.is_theirs, keep=() if goes else ("title", "tags"))}
    changed["posts_of_others"] = talk.call_no_more(
        actor, members=members, handles=known.handles, names=known.names, instead=instead, quotes=goes
    )
    talk.forget_reasons(actor, members=members)
    changed["posts"] = talk.take_words(actor, members=members) if goes else 0
    changed["letters"] = burn_letters(members, known.addresses)
    changed["sessions"] = end_sessions(members)
    changed |= forget_rows(members)
    lay_tombstone(actor, members=members)
    talk.wipe_the_index()
    count_people()
    return changed


def _files(known: Known) -> None:
    """What lies beside the tables: exports, which hold them, and what histories held of theirs that could not be used."""
    data = Path(settings.DATA)
    shutil.rmtree(data / "exports", ignore_errors=True)
    words = [one.encode() for one in (*known.addresses, *known.names, *known.outside, *known.handles) if len(one) > 3]
    rejected = data / "imports"
    for path in rejected.glob("[0-9]*/*") if rejected.is_dir() else ():
        if path.is_file() and any(word in piece for piece in _lines(path) for word in words):
            path.unlink(missing_ok=True)


def _lines(path: Path) -> Any:
    with path.open("rb") as source:
        yield from source


def settle() -> None:
    """Nothing of what is gone stays in the pages of the database: SQLite overwrites what it lets go of, and its journal is emptied here;
    PostgreSQL clears away what no transaction can read any more."""
    if connection.in_atomic_block:
        return  # a test within one transaction
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        for name in tables:
            cursor.execute(f'VACUUM "{name}"')


def forget_again(actor: Actor) -> int:
    """In a house that was restored: whoever was forgotten since the archive was made is forgotten again. Returns how many people."""
    again = 0
    for line in beside.noted():
        members = still_here(line["traces"])
        if members:
            row = erasure_again(actor, person=members[0], words=line["words"])
            forget(actor, row, members, numbers=False)
            again += 1
    return again
