"""Digests: who gets one, when, what it says, and why not. One row for a member and a day, whoever is killed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from fireside.activity.models import Letter
from fireside.activity.outbox import send_due
from fireside.conversation.actions import close_topic, follow_space, follow_topic, open_topic, react, reply
from fireside.conversation.queries import digest
from fireside.members.actions import change_profile, join_community
from fireside.members.models import Member
from fireside.notifications import rules
from fireside.notifications.actions import change_community_telling, change_telling, note_bounce, stop_letters, write_digests
from fireside.notifications.models import Departure, DigestTurn
from fireside.notifications.queries import digest_preview
from fireside.notifications.sweeps import write_due_digests
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world: Any, mailbox: Any) -> Any:
    """Cat, whose address is verified, was last here ten days ago. Since then the hearth has talked."""
    digest._many_spoke.cache_clear()
    digest._opened.cache_clear()
    EmailAddress.objects.update(verified=False)
    EmailAddress.objects.filter(user=world.cat).update(verified=True)
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date() - timedelta(days=10))
    world.wick = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", asks=True)
    for who in ("ann", "dan"):
        reply(world.as_(who), topic=world.wick, text="Trim it.")
    world.oil = open_topic(world.as_("ann"), space=world.hearth, title="New oil", text="Came today.")
    world.secret = open_topic(world.as_("ann"), space=world.cellar, title="In the cellar", text="Hush.")
    reply(world.as_("ben"), topic=world.secret, text="Yes.")
    reply(world.as_("olu"), topic=world.secret, text="Yes.")
    world.later(hours=1)
    return world


def round_(world: Any) -> None:
    """What the worker does within half an hour."""
    digest._many_spoke.cache_clear()
    digest._opened.cache_clear()
    write_due_digests(world.as_("house"))
    send_due(world.now)


def fates() -> list[tuple[str, str]]:
    return [
        (one.member.name, one.skipped or "sent") for one in Departure.objects.filter(way="digest").select_related("member").order_by("id")
    ]


def test_who_has_not_been_here_reads_what_happened(world: Any, mailbox: Any) -> None:
    round_(world)
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("cat@example.org", "Lantern Works: Which wick?, and more")
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert "What people talked about" in text and "– Which wick?\r\n  Hearth · 3 people spoke" in text
    assert "New topics" in text and "New oil" in text and f"https://lantern.example/t/{world.oil.pk}" in text
    assert "cellar" not in text + html and "once a week" in text and "<img" not in html
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and letter["List-Id"] == "<digest.lantern.example>"
    assert fates() == [("Cat", "sent")]
    round_(world.later(days=6))
    assert len(mailbox.letters) == 1
    open_topic(world.as_("ann"), space=world.hearth, title="Glass", text="Thin.")
    round_(world.later(days=1))
    assert [one["Subject"] for one in mailbox.letters[1:]] == ["Lantern Works: Glass, and more"]


def test_what_one_muted_is_in_no_digest(world: Any, mailbox: Any) -> None:
    follow_topic(world.as_("cat"), topic=world.wick, level="mute")
    round_(world)
    (letter,) = mailbox.letters
    words = letter.get_body(("plain",)).get_content()
    assert "New oil" in words and "Which wick?" not in words
    follow_space(world.as_("cat"), space=world.hearth, level="mute")
    follow_topic(world.as_("cat"), topic=world.wick, level="follow")
    for who in ("olu", "ann"):
        reply(world.as_(who), topic=world.wick, text="Still.")
    round_(world.later(days=7))
    assert "Which wick?" in mailbox.letters[1].get_body(("plain",)).get_content(), "a topic that one chose is an exception to its space"
    open_topic(world.as_("ann"), space=world.hearth, title="Glass", text="Thin.")
    follow_topic(world.as_("cat"), topic=world.wick, level="mute")
    round_(world.later(days=7))
    assert len(mailbox.letters) == 2


def test_thanks_one_got_stand_first_and_own_spaces_before_others(world: Any, mailbox: Any) -> None:
    mine = reply(world.as_("cat"), topic=world.wick, text="Soak it.")
    for who in ("ann", "ben", "dan"):
        react(world.as_(who), post=mine, sign="heart")
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date() - timedelta(days=10))
    change_profile(world.as_("cat"), language="zh-hans")
    round_(world)
    text = mailbox.letters[0].get_body(("plain",)).get_content()
    assert (text.startswith("你得到的感谢") and "Dan、Ben 和另外 1 人" in text) or "和另外" in text
    assert text.index("你得到的感谢") < text.index("大家在聊什么")


def visited(world: Any) -> None:
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date() - timedelta(days=6))


def wrote_lately(world: Any) -> None:
    Departure.objects.create(member=world.cat, way="email", kind="x", thing="x", at=world.now - timedelta(days=6))


def wants_none(world: Any) -> None:
    change_telling(world.as_("cat"), digest="never")


def community_sends_none(world: Any) -> None:
    change_community_telling(world.as_("dan"), digest="never")


def monthly(world: Any) -> None:
    change_telling(world.as_("cat"), digest="monthly")


def asleep(world: Any) -> None:
    change_telling(world.as_("cat"), quiet="20:00-08:00")


@pytest.mark.parametrize("why", [visited, wrote_lately, wants_none, community_sends_none, monthly, asleep])
def test_when_none_is_due(world: Any, mailbox: Any, why: Any) -> None:
    why(world)
    round_(world)
    assert (mailbox.letters, fates()) == ([], [])
    assert DigestTurn.objects.get(member=world.cat).due_at > world.now


def absent(world: Any) -> None:
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date() - timedelta(days=181))


def bounced(world: Any) -> None:
    for _n in range(2):
        note_bounce(world.as_("dan"), address="cat@example.org", how="hard")


def complained(world: Any) -> None:
    note_bounce(world.as_("dan"), address="cat@example.org", how="complaint")


def nothing_open(world: Any) -> None:
    for topic in (world.wick, world.oil):
        close_topic(world.as_("ann"), topic=topic)


@pytest.mark.parametrize(
    ("obstacle", "reason"), [(absent, "absent"), (bounced, "bounces"), (complained, "complained"), (nothing_open, "empty")]
)
def test_why_one_that_is_due_does_not_come(world: Any, mailbox: Any, obstacle: Any, reason: str) -> None:
    obstacle(world)
    round_(world)
    assert (mailbox.letters, fates()) == ([], [("Cat", reason)])
    round_(world.later(days=1))
    assert len(fates()) == 1, "once for each turn"


def test_who_was_away_for_long_gets_one_again_after_coming_back(world: Any, mailbox: Any) -> None:
    absent(world)
    round_(world)
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date())
    round_(world.later(days=6))
    open_topic(world.as_("ann"), space=world.hearth, title="Glass", text="Thin.")
    round_(world.later(days=2))
    assert fates() == [("Cat", "absent"), ("Cat", "sent")]


def test_whose_address_was_given_up_is_looked_at_again_when_there_is_one(world: Any, mailbox: Any) -> None:
    write_due_digests(world.as_("house").at(world.now - timedelta(days=9)))
    EmailAddress.objects.filter(user=world.cat).update(verified=False)
    round_(world)
    assert fates() == [("Cat", "unverified")] and not DigestTurn.objects.exists()
    round_(world.later(minutes=40))
    assert len(fates()) == 1
    EmailAddress.objects.filter(user=world.cat).update(verified=True)
    round_(world.later(days=1))
    assert fates()[1:] == [("Cat", "sent")]


def test_somebody_who_came_while_it_waited_to_leave_gets_none(world: Any, mailbox: Any) -> None:
    write_due_digests(world.as_("house"))
    assert Letter.objects.get().body == {"person": world.cat.pk, "days": 7}
    Member.objects.filter(pk=world.cat.pk).update(last_seen_on=world.now.date())
    send_due(world.now)
    assert (mailbox.letters, fates()) == ([], [("Cat", "seen")])


def test_a_round_that_is_killed_between_people_goes_on_and_writes_to_nobody_twice(world: Any, mailbox: Any, monkeypatch: Any) -> None:
    for n in range(7):
        one = join_community(world.as_(""), name=f"Fay {n}", email=f"fay{n}@example.org")
        Member.objects.filter(pk=one.pk).update(last_seen_on=world.now.date() - timedelta(days=20))
    EmailAddress.objects.filter(email__startswith="fay").update(verified=True)
    from fireside.notifications.actions import digests

    digests.give_turns(world.as_("house"))
    write, calls = digests.write_letter, []

    def dies_at_the_fifth(*args: Any, **more: Any) -> Any:
        calls.append(more["key"])
        if len(calls) == 5:
            raise KeyboardInterrupt
        return write(*args, **more)

    monkeypatch.setattr(digests, "write_letter", dies_at_the_fifth)
    write_digests(world.as_("house"), at_most=3)
    with pytest.raises(KeyboardInterrupt):
        write_digests(world.as_("house"), at_most=3)
    assert Letter.objects.count() == Departure.objects.count() == 3
    monkeypatch.undo()
    DigestTurn.objects.update(due_at=world.now)  # as if even the turns had been lost: the row of the day holds
    round_(world)
    assert sorted(one["To"] for one in mailbox.letters) == sorted(["cat@example.org", *(f"fay{n}@example.org" for n in range(7))])
    assert len(fates()) == 8


def test_deciding_costs_little_for_each(world: Any, django_assert_max_num_queries: Any) -> None:
    write_due_digests(world.as_("house").at(world.now - timedelta(days=9)))
    DigestTurn.objects.update(due_at=world.now)
    visited(world)
    # savepoint (2); turns; people, their addresses; choices; last letters; how letters fare; and for each one: the next turn
    with django_assert_max_num_queries(9):
        write_digests(world.as_("house"))


def test_the_preview_says_what_it_would_say_and_why_none_comes(world: Any) -> None:
    found = digest_preview(world.cat, world.now)
    assert [part.title for part in found.sections] == ["What people talked about", "New topics"] and found.why_not == ""
    visited(world)
    assert digest_preview(Member.objects.get(pk=world.cat.pk), world.now).after is not None
    page = as_(world, "cat").get("/me/digest").content.decode()
    assert "not before" in page or "None would come" in page
    assert as_(world, "dan").get("/people/cat/digest").status_code == 200
    assert as_(world, "ann").get("/people/cat/digest").status_code == 403
    assert as_(world, "cat").get("/api/v1/me/digest").json()["digest"] == "weekly"


def test_the_link_in_a_digest_stops_digests_only(world: Any, mailbox: Any) -> None:
    round_(world)
    link = mailbox.letters[0]["List-Unsubscribe"].strip(" <>")
    stop_letters(world.as_(""), link=link)
    answer = as_(world, "cat").get("/api/v1/me/telling").json()
    assert (answer["digest"], answer["email"]) == ("never", True)
    stop_letters(world.as_(""), link=link, again=True)
    assert as_(world, "cat").get("/api/v1/me/telling").json()["digest"] == "weekly"


NOON = datetime.fromisoformat("2026-03-02T12:00+00:00")


@given(st.sampled_from([1, 7, 30]), st.integers(0, 200), st.integers(0, 200 * 24))
def test_a_digest_is_due_only_when_visit_and_letter_are_old_enough(days: int, away: int, hours: int) -> None:
    letter = NOON - timedelta(hours=hours)
    after = rules.digest_after(days=days, today=NOON.date(), last_seen=NOON.date() - timedelta(days=away), last_letter=letter, now=NOON)
    assert (after is None) == (away >= days and hours >= days * 24)
    assert after is None or after > NOON
