"""Departments read the numbers of the whole community, and not of which spaces it is made: what is hidden from Mira is missing to her."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.conversation.actions import open_topic
from fireside.insights import actions, metrics
from fireside.insights.tests.test_doors import signed_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def talked(mirror, world):
    """Ann and Ben wrote yesterday in all three spaces: one is open, one private, one hidden."""
    world.now = timezone.now() - timedelta(days=1)
    for who in ("ann", "ben"):
        for space in (world.hearth, world.workshop, world.cellar):
            open_topic(world.as_(who), space=space, title=f"{who} in {space.slug}", text="?")
    actions.bring_up_to_date(the_house("worker", now=timezone.now()))
    return world


def cli(capsys, *words, **options):
    try:
        call_command("metrics", *words, "--as-it-stands", **options)
        code = 0
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_lists_of_spaces_hold_those_that_the_viewer_may_read(talked, capsys):
    dan, mira = signed_in(talked.dan), signed_in(talked.mira)
    door = "/api/v1/metrics/heat?mode=spaces"
    every, few = dan.get(door).json(), mira.get(door).json()  # in this order: what was kept for Dan is not for Mira
    assert {row["space_id"] for row in every["more"]["spaces"]} == {talked.hearth.pk, talked.workshop.pk, talked.cellar.pk}
    assert [row["space_id"] for row in few["more"]["spaces"]] == [talked.hearth.pk]
    assert (few["headline"]["warm"] + few["headline"]["cold"], every["headline"]["warm"] + every["headline"]["cold"]) == (1, 3)
    assert few["headline"]["heat"] == pytest.approx(few["more"]["spaces"][0]["heat"])  # and no sum tells what the rest is
    assert few["rows"][-1]["heat"] == pytest.approx(few["headline"]["heat"])
    assert "Of the spaces open to you." in few["population"]["en"]
    assert dan.get(door).json()["headline"] == every["headline"]
    page = mira.get("/cockpit/heat?mode=spaces").content.decode()
    assert talked.hearth.name in page
    for hidden in (talked.cellar, talked.workshop):
        assert hidden.name not in page
        assert f"/spaces/{hidden.slug}" not in page
    assert mira.get("/cockpit/heat/csv?mode=spaces").content != dan.get("/cockpit/heat/csv?mode=spaces").content
    _code, out, _err = cli(capsys, "heat", "--json", **{"mode": "spaces", "as": talked.mira.handle})
    assert json.loads(out)["more"] == few["more"]
    _code, out, _err = cli(capsys, "heat", "--json", **{"behind": "spaces", "as": talked.mira.handle})
    assert [one["id"] for one in json.loads(out)["items"]] == [talked.hearth.pk]
    _code, out, _err = cli(capsys, "heat", "--json", mode="spaces")
    assert json.loads(out)["more"] == every["more"]  # the house itself


def test_a_space_that_the_viewer_may_not_read_answers_as_one_that_is_not_there(talked, capsys):
    mira = signed_in(talked.mira)

    def plain(answer):
        return answer.status_code, re.sub(rb'[0-9a-f]{12,}|"request_id": ?"[^"]*"', b"", answer.content)

    for name in metrics.NAMES:
        which = next(iter(metrics.get(name).which))
        for address in (f"/cockpit/{name}", f"/cockpit/{name}/people", f"/cockpit/{name}/csv", f"/api/v1/metrics/{name}", f"/api/v1/metrics/{name}/evidence"):  # fmt: skip
            told = {}
            for slug in ("cellar", "workshop", "nowhere"):
                space = getattr(talked, slug, None)
                word = space.slug if space else slug
                status, content = plain(
                    mira.get(address, {"space": word, "which": which} if "evidence" in address or "people" in address else {"space": word})
                )
                told[slug] = status, content.replace(word.encode(), b"SLUG")
            assert told["cellar"] == told["workshop"] == told["nowhere"], address
            assert told["nowhere"][0] == 404, address
    by = {"as": talked.mira.handle}
    for options in ({}, {"behind": "people"}):
        missing = cli(capsys, "talk", space="nowhere", **options, **by)
        assert cli(capsys, "talk", space=talked.cellar.slug, **options, **by) == missing
        assert missing[0] == 4
    assert cli(capsys, "talk", space=talked.cellar.slug, **{"as": talked.dan.handle})[0] == 0
