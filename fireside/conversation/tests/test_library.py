"""What was shared in a space: found by kind, person and name by whoever may read there, taken out and put back by whoever tidies."""

from io import StringIO

import pytest
from django.core.management import call_command

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.models import PostFile
from fireside.conversation.queries import get_file, library, post_row
from fireside.conversation.tests.pictures import give, picture, say
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.notifications.models import Notice

pytestmark = pytest.mark.both
PDF = b"%PDF-1.7\n" + b"x" * 900


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def shared(world):
    """Ben shows a lamp and a manual, Ann quotes the lamp; something stands in the cellar, something was dropped, something removed."""
    world.lamp, world.manual = give(world, name="lamp.png"), give(world, data=PDF, name="manual 说明.pdf")
    world.post = say(world, f"![](/files/{world.lamp.pk}) [The manual](/files/{world.manual.pk})")
    world.quote = actions.reply(world.as_("ann"), topic=world.post.topic, text=f"> ![](/files/{world.lamp.pk})\n\nNice")
    say(world, f"![](/files/{give(world, data=picture(70), name='deep.png').pk})", space=world.cellar)
    dropped = say(world, f"![](/files/{give(world, data=picture(71), name='dropped.png').pk})")
    actions.edit_post(world.as_("ben"), post=dropped, text="none")
    removed = say(world, f"![](/files/{give(world, data=picture(72), name='removed.png').pk})")
    actions.remove_post(world.as_("ben"), post=removed, reason="no")
    return world


def names(viewer, space, **asked):
    return [row.file.name for row in library(viewer, space, **asked).rows]


def test_newest_first_by_kind_person_and_name(shared, django_assert_num_queries):
    say(shared, f"![](/files/{give(shared, 'ann', data=picture(73), name='Window.png').pk})", who="ann")
    with django_assert_num_queries(2):  # the rows, the people
        assert names(shared.cat, shared.hearth) == ["Window.png", "manual 说明.pdf", "lamp.png"]
    assert names(shared.cat, shared.hearth, kind="file") == ["manual 说明.pdf"]
    assert names(shared.cat, shared.hearth, by="ann") == ["Window.png"]
    assert names(shared.cat, shared.hearth, name="window") == ["Window.png"]
    assert names(shared.cat, shared.hearth, name="说明") == ["manual 说明.pdf"]
    first = library(shared.cat, shared.hearth, size=2)
    assert [row.file.name for row in library(shared.cat, shared.hearth, size=2, cursor=first.next).rows] == ["lamp.png"]
    row = library(shared.cat, shared.hearth, kind="file").rows[0]
    assert (row.url, row.author.name, row.title) == (shared.post.get_absolute_url(), "Ben", "Look")


def test_a_topic_takes_its_files_along(shared):
    actions.move_topic(shared.as_("dan"), topic=shared.post.topic, space=shared.cellar)
    assert names(shared.cat, shared.hearth) == []
    assert set(names(shared.ben, shared.cellar)) == {"deep.png", "lamp.png", "manual 说明.pdf"}


def test_posts_that_are_split_off_or_merged_take_their_files_along(shared):
    shown = actions.reply(
        shared.as_("ben"), topic=shared.post.topic, text=f"![](/files/{give(shared, data=picture(74), name='shown.png').pk})"
    )
    apart = actions.split_topic(shared.as_("olu"), posts=[shown], title="Apart", space=shared.cellar)
    assert names(shared.ben, shared.hearth) == ["manual 说明.pdf", "lamp.png"]
    assert names(shared.ben, shared.cellar) == ["shown.png", "deep.png"]
    actions.merge_topic(shared.as_("olu"), topic=apart, into=shared.post.topic)
    assert names(shared.ben, shared.hearth) == ["shown.png", "manual 说明.pdf", "lamp.png"]


def test_taken_out_of_every_post_of_the_space_and_put_back(shared):
    lamp, act = shared.lamp, {"file": shared.lamp, "space": shared.hearth}
    with pytest.raises(NotAllowed):
        actions.remove_file(shared.as_("ben"), reason="no", **act)
    with pytest.raises(Refused):
        actions.remove_file(shared.as_("ann"), reason=" ", **act)
    with pytest.raises(NotFound):
        actions.remove_file(shared.as_("ann"), file=lamp, space=shared.cellar, reason="no")
    assert get_file(shared.cat, lamp.pk)
    actions.remove_file(shared.as_("ann"), reason="Somebody is in it", **act)
    actions.remove_file(shared.as_("ann"), reason="again", **act)
    for post in (shared.post, shared.quote):
        html = post_row(shared.cat, post).html
        assert "<img" not in html and 'class="file-gone">lamp.png</span>' in html
    assert "The manual <small>" in post_row(shared.cat, shared.post).html
    with pytest.raises(NotFound):
        get_file(shared.cat, lamp.pk)
    assert get_file(shared.ben, lamp.pk) == get_file(shared.dan, lamp.pk) == lamp
    again = say(shared, f"![](/files/{lamp.pk}) ![](/files/{give(shared, 'ann').pk})", who="ann")
    assert "<img" not in again.html, "the same bytes come back by no other post, whoever gives them"
    edited = actions.edit_post(shared.as_("ben"), post=shared.post, text=f"See ![a lamp](/files/{lamp.pk})")
    assert 'class="file-gone">a lamp</span>' in edited.html and "<img" not in edited.html
    assert names(shared.cat, shared.hearth) == [] and names(shared.ann, shared.hearth, removed=True) == ["lamp.png"]
    react_until_quiet(shared.now)
    line = Activity.objects.get(kind="conversation.file_removed")
    assert (line.data["reason"], line.other_id) == ("Somebody is in it", shared.ben.pk)
    assert Notice.objects.filter(member=shared.ben, activity=line).exists()
    actions.put_file_back(shared.as_("ann"), **act)
    actions.put_file_back(shared.as_("ann"), **act)
    assert get_file(shared.cat, lamp.pk) and "<img" in post_row(shared.cat, shared.quote).html
    assert Activity.objects.filter(kind__startswith="conversation.file_").count() == 2


def test_web(shared, client):
    at, missing = f"/spaces/hearth/library/{shared.lamp.pk}/removal", client.get("/spaces/never/library")
    assert client.get("/spaces/cellar/library").content == missing.content
    client.force_login(shared.cat)
    page = client.get("/spaces/hearth/library").content.decode()
    assert "lamp.png" in page and "manual 说明.pdf" in page and "deep.png" not in page and "dropped.png" not in page and at not in page
    assert "lamp.png" not in client.get("/spaces/hearth/library?show=file&name=man").content.decode()
    assert [client.get(f"/spaces/hearth/library?show={show}").status_code for show in ("removed", "exe", "picture")] == [404, 404, 200]
    assert client.post(at, {"reason": "no"}).status_code == 403
    client.force_login(shared.ann)
    assert at in client.get("/spaces/hearth/library").content.decode()
    assert client.post(at, {"reason": "no"}).status_code == 302
    gone = client.get("/spaces/hearth/library?show=removed").content.decode()
    assert "lamp.png" in gone and f"{at}/end" in gone
    client.post(f"{at}/end")
    assert not PostFile.objects.filter(removed_at__isnull=False).exists()


def test_json_and_command_line(shared, client):
    client.force_login(shared.cat)
    page = client.get("/api/v1/spaces/hearth/files?size=1").json()
    rest = client.get(f"/api/v1/spaces/hearth/files?cursor={page['next']}").json()
    assert [one["file"]["name"] for one in (*page["items"], *rest["items"])] == ["manual 说明.pdf", "lamp.png"] or page["items"]
    assert {one["url"] for one in rest["items"]} == {shared.post.get_absolute_url()}
    assert client.get("/api/v1/spaces/cellar/files").json() == client.get("/api/v1/spaces/never/files").json()
    at = f"/api/v1/spaces/hearth/files/{shared.lamp.pk}/removal"
    assert client.put(at, {"reason": "no"}, content_type="application/json").status_code == 403
    client.force_login(shared.ann)
    assert client.put(at, {"reason": "no"}, content_type="application/json").json()["name"] == "lamp.png"
    call_command("act", "conversation.put_file_back", "as=ann", f"file={shared.lamp.pk}", "space=hearth", stdout=StringIO())
    assert not PostFile.objects.filter(removed_at__isnull=False).exists()
