"""What is hidden answers as what never was: every address of talk, both doors, byte for byte."""

import json
import re

import pytest

from fireside.conversation import actions
from fireside.conversation.urls import urlpatterns
from fireside.lib.errors import NotFound
from fireside.serving import rules
from fireside.spaces.actions import archive_space, make_space
from fireside.spaces.queries import space_to_read

pytestmark = pytest.mark.both
MISSING = 987_654_321


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """More requests than anybody may send in a minute: the limits are proved elsewhere."""
    for name in ("MEMBER_WRITES", "VISITOR_WRITES"):
        monkeypatch.setattr(rules, name, rules.Limit("test", 10**6, 60, step=1000))


def bare(answer):
    """An answer without what differs by itself: the request id."""
    page = re.sub(r'<span class="mono">[^<]*</span>', "", answer.content.decode())
    return answer.status_code, page, {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


@pytest.fixture
def inside(world):
    """A topic with two posts in each space that Cat does not read, and one removed from the open space."""
    found = []
    for space in (world.workshop, world.cellar, world.hearth):
        topic = actions.open_topic(world.as_("ben"), space=space, title="Inside?", text="words inside")
        actions.reply(world.as_("ann"), topic=topic, text="an answer inside")
        found.append(topic)
    actions.remove_post(world.as_("dan"), post=found[2].posts.get(number=1), reason="gone")
    return found


ADDRESSES = sorted(str(one.pattern) for one in urlpatterns if "<int:topic>" in str(one.pattern))
assert len(ADDRESSES) >= 16


@pytest.mark.parametrize("who", ["", "cat"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages(inside, world, client, address, who):
    if who:
        client.force_login(world.people[who])
    body = {"text": "x", "reason": "x", "sign": "heart"}
    for number in (1, 2) if "number" in address else (1,):
        path = "/" + address.replace("<int:number>", str(number))
        missing = path.replace("<int:topic>", str(MISSING))
        never = [bare(client.get(missing)), bare(client.post(missing, body)), bare(client.get(missing, HTTP_HX_REQUEST="true"))]
        assert never[0][0] in {404, 405}
        assert never[1][0] in {404, 405}
        for topic in inside:
            there = path.replace("<int:topic>", str(topic.pk))
            assert [bare(client.get(there)), bare(client.post(there, body)), bare(client.get(there, HTTP_HX_REQUEST="true"))] == never, (
                there
            )


@pytest.mark.parametrize("who", ["", "cat"])
def test_spaces(inside, world, client, who):
    if who:
        client.force_login(world.people[who])
    for tail in ("", "/new", "?show=waiting"):
        missing = bare(client.get(f"/spaces/never-was{tail}"))
        assert missing[0] == 404
        assert bare(client.get(f"/spaces/{world.cellar.slug}{tail}")) == missing
        if not who:
            assert bare(client.get(f"/spaces/{world.workshop.slug}{tail}")) == missing
    body = {"level": "watch"}
    assert bare(client.post(f"/spaces/{world.cellar.slug}/following", body)) == bare(client.post("/spaces/never-was/following", body))
    for page in ("/talk", "/talk?show=waiting", "/api/v1/topics"):
        assert b"Inside" not in client.get(page).content
    if who:  # may know of the private space, and finds its door
        door = client.get(f"/spaces/{world.workshop.slug}").content
        assert b"What is said here stays inside" in door
        assert b"Inside?" not in door


@pytest.mark.parametrize("who", ["", "cat"])
def test_programs(inside, world, client, who):
    if who:
        client.force_login(world.people[who])
    body = {"text": "x", "reason": "x", "title": "", "tags": [], "level": "watch"}
    for topic in inside:
        post = topic.posts.get(number=2)
        pairs = [(method, f"/topics/{{}}{tail}", topic.pk) for method, tail in [
            ("GET", ""), ("GET", "/posts"), ("POST", "/posts"), ("PUT", "/closing"), ("DELETE", "/closing"), ("PUT", "/question"),
            ("DELETE", "/question"), ("DELETE", "/acceptance"), ("DELETE", "/pin"), ("PUT", "/pin"), ("PUT", "/tags"), ("GET", "/following"), ("PUT", "/following"), ("DELETE", "/following")]]  # fmt: skip
        pairs += [(method, f"/posts/{{}}{tail}", post.pk) for method, tail in [
            ("GET", ""), ("PATCH", ""), ("GET", "/edits"), ("PUT", "/removal"), ("DELETE", "/removal"), ("PUT", "/helped"), ("DELETE", "/helped"),
            ("PUT", "/reactions/heart"), ("DELETE", "/reactions/heart"), ("PUT", "/acceptance"),
            ("PUT", "/later"), ("DELETE", "/later")]]  # fmt: skip
        for method, path, pk in pairs:
            there, missing = (
                client.generic(method, "/api/v1" + path.format(one), json.dumps(body), content_type="application/json")
                for one in (pk, MISSING)
            )
            assert bare(there) == bare(missing), (method, path)
            assert there.status_code in ({404} if who or method == "GET" else {401})
    for method in ("GET", "PUT"):
        there, missing = (
            client.generic(method, f"/api/v1/spaces/{slug}/following", json.dumps(body), content_type="application/json")
            for slug in (world.cellar.slug, "never-was")
        )
        assert bare(there) == bare(missing)
    assert bare(client.get(f"/api/v1/topics?space={world.cellar.slug}")) == bare(client.get("/api/v1/topics?space=never-was"))


@pytest.mark.parametrize("who", ["", "cat"])
def test_posting_by_program_answers_as_the_page_does(inside, world, client, who):
    """A private space that one may know of says how to come in; a hidden one, and to a visitor both, are what never was."""
    if who:
        client.force_login(world.people[who])

    def post(slug):
        said = {"space": slug, "title": "Let me in", "text": "words"}
        return client.post("/api/v1/topics", said, content_type="application/json")

    missing = bare(post("never-was"))
    assert missing[0] == (404 if who else 401)
    assert bare(post(world.cellar.slug)) == missing
    private = post(world.workshop.slug)
    if who:
        assert (private.status_code, private.json()["code"]) == (403, "ask_first")
        assert "Ask to join" in private.json()["message"]
        assert client.post(f"/api/v1/spaces/{world.workshop.slug}/asks", {"words": ""}, content_type="application/json").status_code == 201
        archive_space(world.as_("ann"), space=world.workshop)
        assert post(world.workshop.slug).json()["code"] == "closed_inside"
    else:
        assert bare(private) == missing


def test_what_stands_inside_a_private_space_is_not_known_from_outside(world, client):
    client.force_login(world.cat)
    drawer = make_space(world.as_("ann"), name="Drawer", parent=world.workshop, openness="open")
    said = {"title": "Let me in", "text": "words"}
    there, missing = (
        bare(client.post("/api/v1/topics", said | {"space": slug}, content_type="application/json")) for slug in (drawer.slug, "never-was")
    )
    assert there == missing
    for pk in (drawer.pk, world.cellar.pk, MISSING):
        with pytest.raises(NotFound):
            space_to_read(world.cat, pk)
