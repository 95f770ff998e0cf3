"""kill -9 in the middle of a chat or forum: the same command again goes on, and each message is in once. Slack; with FULL=1 the others, too."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fireside.connectors.tests import (
    test_chatlab,
    test_discord,
    test_discourse,
    test_mbox,
    test_qq,
    test_slack,
    test_stackexchange,
    test_wechat,
)
from fireside.connectors.tests.conftest import ask
from fireside.connectors.tests.test_kills import Watch, kill_when

MESSAGES = 5000


def slack(folder: Path) -> Path:
    return test_slack.export(folder / "x", {"lamps/2020-09-13": [test_slack.said(n, f"U{n % 2 + 1}") for n in range(MESSAGES)]})


def chatlab(folder: Path) -> Path:
    return test_chatlab.document(folder / "x.json", [test_chatlab.said(n, f"wx{n % 3 + 1}") for n in range(MESSAGES)])


def discord(folder: Path) -> Path:
    rows = [test_discord.said(n, (test_discord.ADA, test_discord.BO)[n % 2]) | {"timestamp": f"2023-01-02T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}+00:00"} for n in range(MESSAGES)]  # fmt: skip
    return test_discord.export(folder / "x" / "lamps.json", rows)


def qq(folder: Path) -> Path:
    rows = [f"2019-07-16 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} Bo(1000{n % 2}23)\n话 {n}" for n in range(MESSAGES)]
    return test_qq.text(folder / "x.txt", ("群", "灯下", rows))


def wechat(folder: Path) -> Path:
    return test_wechat.table(folder / "x.csv", [test_wechat.row(n, ("安和", "Bo")[n % 2]) for n in range(MESSAGES)])


def mbox(folder: Path) -> Path:
    return test_mbox.mbox(folder / "x.mbox", [test_mbox.letter(n, minute=n % 60, subject=f"Wire {n // 10}") for n in range(MESSAGES)])


def stackexchange(folder: Path) -> Path:
    asked = [test_stackexchange.ask(n, OwnerUserId=n % 9 + 1) for n in range(1, MESSAGES // 2 + 1)]
    rows = [*asked, *(test_stackexchange.answer(MESSAGES + n, n) for n in range(1, MESSAGES // 2 + 1))]
    return test_stackexchange.xml(folder / "x" / "Posts.xml", rows).parent


def discourse(folder: Path) -> Path:
    (folder / "x").mkdir()
    for topic in range(MESSAGES // 50):
        said = [
            {"id": topic * 50 + n, "topic_id": topic, "post_number": n, "user_id": 1 + n % 3, "cooked": f"<p>{n}</p>"} for n in range(1, 51)
        ]
        posts = [test_discourse.as_json(one, created_at=test_discourse.when(one["post_number"])) for one in said]
        told = {"id": topic, "title": f"Wire {topic}", "category_id": 5, "archetype": "regular", "visible": True, "posts_count": 50}
        (folder / "x" / f"{topic}.json").write_text(
            json.dumps(told | {"post_stream": {"posts": posts, "stream": [one["id"] for one in posts]}})
        )
    return folder / "x"


CHATS: dict[str, Callable[[Path], Path]] = {
    "slack": slack,
    "chatlab": chatlab,
    "discord": discord,
    "qq": qq,
    "wechat": wechat,
    "mbox": mbox,
    "stackexchange": stackexchange,
    "discourse": discourse,
}


@pytest.mark.parametrize("importer", CHATS if os.environ.get("FULL") == "1" else ["slack"])
def test_killed_inside_a_batch_it_goes_on_and_brings_each_message_in_once(tmp_path, house, importer):
    command = [sys.executable, "-m", "fireside", "import", importer, str(CHATS[importer](tmp_path)), "--source", "s", "--json"]
    watch = Watch(house)
    running = subprocess.Popen(command, env=house, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert kill_when(running, watch, lambda: 0 < watch.mark() < MESSAGES), "it ended before the kill"
    done = subprocess.run(command, env=house, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    counts: dict[str, Any] = json.loads(done.stdout)
    assert (counts["read"], counts["imported"], counts["unchanged"]) == (MESSAGES, MESSAGES, 0)
    assert ask(house, "select count(*), count(distinct external_id) from conversation_post") == [(MESSAGES, MESSAGES)]
    assert ask(house, "select read, imported from connectors_importrun") == [(MESSAGES, MESSAGES)]
