"""Words that run from right to left read right, and turn nothing that stands around them."""

import ast
import re
from pathlib import Path

import pytest

import fireside
from fireside.conversation.actions import open_topic, reply
from fireside.lib.text import apart
from fireside.members.actions import change_profile
from fireside.site.formats import own
from fireside.site.tests.test_doors import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_a_name_in_a_sentence_keeps_to_itself():
    assert own("Ben") == "Ben" and own("<b>") == "<b>" and own("安") == "安"
    assert own("ليلى") == "<bdi>ليلى</bdi>" and own("<דן>") == "<bdi>&lt;דן&gt;</bdi>"


def test_what_is_said_after_an_act_is_turned_round_by_no_name(world):
    assert (apart("Ben"), apart("安"), apart("ליאת")) == ("Ben", "安", "\u2068ליאת\u2069")
    change_profile(world.as_("cat"), name="ليلى")
    change_profile(world.as_("mira"), name="דן")
    ann, olu = signed_in(world.ann), signed_in(world.olu)
    people = f"/spaces/{world.workshop.slug}/people"
    assert "\u2068ليلى\u2069 is in." in text_of(ann.post(people, {"handle": "cat"}, follow=True))
    done = text_of(ann.post(f"{people.removesuffix('/people')}/organisers", {"handle": "cat"}, follow=True))
    assert "\u2068ليلى\u2069 looks after “Workshop” too now." in done
    merged = text_of(olu.post("/people/cat/merge/mira", {"reason": "one person"}, follow=True))
    assert "\u2068ليلى\u2069 and \u2068דן\u2069 are one person now." in merged


def test_no_page_says_a_name_that_does_not_keep_to_itself():
    """Sentences that a view says with a name in them go without HTML: `apart(….name)`."""
    loose = [
        f"{path.name}:{node.lineno}"
        for path in Path(fireside.__file__).parent.rglob("*.py")
        if "views" in (path.stem, path.parent.name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict)
        if any(isinstance(value, ast.Attribute) and value.attr == "name" for value in node.right.values)
    ]
    assert not loose, f"Write apart(….name), so that no name turns the sentence round: {loose}"


def test_a_post_a_title_and_a_name_in_arabic(world):
    change_profile(world.as_("ben"), name="ليلى")
    topic = open_topic(world.as_("ben"), space=world.hearth, title="أي فتيل؟ (2)", text="مرحبا\n\n- واحد\n- two")
    reply(world.as_("ann"), topic=topic, text="Plain.")
    cat = signed_in(world.cat)
    page = text_of(cat.get(f"/t/{topic.pk}"))
    assert re.search(r'<h1 class="topic-title" dir="auto"[^>]*>أي فتيل', page)
    assert page.count('<div class="prose" dir="auto"') == 2
    assert '<bdi class="name">ليلى</bdi>' in page and '<span class="name">' not in page
    talk = text_of(cat.get("/talk"))
    assert re.search(r'<a dir="auto"[^>]*>أي فتيل', talk)
    assert "<bdi>ليلى</bdi>" in talk, "or the time beside the name is turned round"
    assert re.search(r'<textarea[^>]*name="text"[^>]*dir="auto"', page)
    for path, field in (
        ("/me", 'name="about"'),
        ("/me", 'name="name"'),
        (f"/spaces/{world.hearth.slug}/new", 'name="title"'),
        ("/spaces", 'name="q"'),
    ):
        assert any(field in tag for tag in re.findall(r'<(?:input|textarea)[^>]*dir="auto"[^>]*>', text_of(cat.get(path)))), (path, field)
