"""kill -9 at any point: the same command again goes on, and everything is in exactly once."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from fireside.connectors.tests.conftest import START, ask, lines

CALL = [sys.executable, "-m", "fireside", "import", "zulip"]


def talk(path: Path, messages: int) -> Path:
    return lines(path, [
        {"id": n, "timestamp": START + n, "stream": f"{n % 5 + 1}-room", "topic": f"t{n % 97}", "sender_full_name": f"Person {n % 41}", "content": f"<p>w {n}</p>"}
        if n % 500 else "{broken"
        for n in range(1, messages + 1)
    ])  # fmt: skip


def test_killed_at_random_points_it_goes_on_and_brings_everything_in_once(tmp_path, house, full):
    messages, rounds = (60_000, 20) if full else (12_000, 3)
    path, env = talk(tmp_path / "talk.jsonl", messages), house
    dice, kills, marks = random.Random(7), 0, []
    for _ in range(rounds * 4):
        running = subprocess.Popen([*CALL, str(path), "--source", "s", "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if kills < rounds:
            wait(running, env, batches=dice.randint(0, 2), seconds=dice.uniform(0, 0.8))
        if running.poll() is not None or kills >= rounds:
            break
        running.send_signal(signal.SIGKILL)
        running.wait()
        kills += 1
        marks.append(look(env))
    if running.poll() is None:
        running.wait(timeout=600)
    done = json.loads(
        subprocess.run([*CALL, str(path), "--source", "s", "--json"], env=env, capture_output=True, text=True, check=True).stdout
    )
    bad = messages // 500
    assert (done["read"], done["imported"] + done["unchanged"], done["rejected"]) == (messages, messages - bad, bad)
    one = lambda sql: ask(env, sql)[0][0]  # noqa: E731
    assert one("select count(*) from conversation_post") == messages - bad
    assert one("select count(*) from activity_activity where kind like 'conversation.%'") == messages - bad
    assert one("select count(*) from members_identity") == 41
    assert one("select sum(posts_count) from conversation_topic") == messages - bad
    runs = ask(env, "select read, imported, unchanged, rejected, rejected_file from connectors_importrun order by id")
    assert runs[0][:4] == (messages, messages - bad, 0, bad)  # the killed run went on: nothing was counted twice
    told = [json.loads(line) for line in (Path(env["FIRESIDE_DATA"]) / f"{runs[0][4]}.jsonl").read_text().splitlines()]
    assert [one["place"] for one in told] == [f"talk.jsonl:{n}" for n in range(500, messages + 1, 500)]
    print(f"\n{kills} kills at marks {marks}")
    assert kills >= 1


def wait(running: "subprocess.Popen[bytes]", env: dict[str, str], *, batches: int, seconds: float) -> None:
    """Until it has taken in so many more batches, and a little longer: into the middle of the next one."""
    mark = look(env)
    while running.poll() is None and batches > 0:
        if (now := look(env)) != mark:
            mark, batches = now, batches - 1
        time.sleep(0.05)
    time.sleep(seconds)


def look(env: dict[str, str]) -> int:
    """How far the killed run had come; 0 while there are no tables."""
    try:
        return int(ask(env, "select coalesce(max(mark), 0) from connectors_importrun")[0][0])
    except Exception:
        return 0
