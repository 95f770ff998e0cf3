"""What comes back: how it is counted, forgotten and forgiven, and that letters about the account go out all the same."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from fireside.activity.models import Activity, Letter
from fireside.activity.outbox import send_due, write_letter
from fireside.conversation.actions import open_topic
from fireside.members.models import Member
from fireside.members.rules import bounce_of
from fireside.notifications import rules
from fireside.notifications.actions import change_telling, forgive_bounces, note_bounce
from fireside.notifications.models import Bounce, Departure, Notice
from fireside.notifications.tests.letters_out import answered, fates, minutes, telling
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world: Any, mailbox: Any) -> Any:
    EmailAddress.objects.update(verified=True)
    world.topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", asks=True)
    telling(world)
    Notice.objects.all().delete()
    return world


def lives_at(world: Any, host: str) -> None:
    Member.objects.filter(pk=world.ben.pk).update(email=f"ben@{host}")
    EmailAddress.objects.filter(user=world.ben).update(email=f"ben@{host}")


def test_an_address_that_refuses_for_good_gets_two_letters_and_then_none(world: Any, mailbox: Any) -> None:
    lives_at(world, "refused.example")
    for n in range(3):
        answered(world, text=f"Answer {n}.")
        minutes(world)
    assert mailbox.asked == ["ben@refused.example"] * 2
    assert fates() == [("Ben", "sent", 1), ("Ben", "sent", 1), ("Ben", "bounces", 1)]
    row = Bounce.objects.get()
    assert (row.member_id, row.score, row.error) == (world.ben.pk, 40, "550 5.1.1 no such user")
    assert Letter.objects.filter(parked_at__isnull=False).count() == 2
    write_letter(
        world.as_("house"),
        channel="email",
        key="account:1",
        body={"to": "ben@refused.example", "subject": "4711 is your code", "text": "4711"},
    )
    send_due(world.now)
    assert len(mailbox.asked) == 3, "letters about the account are always tried"


def test_a_mailbox_that_is_full_after_the_words_counts_as_refusing(world: Any, mailbox: Any) -> None:
    lives_at(world, "full.example")
    answered(world)
    minutes(world)
    assert (Bounce.objects.get().score, mailbox.letters) == (20, [])


def test_who_refuses_this_house_says_nothing_of_the_address(world: Any, mailbox: Any) -> None:
    lives_at(world, "policy.example")
    answered(world)
    minutes(world)
    assert not Bounce.objects.exists() and Letter.objects.get().parked_at is not None


def test_who_puts_a_letter_off_counts_once_a_day_and_it_is_tried_again(world: Any, mailbox: Any) -> None:
    lives_at(world, "busy.example")
    answered(world)
    minutes(world)
    for _n in range(3):
        send_due(world.later(hours=2).now)
    assert len(mailbox.asked) == 4 and Bounce.objects.get().score == 10
    assert Letter.objects.get().parked_at is None


def test_a_server_that_hangs_up_after_taking_the_letter_gets_it_again_under_the_same_name(world: Any, mailbox: Any) -> None:
    lives_at(world, "gone.example")
    answered(world)
    minutes(world)
    send_due(world.later(minutes=1).now)
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_slow_server_is_waited_for_and_one_that_is_down_is_tried_later(world: Any, mailbox: Any, settings: Any) -> None:
    lives_at(world, "slow.example")
    answered(world)
    settings.EMAIL_PORT = 1
    minutes(world)
    row = Letter.objects.get()
    assert (row.sent_at, row.parked_at, mailbox.letters) == (None, None, []) and "Refused" in row.error
    settings.EMAIL_PORT = mailbox.port
    settings.EMAIL_TIMEOUT = 0.05
    send_due(world.later(minutes=1).now)
    assert Letter.objects.get().sent_at is None
    settings.EMAIL_TIMEOUT = 20
    send_due(world.later(minutes=5).now)
    assert Letter.objects.get().sent_at is not None and not Bounce.objects.exists()


def test_what_arrives_makes_up_for_it_slowly(world: Any, mailbox: Any) -> None:
    note_bounce(world.as_("dan"), address="Ben@Example.org", how="soft")
    answered(world)
    minutes(world)
    assert len(mailbox.letters) == 1 and Bounce.objects.get().score == 9


def test_an_operator_sees_and_forgives(world: Any, mailbox: Any) -> None:
    world.now = datetime.now(world.now.tzinfo)
    change_telling(world.as_("ben"), quiet="none")
    note_bounce(world.as_("dan"), address="ben@example.org", how="complaint")
    answered(world)
    minutes(world)
    assert fates()[-1] == ("Ben", "complained", 1)
    dan = as_(world, "dan")
    page = dan.get("/cockpit/departures").content.decode()
    assert "Letters came back" in page and "complained" in page and "ben@" not in page
    assert dan.get("/api/v1/house/bounces").json()["items"][0] | {"came_back_at": None} == {
        "who": "ben", "score": 0.0, "held_back": True, "complained": True, "came_back_at": None, "error": "",
    }  # fmt: skip
    forgive_bounces(world.as_("dan"), member=world.ben)
    assert not Bounce.objects.exists()
    assert Activity.objects.filter(kind__startswith="notifications.bounce").count() == 2
    answered(world, "cat", "Another.")
    minutes(world)
    assert len(mailbox.letters) == 1
    assert "ben@example.org" not in str([line.data for line in Activity.objects.all()])


def test_the_address_is_not_kept(world: Any) -> None:
    note_bounce(world.as_("dan"), address="ben@example.org")
    assert "ben" not in str(list(Bounce.objects.values_list("digest", "error")))
    assert Departure.objects.count() == 0


@pytest.mark.parametrize(
    ("score", "what", "days", "now"),
    [(0, "hard", None, 20), (20, "hard", 1, 40), (0, "soft", None, 10), (10, "soft", 0.5, 10), (10, "soft", 1, 20), (40, "sent", 1, 39),
     (0, "sent", None, 0), (40, "sent", 30, 0), (40, "hard", 30, 20)],
)  # fmt: skip
def test_scores(score: int, what: str, days: float | None, now: int) -> None:
    assert rules.bounce_score(score, what, since=None if days is None else timedelta(days=days)) == now


@pytest.mark.parametrize(
    ("code", "words", "what"),
    [
        (550, "5.1.1 unknown", "hard"),
        (552, "mailbox full", "hard"),
        (450, "4.2.1 later", "soft"),
        (550, "5.7.1 not from you", ""),
        (250, "ok", ""),
        (421, "4.7.0 slow down", ""),
    ],
)
def test_what_a_no_says_of_the_address(code: int, words: str, what: str) -> None:
    assert bounce_of(code, words) == what
