"""The real archives as the command brought them in, compared with plain Python over the same files, to the last message.

FULL=1 brings in everything, once more by a process of its own, and prints the figures to show; without it the large one is cut to its
first 20 000 lines.
"""

import gzip
import json
import re
from collections import Counter
from urllib.parse import unquote

import pytest

from fireside.connectors.tests.conftest import watched
from fireside.site.tests.real_archives import BOTS, NAMES

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]
DIFFERENCE = {"ncar-zulip": {"bad_json": 1}, "bytecodealliance-zulip": {}}  # one line of the source is no JSON: a stray backslash
both = pytest.mark.parametrize("brought_in", NAMES, indirect=True)


def expected(path):
    """id -> (time, stream, topic, sender) of every line that is JSON, and the numbers of those that are not."""
    found, bad = {}, []
    for number, line in enumerate(gzip.decompress(path.read_bytes()).decode().splitlines(), 1):
        try:
            one = json.loads(line)
        except ValueError:
            bad.append(number)
            continue
        topic = re.sub(r"\.([0-9A-F]{2})", r"%\1", one["topic"])
        found[str(one["id"])] = (one["timestamp"], one["stream"].partition("-")[0], unquote(topic), one["sender_full_name"])
    return found, bad


@both
def test_a_real_archive_comes_in_to_the_last_message(brought_in, full, real_data, request):
    said, bad = expected(brought_in.file)
    name, counts = brought_in.name, brought_in.counts["first"]
    # every line is accounted for
    assert (counts["read"], counts["imported"], counts["unchanged"]) == (len(said) + len(bad), len(said), 0)
    assert counts["reasons"] == DIFFERENCE[name]
    assert counts["read"] - counts["imported"] == len(bad) == sum(DIFFERENCE[name].values())
    assert [json.loads(line)["place"] for line in brought_in.rejected] == [f"messages.jsonl.gz:{number}" for number in bad]
    # every message stands there once, at its time, in its topic and space, by its author
    assert len(brought_in.posts) == len(said)
    key = lambda words: "".join(words.casefold().split())  # noqa: E731
    for number, space, title, author, at in brought_in.posts:
        when, stream, topic, sender = said[number]
        assert (space, key(author), at) == (stream, key(sender), when)
        assert title == " ".join(topic.split()) or len(topic) > 200 or title == "(no topic)"
    assert brought_in.told == 0
    # machines and people
    wrote = Counter(sender for *_rest, sender in said.values())
    assert brought_in.bots == {one for one in BOTS[name] if one in wrote}
    assert counts["bot_posts"] == sum(wrote[one] for one in brought_in.bots)
    # again: nothing changes
    again = brought_in.counts["again"]
    assert (again["imported"], again["unchanged"], again["rejected"]) == (0, len(said), len(bad))
    assert brought_in.log == (len(said), len(said))
    if full:
        in_a_process_of_its_own(name, real_data(name), request.getfixturevalue("house"))


@pytest.mark.parametrize("brought_in", ["ncar-zulip"], indirect=True)
def test_the_folder_and_the_lines_of_one_archive_are_the_same_history(brought_in):
    """The native layout, made again from the lines: what one form brought in, the other finds unchanged."""
    lines, folder = brought_in.counts["first"], brought_in.counts["folder"]
    assert (folder["imported"], folder["unchanged"], folder["rejected"]) == (0, lines["imported"], 0)
    assert (folder["topics"], folder["spaces"], folder["people"]) == (lines["topics"], lines["spaces"], lines["people"])


def in_a_process_of_its_own(name, folder, house):
    """For the table in docs/importing.md."""
    counts, seconds, peak = watched(["import", "zulip", str(folder), "--json", "--source", "zulip:real"], house)
    print(
        f"\n{name}: {counts['read']} lines, {counts['imported']} imported, {counts['rejected']} left out {counts['reasons']}, {counts['people']} people,"
        f" {counts['bots']} bots with {counts['bot_posts']} posts, {counts['topics']} topics; {seconds:.0f} s, {counts['read'] / seconds:.0f} records/s,"
        f" peak {peak} MB"
    )
    assert peak < 600
