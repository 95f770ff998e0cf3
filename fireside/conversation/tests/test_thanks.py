"""Words of thanks are told, also by name in what comes in from elsewhere: once, and later where a history came in before that was told."""

from datetime import timedelta

import pytest

from fireside.activity.models import Activity
from fireside.conversation import kinds
from fireside.conversation.actions import TopicIn, take_in_posts
from fireside.conversation.markup import gives_thanks
from fireside.conversation.models import Post
from fireside.conversation.tests.test_taking_in import crowd, say  # noqa: F401  a fixture


@pytest.mark.parametrize(("words", "given"), [
    ("thanks @ann", True), ("Thank you so much", True), ("ty!", True), ("much appreciated", True), ("I appreciate it", True), ("谢谢大家", True), ("多謝", True),
    ("party", False), ("no thanks", False), ("No thanks, but thank you", True), ("thanks in advance", False), ("hello", False), ("", False), ("`thanks`", False),
    ("> thanks\nwhy?", False), ("```\nthank you\n``` so", False), ("a > b, thanks", True), ("thanksgiving", False), ("thank  you", True),
])  # fmt: skip
def test_words_of_thanks(words, given):
    assert gives_thanks(words) is given


@pytest.mark.parametrize(("html", "given"), [
    ("<p>thanks</p>", True), ("<blockquote><p>thanks</p></blockquote><p>why?</p>", False), ("<blockquote>a<blockquote>thanks</blockquote>b</blockquote><p>ty</p>", True),
    ("<pre><code>thanks</code></pre>", False), ('<p><span class="user-mention">@Thanks Co</span></p>', True), ('<a href="https://thanks.example.org">here</a>', False),
    ("<p>Thank&nbsp;you</p>", True), ("<blockquote>thanks", True),
])  # fmt: skip
def test_words_of_thanks_in_html(html, given):
    assert gives_thanks(html, html_given=True) is given


def thanks() -> list[tuple[object, ...]]:
    rows = Activity.objects.filter(kind=kinds.THANKED_BY_NAME.name).order_by("pk")
    return list(rows.values_list("member_id", "other_id", "target_id", "at", "imported"))


def test_an_archive_that_thanks_by_name_is_told_so_once(world, crowd):  # noqa: F811
    ann, bo, cy = crowd[:3]
    space = world.hearth.pk
    given = [
        say(1, ann, space=space), say(2, bo, space=space, mentions=(ann, ann, bo)), say(3, cy, space=space, mentions=(ann,)), say(4, ann, space=space),
    ]  # fmt: skip
    texts = {"m2": "<p>thanks!</p>", "m3": "<p>hello</p>", "m4": "<p>thanks all</p>"}
    posts = [
        one.__class__(**{**{f: getattr(one, f) for f in one.__slots__}, "text": texts.get(one.external_id, one.text)}) for one in given
    ]
    actor, topics = world.as_("house", "import"), [TopicIn("t1", space, "2024-01-01", asks=False)]
    take_in_posts(actor, source="old", topics=topics, posts=posts)
    post = Post.objects.get(external_id="m2")
    assert thanks() == [(bo, ann, post.pk, posts[0].at + timedelta(minutes=1), True)]
    before = Activity.objects.count()
    take_in_posts(actor, source="old", topics=topics, posts=posts)
    assert Activity.objects.count() == before
    told = thanks()
    Activity.objects.filter(kind=kinds.THANKED_BY_NAME.name).delete()  # as of a house that brought it in before this was told
    assert take_in_posts(actor, source="old", topics=topics, posts=posts).imported == 0
    assert thanks() == told
