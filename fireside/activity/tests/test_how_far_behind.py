"""How far a reaction is behind is what it has not read, in the order in which it reads, at a price that no log changes."""

import pytest
from django.db import connection, connections

from fireside.activity import doing, reactions
from fireside.activity.models import Activity, Bookmark
from fireside.activity.tests.test_proofs import ONE_LINE, write_lines

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NAME = "notifications.tell"


def read_to(line: Activity) -> None:
    Bookmark.objects.update_or_create(reaction=NAME, defaults={"tx": line.tx, "position": line.pk})


def lines() -> list[Activity]:
    return list(Activity.objects.order_by("tx", "pk"))


def test_numbers_that_no_line_has_are_not_unread(db):
    write_lines(3)
    first, _second, last = lines()
    Activity.objects.filter(pk=last.pk).update(id=last.pk + 1000)  # as if a thousand had been rolled back
    read_to(first)
    assert doing.how_far()[NAME] == 2
    read_to(lines()[-1])
    assert doing.how_far()[NAME] == 0


def test_who_has_read_nothing_is_behind_by_the_whole_log(db):
    write_lines(4)
    assert set(doing.how_far()) == set(reactions.REACTIONS)
    assert set(doing.how_far().values()) == {4}


def test_beside_a_slow_transaction_the_order_of_reading_counts(db):
    """The line with the lower number was written by the transaction that began later: it is read last."""
    write_lines(3)
    low, middle, high = lines()
    for line, tx in ((low, 30), (middle, 10), (high, 20)) if connection.vendor == "postgresql" else ():  # SQLite's writers queue
        Activity.objects.filter(pk=line.pk).update(tx=tx)
    for unread, line in enumerate(reversed(lines())):
        read_to(line)
        assert doing.how_far()[NAME] == unread


@pytest.mark.django_db(transaction=True)
def test_a_line_below_what_was_read_is_told_when_its_transaction_ends(db):
    if connection.vendor != "postgresql":
        assert reactions.horizon() is None  # SQLite's writers queue: nothing can be held open in between
        return
    slow = connections.create_connection("default")
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            write_lines(1)
            cursor.execute(ONE_LINE)
            read_to(lines()[-1])
            assert doing.how_far()[NAME] == 0
            write_lines(1)
            assert doing.how_far()[NAME] == 1
            cursor.execute("COMMIT")
        held = Activity.objects.order_by("tx").first()
        assert held.pk != Activity.objects.earliest("pk").pk, "an older transaction, a later number"
        read_to(held)
        assert doing.how_far()[NAME] == 2
        read_to(lines()[-1])
        assert doing.how_far()[NAME] == 0
    finally:
        slow.close()


def test_far_behind_is_reckoned_by_the_numbers_and_costs_no_more(db, monkeypatch, django_assert_num_queries):
    write_lines(9)
    monkeypatch.setattr(doing, "EXACT", 5)
    read_to(lines()[5])
    with django_assert_num_queries(1) as asked:
        far = doing.how_far()
    assert far[NAME] == 3
    assert far["spaces.recount"] == lines()[-1].pk
    sql = asked.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a log of nine lines is read whole, with good reason
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert (
        "activity_reading_order" in plan and "Index Cond: (ROW(" in plan if connection.vendor == "postgresql" else "SEARCH a USING" in plan
    ), plan
    assert "Sort" not in plan
