"""A house that tests start, ask and close from outside."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """A running Fireside: `fireside up` as its own processes, on a port of its own."""

    def __init__(self, folder: Path, *options: str, **env: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"house-{self.port}.log"
        environment = {**os.environ, "FIRESIDE_DATA": str(folder), "PORT": str(self.port), "FIRESIDE_HOST": "127.0.0.1", **env}
        self.process = self._start([sys.executable, "-m", "fireside", "up", *options], environment)

    def _start(self, words: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
        with self.log.open("wb") as out:
            return subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def wait(self, seconds: float = 120) -> "House":
        """Until the port answers. Fails with the log when it never does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return self
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"The house did not open:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, signal_number: int = signal.SIGTERM, seconds: float = 40) -> int:
        """Ask it to close and wait. Returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                raise
        return self.process.returncode
