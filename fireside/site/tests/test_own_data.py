"""A member takes out what is held of them; and how long things are kept, with a clock that jumps."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from fireside.activity import jobs
from fireside.activity.actor import Actor, house
from fireside.activity.models import Job, Letter
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import keep_draft, open_topic, reply
from fireside.lib.errors import Refused
from fireside.lib.retention import PERIODS
from fireside.members.actions import make_token, set_picture
from fireside.members.queries import forget_community, kept_days
from fireside.notifications.models import Notice
from fireside.serving.tests.house import ROOT
from fireside.site.actions import export_own_data, keep_for
from fireside.site.models import Takeout
from fireside.site.queries.takeouts import file_of
from fireside.site.sweeps import let_go
from fireside.site.tests.rights.stage import picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def signed_in(member: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def talked(world: Any) -> Any:
    set_picture(world.as_("ben"), picture=picture_bytes())
    UserSession.objects.create(user=world.ben, session_key="k" * 32, ip="192.0.2.7", user_agent="a browser", last_seen_at=world.now)
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine *smokes*.")
    reply(world.as_("ann"), topic=topic, text="What Ann said.")
    hidden = open_topic(world.as_("ann"), space=world.cellar, title="Kept among few", text="Ann’s secret.")
    reply(world.as_("ben"), topic=hidden, text="My answer there.")
    keep_draft(world.as_("ben"), place=f"reply:{topic.pk}", text="half said")
    keep_draft(world.as_("ann"), place=f"reply:{topic.pk}", text="Ann’s draft")
    world.token, world.secret = make_token(world.as_("ben"), name="mine", scopes=["read"])
    return world


def made(world: Any, client: Client) -> tuple[str, zipfile.ZipFile]:
    assert client.post("/me/data/export").status_code == 302
    row = jobs.claim_next(datetime.now(UTC))
    assert row is not None
    done = jobs.run_job(row, jobs.actor_of_job(row, datetime.now(UTC)))
    assert done.state == "done", done.error
    address = f"/me/data/{Takeout.objects.latest('pk').key}.zip"
    assert address in client.get("/me/data").content.decode()
    answer = client.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    return address, zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_all_that_is_held_of_them_and_nothing_of_others(talked):
    client = signed_in(talked.ben, "zh-hans")
    address, box = made(talked, client)
    data, page = json.loads(box.read("data.json")), box.read("index.html").decode()
    assert {
        "members/members",
        "account/addresses",
        "conversation/posts",
        "conversation/drafts",
        "members/tokens",
        "usersessions/user_sessions",
    } <= data.keys()
    whole = json.dumps(data, ensure_ascii=False) + page
    for theirs in ("Mine *smokes*.", "My answer there.", "half said", "ben@example.org", "Which wick?"):
        assert theirs in whole, theirs
    for others in (
        "What Ann said.",
        "Ann’s secret.",
        "Ann’s draft",
        "ann@example.org",
        talked.secret,
        "session_key",
        '"hash"',
        '"password"',
    ):
        assert others not in whole, others
    assert [name for name in box.namelist() if name.startswith("files/pictures/")]
    assert 'lang="zh-' in page and "你说过的话" in page
    react_until_quiet(datetime.now(UTC))
    assert Notice.objects.filter(member=talked.ben, kind="site.own_data_ready").count() == 1
    for other in ("olu", "dan", "ann"):
        mine = signed_in(talked.people[other])
        assert mine.get(address).status_code == 404 and mine.get(address).content == mine.get("/me/data/none.zip").content
    with pytest.raises(Refused, match="tomorrow"):
        export_own_data(Actor(talked.ben, "web", datetime.now(UTC)))
    file = file_of(Takeout.objects.latest("pk"))
    let_go(house("worker", now=datetime.now(UTC) + timedelta(days=6)))
    assert file.exists()
    let_go(house("worker", now=datetime.now(UTC) + timedelta(days=8)))
    assert not file.exists() and client.get(address).status_code == 404


def test_the_title_of_a_topic_that_is_hidden_now_is_not_told(talked):
    from fireside.spaces.actions import put_out

    put_out(talked.as_("ann"), space=talked.cellar, member=talked.ben, reason="x")
    _address, box = made(talked, signed_in(talked.ben))
    assert "My answer there." in box.read("index.html").decode()
    assert "Kept among few" not in box.read("index.html").decode().split("What you did")[0]


def test_what_is_kept_long_enough_goes_and_nothing_else(talked):
    now = talked.now
    sent = Letter.objects.create(channel="email", key="a", body={"text": "x"}, written_at=now, due_at=now, sent_at=now)
    waits = Letter.objects.create(channel="email", key="b", body={"text": "x"}, written_at=now, due_at=now)
    ended = Job.objects.create(name="site.export", state="done", asked_at=now, ended_at=now)
    stopped = Job.objects.create(name="site.export", state="stopped", asked_at=now, ended_at=now)
    backups = Path(settings.DATA) / "backups"
    backups.mkdir(exist_ok=True)
    archive = backups / f"fireside-{now:%Y%m%dT%H%M%SZ}.zip"
    archive.touch()
    keep_for(talked.as_("dan"), what="letters", days=45)
    forget_community()
    assert kept_days("letters") == 45
    steps = [
        (29, {"sent", "waits", "ended", "stopped", "archive"}), (31, {"sent", "waits", "ended", "stopped"}), (46, {"waits", "ended", "stopped"}),
        (91, {"waits", "stopped"}), (9999, {"waits", "stopped"}),
    ]  # fmt: skip
    for days, stays in steps:
        let_go(house("worker", now=now + timedelta(days=days)))
        here = {
            name
            for name, row in {"sent": sent, "waits": waits, "ended": ended, "stopped": stopped}.items()
            if type(row).objects.filter(pk=row.pk).exists()
        }
        assert here | ({"archive"} if archive.exists() else set()) == stays, days
    with pytest.raises(Refused, match="from 1 to 3650"):
        keep_for(talked.as_("dan"), what="letters", days=0)


def test_one_that_fails_holds_back_no_other(world, monkeypatch):
    asked = []

    def broken(_actor: Any, _before: datetime) -> int:
        raise ValueError

    for name, one in list(PERIODS.items()):
        call = broken if name == "letters" else lambda _actor, _before, name=name: asked.append(name) or 0
        monkeypatch.setitem(PERIODS, name, type(one)(one.name, one.words, one.days, one.least, one.most, call))
    with pytest.raises(ValueError):
        let_go(house("worker", now=world.now))
    assert len(asked) == len(PERIODS) - 1


def test_the_page_and_the_docs_say_the_same(world):
    page = signed_in(world.dan).get("/community/retention").content.decode()
    text = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    for one in PERIODS.values():
        assert f'id="days-{one.name}" type="number" name="days" value="{one.days}"' in page
        assert f"| `{one.name}` | {one.days} |" in text, f"docs/retention.md: {one.name} is kept for {one.days} days: {one.words}"
