"""History that came in before set-up, and the sample: neither ever lies in the other's house, whoever comes first."""

import io
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client

from fireside.activity import jobs
from fireside.activity.actor import Actor, house
from fireside.activity.models import Activity, Job
from fireside.connectors.actions import ask_for_import, begin_run, keep_upload
from fireside.connectors.models import ImportRun
from fireside.conversation.actions import open_topic
from fireside.lib.errors import Refused
from fireside.members.actions import join_community, set_up_community
from fireside.members.models import Community, Member
from fireside.members.queries import forget_community, the_community, the_owner
from fireside.site import setup_link
from fireside.site.actions import found_community
from fireside.site.demo import clearing, growing
from fireside.site.demo.clearing import clear_sample
from fireside.site.demo.growing import JOB, plan_for, refuse_unless_empty, start_demo
from fireside.site.demo.tests.test_growing import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_left")]
NOW = datetime(2026, 6, 18, 6, 5, tzinfo=UTC)
WHY = {"en": "History was brought into this house", "zh-hans": "这座屋子里已经带进了历史"}


@pytest.fixture
def holder() -> Client:
    client = Client()
    client.get(str(setup_link()).removeprefix(settings.ADDRESS))
    return client


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "catch_up", lambda actor, progress: None)


def bring_people(folder: Path) -> None:
    """As the documents say: import first, set up after."""
    people = folder / "people.csv"
    people.write_text("name,email\nKofi,kofi@example.org\nEdda,edda@example.org\n")
    call_command("import", "members", str(people), "--json", stdout=io.StringIO())


def found_sample() -> Community:
    return set_up_community(
        house("cli"), name="Made-up circle", purpose="", kind="product", languages=["zh-hans", "en"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@sample.example", is_sample=True,
    )  # fmt: skip


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread and a session of the database of its own, from one starting shot. A refusal is an answer."""
    gate, said = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int) -> None:
        try:
            gate.wait(10)
            said[n] = acts[n]()
        except Refused as no:
            said[n] = no
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return said


# ── history first ──
def test_the_sample_does_not_move_in_beside_a_history(holder: Client, tmp_path: Path) -> None:
    assert 'action="/setup/sample"' in holder.get("/setup").content.decode()
    bring_people(tmp_path)
    before = rows()
    assert before["members_member"] == 2 and the_community() is None
    for language, words in WHY.items():
        page = holder.get("/setup", headers={"Accept-Language": language}).content.decode()
        assert words in page and 'action="/setup/sample"' not in page, language
        answer = holder.post("/setup/sample", headers={"Accept-Language": language})
        assert answer.status_code == 409 and 'href="/setup/start"' in answer.content.decode(), language
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("demo", "--members", "40", "--days", "14", "--json", stdout=out)
    assert left.value.code == 2 and '"history_here"' in out.getvalue()
    Job.objects.create(name=JOB, asked_at=NOW, params={"members": 40, "days": 14})  # in line since before the import
    row = jobs.run_job(jobs.claim_next(datetime.now(UTC)), house("worker"))
    assert row.state == "failed" and "history" in row.error and the_community() is None
    Job.objects.filter(name=JOB).delete()
    with pytest.raises(Refused) as no:
        clear_sample(house("cli"))
    assert no.value.code == "not_a_sample"
    after = rows()
    assert {table: after[table] for table in before} == before


def test_any_trace_is_enough() -> None:
    """Each group of tables alone; an import that failed before it brought anything in is none."""
    refused = {}
    makes: dict[str, Callable[[], Any]] = {
        "member": lambda: Member.objects.create(name="Kofi", handle="kofi", joined_at=NOW),
        "line": lambda: Activity.objects.create(kind="members.joined", at=NOW, via="import"),
        "run": lambda: ImportRun.objects.create(importer="zulip", source="zulip:x", path="/x", started_at=NOW),
        "open import": lambda: Job.objects.create(name="connectors.import_zulip", asked_at=NOW, state="running"),
    }
    for name, make in makes.items():
        wipe()
        refuse_unless_empty()
        make()
        with pytest.raises(Refused) as no:
            refuse_unless_empty()
        refused[name] = no.value.code
    assert refused == dict.fromkeys(makes, "history_here")
    wipe()
    Job.objects.create(name="connectors.import_zulip", asked_at=NOW, state="failed")
    refuse_unless_empty()


def wipe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in clearing.STAYS]
        for statement in connection.ops.sql_flush(clearing.no_style(), tables, reset_sequences=False, allow_cascade=False):
            cursor.execute(statement)
    forget_community()


# ── the sample first ──
def test_a_history_beside_the_sample_is_never_removed_with_it(holder: Client, tmp_path: Path) -> None:
    """As it could come to be in a house of before: the history first, the sample on top of it."""
    bring_people(tmp_path)
    found_sample()
    before = rows()
    with pytest.raises(Refused) as no:
        clear_sample(house("cli"))
    assert no.value.code == "history_beside"
    ImportRun.objects.all().delete()  # its lines and its people say it, too
    with pytest.raises(Refused):
        clear_sample(house("cli"))
    Activity.objects.filter(imported=True).update(imported=False, source=None, external_id=None)
    Member.objects.exclude(imported_from="").update(imported_from="")
    with pytest.raises(Refused):  # and so does what is older than the sample
        clear_sample(house("cli"))
    assert holder.post("/setup/empty").status_code == 409
    after = rows() | {"connectors_importrun": 1}
    assert {table: after[table] for table in before} == before


def test_what_visitors_did_in_the_sample_goes_in_one_click(holder: Client) -> None:
    found_sample()
    ben = join_community(Actor(None, "web", datetime.now(UTC)), name="Ben", email="ben@example.org", password="a warm kettle sings")
    assert not ben.is_sample
    with pytest.raises(Refused):
        begin_run(house("cli"), importer="zulip", source="zulip:x", path="/x", form="lines", fingerprint="1")
    found = open_space(the_owner())
    open_topic(Actor(the_owner(), "web", datetime.now(UTC)), space=found, title="Which wick?", text="Tell me.", asks=True)
    assert holder.post("/setup/empty")["Location"] == "/setup"
    assert not set(rows()) - {"django_session", "cache"} and the_community() is None


def open_space(owner: Member) -> Any:
    from fireside.spaces.actions import make_space

    return make_space(Actor(owner, "web", datetime.now(UTC)), name="Hello", openness="public")


# ── at the same moment ──
def test_an_import_and_the_sample_never_begin_beside_each_other(quick: None, full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The starting shot falls when the sample is planned and about to be founded; one or the other comes a little later."""
    seen: Counter[str] = Counter()
    for n in range(48 if full else 6):
        wipe()
        gate = threading.Barrier(2)

        def planned(*args: Any, n: int = n, gate: threading.Barrier = gate, **kwargs: Any) -> Any:
            plan = plan_for(*args, **kwargs)
            gate.wait(30)
            time.sleep(n % 2 * 0.1)
            return plan

        def sample() -> str:
            row = jobs.run_here(house("cli"), JOB, {"seed": 1, "members": 25, "days": 10}, key=JOB)
            return str(row.error or row.state)

        def history(n: int = n, gate: threading.Barrier = gate) -> Any:
            gate.wait(30)
            time.sleep(n % 8 * 0.02)
            return begin_run(house("cli"), importer="zulip", source="zulip:x", path="/x", form="lines", fingerprint=str(n))

        monkeypatch.setattr(growing, "plan_for", planned)
        said = at_once(sample, history)
        here = {"sample": Community.objects.filter(is_sample=True).exists(), "history": ImportRun.objects.exists()}
        assert sum(here.values()) == 1, (here, said)
        seen[next(who for who in here if here[who])] += 1
    print(f"\nwho came first: {dict(seen)}")
    wipe()


def test_pressed_twice_at_once_there_is_one_sample(holder: Client) -> None:
    for _round in range(3):
        Job.objects.all().delete()

        def press() -> str:
            client = Client()
            client.cookies = holder.cookies
            return client.post("/setup/sample").get("Location", "")

        places = at_once(*[press] * 6)
        job = Job.objects.get()
        assert set(places) == {f"/jobs/{job.pk}"}
    Job.objects.update(state="running", lease="x", leased_until=datetime.now(UTC) + timedelta(minutes=1))
    found_sample()  # it has begun to move in
    assert holder.post("/setup/sample")["Location"] == f"/jobs/{job.pk}"
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("demo", "--json", stdout=out)
    Community.objects.all().delete()


def test_the_command_line_does_not_do_it_beside_a_worker(quick: None) -> None:
    there = start_demo(house("cli"))
    with pytest.raises(Refused) as no:
        jobs.run_here(house("cli"), JOB, {"members": 25, "days": 10}, key=JOB)
    assert (no.value.code, no.value.facts["href"]) == ("work_is_open", f"/jobs/{there.pk}")
    died = datetime.now(UTC) - timedelta(minutes=5)
    Job.objects.update(state="running", lease="x", leased_until=died, params={"members": 25, "days": 10})
    row = jobs.run_here(house("cli"), JOB, {}, key=JOB)  # whoever did it is dead: this goes on with it
    assert (row.pk, row.state) == (there.pk, "done")


def test_stopped_work_is_not_taken_up_beside_the_same_under_another_number() -> None:
    first = start_demo(house("cli"))
    jobs.stop(first.pk)
    second = start_demo(house("cli"))
    assert second.pk != first.pk
    with pytest.raises(Refused) as no:
        jobs.resume(first.pk)
    assert no.value.facts["href"] == f"/jobs/{second.pk}"


def test_the_same_file_asked_for_twice_at_once_comes_in_once() -> None:
    found_community(
        house("cli"), name="Lantern Works", purpose="", kind="product", languages=["en"], time_zone="UTC", owner_name="Olu",
        owner_email="olu@example.org", owner_password="a warm kettle sings",
    )  # fmt: skip
    owner = Actor(the_owner(), "web", datetime.now(UTC))
    handed_in = [keep_upload(replaced(owner, n), name="people.csv", file=io.BytesIO(b"name\nKofi\n")) for n in range(2)]

    def ask(upload: Any, **more: Any) -> Callable[[], Any]:
        return lambda: ask_for_import(owner, importer="members", upload=upload.key, **more).pk

    said = at_once(ask(handed_in[0]), ask(handed_in[0]), ask(handed_in[1]), ask(handed_in[1]))
    assert len(set(said)) == 1 and Job.objects.count() == 1, "the same content, however often it was handed in"
    ask(handed_in[0], dry_run=True)(), ask(handed_in[0], source="list:lamps")()
    assert Job.objects.count() == 3, "another question is other work"
    Job.objects.update(state="done")
    assert ask(handed_in[0])() not in said, "and once it is over it can be asked for again"


def replaced(actor: Actor, n: int) -> Actor:
    return Actor(actor.who, actor.via, actor.now + timedelta(seconds=n))


def test_removed_twice_at_once_it_is_gone_once() -> None:
    found_sample()
    first, second = at_once(lambda: clear_sample(house("cli")), lambda: clear_sample(house("cli")))
    counts, refused = (first, second) if isinstance(first, int) else (second, first)
    assert counts > 20 and refused.code == "nothing_there" and rows() == {}
