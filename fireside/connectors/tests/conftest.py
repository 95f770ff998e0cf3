"""Small histories in each form, made up here; real ones are read in place by test_real.py."""

import json
from pathlib import Path
from typing import Any

import pytest

from fireside.activity.actor import house
from fireside.activity.jobs import run_here
from fireside.activity.models import Job

START = 1_600_000_000


def lines(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" if not isinstance(one, str) else one + "\n" for one in records), encoding="utf-8")
    return path


def message(number: int, *, at: int = 0, stream: str = "7-lamps", topic: str = "Loose.20wire", sender: str = "Ada Lovelace", content: str = "") -> dict[str, Any]:
    return {
        "id": number, "timestamp": at or START + number * 60, "stream": stream, "topic": topic, "sender_full_name": sender,
        "content": content or f"<p>words {number}</p>",
    }  # fmt: skip


@pytest.fixture
def bring():
    """Run an import in the foreground, as the command line does. Fails when the job failed, unless `fails` is the words to expect."""

    def run(what: str, path: Path, *, fails: str = "", **params: Any) -> Job:
        params = {"path": str(path), "source": params.pop("source", "test"), **params}
        row = run_here(house("cli"), f"connectors.import_{what}", params)
        assert bool(row.error) == bool(fails), row.error
        assert fails in row.error
        counts = row.counts
        if not fails:
            assert counts["read"] == counts["imported"] + counts["unchanged"] + counts["rejected"]
            assert counts["rejected"] == sum(counts["reasons"].values())
        return row

    return run
