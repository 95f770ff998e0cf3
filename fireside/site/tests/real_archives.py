"""The real archives, brought in once for all tests: by the command itself, in this process, in a transaction that is rolled back.

What comes out (rows, counts, every answer) is kept in the folder of the test session, so that the workers of xdist share it.
"""

import contextlib
import fcntl
import gzip
import io
import json
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

ZONE = "America/Denver"  # summer time, and west of UTC: many messages fall on another day there
POSTGRES = os.environ.get("FIRESIDE_TEST_DB") == "postgres"
SLICE = 20_000  # lines of the large archive, without FULL=1
NAMES = ("ncar-zulip", "bytecodealliance-zulip")
BOTS = {  # found by hand: who of these is a machine. Everybody else who wrote is a person, mr_… with "bot" in it included.
    "ncar-zulip": {"Welcome Bot", "Notification Bot"},
    "bytecodealliance-zulip": {"Welcome Bot", "Notification Bot", "GitHub", "Wasmtime GitHub notifications bot", "RFC notifications bot"},
}


@dataclass
class Brought:
    """One archive in the house. `file` is what was brought in; people are named as the source names them."""

    name: str
    file: Path
    now: datetime
    since: date  # a year and a bit that is busy, its first and last day in the middle of a month
    until: date
    staff: list[str]  # operators here
    same: dict[str, str]  # two traces of one person
    place: str  # the busiest stream, by its number in the source
    counts: dict[str, Any] = field(default_factory=dict)  # of the import, of the same again, of the same in the other form
    rejected: list[str] = field(default_factory=list)
    posts: list[tuple[Any, ...]] = field(default_factory=list)  # number, stream, topic, author, seconds
    log: tuple[int, int] = (0, 0)  # lines of posts, and how many different posts they are of
    told: int = 0  # notices and letters
    bots: set[str] = field(default_factory=set)
    spaces: dict[int, str] = field(default_factory=dict)  # space here -> stream there
    answers: list[tuple[str, str, dict[str, str], dict[str, Any]]] = field(default_factory=list)  # metric, mode, what was asked, answer


@pytest.fixture(scope="session")
def brought_in(
    request: pytest.FixtureRequest, real_data: Any, full: bool, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Brought]:
    """`@pytest.mark.parametrize("brought_in", NAMES, indirect=True)`: the archive of that name as it came in."""
    name, root = request.param, Path(os.environ["FIRESIDE_TEST_ROOT"])
    kept = root / f"brought-{name}.pickle"
    with (root / f"brought-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            source = real_data(name) / "messages.jsonl.gz"
            file = source if full or name == "ncar-zulip" else _first_lines(source, root / name / source.name)
            with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
                made = _bring(name, file, patch, root / f"mirror-{name}", full)
            kept.with_suffix(".new").write_bytes(pickle.dumps(made))
            kept.with_suffix(".new").rename(kept)
    found: Brought = pickle.loads(kept.read_bytes())
    return found


def _first_lines(source: Path, out: Path) -> Path:
    out.parent.mkdir()
    with gzip.open(source, "rt", encoding="utf-8") as lines, gzip.open(out, "wt", encoding="utf-8", compresslevel=1) as cut:
        cut.writelines(line for _n, line in zip(range(SLICE), lines))  # noqa: B905  the file is longer
    return out


def _bring(name: str, file: Path, patch: pytest.MonkeyPatch, mirror: Path, full: bool) -> Brought:
    from django.conf import settings
    from django.db import transaction

    from fireside.activity import reactions
    from fireside.members.models import Community
    from fireside.members.queries import forget_community

    patch.setattr(settings, "MIRROR", mirror)
    if POSTGRES:
        patch.setattr(reactions, "horizon", lambda: 2**62)  # a transaction that never commits reads its own lines
    made = _plan(name, file)
    try:
        with transaction.atomic():
            Community.objects.create(pk=1, name="Test", time_zone=ZONE, made_at=made.now, languages=["en"])
            forget_community()
            made.counts["first"] = _command(file)
            _look(made)
            _answer(made, full)
            made.counts["again"] = _command(file)
            if name == "ncar-zulip":
                made.counts["folder"] = _command(_as_folder(file, mirror.parent / f"{name}-folder"))
            made.log = _log()
            transaction.set_rollback(True)
    finally:
        forget_community()
        shutil.rmtree(mirror, ignore_errors=True)
    return made


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Every line that is JSON."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            with contextlib.suppress(ValueError):
                yield json.loads(line)


def _plan(name: str, file: Path) -> Brought:
    """What is asked, by the source alone: when it was busy, and by rank who is staff and whose traces are joined."""
    messages = list(_records(file))
    messages.sort(key=lambda one: one["timestamp"])
    days = [datetime.fromtimestamp(one["timestamp"], UTC) for one in messages]
    wrote = Counter(one["sender_full_name"] for one in messages if one["sender_full_name"] not in BOTS[name])
    ranks = [who for who, _n in wrote.most_common(9)]
    middle = days[len(days) // 2].date()
    streams = Counter(one["stream"].partition("-")[0] for one in messages if one["sender_full_name"] in wrote)
    return Brought(
        name, file, now=days[-1] + timedelta(days=3), since=middle - timedelta(days=200), until=min(middle + timedelta(days=200), days[-1].date()),
        staff=[ranks[1], ranks[4]], same={ranks[6]: ranks[2]}, place=streams.most_common(1)[0][0],
    )  # fmt: skip


def _command(path: Path) -> dict[str, Any]:
    from django.core.management import call_command

    said = io.StringIO()
    call_command("import", "zulip", str(path), "--json", "--source", "zulip:real", stdout=said)
    return json.loads(said.getvalue().splitlines()[-1])


def _as_folder(file: Path, folder: Path) -> Path:
    """The native layout, made again from the lines: one file a topic."""
    topics: dict[str, list[dict[str, Any]]] = {}
    for one in _records(file):
        topics.setdefault(f"{one.pop('stream')}/{one.pop('topic')}.json", []).append(one)
    for name, messages in topics.items():
        place = folder / "zulip_json" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(messages), encoding="utf-8")
    (folder / "zulip_json" / "stream_index.json").write_text('{"streams": {}}')
    return folder


def _look(made: Brought) -> None:
    """What stands in the rows."""
    from fireside.activity.models import Letter
    from fireside.conversation.models import Post
    from fireside.members.models import Identity, Member
    from fireside.notifications.models import Notice
    from fireside.spaces.models import Space

    if "rejected_file" in made.counts["first"]:
        made.rejected = Path(made.counts["first"]["rejected_file"]).read_text().splitlines()
    names = dict(Identity.objects.values_list("member_id", "name"))
    made.posts = [
        (number, stream, title, names[author], int(at.timestamp()))
        for number, stream, title, author, at in Post.objects.order_by("pk").values_list(
            "external_id", "topic__space__external_id", "topic__title", "author_id", "at"
        )
    ]
    made.told = Letter.objects.count() + Notice.objects.count()
    made.bots = set(Member.objects.filter(is_bot=True).values_list("name", flat=True))
    made.spaces = dict(Space.objects.values_list("pk", "external_id"))
    ids = {name: pk for pk, name in names.items()}
    Member.objects.filter(pk__in=[ids[one] for one in made.staff]).update(role="operator")
    for one, other in made.same.items():
        Member.objects.filter(pk=ids[one]).update(person=ids[other])


def _log() -> tuple[int, int]:
    from fireside.activity.models import Activity

    lines = Activity.objects.filter(kind__startswith="conversation.", imported=True).exclude(kind="conversation.thanked_by_name")
    return lines.count(), lines.values("external_id").distinct().count()


SOME = ("members", "active", "talk", "helped", "first_reply", "concentration")


def _asked(made: Brought, full: bool) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """The busy time by weeks; of the small archive also all of it up to now by months, and some metrics in one place and with bots."""
    from fireside.insights.metrics import NAMES as every
    from fireside.spaces.models import Space

    busy = {"since": made.since.isoformat(), "until": made.until.isoformat()}
    if POSTGRES:  # the numbers do not know the database; that the mirror follows it is seen by some
        yield busy | {"by": "week"}, SOME
        return
    yield busy | {"by": "week"}, every
    if full or made.name == "ncar-zulip":
        yield {"since": (made.since - timedelta(days=400)).isoformat(), "by": "month"}, every
        yield busy | {"by": "month", "space": Space.objects.get(external_id=made.place).slug}, every if full else SOME
        yield busy | {"by": "month", "bots": "include", "staff": "include"}, every if full else SOME[3:]


def _answer(made: Brought, full: bool) -> None:
    """The mirror follows the log, and every metric is asked in every mode."""
    from fireside.activity.actor import house
    from fireside.insights import actions, metrics
    from fireside.insights.mirror.state import snapshot
    from fireside.insights.queries.answering import compute_answer, sitting
    from fireside.insights.queries.asking import Ask, read

    actor = house("worker", now=made.now)
    actions.bring_up_to_date(actor)

    state = snapshot()
    with sitting(state) as among:
        for words, names in _asked(made, full):
            for metric in map(metrics.get, names):
                for mode in metric.modes or [""]:
                    asked = read(metric, Ask(**words, mode=mode), viewer=actor, snapshot=state, now=made.now)
                    made.answers.append((metric.name, mode, words, compute_answer(metric, asked, state, among)))
