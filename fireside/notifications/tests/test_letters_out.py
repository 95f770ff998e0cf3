"""E-mail about what somebody has not seen: when, to whom, how much of it, and why not."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from fireside.activity.models import Letter
from fireside.activity.outbox import send_due
from fireside.conversation.actions import open_topic, react, remove_post, reply
from fireside.members.actions import PersonIn, change_profile, join_community, mark_bot, take_in_people
from fireside.members.models import Member
from fireside.notifications import rules
from fireside.notifications.actions import change_community_telling, change_telling, see_notices, stop_letters
from fireside.notifications.links import stop_address
from fireside.notifications.models import Departure, Notice
from fireside.notifications.retention import departures
from fireside.notifications.sweeps import write_due_letters
from fireside.notifications.tests.letters_out import answered, fates, minutes, telling
from fireside.spaces.actions import change_space, leave_space

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(world: Any, mailbox: Any) -> Any:
    """Ben has a question in the hearth, and a verified address. It is eight in the evening where everybody lives."""
    EmailAddress.objects.update(verified=True)
    world.topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", asks=True)
    telling(world)
    Notice.objects.all().delete()
    return world


def test_a_letter_comes_after_ten_minutes_in_the_reader_s_words(world: Any, mailbox: Any) -> None:
    answered(world, text="Trim **it**, then [look](https://example.org/wick).\n\n> old words\n\n- flat\n- even")
    minutes(world, 9)
    assert mailbox.letters == []
    minutes(world, 1)
    (letter,) = mailbox.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == ("ben@example.org", "Lantern Works <fire@lantern.example>", "Which wick?")
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert text.startswith("Ann replied in “Which wick?”")
    assert "    Trim it, then look." in text and "    – even" in text and "old words" not in text
    assert f"https://lantern.example/t/{world.topic.pk}/2#p2" in text
    assert "<b>Ann</b> replied in “<b>Which wick?</b>”" in html
    assert "prefers-color-scheme: dark" in html and "<img" not in html and "http://" not in html.replace("http://www.w3", "")
    assert fates() == [("Ben", "sent", 1)]
    minutes(world, 60)
    assert len(mailbox.letters) == 1


def test_it_speaks_chinese_to_those_who_read_it(world: Any, mailbox: Any) -> None:
    change_profile(world.as_("ben"), language="zh-hans")
    answered(world)
    minutes(world)
    text = mailbox.letters[0].get_body(("plain",)).get_content()
    assert text.startswith("Ann 回复了“Which wick?”") and "停掉这类邮件" in text
    assert 'lang="zh-CN"' in mailbox.letters[0].get_body(("html",)).get_content()


def test_one_letter_for_one_thing_with_everything_new_about_it(world: Any, mailbox: Any) -> None:
    for n in range(4):
        answered(world, ("ann", "cat")[n % 2], f"Answer {n}.")
        world.later(minutes=2)
    other = open_topic(world.as_("ben"), space=world.hearth, title="Oil?", text="Which?", asks=True)
    answered(world, topic=other, text="Lamp oil.")
    minutes(world, 2)
    (letter,) = mailbox.letters  # ten minutes after the first; the younger ones about the same thing come along
    text = letter.get_body(("plain",)).get_content()
    assert [f"Answer {n}." in text for n in range(4)] == [True] * 4
    minutes(world, 8)
    assert [one["Subject"] for one in mailbox.letters] == ["Which wick?", "Oil?"]
    assert fates() == [("Ben", "sent", 4), ("Ben", "sent", 1)]


def test_mail_programs_see_a_thread_and_the_way_out(world: Any, mailbox: Any) -> None:
    answered(world)
    minutes(world)
    answered(world, "cat", "Or buy another.")
    minutes(world)
    first, second = mailbox.letters
    assert first["References"] == second["References"] == f"<thing.conversation.{world.topic.pk}@lantern.example>"
    assert first["Message-ID"] != second["Message-ID"] and first["Subject"] == second["Subject"]
    assert first["List-Unsubscribe"].strip() == f"<{stop_address(world.ben.pk, 'notices')}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Auto-Submitted"] == "auto-generated"


def seen(world: Any) -> None:
    see_notices(world.as_("ben"))


def closed_to_ben(world: Any) -> None:
    change_space(world.as_("ann"), space=world.hearth, openness="hidden")
    leave_space(world.as_("ben"), space=world.hearth)


def wants_none(world: Any) -> None:
    change_telling(world.as_("ben"), email=False)


def wants_no_replies(world: Any) -> None:
    change_telling(world.as_("ben"), no=["conversation.replied"])


def community_wants_none(world: Any) -> None:
    change_community_telling(world.as_("dan"), email=False)


def unverified(world: Any) -> None:
    EmailAddress.objects.filter(user=world.ben).update(verified=False)


def no_address(world: Any) -> None:
    EmailAddress.objects.filter(user=world.ben).delete()


def is_removed(world: Any) -> None:
    Member.objects.filter(pk=world.ben.pk).update(removed_at=world.now)


def is_a_bot(world: Any) -> None:
    mark_bot(world.as_("dan"), member=world.ben, reason="operator")


def taken_away(world: Any) -> None:
    remove_post(world.as_("ann"), post=world.answer, reason="A slip.")


def is_sample(world: Any) -> None:
    Member.objects.filter(pk=world.ben.pk).update(is_sample=True)


def had_a_hundred(world: Any) -> None:
    at = world.now - timedelta(hours=20)
    Departure.objects.bulk_create(Departure(member=world.ben, way="email", kind="x", thing="x", at=at) for _n in range(rules.A_DAY))


OBSTACLES: list[tuple[Any, str]] = [
    (seen, "seen"), (closed_to_ben, "hidden"), (wants_none, "off"), (wants_no_replies, "kind_off"), (community_wants_none, "off"),
    (unverified, "unverified"), (no_address, "no_address"), (is_removed, "gone"), (is_a_bot, "bot"), (taken_away, "hidden"),
    (is_sample, "sample"), (had_a_hundred, "daily_limit"),
]  # fmt: skip


@pytest.mark.parametrize(("obstacle", "reason"), OBSTACLES, ids=[one[0].__name__ for one in OBSTACLES])
def test_why_a_letter_is_not_written(world: Any, mailbox: Any, obstacle: Any, reason: str) -> None:
    world.answer = answered(world)
    obstacle(world)
    Departure.objects.exclude(kind="x").delete()
    minutes(world)
    assert mailbox.letters == [] and not Letter.objects.exists()
    assert [one for one in fates() if one[1] != "sent"] == [("Ben", reason, 1)]
    minutes(world, 60)
    assert Departure.objects.exclude(kind="x").count() == 1  # decided once


@pytest.mark.parametrize(
    ("obstacle", "reason"), [pair for pair in OBSTACLES if pair[1] not in {"daily_limit"}], ids=lambda one: getattr(one, "__name__", one)
)
def test_why_a_letter_that_waits_to_leave_is_not_sent(world: Any, mailbox: Any, obstacle: Any, reason: str) -> None:
    """The mail server did not answer for a while; meanwhile something has changed."""
    world.answer = answered(world)
    world.later(minutes=10)
    write_due_letters(world.as_("house"))
    assert Letter.objects.get().body == {"person": world.ben.pk, "notices": [Notice.objects.get(member=world.ben).pk]}
    obstacle(world)
    send_due(world.now)
    assert mailbox.letters == []
    assert fates() == [("Ben", reason, 1)]


def test_what_is_open_stays_in_a_letter_of_which_something_was_taken_away(world: Any, mailbox: Any) -> None:
    world.answer = answered(world, text="A slip.")
    answered(world, "cat", "Trim it.")
    taken_away(world)
    minutes(world)
    text = mailbox.letters[0].get_body(("plain",)).get_content()
    assert "Trim it." in text and "A slip." not in text
    assert fates() == [("Ben", "hidden", 1), ("Ben", "sent", 1)]


def test_thanks_come_by_letter_only_to_those_who_want_them(world: Any, mailbox: Any) -> None:
    mine = reply(world.as_("ben"), topic=world.topic, text="I did.")
    react(world.as_("ann"), post=mine, sign="heart")
    telling(world)
    minutes(world)
    assert (mailbox.letters, fates()) == ([], [("Ben", "kind_off", 1)])
    change_telling(world.as_("ben"), yes=["conversation.thanked"])
    for who in ("cat", "mira", "dan", "olu"):
        react(world.as_(who), post=mine, sign="heart")
    telling(world)
    minutes(world)
    assert mailbox.letters[0].get_body(("plain",)).get_content().startswith("Olu, Dan and 2 others thanked you in “Which wick?”")


def test_quiet_hours_are_those_of_the_member_and_the_letter_waits(world: Any, mailbox: Any) -> None:
    """Noon in UTC is eight in the evening in Shanghai; Ben moved to Berlin, where it is one."""
    change_telling(world.as_("ben"), quiet="20:00-07:30")
    answered(world)
    minutes(world)
    assert mailbox.letters == [] and not Departure.objects.exists()
    minutes(world, 11 * 60 + 19)  # 7:29 in Shanghai
    assert mailbox.letters == []
    minutes(world, 1)
    assert len(mailbox.letters) == 1
    change_profile(world.as_("ben"), time_zone="Europe/Berlin")
    answered(world, "cat", "Another.")  # half past midnight in Berlin
    minutes(world)
    assert len(mailbox.letters) == 1
    change_telling(world.as_("ben"), quiet="none")
    Notice.objects.filter(letter_due_at__isnull=False).update(letter_due_at=world.now)
    minutes(world, 1)
    assert len(mailbox.letters) == 2


def test_seen_while_they_sleep_comes_no_more(world: Any, mailbox: Any) -> None:
    change_telling(world.as_("ben"), quiet="20:00-08:00")
    answered(world)
    minutes(world)
    seen(world)
    minutes(world, 60 * 12)
    assert (mailbox.letters, fates()) == ([], [("Ben", "seen", 1)])


def test_people_who_came_with_a_history_get_no_letter(world: Any, mailbox: Any) -> None:
    ids = take_in_people(world.as_("house"), source="old", people=[PersonIn("7", "Ada", world.now, email="ada@example.org")])
    trace = Member.objects.get(pk=next(iter(ids.values())))
    answered(world, text=f"Ask @{trace.handle}.")
    minutes(world)
    assert ("Ada", "no_address", 1) in fates()
    assert {letter["To"] for letter in mailbox.letters} == {"ben@example.org"}


def test_a_merged_person_gets_one_letter_at_their_own_address(world: Any, mailbox: Any) -> None:
    from fireside.members.actions import merge_members

    twin = join_community(world.as_(""), name="Ben at work", email="work@example.org")
    EmailAddress.objects.update(verified=True)
    answered(world, text=f"Trim it, @{twin.handle}.")
    merge_members(world.as_("dan"), member=twin, into=world.ben, reason="The same")
    minutes(world)
    assert [letter["To"] for letter in mailbox.letters] == ["ben@example.org"]


def test_nothing_is_due_where_no_mail_is_sent(world: Any, settings: Any) -> None:
    settings.MAIL = False
    answered(world)
    assert not Notice.objects.filter(letter_due_at__isnull=False).exists()


def test_deciding_costs_the_same_for_one_and_for_many(world: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        answered(world, ("ann", "cat", "dan")[n % 3], f"Answer {n} for @mira and @olu.")
    other = open_topic(world.as_("ben"), space=world.hearth, title="Oil?", text="Which?", asks=True)
    answered(world, topic=other, text="Lamp oil.")
    world.later(minutes=10)
    change_telling(world.as_("ben"), email=False)
    change_community_telling(world.as_("dan"), email=False)
    telling(world)
    # savepoint (2); who is due; their notices; cards (2); people and addresses; choices; posts, gates of spaces, belonging; how many
    # they had; one row for each thing that is skipped and kind (4); decided; and once more: nothing is due (3)
    with django_assert_max_num_queries(22):
        write_due_letters(world.as_("house"))


def test_what_became_of_letters_is_kept_as_long_as_the_community_says(world: Any, mailbox: Any) -> None:
    answered(world)
    minutes(world)
    assert departures(world.as_("house"), world.now - timedelta(days=1)) == 0 and Departure.objects.exists()
    assert departures(world.as_("house"), world.now + timedelta(minutes=1)) == 1 and not Departure.objects.exists()


def test_the_link_in_a_letter_stops_them(world: Any, mailbox: Any) -> None:
    answered(world)
    minutes(world)
    link = mailbox.letters[0]["List-Unsubscribe"].strip(" <>")
    stop_letters(world.as_(""), link=link)
    answered(world, "cat", "Another.")
    minutes(world)
    assert fates() == [("Ben", "sent", 1), ("Ben", "off", 1)]
