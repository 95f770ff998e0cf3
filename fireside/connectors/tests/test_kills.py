"""kill -9 at any point: the same command again goes on, and everything is in exactly once."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader

from fireside.connectors.tests.conftest import START, ask, lines

CALL = [sys.executable, "-m", "fireside", "import", "zulip"]


def talk(path: Path, messages: int) -> Path:
    return lines(path, [
        {"id": n, "timestamp": START + n, "stream": f"{n % 5 + 1}-room", "topic": f"t{n % 97}", "sender_full_name": f"Person {n % 41}", "content": f"<p>w {n}</p>"}
        if n % 500 else "{broken"
        for n in range(1, messages + 1)
    ])  # fmt: skip


class Watch:
    """Looks at the house from outside: what is committed there, and whether somebody is in the middle of writing."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.db = env, None

    def one(self, sql: str, otherwise: Any = 0) -> Any:
        """The first cell of an answer; `otherwise` while there is no such table."""
        try:
            return self._db().execute(sql).fetchone()[0]
        except Exception as wrong:
            if type(wrong).__name__ not in {"OperationalError", "UndefinedTable"}:
                raise
            return otherwise

    def mark(self) -> int:
        return int(self.one("select coalesce(max(mark), 0) from connectors_importrun"))

    def writing(self) -> bool:
        if "DATABASE_URL" in self.env:
            return bool(self.one("select count(*) from pg_stat_activity where datname = current_database() and backend_xid is not null"))
        try:
            self._db().execute("begin immediate")
        except sqlite3.OperationalError as wrong:
            return "locked" in str(wrong)
        self._db().execute("rollback")
        return False

    def _db(self) -> Any:
        if self.db is None and "DATABASE_URL" in self.env:
            import psycopg

            self.db = psycopg.connect(self.env["DATABASE_URL"], autocommit=True)
        elif self.db is None:
            file = Path(self.env["FIRESIDE_DATA"]) / "fireside.sqlite3"
            self.db = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=0, isolation_level=None)
        return self.db


def kill_when(running: "subprocess.Popen[bytes]", watch: Watch, here: Callable[[], bool]) -> bool:
    """Hold it still in the middle of writing, at the first such moment that is `here`, and kill it there. False: it had ended before."""
    while running.poll() is None:
        if here():
            running.send_signal(signal.SIGSTOP)  # held still, so that what was seen is still so when it is killed
            time.sleep(0.01)  # what it had handed to a server is done by then
            found = here() and watch.writing()
            if found:
                running.send_signal(signal.SIGKILL)
            running.send_signal(signal.SIGCONT)
            if found:
                running.wait()
                return True
        time.sleep(0.01)
    return False


def start(env: dict[str, str], path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*CALL, str(path), "--source", "s", "--json"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finish(env: dict[str, str], path: Path) -> dict[str, Any]:
    done = subprocess.run([*CALL, str(path), "--source", "s", "--json"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    return json.loads(done.stdout)


def check_everything_is_in_once(env: dict[str, str], messages: int) -> None:
    bad = messages // 500
    one = lambda sql: ask(env, sql)[0][0]  # noqa: E731
    assert one("select count(*) from conversation_post") == messages - bad
    assert one("select count(distinct external_id) from conversation_post") == messages - bad
    assert one("select count(*) from activity_activity where kind like 'conversation.%'") == messages - bad
    assert one("select count(*) from members_identity") == 41
    assert one("select sum(posts_count) from conversation_topic") == messages - bad
    runs = ask(env, "select read, imported, unchanged, rejected, rejected_file from connectors_importrun order by id")
    assert runs[0][:4] == (messages, messages - bad, 0, bad)  # the killed run went on: nothing was counted twice
    told = [json.loads(line) for line in (Path(env["FIRESIDE_DATA"]) / f"{runs[0][4]}.jsonl").read_text().splitlines()]
    assert [one["place"] for one in told] == [f"talk.jsonl:{n}" for n in range(500, messages + 1, 500)]


def test_killed_inside_its_batches_and_anywhere_it_goes_on_and_brings_everything_in_once(tmp_path, house, full):
    """Two kills of three fall into an open write after the run's own first batch, the others anywhere: start, survey, first batch."""
    messages, rounds = (60_000, 20) if full else (10_000, 3)
    path, env, watch = talk(tmp_path / "talk.jsonl", messages), house, Watch(house)
    dice, marks, inside = random.Random(7), [], 0
    while len(marks) < rounds:
        running, began = start(env, path), watch.mark()
        if len(marks) % 3 == 2:
            time.sleep(dice.uniform(0.3, 2))
            running.kill()
            running.wait()
            marks.append(watch.mark())
            continue
        assert kill_when(running, watch, lambda began=began: began < watch.mark() < messages), f"it ended before kill {len(marks) + 1}"
        marks.append(watch.mark())
        inside += began < marks[-1] < messages
    done = finish(env, path)
    bad = messages // 500
    assert (done["read"], done["imported"] + done["unchanged"], done["rejected"]) == (messages, messages - bad, bad)
    check_everything_is_in_once(env, messages)
    print(f"\n{rounds} kills, {inside} of them inside a batch after the run's first, at marks {marks}")
    assert inside * 2 >= rounds, marks


DIES = """
import os
from django.db.migrations.recorder import MigrationRecorder as Recorder
write_down = Recorder.record_applied
Recorder.record_applied = lambda self, app, name: os._exit(9) if app == "connectors" else write_down(self, app, name)
from fireside.cli import main
main()
"""


def test_killed_while_it_makes_the_tables_of_an_empty_house_the_same_command_brings_everything_in(tmp_path, bare_house, full):
    """First between a migration and the note that it is done (Django leaves them apart), then held still inside of one and killed there."""
    path, env, watch, steps = talk(tmp_path / "talk.jsonl", 1000), bare_house, Watch(bare_house), len(MigrationLoader(None).graph.nodes)
    died = subprocess.run([sys.executable, "-c", DIES, *CALL[3:], str(path), "--source", "s"], env=env, capture_output=True, check=False)
    assert died.returncode == 9, died.stderr[-2000:]
    assert watch.one("select count(*) from activity_job", None) == 0
    assert watch.one("select count(*) from connectors_importrun", None) is None  # its tables went with the note
    done = lambda: int(watch.one("select count(*) from django_migrations"))  # noqa: E731
    made = [done()]
    for share in (0.2, 0.4, 0.5, 0.6, 0.7, 0.95) if full else (0.7,):
        assert kill_when(start(env, path), watch, lambda share=share: steps * share <= done() < steps)
        made.append(done())
    assert max(made) < steps
    assert finish(env, path)["imported"] == 998
    assert done() == steps
    check_everything_is_in_once(env, 1000)
    print(f"\nkilled while it made its tables, {made} of {steps} migrations done by then")
