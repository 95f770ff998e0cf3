"""A topic moves into another space: what goes along, what stays behind, who may, who loses sight of it."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.models import Tag, Topic
from fireside.conversation.queries import before_moving, get_topic, latest, story_of
from fireside.conversation.sweeps import mend_counters
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.notifications.models import Notice
from fireside.notifications.queries import list_notices
from fireside.spaces.actions import archive_space
from fireside.spaces.models import Space

pytestmark = pytest.mark.both


@pytest.fixture
def talk(world):
    actions.open_topic(world.as_("ben"), space=world.workshop, title="There", text="words", tags=["lamp"])
    actions.open_topic(world.as_("ben"), space=world.hearth, title="First", text="words")
    world.topic = actions.open_topic(world.later(minutes=1).as_("ben"), space=world.hearth, title="Loose?", text="x", tags=["LAMP", "wick"])
    world.answer = actions.reply(world.later(minutes=2).as_("cat"), topic=world.topic, text="Turn it.")
    return world


def counters():
    return dict(Space.objects.values_list("slug", "topics_count")) | dict(Space.objects.values_list("name", "last_active_at"))


def test_everything_goes_along_and_the_counters_are_those_of_the_sweep(talk):
    actions.pin_topic(talk.as_("ann"), topic=talk.topic)
    for _ in range(2):
        actions.move_topic(talk.later(minutes=3).as_("ann"), topic=talk.topic, space=talk.workshop)
    moved = get_topic(talk.ben, talk.topic.pk)
    assert (moved.space_id, moved.tags, moved.pin_place, moved.posts_count) == (talk.workshop.pk, ["lamp"], None, 2)
    assert dict(Tag.objects.values_list("space__slug", "uses")) == {"hearth": 0, "workshop": 2}
    assert Activity.objects.filter(kind="conversation.moved").count() == 1
    told = counters()
    mend_counters(talk.as_("house", "worker"))
    assert counters() == told
    assert (told["hearth"], told["workshop"]) == (1, 2)
    assert [row.title for row in latest(talk.ben, space=talk.workshop).rows] == ["Loose?", "There"]


def test_tags_are_made_there_when_asked(talk):
    asked = before_moving(talk.topic, talk.workshop)
    assert (asked.tags_kept, asked.tags_left, asked.readers, asked.losing) == (["lamp"], ["wick"], 2, 1)  # those who spoke have read it
    actions.move_topic(talk.as_("ann"), topic=talk.topic, space=talk.workshop, new_tags=True)
    assert get_topic(talk.ben, talk.topic.pk).tags == ["lamp", "wick"]


def test_who_may_not_read_there_loses_sight_of_it_and_of_what_they_were_told(talk):
    actions.mark_topic_read(talk.as_("cat"), topic=talk.topic)
    actions.mark_topic_read(talk.as_("ben"), topic=talk.topic)
    actions.reply(talk.as_("ann"), topic=talk.topic, text="@cat it holds")
    with_sight = before_moving(talk.topic, talk.workshop)
    assert (with_sight.readers, with_sight.losing) == (3, 1)
    from fireside.notifications.reactions import tell

    tell(list(Activity.objects.all()), talk.now)
    assert list_notices(talk.cat).rows, "Cat is told while she may read there"
    actions.move_topic(talk.as_("ann"), topic=talk.topic, space=talk.workshop)
    with pytest.raises(NotFound):
        get_topic(talk.cat, talk.topic.pk)
    assert not list_notices(talk.cat).rows
    assert Notice.objects.filter(member=talk.cat).exists(), "a notice is kept for when the topic comes back"
    actions.move_topic(talk.as_("ann"), topic=talk.topic, space=talk.hearth)
    assert list_notices(talk.cat).rows
    assert [line.place for line in story_of(talk.ben, get_topic(talk.ben, talk.topic.pk))] == ["Hearth", "Workshop"]


def test_where_it_came_from_is_for_those_who_may_know_that_space(talk):
    hidden = actions.open_topic(talk.as_("ben"), space=talk.cellar, title="Below", text="words")
    actions.move_topic(talk.as_("ann"), topic=hidden, space=talk.hearth)
    assert [(line.what, line.place, line.by.name) for line in story_of(talk.ben, get_topic(talk.ben, hidden.pk))] == [
        ("moved", "Cellar", "Ann")
    ]
    for viewer in (talk.cat, None):
        assert story_of(viewer, Topic.objects.get(pk=hidden.pk)) == []


def test_both_spaces_are_asked(talk):
    for who, no in [("ben", NotAllowed), ("cat", NotAllowed), ("", NotFound)]:
        with pytest.raises(no):
            actions.move_topic(talk.as_(who), topic=talk.topic, space=talk.hearth)
    from fireside.spaces.actions import make_space

    hall = make_space(talk.as_("dan"), name="Hall")
    with pytest.raises(NotAllowed):
        actions.move_topic(talk.as_("ann"), topic=talk.topic, space=hall)
    shed = make_space(talk.as_("dan"), name="Shed", openness="hidden")
    with pytest.raises(NotFound):
        actions.move_topic(talk.as_("ann"), topic=talk.topic, space=shed)
    archive_space(talk.as_("ann"), space=talk.workshop)
    with pytest.raises(Refused) as refused:
        actions.move_topic(talk.as_("ann"), topic=talk.topic, space=talk.workshop)
    assert refused.value.code == "archived"


@pytest.mark.django_db(transaction=True)
def test_search_follows(talk):
    react_until_quiet(talk.now)
    from fireside.conversation.queries import filters_of, search
    from fireside.conversation.seeking import understand

    def found(viewer):
        return [hit.title for hit in search(viewer, understand("loose"), filters_of(viewer, now=talk.now), now=talk.now).rows]

    assert found(talk.cat) == ["Loose?"]
    actions.move_topic(talk.as_("ann"), topic=talk.topic, space=talk.workshop)
    react_until_quiet(talk.now)
    assert (found(talk.cat), found(talk.ben)) == ([], ["Loose?"])


def test_doors(talk, client):
    at = f"/t/{talk.topic.pk}"
    client.force_login(talk.ben)
    assert client.get(f"{at}/move").status_code == 404
    client.force_login(talk.ann)
    assert f'href="{at}/move"' in client.get(at).content.decode()
    page = client.get(f"{at}/move?space=workshop").content.decode()
    assert "wick" in page and "From Hearth into Workshop" in page
    assert client.post(f"{at}/move", {"space": "workshop"}).headers["Location"] == at
    assert "Ann moved this here from" in client.get(at).content.decode()
    asked = client.get(f"/api/v1/topics/{talk.topic.pk}/move?space=hearth").json()
    assert asked == {"tags_kept": ["LAMP"], "tags_left": [], "readers": 3, "losing": 0}
    answer = client.put(f"/api/v1/topics/{talk.topic.pk}/space", {"space": "hearth"}, content_type="application/json")
    assert answer.json()["space"]["slug"] == "hearth"
    missing = client.get("/api/v1/topics/987654321/move?space=hearth")
    client.force_login(talk.cat)
    call_command("act", "conversation.move_topic", "as=ann", f"topic={talk.topic.pk}", "space=workshop", stdout=StringIO())
    assert client.get(f"/api/v1/topics/{talk.topic.pk}/move?space=hearth").status_code == missing.status_code == 404
