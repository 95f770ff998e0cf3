"""Whoever waits to write into SQLite's file asks for it often, and no longer than they were told to."""

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from fireside.activity.models import Job

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers at a time"),
]


@pytest.fixture
def other():
    """Somebody else who writes and writes."""
    connection.ensure_connection()
    made = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    made.execute("BEGIN IMMEDIATE")
    yield made
    made.close()


def patience():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


def test_they_ask_often(other):
    usual, tries = patience(), []

    def counted(execute, sql, *more):
        tries.append(sql)
        return execute(sql, *more)

    threading.Timer(0.5, other.rollback).start()
    with connection.execute_wrapper(counted), transaction.atomic():
        assert len(tries) > 5 and {"BEGIN IMMEDIATE"} == set(tries)
    assert patience() == usual == 20_000


def test_in_the_end_they_give_up(other, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.3)
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert time.monotonic() - began > 0.3
    other.rollback()
    with transaction.atomic():
        assert not Job.objects.exists()
