"""Removed, the sample leaves an empty house behind; a real community is never touched."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from fireside.activity.actor import Actor, house
from fireside.activity.leases import new_lease
from fireside.activity.models import Job
from fireside.lib.errors import NotAllowed, Refused
from fireside.members.models import Community, Member
from fireside.members.queries import the_community, the_owner
from fireside.site.demo.clearing import clear_sample
from fireside.site.demo.growing import JOB
from fireside.site.demo.tests.test_growing import NOW, by_the_house, found_real_house, move_in, rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_removed_it_leaves_an_empty_house(empty_house):
    move_in()
    picture = Path(settings.MEDIA_ROOT) / "pictures" / "ab" / "abcd.webp"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"picture")
    own = Path(settings.DATA) / "secret-of-the-operator"
    own.write_text("kept")
    assert any(Path(settings.MIRROR).rglob("*.parquet"))
    owner = the_owner()
    clear_sample(Actor(owner, "web", datetime.now(UTC)))
    assert rows() == {} and the_community() is None
    assert not any(Path(settings.MEDIA_ROOT).iterdir()) and not any(Path(settings.MIRROR).iterdir())
    assert own.read_text() == "kept"
    own.unlink()
    found_real_house()  # and can be set up again
    assert Member.objects.get().name == "Olu"


def test_a_real_community_is_never_touched(empty_house):
    found_real_house()
    before = rows()
    for actor in (by_the_house(), Actor(the_owner(), "web", NOW)):
        with pytest.raises(Refused) as no:
            clear_sample(actor)
        assert no.value.code == "not_a_sample"
    assert rows() == before


def test_an_empty_house_has_nothing_to_remove(empty_house):
    with pytest.raises(Refused) as no:
        clear_sample(by_the_house())
    assert no.value.code == "nothing_there"


@pytest.mark.once
def test_only_the_owner_empties_the_house(empty_house, quick):
    move_in(members=30, days=10)
    for role in ("operator", "support", "member"):
        with pytest.raises(NotAllowed):
            clear_sample(Actor(Member.objects.filter(role=role).first(), "web", NOW))
    with pytest.raises(NotAllowed):
        clear_sample(Actor(None, "web", NOW))
    with pytest.raises(NotAllowed):  # nor does a token, whatever its scopes
        clear_sample(Actor(the_owner(), "json", NOW, scopes=("read", "write", "run")))
    assert Community.objects.get().is_sample


@pytest.mark.once
def test_while_it_moves_in_it_does_not_move_out(empty_house, quick):
    move_in(members=30, days=10)
    now = datetime.now(UTC)
    Job.objects.create(name=JOB, asked_at=now, state="running", leased_until=now + timedelta(seconds=60))
    with pytest.raises(Refused) as no:
        clear_sample(house("cli"))
    assert no.value.code == "still_growing"
    machine, pid, _began, chance = new_lease().split("-")
    Job.objects.update(lease=f"{machine}-{pid}-1-{chance}")  # a process that is no more
    if machine:
        assert clear_sample(house("cli"))
