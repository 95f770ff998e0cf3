"""Every number of the eight panels is the length of the list that it leads to; with FULL=1 in every period."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from conftest import FULL
from fireside.activity.actor import house as the_house
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds
from fireside.conversation.actions import (
    PostIn,
    TopicIn,
    accept_answer,
    make_question,
    open_topic,
    remove_post,
    reply,
    restore_post,
    say_helped,
    take_in_posts,
)
from fireside.insights import actions, queries
from fireside.insights.queries.standing import PERIODS, standing_answers
from fireside.insights.tests.test_front import ask, page_of
from fireside.insights.tests.test_metrics import member
from fireside.members.actions import PersonIn, take_in_people

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def a_year_of_talk(world, now):
    """Forty come in one week, most are here again; questions, replies, help, removals in every period; history from elsewhere."""
    asked = [ask(world, "ben", f"Handle {days}", at=now - timedelta(days=days, hours=3)) for days in (1, 2, 5, 20, 60, 200)]
    for n, topic in enumerate(asked):
        at = topic.opened_at
        for who in ("ann", "cat")[: 1 + n % 2]:
            post = reply(world.as_(who).at(at + timedelta(minutes=30)), topic=topic, text="Turn it.")
        (accept_answer if n % 3 else say_helped)(world.as_("ben").at(at + timedelta(hours=1)), post=post)
        say_helped(world.as_("mira").at(at + timedelta(hours=1)), post=post)
        gone, back = (reply(world.as_("cat").at(at + timedelta(hours=1)), topic=topic, text="Buy my lamps.") for _ in range(2))
        for one in (gone, back):
            remove_post(world.as_("dan").at(at + timedelta(hours=2)), post=one, reason="Selling here.")
        restore_post(world.as_("dan").at(at + timedelta(hours=2, minutes=5)), post=back)
    ask(world, "mira", "Who knows the lamp?", at=now - timedelta(days=1))
    removed = ask(world, "cat", "Lamps for sale?", at=now - timedelta(days=1))
    remove_post(world.as_("dan").at(now - timedelta(hours=20)), post=removed.posts.get(number=1), reason="Selling here.")
    talk_made = open_topic(world.as_("ann").at(now - timedelta(days=1)), space=world.hearth, title="Wicks", text="Flat ones.", asks=False)
    make_question(world.as_("dan").at(now - timedelta(hours=22)), topic=talk_made)
    reply(world.as_("ben").at(now - timedelta(hours=21)), topic=talk_made, text="Round ones.")
    came_back_elsewhere(world, now)
    start, lines = now - timedelta(days=84), []
    for n in range(40):
        who = member(f"Guest {n}", at=start)
        lines += [Line(kinds.REACTED, start + timedelta(weeks=w), who, parent_id=9000 + n, target_id=90_000 + 100 * n + w, imported=True)
                  for w in range(1, 12) if (n + w) % 3]  # fmt: skip
    record_many(world.as_(""), lines)


def came_back_elsewhere(world, now):
    """Three questions of an archive: of two the asker comes back after a reply, and nobody says more."""
    importer, posts = world.as_("house", "import"), []
    people = [PersonIn(external_id=who, name=who, first_seen_at=now - timedelta(days=90)) for who in ("Sam", "Kim")]
    sam, kim = (take_in_people(importer, source="old", people=people)[who] for who in ("Sam", "Kim"))
    topics = [TopicIn(f"t{n}", world.hearth.pk, f"Old handle {n}?", asks=True) for n in range(3)]
    for n, topic in enumerate(topics):
        spoke = [(sam, "It turns."), (kim, "Turn it."), (sam, "Thank you.")][: 3 if n else 2]
        posts += [
            PostIn(f"m{n}{i}", topic.external_id, world.hearth.pk, who, now - timedelta(days=3, hours=9 - i), text)
            for i, (who, text) in enumerate(spoke)
        ]
    take_in_posts(importer, source="old", topics=topics, posts=posts)


@pytest.mark.parametrize("period", PERIODS if FULL else ("week", "year"))
def test_every_number_of_the_panels_is_the_length_of_the_list_behind_it(mirror, world, period):
    now = timezone.now().replace(hour=10)
    a_year_of_talk(world, now)
    worker = the_house("worker", now=now)
    actions.bring_up_to_date(worker)
    actions.refresh_standing(worker, only=period)
    checked, lengths = {}, {}
    for panel, part in enumerate(page_of(world.dan, period=period).split('<section class="question')[1:], 1):
        checked[panel] = 0
        bars = re.findall(r'<span class="clip">([^<]*)</span><span>.*?</span><span class="v">[\d,]+</span></li>', part)
        assert not bars, f"Panel {panel}: link these numbers to what they count: {bars}"
        for address, words in re.findall(r'href="(/cockpit/[a-z_]+/people\?[^"]*)"[^>]*>(.*?)</a>', part, re.DOTALL):
            told = html.unescape(re.sub(r"<[^>]*>", "", words)).strip()
            name, query = re.fullmatch(r"/cockpit/([a-z_]+)/people\?(.*)", html.unescape(address)).groups()
            asked = dict(parse_qsl(query))
            listed = lengths.setdefault(address, -1)
            if listed < 0:
                listed = lengths[address] = behind(now, world.dan, name, asked.pop("which", ""), asked)
            if told.endswith("%"):
                front = standing_answers(period).now["retention"]["headline"]
                assert (listed, told) == (front["people"], f"{listed / front['n']:.0%}"), (panel, address)
            elif number := re.search(r"[\d,]+", told):
                assert listed == int(number[0].replace(",", "")), (panel, told, address)
            elif "one" in told.split():
                assert listed == 1, (panel, told, address)
            else:
                continue
            checked[panel] += 1
        if panel == 8:  # whoever is counted in front, and not the others
            assert "/cockpit/retention/people?which=there" in re.search(r'class="next" href="([^"]*)', part)[1]
    assert min(checked.values()) >= 1, checked
    for which in ("helped/people?which=said", "helped/people?which=accepted", "helped/people?which=inferred", "talk/people?which=posts"):
        assert next(n for address, n in lengths.items() if which in address) >= 2, which
    assert list(checked) == [1, 2, 3, 4, 5, 6, 7, 8]
    if period == "week":
        there = page_of(world.dan, "/cockpit/talk/people", which="removed", by="day")
        assert "removed by Dan: Selling here." in there
        assert "Buy my lamps" not in there
        topics = page_of(world.dan, "/cockpit/talk/people", which="topics", by="day")
        assert "Of Cat, removed by Dan: Selling here." in topics and "Lamps for sale?" in topics
        assert topics.index("Who knows the lamp?") < topics.index("Handle 5") and "opened <time" in topics  # the latest first
        posts = page_of(world.dan, "/cockpit/talk/people", which="posts", by="day")
        assert "Of Cat, removed by Dan: Selling here." in posts and "By Ann" in posts
        assert "written <time" in posts and "Put back" not in posts
        for which, told in {"said": ("Mira, after a post of Cat", "said <time"), "accepted": ("Ben, after a post of Cat", "accepted <time"),
                            "inferred": ("Sam, after a post of Kim", "inferred <time")}.items():  # fmt: skip
            page = page_of(world.dan, "/cockpit/helped/people", which=which, by="day")
            assert [words in page for words in told] == [True, True], which
        assert "Lamps for sale?" not in page_of(world.mira, "/cockpit/talk/people", which="topics", by="day")


def behind(now, viewer, metric, which, asked):
    """How many stand behind a number, page after page."""
    found, cursor = [], ""
    while True:
        page = queries.evidence(metric, now=now, viewer=viewer, which=which, cursor=cursor, size=30, asked=asked).page
        found, cursor = found + [one["id"] for one in page.rows], page.next
        if not cursor:
            assert len(found) == len(set(found))
            return len(found)
