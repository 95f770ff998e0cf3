"""Who is told what, when, and in which words."""

from datetime import timedelta

import pytest
from django.utils import translation

from fireside.activity.kinds import Kind
from fireside.activity.log import record
from fireside.activity.models import Activity
from fireside.lib.errors import NotAllowed, NotFound
from fireside.members.actions import join_community, mark_bot, merge_members
from fireside.members.models import Member
from fireside.notifications.actions import mark_read, read_notices, see_notices
from fireside.notifications.models import Notice
from fireside.notifications.queries import get_notice, has_unread, last_notice_id, list_notices, notices_after, unseen_count
from fireside.notifications.reactions import tell
from fireside.notifications.retention import notices
from fireside.spaces.actions import ask_to_join, bring_in, change_space, leave_space, let_in, make_organiser, turn_down
from fireside.spaces.models import Space

pytestmark = [pytest.mark.django_db, pytest.mark.both]

PRAISED = Kind(
    "notifications.test_praised",
    "{actor} praised {other}’s “{title}” in {space}",
    audience=lambda line: [line.other_id, *line.data["also"]],
)


def praise(actor, *, other, space=None, parent=7, title="Lamp", also=(), **more):
    return record(actor, PRAISED, space, other=other, space=space, parent=parent, title=title, also=list(also), **more)


def telling(world, since=0):
    """What the worker does: every line after `since`, in one batch."""
    tell(list(Activity.objects.filter(pk__gt=since).order_by("id")), world.now)


@pytest.fixture
def world(world):
    """The world after the lines that made it have been read."""
    telling(world)
    Notice.objects.all().delete()
    world.start = Activity.objects.order_by("-id").values_list("id", flat=True)[0]
    return world


def texts(viewer, lang="en"):
    with translation.override(lang):
        return [row.text for row in list_notices(viewer).rows]


def told(kind=""):
    return {one.member.name for one in Notice.objects.select_related("member") if one.kind.endswith(kind)}


def test_an_ask_and_its_answer(world):
    ask = ask_to_join(world.as_("cat"), space=world.workshop, words="Secret words")
    telling(world, world.start)
    assert told("asked_to_join") == {"Ann"}
    assert texts(world.ann) == ["Cat asked to join Workshop"]
    row = list_notices(world.ann).rows[0]
    assert (row.unseen, row.read, row.count, row.face.name) == (True, False, 1, "Cat")
    assert get_notice(world.ann, row.id)[1] == "/spaces/workshop/people"
    turn_down(world.as_("ann"), ask=ask, reason="Say what you mend.")
    telling(world, world.start)
    assert texts(world.cat) == ["Ann answered you about joining Workshop"]
    assert list_notices(world.cat).rows[0].words == "Say what you mend."
    let_in(world.as_("dan"), ask=ask_to_join(world.as_("cat"), space=world.workshop))
    telling(world, world.start)
    assert texts(world.cat)[0] == "Dan let you into Workshop"


def test_reading_the_log_twice_tells_once(world):
    ask_to_join(world.as_("cat"), space=world.workshop)
    for _ in range(3):
        telling(world, world.start)
    assert Notice.objects.count() == 1


def test_never_the_actor_bots_the_removed_or_imported_lines(world):
    robot = join_community(world.as_(""), name="Robot")
    mark_bot(world.as_("dan"), member=robot, reason="operator")
    Member.objects.filter(pk=world.cat.pk).update(removed_at=world.now)
    everybody = [world.ann.pk, world.ben.pk, world.cat.pk, robot.pk, 10**9]
    praise(world.as_("ann"), other=world.ben, also=everybody)
    telling(world, world.start)
    assert told("praised") == {"Ben"}
    Notice.objects.all().delete()
    Activity.objects.filter(kind=PRAISED.name).update(imported=True)
    telling(world, world.start)
    assert not Notice.objects.exists()


def test_only_those_who_may_see_the_thing_are_told_and_go_on_seeing_it(world):
    praise(world.as_("ann"), other=world.ben, also=[world.cat.pk, world.dan.pk], space=world.cellar, title="Candle")
    telling(world, world.start)
    assert told() == {"Ben", "Dan"}  # Dan runs every space; Cat does not know of the cellar
    assert texts(world.ben) == ["Ann praised your “Candle” in Cellar"]
    notice = Notice.objects.get(member=world.ben)
    leave_space(world.as_("ben"), space=world.cellar)
    assert texts(world.ben) == []
    with pytest.raises(NotFound):
        get_notice(world.ben, notice.pk)


def test_a_space_that_became_hidden_takes_its_notices_along(world):
    praise(world.as_("ann"), other=world.cat, space=world.hearth, title="Candle")
    telling(world, world.start)
    assert len(texts(world.cat)) == 1
    change_space(world.as_("ann"), space=world.hearth, openness="hidden")
    assert texts(world.cat) == []


def test_several_of_one_kind_on_one_thing_are_one_row(world):
    more = [join_community(world.as_(""), name=name).handle for name in ("Eve", "Fay", "Gil")]
    people = dict(world.people)
    people |= {handle: Member.objects.get(handle=handle) for handle in more}
    world.people.update(people)
    for name in ("ann", "cat", "ann"):
        praise(world.as_(name), other=world.ben)
    telling(world, world.start)
    assert texts(world.ben) == ["Ann and Cat praised your “Lamp” in …"]
    praise(world.as_("eve"), other=world.ben)
    telling(world, world.start)
    assert texts(world.ben) == ["Eve, Ann and Cat praised your “Lamp” in …"]
    for name in ("fay", "gil"):
        praise(world.as_(name), other=world.ben)
    praise(world.as_("ann"), other=world.ben, parent=8, title="Another")
    telling(world, world.start)
    assert texts(world.ben) == ["Ann praised your “Another” in …", "Gil, Fay and 3 others praised your “Lamp” in …"]
    assert [row.count for row in list_notices(world.ben).rows] == [1, 6]
    first = list_notices(world.ben).rows[1]
    assert read_notices(world.as_("ben"), ids=[first.id]) == 6
    praise(world.as_("cat"), other=world.ben)
    telling(world, world.start)
    rows = list_notices(world.ben).rows
    assert [(row.count, row.read) for row in rows] == [(1, False), (1, False), (6, True)]  # what is new stands apart from what was read


def test_what_people_wrote_is_escaped(world):
    Member.objects.filter(pk=world.cat.pk).update(name="<i>Cat</i> {other}")
    praise(world.as_("cat"), other=world.ben, title="<script>alert(1)</script> {actor} %(n)s")
    telling(world, world.start)
    row = list_notices(world.ben).rows[0]
    assert "<script>" not in row.html
    assert row.html.startswith("<b>&lt;i&gt;Cat&lt;/i&gt; {other}</b> praised your “<b>&lt;script&gt;")
    assert row.text == "<i>Cat</i> {other} praised your “<script>alert(1)</script> {actor} %(n)s” in …"


def test_the_reader_s_language(world):
    ask_to_join(world.as_("cat"), space=world.workshop)
    let_in(world.as_("ann"), ask=ask_to_join(world.as_("cat"), space=world.workshop))
    telling(world, world.start)
    assert texts(world.cat, "zh-hans") == ["Ann 让你进了“Workshop”"]


def test_the_bell(world):
    assert (unseen_count(None), unseen_count(world.ben)) == (0, 0)
    for n in range(130):
        praise(world.as_("ann"), other=world.ben, parent=n + 1)
    telling(world, world.start)
    assert unseen_count(world.ben) == 100  # "99+"
    assert see_notices(world.as_("ben")) == 130
    assert unseen_count(world.ben) == 0
    assert list_notices(world.ben).rows[0].read is False
    assert notices_after(last_notice_id() - 1, 5) == [(last_notice_id(), world.ben.pk)]


def test_reading_the_thing_reads_its_notices(world):
    praise(world.as_("ann"), other=world.ben, parent=7, space=world.hearth)
    praise(world.as_("ann"), other=world.ben, parent=8, space=world.hearth)
    telling(world, world.start)
    assert has_unread(world.ben, "spaces.space", [7])
    assert mark_read(world.as_("ben"), target_type="spaces.space", ids=[7]) == 1
    assert not has_unread(world.ben, "spaces.space", [7])
    assert mark_read(world.as_("ben"), target_type="spaces.space", ids=[7]) == 0
    assert unseen_count(world.ben) == 1
    assert read_notices(world.as_("ben")) == 1
    with pytest.raises(NotAllowed):
        read_notices(world.as_("ben", scopes=("read",)))


def test_a_merged_person_is_told_once_and_keeps_what_they_were_told(world):
    twin = join_community(world.as_(""), name="Ben at work")
    praise(world.as_("ann"), other=twin, parent=1)
    telling(world, world.start)
    merge_members(world.as_("dan"), member=twin, into=world.ben, reason="The same")
    start = Activity.objects.order_by("-id").values_list("id", flat=True)[0]
    praise(world.as_("ann"), other=twin, also=[world.ben.pk], parent=2)
    praise(world.as_("ben"), other=twin, parent=3)  # oneself under another name
    telling(world, start)
    assert Notice.objects.filter(member=world.ben).count() == 1
    assert len(texts(Member.objects.get(pk=world.ben.pk))) == 2
    assert unseen_count(world.ben) == 2


def test_old_notices_are_let_go(world):
    praise(world.as_("ann"), other=world.ben)
    praise(world.as_("ann"), other=world.ben)
    telling(world, world.start)
    newer, older = Notice.objects.order_by("-id")
    Notice.objects.filter(pk=older.pk).update(seen_at=world.now - timedelta(days=181))
    notices(world.as_("house"), world.now - timedelta(days=180))
    assert list(Notice.objects.all()) == [newer]


def test_telling_asks_a_fixed_number_of_queries(world, django_assert_num_queries):
    lines = []
    for n in range(30):
        lines.append(praise(world.as_("ann"), other=world.ben, also=[world.cat.pk, world.dan.pk], parent=n, space=world.hearth))
    # who stands; cards; gates of the spaces (no private one: nobody inside is asked for); kinds unwanted; one insert; whose
    # browser may be called
    with django_assert_num_queries(6):
        tell(lines, world.now)
    assert Notice.objects.count() == 90


def test_the_list_asks_a_fixed_number_of_queries(world, django_assert_num_queries):
    for n in range(45):
        praise(world.as_("ann"), other=world.ben, also=[world.cat.pk], parent=n, space=world.workshop)
    telling(world, world.start)
    # newest of each group with its line; voices; cards; gates and who is inside; names of spaces
    with django_assert_num_queries(5):
        page = list_notices(world.ben)
    assert len(page.rows) == 30
    with django_assert_num_queries(5):
        rest = list_notices(world.ben, cursor=page.next)
    assert (len(rest.rows), rest.next) == (15, "")
    assert not {row.id for row in page.rows} & {row.id for row in rest.rows}
    with django_assert_num_queries(1):  # one indexed count
        assert unseen_count(world.ben) == 45


def test_organisers_are_told_that_they_are(world):
    bring_in(world.as_("dan"), space=world.cellar, member=world.cat)
    make_organiser(world.as_("ann"), space=Space.objects.get(pk=world.cellar.pk), member=world.cat)
    telling(world, world.start)
    assert texts(world.cat) == ["Ann made you an organiser of Cellar", "Dan let you into Cellar"]
