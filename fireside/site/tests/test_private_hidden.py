"""A private conversation is there for those who take part and for nobody else, whoever they are: every address of every door answers as if it
had never been, byte for byte, and no list, search, figure or feed holds a word of it."""

import json
import os
import re

import pytest
from django.db.models import ForeignKey
from django.test import Client

from fireside.activity.actor import house
from fireside.activity.finding import find
from fireside.activity.models import Activity
from fireside.api import api
from fireside.conversation import actions
from fireside.conversation.actions.forgetting import take_words
from fireside.conversation.actions.seeking import index_piece, index_topics
from fireside.conversation.models import Draft, File, Later, Participant, Post, Sought, Topic
from fireside.conversation.queries import get_talk, talks, visible_posts, visible_topics
from fireside.conversation.queries.privately import places_of_private_files
from fireside.conversation.tests.pictures import picture
from fireside.conversation.urls import urlpatterns as talk
from fireside.insights.actions import bring_up_to_date
from fireside.insights.mirror.lines import FIELDS, columns_by_month
from fireside.lib.errors import NotFound, Refused
from fireside.members.models import Member
from fireside.moderation.actions import report_post
from fireside.moderation.urls import urlpatterns as moderation
from fireside.notifications.reactions import tell
from fireside.serving import rules
from fireside.site.carrying.own import rows_of
from fireside.site.carrying.things import left_behind, line_of, things
from fireside.site.forgetting.rows import forget_rows
from fireside.site.management.commands.show import ask
from fireside.site.tests.rights.reading import ASKED, JSON, PAGES

pytestmark = pytest.mark.both
MISSING, SECRET = 987_654_321, b"zebra"
WHO = ["", "cat", "dan", "olu"] if os.environ.get("FULL") else ["", "olu"]  # a visitor, a member, who operates, who owns


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    for name in ("MEMBER_WRITES", "VISITOR_WRITES", "MEMBER_READS", "VISITOR_READS", "MEMBER_SEARCHES", "VISITOR_SEARCHES"):
        monkeypatch.setattr(rules, name, rules.Limit("test", 10**6, 60, step=1000))


@pytest.fixture
def private(world):
    """Ann and Ben write to each other, with a picture, and to Mira in a conversation with a name."""
    given = actions.share_file(world.as_("ann"), file=picture(), name="zebra.png")
    one = actions.begin_conversation(world.as_("ann"), people=[world.ben], text=f"A zebra. ![zebra](/files/{given.pk})")
    actions.write_privately(world.as_("ben"), topic=one, text="Which zebra?")
    many = actions.begin_conversation(world.as_("ann"), people=[world.ben, world.mira], text="zebras", title="The zebra plan")
    actions.write_privately(world.as_("ben"), topic=many, text="zebra, zebra")
    world.file = given
    return [one, many]


def browser(world, who):
    client = Client(headers={"accept-language": "en"}, raise_request_exception=True)
    if who:
        client.force_login(world.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def filled(route, names):
    return re.sub(r"<\w+:(\w+)>|{(\w+)}", lambda found: str(names.get(found[1] or found[2], 1)), route)


def bare(answer):
    page = re.sub(r'<span class="mono">[^<]*</span>', "", answer.content.decode())
    return answer.status_code, page, {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


ADDRESSES = sorted(str(one.pattern) for one in [*talk, *moderation] if "<int:topic>" in str(one.pattern))


@pytest.mark.parametrize("who", WHO)
def test_every_address_of_talk_answers_as_if_it_had_never_been(private, world, who):
    client, body = browser(world, who), {"text": "x", "reason": "spam", "sign": "heart", "level": "watch"}
    assert len(ADDRESSES) >= 40
    for address in ADDRESSES:
        path = "/" + address.replace("<int:number>", "2")
        missing = path.replace("<int:topic>", str(MISSING))
        never = [bare(client.get(missing)), bare(client.post(missing, body)), bare(client.get(missing, headers={"hx-request": "true"}))]
        there = path.replace("<int:topic>", str(private[0].pk))
        assert [
            bare(client.get(there)),
            bare(client.post(there, body)),
            bare(client.get(there, headers={"hx-request": "true"})),
        ] == never, there
    assert bare(client.get(f"/files/{world.file.pk}")) == bare(client.get(f"/files/{MISSING}"))
    assert Post.objects.filter(topic__in=private).count() == 4


@pytest.mark.parametrize("who", WHO)
def test_programs_find_nothing_either(private, world, who):
    client = browser(world, who)
    body = {"text": "x", "reason": "spam", "title": "", "tags": [], "level": "watch", "posts": [1], "into": 1, "space": "hearth"}
    ours = {"topic": private[1].pk, "post": private[0].posts.get(number=2).pk, "file": world.file.pk}
    asked = [
        (method, path, name)
        for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
        for method in methods
        for name in ours
        if f"{{{name}}}" in path
    ]
    assert len(asked) > 45
    for method, path, name in asked:
        rest = {"slug": "hearth", "sign": "heart", "into": 1, "number": 1, "handle": "ann", "number2": 1}
        there, missing = (
            client.generic(method.upper(), filled(path, rest | {name: one}), json.dumps(body), content_type="application/json")
            for one in (ours[name], MISSING)
        )
        assert bare(there) == bare(missing), (method, path)
    for word in (str(private[0].pk), f"/t/{private[0].pk}", f"{private[0].pk}/2"):
        for viewer in (world.people[who] if who else None, house("cli")):
            with pytest.raises(NotFound):
                find(Post if word.endswith("/2") else Topic, viewer, word)
    with pytest.raises(NotFound):
        get_talk(world.people[who] if who else None, private[0].pk)  # what a live connection asks


@pytest.mark.parametrize("who", WHO)
def test_no_page_and_no_program_shows_a_word_of_it(private, world, who):
    index_topics(world.as_("house"), topics=[one.pk for one in private])
    index_piece(world.as_("house"), after=0)
    bring_up_to_date(world.as_("house"))
    client = browser(world, who)
    names = {
        "handle": "ann", "other": "ben", "slug": "hearth", "topic": private[1].pk, "post": private[0].posts.first().pk, "number": 1, "name": "talk",
        "run_id": 1, "job_id": 1, "pk": 1, "secret": "x", "importer": "members", "key": "x", "file": world.file.pk, "file_id": world.file.pk,
        "part": "32.webp", "form": "csv",
    }  # fmt: skip
    asked = [f"/api/v1/{filled(one.partition(' ')[2], names)}{filled(ASKED.get(one, ''), names)}" for one in JSON]
    asked += ["/" + filled(route, names) for route in PAGES]
    asked += [
        "/search?q=plan",
        "/search?q=which",
        "/api/v1/search?q=which",
        "/spaces/hearth/similar?title=The+plan",
        "/talk?show=new",
        "/talk?show=unread",
        "/talk?show=mine",
    ]
    asked += ["/people/ben", "/people/mira", "/messages?show=asked", "/messages?show=archived"]
    for path in asked:
        answer = client.get(path)
        words = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert SECRET not in words.lower(), path
    viewer = world.people[who] if who else None
    assert not visible_topics(viewer).filter(space=None).exists()
    assert not visible_posts(viewer).filter(topic__space=None).exists()
    assert not Sought.objects.filter(post__topic__space=None).exists()


def test_numbers_learn_that_somebody_wrote_and_nothing_more(private, world):
    rows = list(Activity.objects.filter(kind__startswith="conversation.talk").values_list(*FIELDS))
    assert len(rows) == 4
    for table in columns_by_month(rows, "UTC").values():
        kept = table.to_pydict()
        assert set(kept["member_id"]) == {world.ann.pk, world.ben.pk}
        for name in ("other_id", "space_id", "target_id", "parent_id"):
            assert set(kept[name]) == {None}


def test_the_command_line_shows_it_to_nobody_else(private, world):
    for who in ("dan", "olu", "cat", ""):
        for what in (f"topics/{private[0].pk}/posts", f"messages/{private[0].pk}/posts"):
            status, found = ask(what, {}, world.people[who] if who else None)
            assert status in (401, 404)
            assert "zebra" not in str(found)
    assert "zebra" in str(ask(f"messages/{private[0].pk}/posts", {}, world.ben))


def test_those_who_take_part_find_it(private, world):
    for who in ("ann", "ben", "mira"):
        client, topic = browser(world, who), private[1]
        assert SECRET in client.get(f"/t/{topic.pk}").content
        assert SECRET in client.get("/messages?show=asked" if who == "mira" else "/messages").content
        assert client.get(f"/api/v1/messages/{topic.pk}/posts").json()["items"][1]["text"] == "zebra, zebra"
        assert "zebra" not in client.get("/search?q=plan").content.decode()
    assert browser(world, "ben").get(f"/files/{world.file.pk}").status_code == 200
    assert browser(world, "mira").get(f"/files/{world.file.pk}").status_code == 404


def test_it_does_not_travel_with_an_archive(private, world, tmp_path):
    given = actions.share_file(world.as_("ben"), file=picture(colour="blue"), name="public.png")
    public = actions.open_topic(world.as_("ben"), space=world.hearth, title="Seen by all", text=f"![](/files/{given.pk})")
    actions.keep_draft(world.as_("ben"), place=f"reply:{private[0].pk}", text="one more zebra")
    actions.keep_draft(world.as_("ben"), place=f"reply:{public.pk}", text="words")
    for post in (private[0].posts.get(number=1), public.posts.get()):
        actions.keep_for_later(world.as_("ben"), post=post, note="zebra?" if post.topic_id == private[0].pk else "seen")
    case = report_post(world.as_("ben"), post=private[0].posts.get(number=1), reason="spam", words="zebra!")
    tell(list(Activity.objects.order_by("pk")), world.now)
    kept = {thing.model: set(thing.travelling("default").values_list("pk", flat=True)) for thing in things()}
    told = b"".join(line_of(thing, row) for thing in things() for row in thing.travelling("default").values_list(*thing.named()))
    assert b"Seen by all" in told
    assert b"zebra" not in told
    assert world.file.pk not in kept[File] and given.pk in kept[File]
    assert places_of_private_files() == {world.file.content.place}
    assert len(kept[Draft]) == len(kept[Later]) == 1
    assert Participant not in kept
    assert case.pk not in kept[type(case)]
    for thing in things():  # nothing that travels names what stays
        for field in thing.fields:
            if isinstance(field, ForeignKey) and field.related_model in kept:
                named = set(thing.travelling("default").exclude(**{field.name: None}).values_list(field.attname, flat=True))
                assert named <= kept[field.related_model], (thing.name, field.name)
    assert "conversation.participant" in left_behind() and "conversation.post" in left_behind()


def test_an_erased_member_takes_their_words_along_and_the_others_stay(private, world):
    take_words(world.as_("house"), members=[world.ann.pk])
    forget_rows([world.ann.pk])
    Member.objects.filter(pk=world.ann.pk).update(removed_at=world.now, email=None, is_active=False)  # as a tombstone stands
    said = {post.author_id: post.source_text for post in Post.objects.filter(topic=private[0])}
    assert said == {world.ann.pk: "[…]", world.ben.pk: "Which zebra?"}
    assert not Post.objects.filter(topic__in=private, author=world.ann).exclude(source_text="[…]").exists()
    (row,) = [one for one in talks(world.ben).rows if one.pair]
    assert [card.gone for card in row.others] == [True]
    with pytest.raises(Refused) as no:
        actions.write_privately(world.as_("ben"), topic=private[0], text="Are you there?")
    assert no.value.code == "unreachable"


def test_what_a_member_takes_out_holds_their_own_words_alone(private, world):
    found = rows_of([world.ann.pk])
    assert "A zebra." in str(found["conversation/posts"])
    assert "Which zebra?" not in str(found)
    assert all(set(one) <= {"id", "topic_id", "state", "since", "last_at", "archived_at"} for one in found["conversation/participants"])
    assert len(found["conversation/participants"]) == 2
