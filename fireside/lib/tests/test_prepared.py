"""PostgreSQL keeps what is asked of it again and again: one statement and one plan, whatever the values."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from fireside.activity.models import Job
from fireside.lib.ready import add
from fireside.lib.ready_rows import Many, Rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps statements by itself"),
]
AT = datetime(2026, 3, 2, 12, 30, 15, 250, UTC)


def asked_by(kept_for):
    """How often each kept statement about the table was answered by its one plan."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{kept_for}%"]
        )
        return cursor.fetchall()


def test_a_statement_is_planned_once_for_numbers_of_every_size():
    rows = Rows(lambda least, name: Job.objects.filter(done__gte=least, name=name).order_by("pk").values_list("pk", "asked_at", "counts"))
    one = add(Job(name="kept", asked_at=AT, done=70_000, counts={"n": 1}, total=None))
    for least in (1, 40_000, 2**31, 2**40):
        assert rows.all(least, "kept") == ([(one.pk, AT, {"n": 1})] if least <= 70_000 else [])
    ((_sql, generic, custom),) = asked_by("activity_job")
    assert (generic, custom) == (4, 0)


def test_any_number_of_numbers_is_the_same_statement():
    rows = Rows(lambda ids: Job.objects.filter(pk__in=Many(ids)).values_list("name").order_by("pk"))
    made = [add(Job(name=f"many {n}", asked_at=AT, counts={}, total=None)).pk for n in range(3)]
    assert [rows.column(made[:n]) for n in (0, 1, 3)] == [[], ["many 0"], ["many 0", "many 1", "many 2"]]
    assert rows.column([2**40]) == []
    assert len(asked_by("activity_job")) == 1


def test_a_pooler_that_deals_out_transactions_is_asked_plainly(settings):
    settings.PREPARED = False
    rows = Rows(lambda least, ids: Job.objects.filter(done__gte=least, pk__in=Many(ids)).values_list("asked_at"))
    one = add(Job(name="plain", asked_at=AT, done=3, counts={}, total=None))
    assert rows.column(2, [one.pk]) == [AT]
    assert asked_by("activity_job") == []


def test_what_was_refused_in_between_is_kept_anew():
    rows = Rows(lambda least: Job.objects.filter(done__gte=least).values_list("name"))
    for _ in range(2):
        try:
            with transaction.atomic():
                assert rows.all(1) == []
                raise ValueError
        except ValueError:
            pass
        assert rows.all(1) == []
