"""The row of imports: a Zulip history of made-up words, brought into a house of its own."""

import json
import subprocess
import time
from pathlib import Path
from random import Random

from fireside.serving.bench.filling import WORDS
from fireside.serving.bench.houses import ME, Engine, NotOpen
from fireside.serving.bench.machine import cpu_ms
from fireside.serving.bench.rows import Row


def zulip(engine: Engine, folder: Path, messages: int) -> Row:
    """`value`: messages a second by the clock, from the command to its end, opening the program and looking at the file included."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    file, env = folder / "history.jsonl", engine.env(folder)
    _write(file, messages)
    subprocess.run([*ME, "migrate", "-v0"], env=env, check=True)  # noqa: S603
    at_server = cpu_ms([engine.root]) if engine.root else 0.0
    began = time.perf_counter()
    with subprocess.Popen([*ME, "import", "zulip", str(file), "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:  # noqa: S603
        peak = spent = 0.0
        while ran.poll() is None:
            spent, peak = max(spent, cpu_ms([ran.pid])), max(peak, _peak(ran.pid))
            time.sleep(0.1)
        took = time.perf_counter() - began
        assert ran.stdout is not None and ran.stderr is not None
        said, wrong = ran.stdout.read(), ran.stderr.read()
    told = json.loads(said.splitlines()[-1]) if said else {}
    if told.get("imported") != messages:
        raise NotOpen(f"{told or wrong[-2000:].decode(errors='replace')}")
    spent += (cpu_ms([engine.root]) - at_server) if engine.root else 0.0
    return Row(
        "import.zulip",
        engine.name,
        messages,
        round(messages / took, 1),
        "messages/s",
        cpu_ms=round(spent / messages, 3),
        rss_mb=round(peak, 1),
    )


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _write(file: Path, messages: int) -> None:
    dice = Random(11)  # noqa: S311  made-up words
    with file.open("w") as out:
        for n in range(messages):
            words = " ".join(dice.choices(WORDS, k=30))
            who = dice.randrange(500)
            one = {
                "id": n + 1, "timestamp": 1_500_000_000 + n * 60, "stream": f"Stream {n % 40}", "topic": f"Topic {n // 200 % 5000} {n % 40}",
                "sender_full_name": f"Person {who}", "content": f"<p>{words}</p>",
            }  # fmt: skip
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
