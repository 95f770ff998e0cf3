"""A racer is what the tests of races take it for: a process of its own that had read the house, with a connection of its own."""

import os
import sys

import pytest
from django.conf import settings
from django.db import connection

from fireside.activity.tests.racing import run
from fireside.members.models import Member
from fireside.members.tests.world import make_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def say_what_it_is(line):
    line.send(
        {
            "pid": os.getpid(),
            "read": "fireside.urls" in sys.modules,
            "connected": connection.connection is not None,
            "house": (str(settings.DATA), connection.settings_dict["NAME"], settings.VALKEY_URL),
        }
    )
    line.recv()
    line.send(Member.objects.count())


def test_it_is_a_process_of_its_own_that_had_read_the_house(racer):
    make_people()
    said = [(one, one.hear()) for one in (racer(say_what_it_is), racer(say_what_it_is))]
    assert len({os.getpid(), *(what["pid"] for _one, what in said)}) == 3
    for one, what in said:
        assert what["pid"] == one.process.pid
        assert (what["read"], what["connected"]) == (True, False)
        assert what["house"] == (str(settings.DATA), connection.settings_dict["NAME"], settings.VALKEY_URL)
        one.tell("go")
        assert one.hear() == Member.objects.count() > 0  # what the test committed, it sees


def test_killed_it_is_gone_at_once_and_says_nothing_more(racer):
    one = racer(run)
    one.tell([])
    assert one.hear() == "ready"
    one.kill()
    assert one.process.exitcode == -9
    with pytest.raises(EOFError):
        one.hear()


def test_it_ends_when_the_test_hangs_up(racer):
    one = racer(run)
    one.tell([])
    assert one.hear() == "ready"
    one.end()
    assert one.process.exitcode == 1  # it was waiting for the word
    one = racer(run)
    one.end()
    assert one.process.exitcode == 0
