"""A house in which something of every kind has happened, and what is asked of it and of another: for what carries, gives and forgets."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import Client

from fireside.activity.models import Activity
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import accept_answer, edit_post, keep_draft, keep_for_later, open_topic, react, reply, say_helped
from fireside.conversation.models import Topic
from fireside.lib.errors import Refused
from fireside.members.actions import PersonIn, merge_members, set_picture, take_in_people
from fireside.members.models import Member
from fireside.members.tests.world import make_people
from fireside.serving.tests.house import ROOT
from fireside.site.carrying.out import write_out
from fireside.site.carrying.things import things
from fireside.site.tests.rights.stage import picture_bytes
from fireside.spaces.actions import ask_to_join
from fireside.spaces.tests.world import add_spaces

LATER = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Untold:
    def total(self, n: int | None) -> None: ...
    def step(self, words: Any) -> None: ...
    def advance(self, n: int = 1) -> None: ...


def lived_in() -> Any:
    """A house in which something of every kind has happened."""
    world = add_spaces(make_people())
    set_picture(world.as_("ann"), picture=picture_bytes())
    take_in_people(world.as_("house"), source="zulip:old", people=[PersonIn("7", "Ada", world.now, email="ada@example.org")])
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick? 灯芯", text="Mine *smokes*. @ann", tags=["wick", "oil"])
    answer = reply(world.later(hours=1).as_("ann"), topic=topic, text="Trim it. \U0001f56f “ ”")
    edit_post(world.as_("ann"), post=answer, text="Trim it well.", reason="clearer")
    react(world.as_("cat"), post=answer, sign="heart")
    say_helped(world.as_("cat"), post=answer)
    accept_answer(world.later(days=1).as_("ben"), post=answer)
    keep_draft(world.as_("ben"), place=f"reply:{topic.pk}", text="half said")
    keep_for_later(world.as_("cat"), post=answer, note="for the winter")
    ask_to_join(world.as_("cat"), space=world.workshop, words="please")
    open_topic(world.as_("ann"), space=world.cellar, title="Kept among few", text="Hidden words.")
    trace = Member.objects.get(name="Ada")
    merge_members(world.as_("dan"), member=trace, into=world.cat, reason="same person")
    Activity.objects.filter(pk=3).delete()  # ids have gaps
    react_until_quiet(world.now)
    world.topic = topic
    return world


def on_sqlite(data: Path, *words: str) -> dict[str, Any]:
    """A command in a house of its own on SQLite, whatever the tests run on."""
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "VALKEY_URL", "DJANGO_SETTINGS_MODULE"}} | {
        "FIRESIDE_DATA": str(data)
    }
    done = subprocess.run(
        [sys.executable, "-m", "fireside", *words, "--json"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def bring(archive: Path) -> dict[str, Any]:
    """In the process that lives elsewhere."""

    class Heard:
        said = ""

        def write(self, words: str) -> None:
            self.said += words

        def isatty(self) -> bool:
            return False

        def flush(self) -> None: ...

    heard = Heard()
    try:
        call_command("import", "fireside", str(archive), "--json", stdout=heard)
    except Refused as no:
        return {"code": no.code, "message": str(no)}
    return dict(json.loads(heard.said))


def out(target: Path) -> dict[str, Any]:
    return write_out(target, now=LATER, told=Untold())


def sums(manifest: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: (one["rows"], one["next_id"], one["sha256"]) for one in manifest["things"]} | {
        one["name"]: one["sha256"] for one in manifest["files"]
    }


def rows() -> dict[str, list[str]]:
    """Every row of every table that travels, as Python reads it, but for what is said to stay."""
    return {one.name: [repr(row) for row in one.model._base_manager.order_by("pk").values_list(*one.named())] for one in things()}


def seen() -> dict[str, Any]:
    """What people see: every number, and pages to the byte."""
    from fireside.activity.actor import Actor
    from fireside.insights import metrics
    from fireside.insights.actions import keep_answer, rebuild_mirror
    from fireside.members.queries import forget_community

    forget_community()
    olu = Actor(Member.objects.get(email="olu@example.org"), "web", LATER)
    rebuild_mirror(Actor(None, "cli", LATER))
    numbers = {}
    for name in metrics.NAMES:
        try:
            answer = keep_answer(olu, metric=name)
            numbers[name] = {key: value for key, value in answer.items() if key not in {"clock", "watermark"}}
        except Refused as no:
            numbers[name] = {"refused": no.code}
    found: dict[str, Any] = {"numbers": numbers}
    for who in ("olu", "ben", "cat"):
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(Member.objects.get(email=f"{who}@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend")
        topic = Topic.objects.order_by("pk").values_list("pk", flat=True)[0]
        for path in (
            "/api/v1/topics",
            f"/api/v1/topics/{topic}/posts",
            "/api/v1/search?q=trim",
            "/api/v1/people",
            "/api/v1/later",
            f"/t/{topic}",
            "/spaces/hearth",
        ):
            answer = client.get(path)
            assert answer.status_code == 200, (who, path, answer.content[:300])
            found[f"{who} {path}"] = re.sub(
                # tokens; and whether this process has seen that somebody collected the static files
                r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="key" value=")[^"]+|nonce="[^"]+|(?<=\.)[0-9a-f]{8}\.(?=(css|js|svg)\b)',
                "",
                answer.content.decode(),
            )
    return found
