"""Whoever sends letters may be killed at any moment: with real processes and a real SMTP server, no letter is lost, and at most the one
that was on its way leaves a second time, under the same Message-ID."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.conf import settings

from fireside.activity import outbox
from fireside.activity.actor import house
from fireside.activity.models import Letter
from fireside.lib.tests.mailbox import Mailbox
from fireside.lib.tests.racers import Racer, begin_together, wait_for_the_word

pytestmark = pytest.mark.both


def send(line: Connection, *, port: int) -> None:
    """A worker that only sends, with leases of a second, until it is killed or nothing is left."""
    settings.MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "fire@lantern.example"
    outbox.LEASE = timedelta(seconds=1)
    wait_for_the_word(line)
    while outbox.unsent().exists():
        if not outbox.send_due(datetime.now(UTC)):
            time.sleep(0.05)
    line.send("done")


def test_a_killed_sender_loses_no_letter_and_repeats_only_what_was_on_its_way(
    transactional_db: None, racer: Callable[..., Racer], mailbox: Mailbox, full: bool
) -> None:
    letters, kills, dice = (60, 30, random.Random(3)) if full else (14, 5, random.Random(3))
    for n in range(letters):
        body = {"to": f"m{n}@slow.example", "subject": f"Lamp {n}", "text": "It burns."}
        outbox.write_letter(house(now=datetime.now(UTC)), channel="email", key=f"lamp:{n}", body=body)

    def start() -> Racer:
        one = racer(send, port=mailbox.port)
        begin_together([one])
        return one

    for _kill in range(kills):
        had, sender, end = len(mailbox.letters), start(), time.monotonic() + 60
        while len(mailbox.letters) == had and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(dice.choice([0, 0.001, 0.004, 0.15]))  # before it has noted that the letter left, and in the midst of the next one
        sender.kill()
        assert outbox.unsent().exists(), "the work was over before the kills were"
    assert start().hear() == "done"
    arrived = Counter(str(one["Message-ID"]) for one in mailbox.letters)
    assert set(arrived) == {f"<lamp=3a={n}@lantern.example>" for n in range(letters)}
    assert sum(arrived.values()) - letters <= kills, arrived
    assert Letter.objects.filter(sent_at__isnull=False, lease="", parked_at=None).count() == letters


def test_a_round_that_takes_longer_than_a_lease_lets_nobody_send_the_same_letter(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter is held from the moment in which it is taken, not from the beginning of the round that takes it."""
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(outbox, "CHANNELS", {})
    began, sent = datetime.now(UTC), []

    @outbox.channel("pigeon")
    def fly(body: Any, key: str) -> None:
        sent.append(key)
        if key == "lamp:2" and sent.count(key) == 1:  # it was taken just now, eight tenths after the round began
            now = datetime.now(UTC)
            other = threading.Thread(target=lambda: outbox.send_due(now))
            other.start()
            other.join(30)
        time.sleep(0.4)

    for n in range(3):
        outbox.write_letter(house(now=began), channel="pigeon", key=f"lamp:{n}", body={}, due_at=began + timedelta(microseconds=n))
    assert outbox.send_due(began + timedelta(milliseconds=1)) == 3
    assert sent == ["lamp:0", "lamp:1", "lamp:2"]
