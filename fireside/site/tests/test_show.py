"""The command line reads what the JSON door reads, with the same eyes; and no act of members lacks a door."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from fireside.activity.action import ACTIONS
from fireside.conversation import actions
from fireside.site.management.commands.show import readings
from fireside.spaces.actions import ask_to_join

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def show(capsys):
    def run(*words, status=0):
        try:
            call_command("show", *words)
            ended = 0
        except SystemExit as end:
            ended = end.code
        out, err = capsys.readouterr()
        assert ended == status, (ended, out, err)
        return json.loads(out) if "--json" in words else out + err

    return run


@pytest.fixture
def talk(world):
    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="灯芯 works loose", text="It turns, @ann.")
    world.secret = actions.open_topic(world.as_("ben"), space=world.cellar, title="Kept among few", text="Hush.")
    return world


def test_topics_posts_notices_people_and_who_waits(talk, show):
    assert [row["title"] for row in show("topics", "as=ben", "--json")["result"]["items"]] == ["Kept among few", "灯芯 works loose"]
    lines = show("topics", "as=cat", f"space={talk.hearth.slug}", "show=all").splitlines()
    assert len(lines) == 2 and lines[0].split()[:2] == ["id", "title"]
    assert "灯芯 works loose" in lines[1] and " ben " in lines[1]
    assert "It turns, @ann." in show(f"topics/{talk.topic.pk}/posts", "as=cat")
    assert f"title: {talk.topic.title}" in show(f"topics/{talk.topic.pk}", "as=cat")
    ask_to_join(talk.as_("cat"), space=talk.workshop, words="I have one, too.")
    assert "I have one, too." in show(f"spaces/{talk.workshop.slug}/asks", "as=ann")
    assert "handle" in show("people", "as=ann", "search=c")
    assert show("notices", "as=mira") == "Nothing.\n"


def test_hidden_is_missing_here_too(talk, show):
    hidden = show(f"topics/{talk.secret.pk}", "as=cat", "--json", status=4)
    assert hidden == show("topics/999999", "as=cat", "--json", status=4) and hidden["code"] == "not_found"
    assert show(f"spaces/{talk.workshop.slug}/asks", "as=cat", "--json", status=3)["code"] == "not_allowed"
    assert show("notices", "--json", status=3)["code"] == "sign_in"


def test_what_is_asked_wrongly_is_told(talk, show):
    assert "“fireside show” lists all" in show("topic", "as=ben", status=2)
    assert "size" in show("topics", "sise=3", status=2)  # what it knows
    assert "size: Write a number." in show("topics", "size=x", status=2)
    assert "no member has that handle" in show("topics", "as=nobody", status=4)
    assert show("topics", "as=ben", "size=1").splitlines()[-1].startswith("There is more. Add: cursor=")


def test_everything_that_can_be_read_is_listed(show):
    words = show()
    assert "topics [space] [show] [tag] [cursor] [size]\n    Topics, the latest word first" in words
    assert set(show("--json")["readings"]) == set(readings()) and len(readings()) > 25


INSIDE = {
    "call_no_more",
    "forget_reasons",
    "take_words",
    "index_piece",
    "index_posts",
    "index_topics",
    "take_out_belongings",
    "tell_rest",
    "tell_watchers",
    "keep_rendered",
    "mark_read",
    "move_told",
    "mend_spaces",
    "mend_topics",
    "mend_topics_of",
    "note_leaving",
    "give_turns",
    "make_push_key",
    "note_outcome",
    "note_push",
    "note_skipped",
    "note_talk",
    "turn_topics",
    "set_talk",
    "forget_links",
    "keep_link",
    "note_links",
    "sweep_unused",
    "take_away_bytes",
    "stop_letters",  # a mail program, which knows the address in the letter only
    "write_digests",
    "write_letters",
}  # the house's own


def test_what_members_do_can_be_done_on_pages_and_by_programs():
    """On the command line anyhow: `fireside act` takes every action."""
    missing = []
    for name in sorted(ACTIONS):
        app, _dot, act = name.partition(".")
        if app in {"conversation", "notifications", "spaces"} and act not in INSIDE and not act.startswith("take_in_"):
            doors = {
                "pages": [*ROOT.glob(f"{app}/views*.py"), *ROOT.glob(f"{app}/views/*.py")],
                "JSON": [*ROOT.glob(f"{app}/api*.py"), *ROOT.glob(f"{app}/api/*.py")],
            }
            missing += [
                f"{name}: {door}" for door, files in doors.items() if not any(re.search(rf"\b{act}\b", one.read_text()) for one in files)
            ]
    assert not missing
