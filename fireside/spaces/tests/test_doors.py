"""One pass per door."""

import json
import re

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.spaces.actions import make_space
from fireside.spaces.models import AskToJoin, Belonging, Space
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.mark.parametrize(
    ("name", "path", "says"),
    [
        ("", "/spaces", "Nothing here is open to visitors"),
        ("ben", "/spaces", "Workshop"),
        ("ben", "/spaces?show=mine", "Cellar"),
        ("ben", "/spaces?show=closed", "No space is closed"),
        ("ben", "/spaces?q=cell", "Cellar"),
        ("ben", "/spaces?q=nothing", "No space is called that"),
        ("ben", "/spaces?in=hearth", "Nothing stands in this space"),
        ("dan", "/spaces/new", "Make the space"),
        ("ann", "/spaces/new?in=hearth", "Make a space in “Hearth”"),
        ("ann", "/spaces/hearth/settings", "Close “Hearth”"),
        ("ann", "/spaces/hearth/people", "Make organiser"),
        ("ben", "/spaces/hearth/people?q=an", "Ann"),
        ("ben", "/spaces/hearth/people?role=organiser", "Ann"),
    ],
)
def test_pages(world, name, path, says):
    answer = as_(world, name).get(path)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    if says == "Make organiser":
        assert "Make organiser" not in as_(world, "ben").get(path).content.decode()


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("cat", "/spaces/new", 403),
        ("", "/spaces/new", 403),
        ("cat", "/spaces/hearth/settings", 403),
        ("cat", "/spaces/workshop/people", 403),
        ("", "/spaces/hearth/people", 404),
        ("cat", "/spaces/cellar/people", 404),
        ("cat", "/spaces?in=cellar", 404),
        ("ben", "/spaces?after=bad", 409),
    ],
)
def test_refusals_are_pages(world, name, path, status):
    assert as_(world, name).get(path).status_code == status


def test_the_whole_way_through_the_web(world):
    cat, ann, dan = as_(world, "cat"), as_(world, "ann"), as_(world, "dan")
    made = dan.post("/spaces/new", {"name": "修理台", "openness": "private", "icon": "wrench", "about": "", "slug": ""}, follow=True)
    assert made.redirect_chain == [("/spaces/%E4%BF%AE%E7%90%86%E5%8F%B0", 302)]
    here = "/spaces/修理台"
    assert "asked to join" in cat.post(f"{here}/asks", {"words": "I mend."}, headers={"HX-Request": "true"}).content.decode()
    ask = AskToJoin.objects.get()
    assert "I mend." in dan.get(f"{here}/people").content.decode()
    assert cat.post(f"{here}/asks/{ask.pk}/entry").status_code == 403
    assert dan.post(f"/spaces/hearth/asks/{ask.pk}/entry").status_code == 404  # not of that space
    assert (
        "reads your reason"
        in dan.post(f"{here}/asks/{ask.pk}/answer", {"reason": "Not yet"}, headers={"HX-Request": "true"}).content.decode()
    )
    assert cat.post(f"{here}/asks", {"words": "Please."}).status_code == 302
    ask = AskToJoin.objects.latest("id")
    cat.post(f"{here}/asks/{ask.pk}/end")
    cat.post(f"{here}/asks")
    dan.post(f"{here}/asks/{AskToJoin.objects.latest('id').pk}/entry")
    space = Space.objects.get(name="修理台")
    assert Belonging.objects.filter(space=space, member=world.cat).exists()
    dan.post(f"{here}/people", {"handle": "@ben"})
    dan.post(f"{here}/organisers", {"handle": "cat"})
    assert Belonging.objects.get(space=space, member=world.cat).role == "organiser"
    assert dan.post(f"{here}/organisers/dan/end").status_code == 302
    assert cat.post(f"{here}/belonging/end").status_code == 409  # the last organiser
    dan.post(f"{here}/settings", {"name": "Bench", "openness": "open", "icon": "hammer", "about": "Now open", "slug": "bench"})
    dan.post("/spaces/bench/place", {"into": "/spaces/hearth"})
    space.refresh_from_db()
    assert (space.slug, space.openness, space.parent_id) == ("bench", "open", world.hearth.pk)
    assert "You belong here" in ann.post("/spaces/bench/belonging", headers={"HX-Request": "true"}).content.decode()
    assert ann.post("/spaces/bench/belonging/end")["Location"] == "/spaces/bench"
    dan.post("/spaces/bench/closing")
    assert ann.post("/spaces/bench/belonging").status_code == 409
    dan.post("/spaces/bench/opening")
    space.refresh_from_db()
    assert space.archived_at is None
    assert as_(world, "ben").post("/spaces/cellar/belonging/end")["Location"] == "/spaces"


def test_what_was_typed_stays_when_something_is_wrong(world):
    answer = as_(world, "dan").post(
        "/spaces/new", {"name": "Loft", "openness": "open", "icon": "house", "about": "Kept words", "slug": "hearth"}
    )
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "is taken" in words
    assert "Kept words" in words
    assert not Space.objects.filter(name="Loft").exists()


@pytest.mark.parametrize("path", ["belonging", "belonging/end", "asks", "people", "organisers", "closing", "opening", "place"])
def test_a_visitor_is_asked_to_sign_in_where_there_is_something(world, path):
    space = make_space(world.as_("dan"), name="Square", openness="public")
    lines = Activity.objects.count()
    answer = as_(world, "").post(f"/spaces/{space.slug}/{path}", {"handle": "ann"})
    assert answer.status_code in (403, 404)
    assert Activity.objects.count() == lines


def test_spaces_in_json(world):
    dan, cat, ann = (as_(world, name) for name in ("dan", "cat", "ann"))

    def send(client, method, path, body=None, status=200):
        answer = getattr(client, method)(f"/api/v1{path}", data=json.dumps(body or {}), content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    made = send(dan, "post", "/spaces", {"name": "Bench", "openness": "private", "icon": "wrench", "parent": "hearth"}, 201)
    assert (made["slug"], made["trail"], made["role"], made["way"]) == (
        "bench",
        [{"slug": "hearth", "name": "Hearth"}],
        "organiser",
        "inside",
    )
    assert [one["slug"] for one in cat.get("/api/v1/spaces").json()["items"]] == ["hearth", "workshop"]
    assert cat.get("/api/v1/spaces").json()["items"][0]["below"] == [{"slug": "bench", "name": "Bench"}]
    assert [one["slug"] for one in cat.get("/api/v1/spaces?in=hearth").json()["items"]] == ["bench"]
    seen = cat.get("/api/v1/spaces/bench").json()
    assert (seen["way"], seen["readable"], [one["handle"] for one in seen["organisers"]]) == ("ask", False, ["dan"])
    assert send(cat, "put", "/spaces/bench/belonging", status=403)["code"] == "ask_first"
    ask = send(cat, "post", "/spaces/bench/asks", {"words": "Hello"}, 201)
    assert send(cat, "post", "/spaces/bench/asks", {"words": "Hello"}, 201)["id"] == ask["id"]
    assert cat.get("/api/v1/spaces/bench/asks").json()["code"] == "not_allowed"
    assert [one["member"]["handle"] for one in dan.get("/api/v1/spaces/bench/asks").json()["items"]] == ["cat"]
    assert send(dan, "put", f"/spaces/bench/asks/{ask['id']}/answer", {"reason": "Not now"})["let_in"] is False
    assert send(dan, "put", f"/spaces/bench/asks/{ask['id']}/entry", status=409)["code"] == "already_decided"
    ask = send(cat, "post", "/spaces/bench/asks", {}, 201)
    assert send(cat, "delete", f"/spaces/bench/asks/{ask['id']}")["decided_at"]
    ask = send(cat, "post", "/spaces/bench/asks", {}, 201)
    assert send(ann, "put", f"/spaces/bench/asks/{ask['id']}/entry")["handle"] == "cat"  # Ann organises what it stands in
    assert send(dan, "put", "/spaces/bench/organisers/cat")["handle"] == "cat"
    assert [(one["handle"], one["role"]) for one in dan.get("/api/v1/spaces/bench/people?role=organiser").json()["items"]] == [
        ("cat", "organiser"), ("dan", "organiser"),
    ]  # fmt: skip
    send(dan, "delete", "/spaces/bench/organisers/dan")
    assert send(cat, "delete", "/spaces/bench/belonging", status=409)["code"] == "last_organiser"
    hidden = send(dan, "patch", "/spaces/bench", {"openness": "hidden"})
    bench = f"/spaces/{hidden['slug']}"
    assert hidden["reach"] == "hidden" and bench.startswith("/spaces/bench-")  # an address that nobody guesses
    assert send(dan, "put", f"{bench}/people/ben")["name"] == "Ben"
    assert send(dan, "put", f"{bench}/parent", {"parent": ""})["trail"] == []
    assert send(dan, "put", f"{bench}/closing")["archived_at"]
    assert send(dan, "delete", f"{bench}/closing")["archived_at"] is None
    assert send(dan, "post", "/spaces", {"name": " "}, 409) == {"code": "no_name", "message": "Give the space a name.", "field": "name"}
    assert send(dan, "post", "/spaces", {}, 422)["errors"][0]["field"] == "body.name"
    assert send(as_(world, ""), "post", "/spaces", {"name": "X"}, 401)["code"] == "sign_in"
    answer = cat.get("/api/v1/spaces/nowhere", headers={"Accept-Language": "zh-hans"})
    assert "这里" in answer.json()["message"]


def test_the_command_line(world, capsys):
    call_command("act", "spaces.make_space", "as=dan", "name=Repair bench", "parent=hearth", "openness=private", "--json")
    made = json.loads(capsys.readouterr().out)["result"]
    assert (made["slug"], made["parent_id"]) == ("repair-bench", world.hearth.pk)
    call_command("act", "spaces.ask_to_join", "as=cat", "space=repair-bench", "words=Hello")
    ask = AskToJoin.objects.get()
    call_command("act", "spaces.let_in", "as=dan", f"ask={ask.pk}")
    call_command("act", "spaces.make_organiser", "as=dan", f"space={made['id']}", "member=cat")
    assert Belonging.objects.get(space_id=made["id"], member=world.cat).role == "organiser"
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        call_command("act", "spaces.join_space", "as=cat", "space=cellar")
    assert end.value.code == 4
    assert "nothing here" in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        call_command("act", "spaces.leave_space", "as=ann", "space=hearth")
    assert end.value.code == 2


def test_a_form_that_is_sent_twice_makes_one_space(world):
    dan = as_(world, "dan")
    key = re.search(r'name="key" value="([^"]+)"', dan.get("/spaces/new").content.decode())[1]
    form = {"name": "Loft", "openness": "open", "icon": "house", "about": "", "slug": "", "key": key}
    assert {dan.post("/spaces/new", form)["Location"] for _again in range(2)} == {"/spaces/loft"}
    body = json.dumps({"name": "Porch", "key": "porch-1"})
    made = [dan.post("/api/v1/spaces", body, content_type="application/json") for _again in range(2)]
    assert [one.status_code for one in made] == [201, 201] and len({one.json()["slug"] for one in made}) == 1
    assert [Space.objects.filter(name=name).count() for name in ("Loft", "Porch")] == [1, 1]
    assert as_(world, "olu").post("/spaces/new", form)["Location"] == "/spaces/loft-2", "another's key is another key"
