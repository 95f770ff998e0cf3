"""`Among` finds what `__in` finds, and PostgreSQL asks for what it is among once for all rows."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef

from fireside.activity.models import Job
from fireside.lib.among import Among
from fireside.lib.ready import add
from fireside.lib.ready_rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


def jobs(name, *counts):
    return [add(Job(name=name, asked_at=AT, done=n, counts={}, total=None)).pk for n in counts]


def same(least):
    """Jobs that another one of the same count and one of these names stands beside."""
    others = Job.objects.filter(Among("name", Job.objects.filter(done__gte=least).values("name")), done=OuterRef("done"))
    return Job.objects.filter(Exists(others)).order_by("pk").values_list("pk")


def test_it_finds_the_same():
    first, second = jobs("a", 1, 2), jobs("b", 2, 9)
    jobs("c", 3)
    ready = Rows(same)
    for least in (0, 5, 9, 10):
        names = Job.objects.filter(done__gte=least).values("name")
        plain = Job.objects.filter(done__in=Job.objects.filter(name__in=names).values("done")).order_by("pk").values_list("pk")
        assert ready.all(least) == list(same(least)) == list(plain)
    assert ready.column(9) == [first[1], *second]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite asks for a list once by itself")
def test_postgresql_asks_once():
    assert "InitPlan" in same(1).explain()
