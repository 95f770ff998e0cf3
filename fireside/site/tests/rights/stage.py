"""Where every deed is tried: one member of each role, Ann who organises, Ben who wrote, and one of everything that can be acted on."""

import io
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fireside.activity.models import Activity, Letter, Parked
from fireside.connectors.actions import begin_run, keep_upload
from fireside.conversation.actions import open_topic, reply, share_file
from fireside.members.actions import PersonIn, change_role, join_community, make_token, take_in_people
from fireside.members.models import Member, Role, Token
from fireside.members.queries import day_here
from fireside.members.rights import RIGHTS, SCOPES, Right
from fireside.notifications.models import Notice
from fireside.site.models import Takeout
from fireside.spaces.actions import ask_to_join, make_space

BY_ROLE = {
    "olu": Role.OWNER, "dan": Role.OPERATOR, "mira": Role.PRODUCT, "mark": Role.MARKETING, "sal": Role.SALES, "sue": Role.SUPPORT,
    "cat": Role.MEMBER,
}  # fmt: skip
ORGANISER, AUTHOR, VISITOR = "ann", "ben", ""
MEMBERS_CSV = b"name,email\nAda,ada@example.org\n"


@dataclass(frozen=True)
class No:
    """Why a deed is not done through a door."""

    why: str


@dataclass(frozen=True)
class Deed:
    """A request that is done when it is allowed, through each door. Words in {braces} are names of the stage.

    act    what stands behind `fireside act NAME`, separated by |
    json   method and path below /api/v1/; `body`: what is sent
    web    the address that a form is sent to; `form`: its fields
    placed in a space that Ann organises; own: of what Ben wrote
    keyboard whatever the table says of tokens: this is for a person only
    also   a second right of the table that opens it too
    first  what must be so before, for whoever does it; gives more names
    but    who is allowed, and still refused by a rule that stands beside the table: {who: code}
    call   the arguments, where no door types them
    """

    act: str | No
    json: str | No
    body: Any = None
    web: str | No = ""
    form: Any = None
    placed: bool = False
    own: bool = False
    keyboard: bool = False
    also: str = ""
    first: Any = None
    but: dict[str, str] = field(default_factory=dict)
    call: Any = None


def set_up(world: Any) -> Any:
    """One of everything, none of it of those who hold a role."""
    world.now = datetime.now(UTC)  # the doors read the clock
    for name, role in BY_ROLE.items():
        if name not in world.people:
            world.people[name] = join_community(world.as_(""), name=name.title(), email=f"{name}@example.org")
            change_role(world.as_("olu"), member=world.people[name], role=role)
    for name in ("eve", "fay"):
        world.people[name] = join_community(world.as_(""), name=name.title(), email=f"{name}@example.org")
    emails = {f"{name}@example.org": name for name in world.people}
    taken = take_in_people(
        world.as_("house"), source="old", people=[PersonIn(name, f"Old {name}", world.now, email=email) for email, name in emails.items()]
    )  # a trace for everybody, by their own address
    for member in world.people.values():
        member.emailaddress_set.update(verified=True)
    nook = make_space(world.as_("ann"), name="Nook", parent=world.hearth, slug="nook")
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.")
    answer = reply(world.as_("fay"), topic=topic, text="Trim it.")
    given = share_file(world.as_("ben"), file=picture_bytes(), name="wick.png")
    own = reply(world.as_("ben"), topic=topic, text=f"I did. ![](/files/{given.pk})")
    ask = ask_to_join(world.as_("eve"), space=world.workshop, words="please")
    upload = keep_upload(world.as_("olu"), name="people.csv", file=io.BytesIO(MEMBERS_CSV))
    run = begin_run(world.as_("house"), importer="zulip", source="s", path="x", form="folder", fingerprint="f")
    line = Parked.objects.create(
        reaction="notifications.tell", activity=Activity.objects.earliest("pk"), error="E: no", next_try_at=world.now
    )
    letter = Letter.objects.create(
        channel="email", key="k", body={"to": "x@example.org"}, written_at=world.now, due_at=world.now, tries=8, parked_at=world.now
    )
    export = Takeout.objects.create(key="e" * 40, of="community", member_id=world.olu.pk, asked_at=world.now, ready_at=world.now)
    world.names = {
        "export": export.key,
        "line": line.pk, "letter": letter.pk,
        "topic": topic.pk, "answer": answer.pk, "answer_no": answer.number, "own": own.pk, "own_no": own.number, "ask": ask.pk,
        "upload": upload.key, "file": given.pk, "run": run.pk, "nook": nook.pk, "picture": str(picture_file()), "trace": Member.objects.get(pk=taken["eve"]).handle,
    }  # fmt: skip
    world.taken, world.topic, world.answer, world.own = taken, topic, answer, own
    everybody = [*BY_ROLE, ORGANISER, AUTHOR]
    for name in everybody:
        Notice.objects.filter(member=world.people[name]).delete()
    Member.objects.update(last_seen_on=day_here(world.now))  # else every try would note it anew
    world.browsers = {name: browser(world.people.get(name)) for name in [*everybody, VISITOR]}
    world.secrets = {
        (name, scope): make_token(world.as_(name), name=scope, scopes=[scope])[1] for name in ("olu", ORGANISER, AUTHOR) for scope in SCOPES
    }
    Token.objects.update(last_used_on=world.now.date())
    return world


def browser(member: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    if member is not None:
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def picture_bytes() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (32, 32), "orange").save(made, "PNG")
    return made.getvalue()


def picture_file() -> Any:
    place = Path(os.environ["FIRESIDE_TEST_ROOT"]) / f"ann-{os.getpid()}.png"  # not among the house's own files
    place.write_bytes(picture_bytes())
    return place


def sent_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if name.endswith("png") else MEMBERS_CSV)


def rights_of(action: Any, deed: Deed) -> list[Right]:
    return [RIGHTS[name] for name in (action.right, deed.also) if name]


def holds(right: Right, deed: Deed, who: str) -> bool:
    """What the table says: by role, as the organiser of the place, as the author of the words, as a visitor."""
    if who == VISITOR:
        return right.visitor
    role = BY_ROLE.get(who, Role.MEMBER)
    placed, own = deed.placed and who == ORGANISER, deed.own and who == AUTHOR
    return role in right.roles or (placed and right.organiser) or (own and right.author)
