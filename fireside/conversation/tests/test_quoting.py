"""A name inside a quotation is a link like any other, and calls nobody: whoever wrote the quoted words has called already."""

import pytest

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.markup import parse, quoted, render
from fireside.conversation.models import Mention
from fireside.notifications.models import Notice

LINK = '<a href="/people/ben" class="mention"'


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("> @ben", []), ("> @ben\ngoes on, @ben", []), ("> > @ben", []), ("- > @ben", []), ("> - # @ben", []),
        ("> | @ben |\n> |---|", []), ("> @ben\n\nYes, @ann", [2]), ("> > a\n>\n> @ben\n\n@ann", [2]), ("> @ben\n\n@ben", [1]),
        ("@ben\n\n> @ben @ann", [1]), ("1. @ann\n\n   > @ben", [2]), ("\\> @ben", [1]),
    ],
)  # fmt: skip
def test_whom_words_around_and_inside_a_quotation_call(text, called):
    made, named = render(parse(text), {"ben": 1, "ann": 2})
    assert named == called
    assert made.count(LINK) == text.count("@ben")


@pytest.fixture
def quote(world):
    """What Cat’s composer begins with when she quotes Ann’s words to Ben."""
    world.topic = actions.open_topic(world.as_("ann"), space=world.hearth, title="Loose", text="Turn it, @ben")
    react_until_quiet(world.now)
    return quoted("Turn it, @ben", author="Ann", link=f"/t/{world.topic.pk}/1")


def told(world) -> list[tuple[int, str]]:
    react_until_quiet(world.now)
    return list(Notice.objects.filter(member=world.ben, kind__startswith="conversation.").order_by("pk").values_list("actor_id", "kind"))


@pytest.mark.both
@pytest.mark.django_db(transaction=True)  # the log is read below the oldest open transaction
def test_who_is_called_in_quoted_words_is_not_told_again(world, quote):
    once = [(world.ann.pk, "conversation.asked")]
    assert told(world) == once
    reply = actions.reply(world.as_("cat"), topic=world.topic, text=quote + "I did.")
    assert LINK in reply.html
    assert told(world) == once
    assert not Mention.objects.filter(post=reply).exists()

    plain = actions.reply(world.as_("cat"), topic=world.topic, text="I did.")
    edited = actions.edit_post(world.as_("cat"), post=plain, text=quote + "I did.")
    assert LINK in edited.html
    assert told(world) == once
    assert "mentioned" not in Activity.objects.filter(kind="conversation.edited").get().data

    actions.edit_post(world.as_("cat"), post=plain, text=quote + "I did, @ben.")
    assert told(world) == [*once, (world.cat.pk, "conversation.edited")]


def test_the_preview_of_a_program_names_only_who_would_be_called(world, client):
    client.force_login(world.cat)
    body = {"text": "> Turn it, @ben\n\nSee, @ann"}
    seen = client.post("/api/v1/preview", body, content_type="application/json", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert seen["mentions"] == ["ann"]
    assert LINK in seen["html"]
