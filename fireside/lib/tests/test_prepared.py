"""PostgreSQL keeps what is asked of it again and again: one statement and one plan, whatever the values."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from fireside.activity.models import Activity, Job
from fireside.lib import prepared
from fireside.lib.ready import add, change
from fireside.lib.ready_rows import Many, Rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps statements by itself"),
]
AT = datetime(2026, 3, 2, 12, 30, 15, 250, UTC)


@pytest.fixture(autouse=True)
def _nothing_kept(db):
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connections[connection.alias].__dict__.pop("asker", None)


def undone(act):
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


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
    ((_sql, generic, custom),) = asked_by('FROM "activity_job"')
    assert (generic, custom) == (4, 0)


def test_the_server_heard_what_the_house_wants():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('plan_cache_mode'), current_setting('jit'), current_setting('max_parallel_workers_per_gather')"
        )
        assert cursor.fetchone() == ("force_generic_plan", "off", "0")


def test_any_number_of_numbers_is_the_same_statement():
    rows = Rows(lambda ids: Job.objects.filter(pk__in=Many(ids)).values_list("name").order_by("pk"))
    made = [add(Job(name=f"many {n}", asked_at=AT, counts={}, total=None)).pk for n in range(3)]
    assert [rows.column(made[:n]) for n in (0, 1, 3)] == [[], ["many 0"], ["many 0", "many 1", "many 2"]]
    assert rows.column([2**40]) == []
    assert len(asked_by('FROM "activity_job"')) == 1


def test_a_pooler_that_deals_out_transactions_is_asked_plainly(settings):
    settings.PREPARED = False
    rows = Rows(lambda least, ids: Job.objects.filter(done__gte=least, pk__in=Many(ids)).values_list("asked_at"))
    one = add(Job(name="plain", asked_at=AT, done=3, counts={}, total=None))
    assert rows.column(2, [one.pk]) == [AT]
    assert asked_by('FROM "activity_job"') == []


def test_what_was_refused_stays_kept():
    rows = Rows(lambda least: Job.objects.filter(done__gte=least).values_list("name"))
    for _ in range(3):
        undone(lambda: rows.all(1))
        assert rows.all(1) == []
    ((_sql, generic, _custom),) = asked_by('FROM "activity_job"')
    assert generic == 6


def test_a_wrong_row_is_told_as_by_django_and_what_follows_goes_on():
    add(Activity(kind="x.y", at=AT, via="cli", source="s", external_id="1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        add(Activity(kind="x.y", at=AT, via="cli", source="s", external_id="1"))
    assert Activity.objects.count() == 1
    assert change("UPDATE activity_activity SET via = %s WHERE kind = %s AND at <= %s", "web", "x.y", AT) == 1


def test_more_statements_than_are_kept(monkeypatch):
    monkeypatch.setattr(prepared, "KEPT", 3)
    rows = [Rows(lambda least, n=n: Job.objects.filter(done__gte=least).values_list("name")[: n + 1]) for n in range(7)]
    add(Job(name="one", asked_at=AT, done=3, counts={}, total=None))
    for _ in range(2):
        assert [one.column(2) for one in rows] == [["one"]] * 7
        assert 0 < len(asked_by('FROM "activity_job"')) <= 3


@pytest.mark.django_db(transaction=True)
def test_a_transaction_begins_with_its_first_statement():
    undone(lambda: add(Job(name="undone", asked_at=AT, done=3, counts={}, total=None)))
    assert not Job.objects.filter(name="undone").exists()
    with transaction.atomic():
        add(Job(name="done", asked_at=AT, done=3, counts={}, total=None))
    connection.close()
    assert Job.objects.filter(name="done").exists()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hung_up_is_seen_without_asking():
    rows = Rows(lambda least: Job.objects.filter(done__gte=least).values_list("name"))
    assert rows.all(1) == [] and connection.is_usable()
    with CaptureQueriesContext(connection) as asked:
        connection.connection.execute("SELECT pg_notify('nobody', 'hears this')")
        assert connection.is_usable()
    assert len(asked) == 0
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    finally:
        other.close()
    assert not connection.is_usable()
    with pytest.raises(OperationalError):
        rows.all(1)
    connection.close()
    assert rows.all(1) == []
