"""The rows of imports: a history of made-up words in the form of each source, brought into a house of its own."""

import json
import subprocess
import time
from pathlib import Path

from fireside.serving.bench.histories import HISTORIES
from fireside.serving.bench.houses import ME, Engine, NotOpen
from fireside.serving.bench.machine import cpu_ms
from fireside.serving.bench.rows import Row


def brought_in(kind: str, engine: Engine, folder: Path, messages: int) -> Row:
    """`value`: messages a second by the clock, from the command to its end, opening the program and looking at the file included."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    history, env = HISTORIES[kind](folder, messages), engine.env(folder)
    subprocess.run([*ME, "migrate", "-v0"], env=env, check=True)  # noqa: S603
    at_server = cpu_ms([engine.root]) if engine.root else 0.0
    began = time.perf_counter()
    with subprocess.Popen([*ME, "import", kind, str(history), "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:  # noqa: S603
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
        f"import.{kind}",
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
