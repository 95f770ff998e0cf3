"""Words that run from right to left read right, and turn nothing that stands around them."""

import re

import pytest

from fireside.conversation.actions import open_topic, reply
from fireside.members.actions import change_profile
from fireside.site.formats import own
from fireside.site.tests.test_doors import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_a_name_in_a_sentence_keeps_to_itself():
    assert own("Ben") == "Ben" and own("<b>") == "<b>" and own("安") == "安"
    assert own("ليلى") == "<bdi>ليلى</bdi>" and own("<דן>") == "<bdi>&lt;דן&gt;</bdi>"


def test_a_post_a_title_and_a_name_in_arabic(world):
    change_profile(world.as_("ben"), name="ليلى")
    topic = open_topic(world.as_("ben"), space=world.hearth, title="أي فتيل؟ (2)", text="مرحبا\n\n- واحد\n- two")
    reply(world.as_("ann"), topic=topic, text="Plain.")
    cat = signed_in(world.cat)
    page = text_of(cat.get(f"/t/{topic.pk}"))
    assert re.search(r'<h1 class="topic-title" dir="auto"[^>]*>أي فتيل', page)
    assert page.count('<div class="prose" dir="auto"') == 2
    assert '<bdi class="name">ليلى</bdi>' in page and '<span class="name">' not in page
    assert re.search(r'<a dir="auto"[^>]*>أي فتيل', text_of(cat.get("/talk")))
    assert re.search(r'<textarea[^>]*name="text"[^>]*dir="auto"', page)
    for path, field in (
        ("/me", 'name="about"'),
        ("/me", 'name="name"'),
        (f"/spaces/{world.hearth.slug}/new", 'name="title"'),
        ("/spaces", 'name="q"'),
    ):
        assert any(field in tag for tag in re.findall(r'<(?:input|textarea)[^>]*dir="auto"[^>]*>', text_of(cat.get(path)))), (path, field)
