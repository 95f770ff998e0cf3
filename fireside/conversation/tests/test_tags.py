"""Tags of topics: how they are spelt, who gives them, what is offered, how organisers put them in order."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.conversation import actions, rules
from fireside.conversation.models import Tag, Topic
from fireside.conversation.queries import latest, suggested, tags_in
from fireside.lib.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.both


def open_(world, title, tags=(), who="ben", space=None):
    return actions.open_topic(world.as_(who), space=space or world.hearth, title=title, text="words", tags=tags)


def titles(viewer, tag, **more):
    return {row.title for row in latest(viewer, tag=tag, **more).rows}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["Lamp, #wick，油灯、灯芯；火\nsoot"], ["Lamp", "wick", "油灯", "灯芯", "火", "soot"]),
        (["Dark Mode", "dark mode", "ＤＡＲＫ　ＭＯＤＥ", "darkmode"], ["Dark Mode"]),
        (["Straße", "STRASSE"], ["Straße"]),
        (["🔥", "#🔥", "🕯️ night"], ["🔥", "🕯️ night"]),
        (["", " # ", ",,"], []),
        (["C#", "c++"], ["C#", "c++"]),
        (["\u202eevil"], ["evil"]),
    ],
)
def test_what_is_spelt_in_two_ways_is_one(given, names):
    assert rules.tag_names(given) == names


def test_five_at_most_and_each_is_short():
    assert rules.why_not_tags(["x" * 30] * 5) == ""
    assert rules.why_not_tags(["x"] * 6) == "many_tags"
    assert rules.why_not_tags(["x" * 31]) == "long_tag"


def test_given_with_the_topic_and_changed_by_its_author(world):
    first, second = open_(world, "A", ["Lamp, 油灯"]), open_(world, "B", ["lamp"])
    assert first.tags == ["Lamp", "油灯"]
    assert second.tags == ["Lamp"], "as the space spells it"
    before = Activity.objects.count()
    for _ in range(2):
        actions.tag_topic(world.as_("ben"), topic=first, tags=["wick"])
    assert [line.kind for line in Activity.objects.order_by("id")[before:]] == ["conversation.tagged"]
    assert tags_in(world.hearth) == ["Lamp", "wick"], "nothing carries the third any more"
    with pytest.raises(NotAllowed):
        actions.tag_topic(world.as_("cat"), topic=first, tags=[])
    with pytest.raises(Refused) as no:
        open_(world, "C", ["1,2,3,4,5,6"])
    assert no.value.code == "many_tags"
    assert not Topic.objects.filter(title="C").exists()
    actions.tag_topic(world.as_("ann"), topic=first, tags=[])
    assert Topic.objects.get(pk=first.pk).tags is None


def test_a_list_by_tag_shows_what_may_be_read(world):
    for title, tags, space in [("A", ["Lamp"], world.hearth), ("B", ["油灯"], world.hearth), ("In", ["lamp"], world.cellar)]:
        open_(world, title, tags, space=space)
    assert titles(world.ben, "LAMP") == {"A", "In"}
    assert titles(world.cat, "lamp") == {"A"}
    assert titles(world.ben, "lamp", space=world.cellar) == {"In"}
    assert titles(world.ben, "lamp", filter="answered") == set()
    assert titles(world.ben, "never") == set()
    assert [row.tags for row in latest(world.cat, tag="油灯").rows] == [("油灯",)]
    page = latest(world.ben, tag="lamp", size=1)
    assert {page.rows[0].title, latest(world.ben, tag="lamp", size=1, cursor=page.next).rows[0].title} == {"A", "In"}


def test_what_is_offered(world):
    for n in range(3):
        open_(world, f"T{n}", ["wick", *(["Oil lamp"] if n else []), *(["油灯"] if n > 1 else [])])
    open_(world, "In", ["secret"], space=world.cellar)
    assert suggested(world.hearth) == ["wick", "Oil lamp", "油灯"]
    assert suggested(world.hearth, title="我的油灯灭了") == ["油灯", "wick", "Oil lamp"]
    assert suggested(world.hearth, begun="wick, OIL") == ["Oil lamp"]
    assert suggested(world.hearth, begun="wick, ") == ["Oil lamp", "油灯"]
    assert suggested(world.hearth, begun="1,2,3,4,5,") == []


def test_renamed_on_every_topic(world):
    one, two = open_(world, "A", ["wick", "lamp"]), open_(world, "B", ["lamp"])
    actions.rename_tag(world.as_("ann"), space=world.hearth, tag="LAMP", name="Lamps")
    assert [Topic.objects.get(pk=pk).tags for pk in (one.pk, two.pk)] == [["wick", "Lamps"], ["Lamps"]]
    assert titles(world.ben, "lamps") == {"A", "B"}
    assert titles(world.ben, "lamp") == set()
    for who, tag, name, refusal in [
        ("ben", "Lamps", "x", NotAllowed),
        ("ann", "never", "x", NotFound),
        ("ann", "wick", "lamps", Refused),
        ("ann", "wick", " ", Refused),
    ]:
        with pytest.raises(refusal):
            actions.rename_tag(world.as_(who), space=world.hearth, tag=tag, name=name)


def test_merged_on_every_topic(world):
    topics = [open_(world, title, tags) for title, tags in [("A", ["lamp", "wick"]), ("B", ["lamps"]), ("C", ["lamps", "oil", "lamp"])]]
    actions.merge_tags(world.as_("ann"), space=world.hearth, tag="lamps", into="lamp")
    assert [Topic.objects.get(pk=one.pk).tags for one in topics] == [["lamp", "wick"], ["lamp"], ["oil", "lamp"]]
    assert titles(world.ben, "lamp") == {"A", "B", "C"}
    assert Tag.objects.get(space=world.hearth, key="lamp").uses == 3
    assert not Tag.objects.filter(key="lamps").exists()
    with pytest.raises(Refused):
        actions.merge_tags(world.as_("ann"), space=world.hearth, tag="lamp", into="lamp")


def test_web(world, client):
    client.force_login(world.ben)
    here = f"/spaces/{world.hearth.slug}"
    said = {"title": "A", "text": "words", "asks": "1"}
    assert client.post(f"{here}/new", said | {"tags": "1,2,3,4,5,6"}).status_code == 422
    at = client.post(f"{here}/new", said | {"tags": "Lamp & wick，🔥"}).headers["Location"]
    page = client.get(at).content.decode()
    assert "Lamp &amp; wick" in page and "?tag=Lamp%20%26%20wick" in page
    assert ">A</a>" in client.get(f"{here}?tag=lamp %26 wick").content.decode()
    assert "No topic here carries this tag" in client.get(f"{here}?tag=never").content.decode()
    assert ">A</a>" in client.get("/talk?tag=🔥").content.decode()
    assert "🔥" in client.get(f"{here}/tags/suggested?title=x").content.decode()
    assert client.post(f"{at}/tags", {"tags": "oil"}).status_code == 302
    assert client.get(f"{at}/tags").status_code == 200
    assert f'action="{here}/tags/name"' not in client.get(f"{here}/tags").content.decode()
    client.force_login(world.ann)
    assert f'action="{here}/tags/name"' in client.get(f"{here}/tags").content.decode()
    client.post(f"{here}/tags/name", {"tag": "oil", "name": "Oils"})
    assert tags_in(world.hearth) == ["Oils"]
    client.force_login(world.cat)
    for slug in (world.cellar.slug, "never-was"):
        for tail in ("tags", "tags/suggested"):
            assert client.get(f"/spaces/{slug}/{tail}").status_code == 404
    assert client.get(f"/spaces/{world.workshop.slug}/tags").status_code in {403, 404}


def test_json_and_command_line(world, client):
    client.force_login(world.ben)
    body = {"space": world.hearth.slug, "title": "A", "text": "words", "tags": ["Lamp", "lamp"]}
    made = client.post("/api/v1/topics", body, content_type="application/json").json()
    assert made["tags"] == ["Lamp"]
    at = f"/api/v1/topics/{made['id']}/tags"
    assert client.put(at, {"tags": ["油灯"]}, content_type="application/json").json()["tags"] == ["油灯"]
    assert [one["tags"] for one in client.get("/api/v1/topics?tag=油灯").json()["items"]] == [["油灯"]]
    call_command("act", "conversation.tag_topic", "as=ben", f"topic={made['id']}", "tags=oil, wick", stdout=StringIO())
    names = f"/api/v1/spaces/{world.hearth.slug}/tags"
    assert client.get(names).json() == [{"name": "oil"}, {"name": "wick"}]
    client.force_login(world.ann)
    assert client.put(f"{names}/merge", {"tag": "oil", "into": "wick"}, content_type="application/json").json() == {"name": "wick"}
    assert client.put(f"{names}/name", {"tag": "wick", "name": "Wicks"}, content_type="application/json").json() == {"name": "Wicks"}
    assert client.get(f"{names}?begun=wi").json() == [{"name": "Wicks"}]
