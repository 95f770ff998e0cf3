"""The board of a space: what fits on it, who writes and wipes it, one pass through each door."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, Refused
from fireside.spaces import actions, rules
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_what_fits_on_the_board():
    assert rules.why_not_on_board("") == "board_empty"
    assert rules.why_not_on_board("x" * rules.BOARD_LIMIT) == ""
    assert rules.why_not_on_board("字" * (rules.BOARD_LIMIT + 1)) == "board_too_long"


def test_the_board_is_written_and_wiped_by_those_who_run_the_space(world):
    space = actions.write_board(world.as_("ann"), space=world.hearth, words="  Closed until\n6 January. ")
    assert space.board == "Closed until 6 January."
    line = Activity.objects.get(kind="spaces.board_written")
    assert (line.space_id, line.member_id, line.data) == (space.pk, world.ann.pk, {"name": "Hearth"})
    actions.write_board(world.as_("dan"), space=space, words="Closed until 6 January.")  # it stands there already
    assert Activity.objects.filter(kind="spaces.board_written").count() == 1
    for words, code in ((" ", "board_empty"), ("x" * 161, "board_too_long")):
        with pytest.raises(Refused) as no:
            actions.write_board(world.as_("ann"), space=space, words=words)
        assert (no.value.code, no.value.facts["field"]) == (code, "words")
    with pytest.raises(NotAllowed):
        actions.wipe_board(world.as_("ben"), space=space)
    assert actions.wipe_board(world.as_("ann"), space=space).board == ""
    actions.wipe_board(world.as_("ann"), space=space)
    assert Activity.objects.filter(kind="spaces.board_wiped").count() == 1


def test_the_board_through_each_door(world):
    ann, cat = as_(world, "ann"), as_(world, "cat")
    assert "Write it on the board" in ann.get("/spaces/hearth/settings").content.decode()
    page = ann.post("/spaces/hearth/board", {"words": "Closed until 6 January."}, follow=True).content.decode()
    assert page.count("Closed until 6 January.") == 1 and "It stands on the board" in page
    assert "Closed until 6 January." in cat.get("/spaces/hearth").content.decode()
    assert cat.post("/spaces/hearth/board", {"words": "x"}).status_code == 403
    told = ann.put("/api/v1/spaces/workshop/board", {"words": "Bring your own wick."}, content_type="application/json").json()
    assert told["board"] == "Bring your own wick."
    assert cat.get("/api/v1/spaces/workshop").json()["board"] == "", "whoever may not read there does not read the board"
    assert "Bring your own wick." not in cat.get("/spaces/workshop").content.decode()
    assert ann.delete("/api/v1/spaces/workshop/board").json()["board"] == ""
    assert "The board is empty." in ann.post("/spaces/hearth/board/end", follow=True).content.decode()
    call_command("act", "spaces.write_board", "as=ann", "space=hearth", "words=Tea at five.", stdout=StringIO())
    assert ann.get("/api/v1/spaces/hearth").json()["board"] == "Tea at five."
