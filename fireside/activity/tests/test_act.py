"""The command-line door reads an action's own signature."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.action import ACTIONS
from fireside.activity.catalogue import write_catalogue
from fireside.activity.models import Activity
from fireside.activity.reading import read_arguments, usage
from fireside.conversation.actions import open_topic
from fireside.lib.errors import Refused
from fireside.spaces.models import Space

pytestmark = pytest.mark.django_db


def act(*words):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("act", *words, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().strip(), err.getvalue().strip()


def test_an_action_is_done_as_somebody(world):
    code, out, _err = act("spaces.make_space", "as=dan", "name=Repair bench", "--json")
    assert code == 0
    answer = json.loads(out)
    space = Space.objects.get(pk=answer["result"]["id"])
    assert space.name == "Repair bench"
    line = Activity.objects.order_by("-pk").first()
    assert (line.kind, line.via, line.member_id) == ("spaces.made", "cli", world.dan.pk)


def test_refusals_have_a_code_and_an_exit(world):
    assert act("spaces.make_space", "as=ben", "name=X")[0] == 3
    code, out, _err = act("spaces.make_space", "as=ben", "name=X", "--json")
    assert json.loads(out)["code"] == "not_allowed"
    assert act("spaces.make_space", "as=nobody-of-that-name", "name=X")[0] == 4
    assert act("spaces.make_space", "as=dan")[0] == 2
    code, _out, err = act("spaces.make_space", "as=dan", "name=X", "colour=red")
    assert code == 2 and "colour" in err and "name=str" in err


def test_who_acts_is_asked_for_where_it_was_not_said(world):
    from django.utils import translation

    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="For the big one.")
    nobody, stranger = (
        act("conversation.reply", f"topic={topic.pk}", "text=hi"),
        act("conversation.reply", "as=nobody", f"topic={topic.pk}", "text=hi"),
    )
    assert nobody[0] == 4 and nobody[2].endswith("Nobody is named who does this: add as=HANDLE, the handle of a member.")
    assert stranger[0] == 4 and "as=nobody: no member has that handle." in stranger[2]
    joined = act("spaces.join_space", f"space={world.hearth.slug}", "--json")
    assert (joined[0], json.loads(joined[1])["code"]) in {(3, "sign_in"), (4, "not_found")} and "as=HANDLE" in joined[1]
    with translation.override("zh-hans"):
        assert "没有说由谁来做：请加上 as=用户名" in act("conversation.reply", f"topic={topic.pk}", "text=hi")[2]
        assert "as=nobody：没有成员用这个用户名。" in act("conversation.reply", "as=nobody", f"topic={topic.pk}", "text=hi")[2]
    assert act("conversation.reply", "as=ben", f"topic={topic.pk}", "text=hi")[0] == 0
    hidden = open_topic(world.as_("ann"), space=world.cellar, title="Not for all", text="Between us.")
    assert act("conversation.reply", "as=cat", f"topic={hidden.pk}", "text=hi") == act(
        "conversation.reply", "as=cat", "topic=987654", "text=hi"
    )


def test_an_unknown_action_names_its_neighbours(world):
    code, _out, err = act("make_space", "name=X")
    assert code == 2 and "spaces.make_space" in err


def test_hidden_and_missing_are_one_answer(world):
    hidden = act("spaces.join_space", "as=cat", f"space={world.cellar.slug}")
    missing = act("spaces.join_space", "as=cat", "space=there-is-no-such-space")
    assert hidden == missing and hidden[0] == 4


@pytest.mark.parametrize("words", [{"name": "X", "parent": "nowhere"}, {"openness": "ajar", "name": "X"}])
def test_words_that_cannot_be_read_are_refused(world, words):
    from fireside.lib.errors import Refusal

    action = ACTIONS["spaces.make_space"]
    with pytest.raises(Refusal):
        action.call(world.as_("dan"), **read_arguments(action, world.dan, words))


def test_dates_carry_their_time_zone(world):
    from datetime import datetime

    from fireside.activity.reading import _as_type

    assert _as_type("at", "2026-11-21T19:30:00+08:00", datetime, None).hour == 19
    for wrong in ("2026-11-21T19:30:00", "yesterday", "2026-13-41T00:00:00Z"):
        with pytest.raises(Refused):
            _as_type("at", wrong, datetime, None)


def test_every_action_can_be_typed():
    for action in ACTIONS.values():
        assert usage(action) is not None
        assert action.says, f"{action.name} has no docstring: the first line says what it does"


def test_the_list_and_the_catalogue_name_every_action():
    listed, written = act()[1], write_catalogue()
    for name, one in ACTIONS.items():
        assert (f"{name} " in listed) is not one.passing and f"`{name}`" in written


def test_what_the_house_notes_in_passing_is_nobodys_to_ask_for(world):
    code, _out, told = act("spaces.note_talk", "as=ben", "space=hearth", "topics=7")
    assert code == 2 and "There is no action “spaces.note_talk”" in told
    world.hearth.refresh_from_db()
    assert world.hearth.topics_count == 0


def test_the_catalogue_in_docs_is_fresh():
    answer = subprocess.run([sys.executable, "-m", "fireside", "catalogue", "--check"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_files_are_read_as_what_the_argument_is(world, tmp_path):
    from PIL import Image

    Image.new("RGB", (300, 200), "teal").save(tmp_path / "me.png")
    (tmp_path / "name.txt").write_text("Lamps 灯\n", encoding="utf-8")
    code, out, err = act("members.set_picture", "as=ben", f"picture=@{tmp_path / 'me.png'}", "--json")
    assert (code, json.loads(out)["code"]) == (0, "done"), err
    world.ben.refresh_from_db()
    assert world.ben.picture
    code, out, _err = act("spaces.make_space", "as=dan", f"name=@{tmp_path / 'name.txt'}", "--json")
    assert code == 0 and Space.objects.get(pk=json.loads(out)["result"]["id"]).name == "Lamps 灯"
    code, out, _err = act("spaces.make_space", "as=dan", "name=@@home", "--json")
    assert json.loads(out)["result"]["name"] == "@home"
    assert "picture=@FILE" in usage(ACTIONS["members.set_picture"])


@pytest.mark.parametrize(("words", "code", "told"), [
    (["spaces.make_space", "as=dan", "name=@/nope"], "no_such_file", "/nope"),
    (["spaces.make_space", "as=dan", "name=@BIN"], "file_no_text", "UTF-8"),
    (["spaces.make_space", "as=dan", "name=@/"], "file_unreadable", "/"),
    (["members.set_picture", "as=ben", "picture=foo"], "argument_is_file", "picture=@FILE"),
    (["members.set_picture", "as=ben", "picture=@BIN"], "picture_unreadable", "picture"),
    (["members.take_in_people", "source=x", "people=foo"], "argument_not_typed", "people"),
    (["connectors.take_in_batch", "run=1", "take=x", "rejected_bytes=1"], "argument_not_typed", "take"),
    (["nope.nope"], "no_such_action", "fireside act"),
    (["spaces.make_spce"], "no_such_action", "spaces.make_space"),
    (["spaces.make_space", "as=dan", "Lamps"], "no_equals", "name=value"),
    (["spaces.make_space", "as=dan", "name=X", "name=Y"], "said_twice", "name"),
    (["spaces.make_space", "as=dan", "name=\udcff"], "no_text", "UTF-8"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_line(world, tmp_path, words, code, told):
    (tmp_path / "bin").write_bytes(b"\xff\xfe\x00\x81")
    words = [word.replace("@BIN", f"@{tmp_path / 'bin'}") for word in words]
    status, out, _err = act(*words, "--json")
    answer = json.loads(out)
    assert (status, set(answer), answer["code"]) == (2, {"code", "message"}, code)
    assert told in answer["message"]


def test_refusals_of_the_command_line_speak_chinese(world):
    from django.utils import translation

    with translation.override("zh-hans"):
        for words in (
            ["nope.nope"],
            ["spaces.make_space", "Lamps"],
            ["spaces.make_space", "name=X", "name=Y"],
            ["members.set_picture", "picture=x"],
        ):
            assert any("\u4e00" <= sign <= "\u9fff" for sign in act(*words)[2]), words
