"""A part of a page is shown again only where nothing about it would be different."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation
from markupsafe import Markup

from fireside.lib import parts
from fireside.lib.parts import each, fill, forget_parts, part, slot

TABS = "site/_tabs.html"


@pytest.fixture(autouse=True)
def made(monkeypatch):
    """Which templates were rendered, one after another."""
    forget_parts()
    seen = []
    real = parts._template

    class Watched:
        def __init__(self, name):
            self.name = name

        def render(self, values):
            seen.append(self.name)
            return real(self.name).render(values)

    monkeypatch.setattr(parts, "_template", Watched)
    monkeypatch.setattr(parts.time, "monotonic", lambda: 1000.0)
    yield seen
    forget_parts()


def shell(**changed):
    from fireside.site.frame import Shell

    return Shell(
        **(
            {
                "name": "Lantern",
                "me": "Ann",
                "bell": 0,
                "talks": 0,
                "spaces": (),
                "staff": False,
                "decides": False,
                "here": "talk",
                "space": "",
            }
            | changed
        )
    )


def test_the_same_values_are_made_once_and_any_other_value_is_another_part(made):
    first = part(TABS, frame=shell())
    assert part(TABS, frame=shell()) == first and made == [TABS]
    assert part(TABS, frame=shell(here="home")) != first
    assert part(TABS, frame=shell(me=None)) != first
    assert len(made) == 3


def test_each_language_zone_and_moment_has_its_own(made, monkeypatch):
    english = part(TABS, frame=shell())
    with translation.override("zh-hans"):
        assert part(TABS, frame=shell()) != english
    with timezone.override("Asia/Shanghai"):
        part(TABS, frame=shell())
    monkeypatch.setattr(parts.time, "monotonic", lambda: 1000.0 + parts.KEPT_FOR)
    part(TABS, frame=shell())
    assert len(made) == 4


def test_a_part_knows_only_what_it_is_given():
    with pytest.raises(Exception, match="frame"):
        part(TABS)


@pytest.mark.django_db
def test_rows_of_tables_and_what_may_change_are_refused(world):
    with pytest.raises(TypeError):
        part(TABS, frame=world.ann)  # equal to herself, whatever has become of her name
    with pytest.raises(TypeError):
        part(TABS, frame={"here": "talk"})


def test_what_is_the_readers_alone_comes_in_afterwards():
    kept = Markup("<form>{}{}</form>").format(slot("csrf"), slot("key"))
    assert fill(kept, csrf=Markup("<input>"), key='"><script>') == "<form><input>&#34;&gt;&lt;script&gt;</form>"


def test_many_rows_are_their_parts_one_after_another(made):
    rows = [shell(), shell(here="home"), shell()]
    assert each(TABS, "frame", rows) == Markup("\n").join(part(TABS, frame=one) for one in rows)
    assert len(made) == 2


@pytest.mark.django_db
def test_ready_rows_say_what_the_query_says(world):
    from fireside.lib.ready_rows import Many, Rows
    from fireside.members.models import Member

    rows = Rows(
        lambda ids, since: (
            Member.objects.filter(pk__in=Many(ids), joined_at__gte=since).order_by("pk").values_list("pk", "joined_at", "is_bot", "email")
        )
    )
    since = datetime(2000, 1, 1, tzinfo=UTC)
    for ids in ([world.ann.pk, world.ben.pk], [world.cat.pk], []):
        plain = Member.objects.filter(pk__in=ids, joined_at__gte=since).order_by("pk").values_list("pk", "joined_at", "is_bot", "email")
        assert rows.all(ids, since) == list(plain)
    assert rows.all([world.ann.pk], datetime(2100, 1, 1, tzinfo=UTC)) == []
