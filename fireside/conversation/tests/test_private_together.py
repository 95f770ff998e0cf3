"""Private conversations of several: coming in, leaving, another name; and any of them out of one's list."""

import re

import pytest

from fireside.activity.models import Activity
from fireside.conversation import actions
from fireside.conversation.models import Participant
from fireside.conversation.privately.rules import PEOPLE_MOST, why_not_add
from fireside.conversation.queries import own_talk, talks, unread_talks
from fireside.lib.errors import NotFound, Refused
from fireside.members.actions import block_member
from fireside.notifications.models import Notice
from fireside.notifications.reactions import tell

pytestmark = pytest.mark.both


@pytest.fixture
def tea(world):
    world.tea = actions.begin_conversation(world.as_("ann"), people=[world.ben], text="Who brings tea?", title="Saturday")
    return world


def no(act):
    with pytest.raises(Refused) as said:
        act()
    return said.value.code


def add(world, member, by="ann"):
    return actions.add_to_conversation(world.as_(by), topic=world.tea, member=world.people[member])


@pytest.mark.once
def test_who_may_be_brought_in():
    assert why_not_add(pair=True, takes_part=True, there=set(), taking=2) == "stays_of_two"
    assert why_not_add(pair=False, takes_part=False, there=set(), taking=2) == "accept_first"
    assert why_not_add(pair=False, takes_part=True, there={"declined"}, taking=2) == "there"  # nobody learns that they said no
    assert why_not_add(pair=False, takes_part=True, there={"left"}, taking=2) == "has_left"
    assert why_not_add(pair=False, takes_part=True, there=set(), taking=PEOPLE_MOST) == "many_people"


def test_somebody_comes_in_and_reads_from_the_beginning(tea):
    add(tea, "dan")
    assert Participant.objects.get(topic=tea.tea, member=tea.dan).state == "asked"  # they share no space
    actions.accept_conversation(tea.as_("dan"), topic=tea.tea)
    lines = Activity.objects.count()
    add(tea, "dan")
    assert Activity.objects.count() == lines
    actions.write_privately(tea.as_("dan"), topic=tea.tea, text="I do.")
    assert own_talk(tea.dan, tea.tea).begins == "I do."
    tell(list(Activity.objects.filter(kind__startswith="conversation.talk").order_by("pk")), tea.now)
    assert Notice.objects.filter(member=tea.dan, kind="conversation.talk_asked").exists()
    block_member(tea.as_("cat"), member=tea.ann)
    assert no(lambda: add(tea, "cat")) == "unreachable"


def test_whoever_leaves_is_gone_and_is_not_brought_back(tea, client):
    client.force_login(tea.ben)
    client.post(f"/messages/{tea.tea.pk}/leaving")
    with pytest.raises(NotFound):
        own_talk(tea.ben, tea.tea)
    assert client.get(f"/t/{tea.tea.pk}").status_code == 404
    assert no(lambda: add(tea, "ben")) == "has_left"
    assert no(lambda: actions.write_privately(tea.as_("ann"), topic=tea.tea, text="Ben?")) == "nobody_left"
    pair = actions.begin_conversation(tea.as_("ann"), people=[tea.ben], text="Why?")
    assert no(lambda: actions.leave_conversation(tea.as_("ben"), topic=pair)) == "leave_of_two"
    assert no(lambda: actions.add_to_conversation(tea.as_("ben"), topic=pair, member=tea.cat)) == "stays_of_two"


def test_a_name_is_for_everybody_and_the_log_does_not_keep_it(tea, client):
    client.force_login(tea.ben)
    assert client.post(f"/messages/{tea.tea.pk}/title", {"title": "  Sunday "}).status_code == 302
    assert talks(tea.ann).rows[0].name == "Sunday"
    assert client.post(f"/messages/{tea.tea.pk}/title", {"title": ""}).status_code == 422
    assert not Activity.objects.filter(data__icontains="Sunday").exists()


def test_archived_until_somebody_writes(tea, client):
    client.force_login(tea.ben)
    assert unread_talks(tea.ben).count() == 1
    client.post(f"/messages/{tea.tea.pk}/archive")
    assert (len(talks(tea.ben).rows), len(talks(tea.ben, which="archived").rows), unread_talks(tea.ben).count()) == (0, 1, 0)
    assert len(talks(tea.ann).rows) == 1
    client.post(f"/messages/{tea.tea.pk}/archive/end")
    assert len(talks(tea.ben).rows) == 1
    client.post(f"/messages/{tea.tea.pk}/archive")
    actions.write_privately(tea.as_("ann"), topic=tea.tea, text="Ben?")
    assert (len(talks(tea.ben).rows), unread_talks(tea.ben).count()) == (1, 1)


def test_the_page_of_who_takes_part(tea, client):
    client.force_login(tea.ann)
    page = client.get(f"/messages/{tea.tea.pk}/people").content.decode()
    assert "They can read everything" in page or "从头开始" in page
    assert client.post(f"/messages/{tea.tea.pk}/people", {"names": "Nobody at all"}).status_code == 422
    assert client.post(f"/messages/{tea.tea.pk}/people", {"names": "Dan, @cat"}).status_code == 302
    assert Participant.objects.filter(topic=tea.tea).count() == 4


@pytest.mark.once
def test_what_the_list_costs(tea, django_assert_num_queries):
    for n in range(5):
        actions.begin_conversation(tea.as_("ann"), people=[tea.ben, tea.mira], text="x", title=f"Tea {n}")
    with django_assert_num_queries(5):  # the page, who takes part, last messages, muted ones, people
        assert len(talks(tea.ben).rows) == 6


def test_an_at_offers_those_who_take_part_and_nobody_else(tea, client):
    client.force_login(tea.ann)

    def offered(words, place):
        answer = client.get("/talk/mentions", {"q": words, "in": place})
        return answer.status_code, set(re.findall(r'data-handle="([^"]+)"', answer.content.decode()))

    assert offered("b", tea.tea.pk) == (200, {"ben"}) and offered("c", tea.tea.pk) == offered("org", tea.tea.pk) == (200, set())
    topic = actions.open_topic(tea.as_("ann"), space=tea.hearth, title="Tea", text="Open to all.")
    assert offered("c", topic.pk) == offered("c", "") == (200, {"cat"}) and offered("org", topic.pk)[1] == {"organisers"}
    client.force_login(tea.cat)
    hidden, missing = (client.get("/talk/mentions", {"q": "b", "in": pk}) for pk in (tea.tea.pk, 99999999))
    assert hidden.status_code == missing.status_code == 404
