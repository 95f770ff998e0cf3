"""What follows a line of the log, after commit. Each reaction keeps a bookmark; effects and progress are one commit."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import QuerySet

from fireside.activity.kinds import Kind
from fireside.activity.models import Activity, Bookmark, Parked

log = logging.getLogger(__name__)
Follow = Callable[[Sequence[Activity], datetime], None]


@dataclass(frozen=True)
class Reaction:
    """`kinds` None = every kind. `imported` False = history brought in never wakes it."""

    name: str
    call: Follow
    kinds: frozenset[str] | None
    imported: bool
    batch: int


REACTIONS: dict[str, Reaction] = {}


def reaction(name: str, *, kinds: Iterable[Kind] | None = None, imported: bool = False, batch: int = 500) -> Callable[[Follow], Follow]:
    """Mark `def f(batch, now)` as a reaction. It runs in the transaction that moves its bookmark, so its writes to our own
    tables happen exactly once; whatever leaves the house must go through the outbox."""

    def wrap(call: Follow) -> Follow:
        names = None if kinds is None else frozenset(kind.name for kind in kinds)
        if REACTIONS.setdefault(name, Reaction(name, call, names, imported, batch)).call is not call:
            raise ValueError(f"Reaction {name} is declared twice.")
        return call

    return wrap


def horizon() -> int | None:
    """The oldest PostgreSQL transaction still running: rows at or above it may still be joined by lower ids. None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def edge() -> tuple[int, int] | None:
    """The last line that may be read now, as (tx, id); None while the log is empty."""
    if connection.vendor == "sqlite":
        return Activity.objects.order_by("-pk").values_list("tx", "id").first()
    return Activity.objects.filter(tx__lt=horizon()).order_by("-tx", "-id").values_list("tx", "id").first()


def newest() -> tuple[int, int, int] | None:
    """Changes whenever any line becomes visible: the edge, and how many lines stand beyond it while a slow transaction is open."""
    upto = edge()
    beyond = 0 if connection.vendor == "sqlite" else Activity.objects.filter(tx__gte=horizon()).count()
    return (*(upto or (0, 0)), beyond) if upto or beyond else None


def lines_between(after: tuple[int, int], upto: tuple[int, int]) -> "QuerySet[Activity]":
    """Lines in reading order, `after` excluded, `upto` included."""
    if connection.vendor == "sqlite":  # tx is 0 everywhere, and SQLite seeks a row value by its first column only
        return Activity.objects.filter(pk__gt=after[1] if after[0] >= 0 else 0, pk__lte=upto[1]).order_by("pk")
    return Activity.objects.extra(
        where=["(activity_activity.tx, activity_activity.id) > (%s, %s)", "(activity_activity.tx, activity_activity.id) <= (%s, %s)"],
        params=[*after, *upto],
    ).order_by("tx", "id")


def unread(most: int) -> dict[str, int]:
    """How many lines stand behind each bookmark in reading order, and (under "") behind none. One query: the next `most` are counted,
    each time on the index; where there are more, by the numbers of the lines, which on PostgreSQL are not quite in reading order."""
    after, order = (
        ("(a.tx, a.id) > (b.tx, b.position)", "a.tx, a.id") if connection.vendor == "postgresql" else ("a.id > b.position", "a.id")
    )
    counted = f"""
        SELECT reaction, (SELECT max(id) FROM activity_activity) - position, (SELECT count(*) FROM (
            SELECT 1 FROM activity_activity a WHERE {after} ORDER BY {order} LIMIT %s
        ) next_ones)
        FROM (SELECT reaction, tx, position FROM activity_bookmark UNION ALL SELECT '', %s, 0) b
    """  # noqa: S608  without the order PostgreSQL would read the whole log
    with connection.cursor() as cursor:
        cursor.execute(counted, [most, -(2**62)])
        return {name: n if n < most else max(n, by_number) for name, by_number, n in cursor.fetchall()}


def behind(one: Reaction, upto: tuple[int, int]) -> bool:
    """Whether there is anything to read: asked before a writing transaction is opened."""
    mark = Bookmark.objects.filter(reaction=one.name).values_list("tx", "position").first()
    return mark is None or mark < upto


def follow(one: Reaction, now: datetime) -> int:
    """Read one batch, apply it, move the bookmark: one transaction. Returns how many lines were applied or parked.

    0 means: nothing to read, or another worker holds the bookmark.
    """
    Bookmark.objects.get_or_create(reaction=one.name)
    with transaction.atomic():
        mark = Bookmark.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).filter(
            reaction=one.name
        ).first()  # fmt: skip
        upto = edge()
        if mark is None or upto is None or (mark.tx, mark.position) >= upto:
            return 0
        rows = lines_between((mark.tx, mark.position), upto)
        if one.kinds is not None:
            rows = rows.filter(kind__in=one.kinds)
        if not one.imported:
            rows = rows.filter(imported=False)
        batch = list(rows[: one.batch])
        if batch:
            _apply(one, batch, now)
        if len(batch) == one.batch:
            upto = (batch[-1].tx, batch[-1].pk)
        mark.tx, mark.position, mark.moved_at = *upto, now
        mark.save(update_fields=["tx", "position", "moved_at"])
    return len(batch)


def _apply(one: Reaction, batch: Sequence[Activity], now: datetime) -> None:
    """The whole batch at once; when it fails, line by line, and the line that fails alone is parked."""
    try:
        with transaction.atomic():
            one.call(batch, now)
        return
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not the line's: the whole batch is tried again
    except Exception:
        log.warning("reaction %s failed on a batch of %d, going line by line", one.name, len(batch), exc_info=True)
    for line in batch:
        try:
            with transaction.atomic():
                one.call([line], now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            park(one, line, error, now)


def park(one: Reaction, line: Activity, error: Exception, now: datetime) -> None:
    log.exception("reaction %s parks activity %s", one.name, line.pk)
    Parked.objects.update_or_create(
        reaction=one.name, activity=line,
        defaults={"error": _words(error), "next_try_at": now + timedelta(minutes=1)},
    )  # fmt: skip


def retry_parked(now: datetime, *, limit: int = 50) -> int:
    """Try parked lines again when they are due; the delay doubles from a minute to a day. Returns how many were digested."""
    digested = 0
    due = Parked.objects.filter(settled_at__isnull=True, next_try_at__lte=now).order_by("next_try_at")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            parked = Parked.objects.select_for_update().filter(pk=pk, settled_at__isnull=True, next_try_at__lte=now).first()
            one = REACTIONS.get(parked.reaction) if parked else None
            if parked is None or one is None:
                continue  # another worker was faster, or the reaction is gone from the code
            try:
                with transaction.atomic():
                    one.call([parked.activity], now)
                parked.settled_at = now
                digested += 1
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                parked.error = _words(error)
                parked.tries += 1
                parked.next_try_at = now + min(timedelta(minutes=2 ** min(parked.tries - 1, 11)), timedelta(days=1))
            parked.save()
    return digested


def unsettled() -> "QuerySet[Parked]":
    """Parked lines that nobody has digested or let go."""
    return Parked.objects.filter(settled_at__isnull=True)


def try_again(now: datetime, **which: Any) -> int:
    """Let parked lines (one by its pk, all of a reaction) be tried by the next worker, whenever they were due. Returns how many were not
    due already."""
    return unsettled().filter(**which, next_try_at__gt=now).update(next_try_at=now)


def let_go(pk: int, now: datetime) -> bool:
    """Give a parked line up: the reaction does without it. False when it is settled already."""
    return bool(unsettled().filter(pk=pk).update(settled_at=now))


def places_by_id(using: str) -> dict[int, int]:
    """Each bookmark's place for a house that reads by ids alone: before the first line that was not read, by the bookmark's id."""
    places = {}
    lines = Activity.objects.using(using).order_by("pk")
    newest = lines.values_list("pk", flat=True).last() or 0
    for mark in Bookmark.objects.using(using):
        unread = lines.filter(models.Q(tx__gt=mark.tx) | models.Q(tx=mark.tx, pk__gt=mark.position)).values_list("pk", flat=True).first()
        places[mark.pk] = newest if unread is None else unread - 1
    return places


def lose_places() -> None:
    """Every bookmark goes: others come in their place."""
    Bookmark.objects.all().delete()


def realign_after_restore() -> bool:
    """A database restored into a new PostgreSQL cluster carries transaction ids from the future: shift them all below zero,
    bookmarks too, so that the order stays and nothing is read twice or skipped. Returns whether anything was shifted."""
    if connection.vendor != "postgresql":
        return False
    newest = Activity.objects.order_by("-tx").values_list("tx", flat=True).first()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        if newest is None or newest < cursor.fetchone()[0]:
            return False
        cursor.execute("LOCK TABLE activity_activity IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT max(tx), pg_current_xact_id()::text::bigint FROM activity_activity")
        highest, current = cursor.fetchone()
        if highest is None or highest < current:
            return False
        # Lines written by the new cluster before its first worker came have higher ids, and numbers that are right already.
        cursor.execute("SELECT max(id) FROM activity_activity WHERE tx >= %s", [current])
        last = cursor.fetchone()[0]
        cursor.execute("UPDATE activity_activity SET tx = tx - %s WHERE id <= %s AND tx > -%s", [highest + 1, last, 2**61])
        cursor.execute("UPDATE activity_bookmark SET tx = tx - %s WHERE tx > -%s", [highest + 1, 2**61])
    return True


def _words(error: Any) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
