"""The real archives, brought in by the command into houses of their own, and compared with plain Python over the same files.

FULL=1 brings in everything and prints the figures to show; without it the large one is cut to its first 20 000 lines.
"""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from fireside.connectors.tests.conftest import ask, watched

BOTS = {  # found by hand: who of these is a machine. Everybody else who wrote is a person, mr_… with "bot" in it included.
    "ncar-zulip": {"Welcome Bot", "Notification Bot"},
    "bytecodealliance-zulip": {"Welcome Bot", "Notification Bot", "GitHub", "Wasmtime GitHub notifications bot", "RFC notifications bot"},
}
DIFFERENCE = {"ncar-zulip": {"bad_json": 1}, "bytecodealliance-zulip": {}}  # one line of the source is no JSON: a stray backslash


def run(env: dict[str, str], path: Path, *more: str) -> tuple[dict, float, int]:
    return watched(["import", "zulip", str(path), "--json", *more], env)


def plain_lines(folder: Path, most: int | None, out: Path) -> tuple[Path, int]:
    """The archive's lines as zcat gives them, and how many there are as wc counts them."""
    cut = f"| head -n {most}" if most else ""
    subprocess.run(f"zcat '{folder}/messages.jsonl.gz' {cut} > '{out}'", shell=True, check=True)
    return out, int(subprocess.run(["wc", "-l", str(out)], capture_output=True, text=True, check=True).stdout.split()[0])


def expected(path: Path) -> tuple[dict[str, tuple[int, str, str, str]], list[int]]:
    """id -> (time, stream, topic, sender) of every line that is JSON, and the numbers of those that are not."""
    found, bad = {}, []
    for number, line in enumerate(path.open(encoding="utf-8"), 1):
        try:
            one = json.loads(line)
        except ValueError:
            bad.append(number)
            continue
        topic = re.sub(r"\.([0-9A-F]{2})", r"%\1", one["topic"])
        found[str(one["id"])] = (one["timestamp"], one["stream"].partition("-")[0], unquote(topic), one["sender_full_name"])
    return found, bad


@pytest.mark.parametrize("name", list(BOTS))
def test_a_real_archive_comes_in_to_the_last_message(name, real_data, house, tmp_path, full):
    most = None if full or name == "ncar-zulip" else 20_000
    path, counted = plain_lines(real_data(name), most, tmp_path / "messages.jsonl")
    said, bad = expected(path)
    counts, seconds, peak = run(house, path, "--source", "zulip:real")
    print(
        f"\n{name}: {counted} lines, {counts['imported']} imported, {counts['rejected']} left out {counts['reasons']}, {counts['people']} people,"
        f" {counts['bots']} bots with {counts['bot_posts']} posts, {counts['topics']} topics; {seconds:.0f} s, {counted / seconds:.0f} records/s,"
        f" peak {peak} MB"
    )
    # every line is accounted for
    assert (counts["read"], counts["imported"], counts["unchanged"]) == (counted, len(said), 0)
    assert counts["reasons"] == DIFFERENCE[name]
    assert counted - counts["imported"] == len(bad) == sum(DIFFERENCE[name].values())
    if bad:
        told = [json.loads(line)["place"] for line in Path(counts["rejected_file"]).read_text().splitlines()]
        assert told == [f"messages.jsonl:{number}" for number in bad]
    # every message stands there once, at its time, in its topic and space, by its author
    rows = ask(house, "select p.external_id, s.external_id, t.title, i.name, p.at from conversation_post p join conversation_topic t on t.id = p.topic_id"
                      " join spaces_space s on s.id = t.space_id join members_identity i on i.member_id = p.author_id")  # fmt: skip
    assert len(rows) == len(said)
    key = lambda words: "".join(words.casefold().split())  # noqa: E731
    for number, space, title, author, at in rows:
        when, stream, topic, sender = said[number]
        assert (space, key(author)) == (stream, key(sender))
        assert title == " ".join(topic.split()) or len(topic) > 200 or title == "(no topic)"
        assert _epoch(at) == when
    log = ask(house, "select count(*), count(distinct external_id) from activity_activity where kind like 'conversation.%' and imported")
    assert log == [(len(said), len(said))]
    assert ask(house, "select count(*) from activity_letter") == ask(house, "select count(*) from notifications_notice") == [(0,)]
    # machines and people
    bots = {row[0] for row in ask(house, "select name from members_member where is_bot")}
    wrote = Counter(sender for *_rest, sender in said.values())
    assert bots == {one for one in BOTS[name] if one in wrote}
    assert counts["bot_posts"] == sum(wrote[one] for one in bots)
    if full:
        assert peak < 600
    # again: nothing changes
    again, _seconds, _peak = run(house, path, "--source", "zulip:real")
    assert (again["imported"], again["unchanged"], again["rejected"]) == (0, len(said), len(bad))
    assert ask(house, "select count(*) from activity_activity where imported") == ask(
        house, "select count(distinct external_id) from activity_activity where imported"
    )


@pytest.mark.once
def test_the_folder_and_the_lines_of_one_archive_are_the_same_history(real_data, house, tmp_path):
    """The native layout, made again from the lines: what one form brings in, the other finds unchanged."""
    path, _counted = plain_lines(real_data("ncar-zulip"), None, tmp_path / "messages.jsonl")
    topics: dict[str, list[dict]] = {}
    for line in path.open(encoding="utf-8"):
        try:
            one = json.loads(line)
        except ValueError:
            continue
        topics.setdefault(f"{one.pop('stream')}/{one.pop('topic')}.json", []).append(one)
    for name, messages in topics.items():
        file = tmp_path / "archive" / "zulip_json" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(messages), encoding="utf-8")
    (tmp_path / "archive" / "zulip_json" / "stream_index.json").write_text('{"streams": {}}')
    folder, *_ = run(house, tmp_path / "archive", "--source", "zulip:one")
    lines, *_ = run(house, path, "--source", "zulip:one")
    assert (folder["imported"], folder["rejected"]) == (lines["unchanged"], 0)
    assert (lines["imported"], lines["reasons"]) == (0, {"bad_json": 1})
    assert (folder["topics"], folder["spaces"], folder["people"]) == (lines["topics"], lines["spaces"], lines["people"])


def _epoch(at: object) -> int:
    from datetime import UTC, datetime

    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at)).replace(tzinfo=UTC)
    return int(moment.timestamp())
