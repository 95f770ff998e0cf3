"""Posts become a topic of their own, two topics become one, and one two again: nothing is lost, everything leads to where it stands."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.models import Forward, Post, Reading, Topic
from fireside.conversation.queries import before_merging, before_splitting, get_at, get_topic, latest, story_of, topic_page, waiting
from fireside.conversation.sweeps import mend_counters
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.notifications.models import Notice
from fireside.spaces.models import Space

pytestmark = pytest.mark.both


@pytest.fixture
def talk(world):
    """Ben asks; Cat answers, then Ann begins something else, and Ben and Cat answer that; Cat’s first answer helped."""

    def say(who, text, **more):
        return actions.reply(world.later(minutes=1).as_(who), topic=world.topic, text=text, **more)

    world.topic = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose?", text="It turns.", tags=["lamp"])
    world.posts = [say("cat", "Turn the washer."), say("ann", "And which wick?")]
    world.posts += [say("ben", "The thick one.", reply_to=world.posts[1]), say("cat", "@dan knows", reply_to=world.posts[0])]
    actions.say_helped(world.as_("ben"), post=world.posts[0])
    actions.say_helped(world.as_("ann"), post=world.posts[2])
    world.topic.refresh_from_db()
    return world


def counters():
    """All that the sweep works out, of topics and of spaces."""
    names = ("pk", "posts_count", "answered_at", "helped_count", "last_post_at", "last_author_id")
    return [
        *Topic.objects.order_by("pk").values_list(*names),
        *Space.objects.order_by("pk").values_list("pk", "topics_count", "last_active_at"),
    ]


def agree(world):
    told = counters()
    mend_counters(world.as_("house", "worker"))
    assert counters() == told


def split(world, numbers, who="ann", title="Which wick?", **more):
    posts = [get_at(world.people[who], world.topic.pk, number) for number in numbers]
    return actions.split_topic(world.as_(who), posts=posts, title=title, **more)


def texts(viewer, topic):
    return [row.source for row in topic_page(viewer, get_topic(viewer, topic.pk)).posts]


def marks(topic):
    return dict(Reading.objects.filter(topic=topic).exclude(member__handle="ann").values_list("member__handle", "number"))


def test_split(talk):
    for who, upto in (("ben", 5), ("cat", 2), ("dan", 3)):
        actions.mark_topic_read(talk.as_(who), topic=talk.topic, number=upto)
    asked = before_splitting(talk.topic, [3, 4])
    assert (asked.posts, [card.name for card in asked.authors], asked.parted, asked.title) == (2, ["Ann", "Ben"], 0, "And which wick?")
    new = split(talk, [4, 3])
    assert (new.title, new.asks, new.author, new.opened_at) == ("Which wick?", True, talk.ann, talk.posts[1].at)
    assert texts(talk.ben, new) == ["And which wick?", "The thick one."]
    assert texts(talk.ben, talk.topic) == ["It turns.", "Turn the washer.", "@dan knows"]
    assert list(Post.objects.filter(topic=new).order_by("at").values_list("number", flat=True)) == [1, 2]
    new.refresh_from_db(), talk.topic.refresh_from_db()
    assert (new.helped_count, new.posts_count, new.answered_at) == (1, 2, talk.posts[2].at)
    assert (talk.topic.helped_count, talk.topic.posts_count, talk.topic.answered_at) == (1, 3, talk.posts[0].at)
    assert marks(new) == {"ben": 2, "dan": 1}, "as far as nothing is hidden"
    assert marks(talk.topic) == {"ben": 5, "cat": 4, "dan": 4}, "what stands elsewhere is new to nobody"
    assert (get_at(talk.ben, talk.topic.pk, 4).topic_id, get_at(talk.ben, talk.topic.pk, 4).number) == (new.pk, 2)
    assert [(line.what, line.place) for line in story_of(talk.cat, new)] == [("split", "Loose?")]
    agree(talk)
    back = actions.merge_topic(talk.as_("ann"), topic=new, into=get_topic(talk.ann, talk.topic.pk))
    assert list(Post.objects.filter(topic=back).order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert marks(back) == {"ben": 5, "cat": 2, "dan": 3}, "undone, everybody has read what they had"
    assert not Post.objects.filter(joined=True).exists()
    agree(talk)


def test_the_clock_of_the_first_reply(talk):
    only = split(talk, [2, 3, 4, 5], asks=False)
    talk.topic.refresh_from_db()
    assert (talk.topic.answered_at, only.asks) == (None, False)
    assert [row.pk for row in waiting(talk.ben)] == [talk.topic.pk]
    agree(talk)


@pytest.mark.parametrize(("numbers", "code"), [([1, 2], "is_opening"), ([2], "splits_answer"), ([], "no_posts"), ([5], "no_posts")])
def test_what_is_not_split(talk, numbers, code):
    actions.accept_answer(talk.as_("ben"), post=talk.posts[0])
    actions.remove_post(talk.as_("ann"), post=talk.posts[3], reason="no")
    with pytest.raises(Refused) as no:
        split(talk, numbers)
    assert no.value.code == code


def test_merge_and_part(talk):
    other = actions.open_topic(talk.later(minutes=1).as_("cat"), space=talk.hearth, title="Same?", text="Mine, too.")
    answer = actions.reply(talk.later(minutes=1).as_("ben"), topic=other, text="See there.")
    actions.accept_answer(talk.as_("cat"), post=answer)
    other.refresh_from_db()
    actions.keep_draft(talk.as_("dan"), place=f"reply:{other.pk}", text="half")
    for who, first, second in (("ben", 5, 2), ("cat", 5, 1), ("dan", 3, 2)):
        actions.mark_topic_read(talk.as_(who), topic=talk.topic, number=first)
        actions.mark_topic_read(talk.as_(who), topic=other, number=second)
    before = counters(), marks(talk.topic), marks(other)
    asked = before_merging(other, talk.topic)
    assert (asked.posts, asked.answer, asked.obstacle) == (2, "taken", "")
    into = actions.merge_topic(talk.as_("ann"), topic=other, into=talk.topic)
    assert texts(talk.ben, into)[-1:] == ["Mine, too."]
    assert (into.accepted_id, into.accepted_by) == (answer.pk, talk.ann)
    assert marks(into) == {"ben": 7, "cat": 6, "dan": 3}, "the least that hides nothing"
    assert get_topic(talk.ben, other.pk) == into and get_at(talk.ben, other.pk, 2).number == 7
    assert [row.title for row in latest(talk.ben, space=talk.hearth).rows] == ["Loose?"]
    assert actions.reply(talk.later(minutes=1).as_("cat"), topic=other, text="Sent on an open page").topic_id == into.pk
    agree(talk)
    parted = actions.part_topics(talk.as_("ann"), topic=into, number=other.pk)
    assert list(Post.objects.filter(topic=parted).order_by("number").values_list("source_text", flat=True)) == ["Mine, too.", "See there."]
    assert (parted.accepted_id, get_topic(talk.ben, talk.topic.pk).accepted_id) == (answer.pk, None)
    assert texts(talk.ben, into)[-1] == "Sent on an open page"
    assert (marks(other), Forward.objects.filter(topic=other).count()) == (before[2], 0)
    agree(talk)


def test_what_opened_a_merged_topic_answers_nobody(talk):
    first = actions.open_topic(talk.later(minutes=1).as_("ben"), space=talk.hearth, title="A?", text="a")
    second = actions.open_topic(talk.later(minutes=1).as_("cat"), space=talk.hearth, title="B?", text="b")
    actions.merge_topic(talk.as_("ann"), topic=second, into=first)
    first.refresh_from_db()
    assert first.answered_at is None and [row.pk for row in waiting(talk.ben)] == [first.pk]
    agree(talk)


def test_the_older_one_goes_on_and_both_spaces_are_asked(talk):
    younger = actions.open_topic(talk.later(minutes=1).as_("ben"), space=talk.workshop, title="B?", text="b")
    with pytest.raises(Refused) as no:
        actions.merge_topic(talk.as_("ann"), topic=talk.topic, into=younger)
    assert no.value.code == "older"
    with pytest.raises(NotFound):
        actions.merge_topic(talk.as_("cat"), topic=younger, into=talk.topic)
    with pytest.raises(NotAllowed):
        actions.merge_topic(talk.as_("ben"), topic=younger, into=talk.topic)
    with pytest.raises(NotAllowed):
        split(talk, [3], who="ben")
    actions.merge_topic(talk.as_("ann"), topic=younger, into=talk.topic)
    assert get_topic(talk.cat, younger.pk).pk == talk.topic.pk, "for whoever may read where it stands now"
    agree(talk)


def test_notices_search_and_links_follow(talk, client):
    from fireside.notifications.reactions import tell

    tell(list(Activity.objects.all()), talk.now)
    assert Notice.objects.filter(member=talk.dan, thing=f"conversation:{talk.topic.pk}").exists()
    new = split(talk, [3, 4, 5])
    assert Notice.objects.filter(member=talk.dan, thing=f"conversation:{new.pk}", read_at=None).exists()
    client.force_login(talk.dan)
    assert client.get(f"/t/{talk.topic.pk}/5").headers["Location"] == f"/t/{new.pk}/3#p3"
    assert client.get(f"/t/{new.pk}").status_code == 200
    assert not Notice.objects.filter(member=talk.dan, thing=f"conversation:{new.pk}", read_at=None).exists()
    assert client.get(f"/t/{talk.topic.pk}/99").status_code == 404
    assert "made this topic out of posts of" in client.get(f"/t/{new.pk}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_title_is_found_and_an_old_one_no_more(talk):
    from fireside.conversation.queries import filters_of, search
    from fireside.conversation.seeking import understand

    def found(words):
        react_until_quiet(talk.now)
        return [hit.topic_id for hit in search(talk.ben, understand(words), filters_of(talk.ben, now=talk.now), now=talk.now).rows]

    new = split(talk, [3, 4], title="Paraffin")
    assert found("paraffin") == [new.pk]
    actions.merge_topic(talk.as_("ann"), topic=new, into=get_topic(talk.ann, talk.topic.pk))
    assert found("paraffin") == []


def test_pages(talk, client):
    at = f"/t/{talk.topic.pk}"
    client.force_login(talk.ben)
    assert client.get(f"{at}/split").status_code == client.get(f"{at}/merge").status_code == 404
    assert client.post(f"{at}/split", {"posts": "3", "title": "x"}).status_code == 403
    client.force_login(talk.ann)
    assert f'href="{at}/split?from=3"' in client.get(f"{at}?more=3").content.decode()
    page = client.post(f"{at}/split", {"posts": ["3", "4"], "preview": "1"}).content.decode()
    assert "2 posts become a topic of their own" in page and 'value="And which wick?"' in page
    assert client.post(f"{at}/split", {"posts": "3"}).status_code == 422
    new = client.post(f"{at}/split", {"posts": ["3", "4"], "title": "Wicks", "asks": "1", "space": "workshop"}).headers["Location"]
    assert Topic.objects.get(title="Wicks").space == talk.workshop
    assert "Merge the other way round" in client.get(f"{at}/merge?into={new}").content.decode()
    assert client.get(f"{new}/merge?into=nothing").status_code == 422
    react_until_quiet(talk.now)  # the titles can be looked for
    words = talk.topic.title
    page = client.get(f"{new}/merge", {"into": words})  # found by its words, without scripts and as one types
    typed = client.get(f"{new}/merge", {"into": words}, headers={"HX-Request": "true"})
    assert page.status_code == typed.status_code == 200 and "<h1" in page.content.decode() and "<h1" not in typed.content.decode()
    assert all(f'href="{new}/merge?into={at}"' in one.content.decode() for one in (page, typed))
    assert client.get(f"{at}/merge", {"into": words}).status_code == 422, "not into itself"
    page = client.get(f"{new}/merge?into={at}").content.decode()
    assert "2 posts come along" in page and "From Workshop" not in page and "who may read there reads all of it" in page
    assert client.post(f"{new}/merge", {"into": str(talk.topic.pk)}).headers["Location"] == at
    assert client.get(new).headers["Location"] == at
    page = client.get(at).content.decode()
    assert "merged “" in page and "Take apart again" in page
    assert client.post(f"{at}/merge/end", {"from": new.rpartition("/")[2]}).headers["Location"] == new


def test_programs_and_the_command_line(talk, client):
    at = f"/api/v1/topics/{talk.topic.pk}"
    client.force_login(talk.ann)
    made = client.post(f"{at}/splits", {"posts": [3, 4], "title": "Wicks"}, content_type="application/json")
    assert (made.status_code, made.json()["title"], made.json()["replies"]) == (201, "Wicks", 1)
    new = f"/api/v1/topics/{made.json()['id']}"
    assert client.get(f"{new}/merge?into={talk.topic.pk}").json() == {"posts": 2, "answer": "", "obstacle": ""}
    assert client.put(f"{new}/merge", {"into": talk.topic.pk}, content_type="application/json").json()["id"] == talk.topic.pk
    assert client.get(new).json()["id"] == talk.topic.pk
    answer = client.delete(f"{at}/merges/{made.json()['id']}")
    assert answer.json()["id"] == made.json()["id"]
    call_command("act", "conversation.merge_topic", "as=ann", f"topic={made.json()['id']}", f"into=/t/{talk.topic.pk}", stdout=StringIO())
    posts = ",".join(str(pk) for pk in Post.objects.filter(topic=talk.topic, number__gte=4).values_list("pk", flat=True))
    call_command("act", "conversation.split_topic", "as=ann", f"posts={posts}", "title=Later", stdout=StringIO())
    assert Topic.objects.get(title="Later").posts_count == 2


def test_more_of_an_archive_follows_a_merged_topic(talk):
    at = talk.now - timedelta(days=9)
    topics = [actions.TopicIn("a", talk.hearth.pk, "A", True), actions.TopicIn("b", talk.hearth.pk, "B", True)]

    def bring(*given):
        posts = [
            actions.PostIn(ext, topic, talk.hearth.pk, talk.cat.pk, at + timedelta(minutes=n), f"<p>{ext}</p>") for ext, topic, n in given
        ]
        actions.take_in_posts(talk.as_("house"), source="old", topics=topics, posts=posts)

    bring(("a1", "a", 0), ("b1", "b", 1), ("b2", "b", 2))
    one, two = (Topic.objects.get(external_id=ext) for ext in "ab")
    actions.merge_topic(talk.as_("ann"), topic=two, into=one)
    bring(("a1", "a", 0), ("b1", "b", 1), ("b2", "b", 2), ("a2", "a", 3), ("b3", "b", 4))
    assert list(Post.objects.filter(topic=one).order_by("at").values_list("external_id", "number")) == [
        ("a1", 1), ("b1", 2), ("b2", 3), ("a2", 4), ("b3", 5)]  # fmt: skip
    assert not Post.objects.filter(topic=two).exists()
    agree(talk)
