"""Every metric in every mode against a second computation in plain Python, which reads nothing but the source files of two real archives.

The house has them from its own importer, by `fireside import zulip`; the second computation (plain/) works people, topics, questions
and days out by itself. A deliberate mistake in it must be seen, one at least for every metric: what cannot fail proves nothing.
"""

import ast
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from fireside.insights import metrics
from fireside.insights.tests import plain
from fireside.insights.tests.plain import Plain, machines, source
from fireside.insights.tests.same import differences
from fireside.insights.tests.twists import TWISTS
from fireside.site.tests.real_archives import BOTS, NAMES, POSTGRES, ZONE

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]
both = pytest.mark.parametrize("brought_in", NAMES, indirect=True)
small = pytest.mark.parametrize("brought_in", ["ncar-zulip"], indirect=True)


def second(brought, *, only=(), how=Plain, rules=source.RULES, bots=None, when=0):
    """(metric, mode, what was asked, answer of the house, the same in plain Python), of all metrics; or `only` of some, of one of the times asked
    for: 0 = the busy time by weeks, 1 = up to now by months."""
    messages = read(brought.file)
    told = source.history(
        messages, bots=BOTS[brought.name] if bots is None else bots, staff=set(brought.staff), same=brought.same, rules=rules
    )
    views, times = {}, []
    for _metric, _mode, words, _answer in brought.answers:
        times += [words] if words not in times else []
    for metric, mode, words, answer in brought.answers:
        if only and ((metric, mode) not in only or words != times[when]):
            continue
        asked, clock = answer["params"], answer["clock"]
        key = "space" in words, asked["bots"], words.get("staff", "")
        if key not in views:
            views[key] = how(told, ZONE, brought.now, places={brought.place} if key[0] else None, with_bots=key[1], staff=key[2])
        span = views[key].span(date.fromisoformat(clock["since"]), date.fromisoformat(clock["until"]), clock["by"])
        more = {"mode": mode} if mode else {}
        if metric == "retention":
            more["offsets"] = int(asked["offsets"])
        yield metric, mode, words, answer, getattr(views[key], metric)(span, **more)


def compare(brought, **how):
    """Every figure that is not the same, one after another."""
    for metric, mode, words, answer, again in second(brought, **how):
        for where, house, plainly in differences(answer, again, brought.spaces):
            yield metric, mode, words, where, house, plainly


@cache
def read(file):
    return source.read(file)[0]


@both
def test_every_metric_in_every_mode_says_what_a_plain_count_over_the_source_says(brought_in):
    assert list(compare(brought_in)) == []
    asked = {(metric, mode) for metric, mode, _words, _answer in brought_in.answers}
    assert (len(asked) > 5) if POSTGRES else asked == {(metric.name, mode) for metric in metrics.every() for mode in metric.modes or [""]}
    # And there is something to be wrong about.
    front = {(metric, mode) for metric, mode, _words, answer in brought_in.answers if answer["headline"]["value"]}
    assert asked - front <= {("retention", "bracket"), ("retention", "unbroken")}  # of a long history nobody need be left there


@pytest.mark.once
@small
@pytest.mark.parametrize(
    ("twist", "seen_in"), [(twist, seen) for _name, twist, seen in TWISTS], ids=[name for name, _twist, _seen in TWISTS]
)
def test_a_mistake_in_one_of_the_two_is_seen(brought_in, twist, seen_in):
    assert {(metric, mode) for metric, mode, *_where in compare(brought_in, only=seen_in, **twist)} == set(seen_in)


@pytest.mark.once
def test_there_is_a_mistake_for_every_metric_and_mode():
    assert {seen for _name, _twist, where in TWISTS for seen in where} == {
        (m.name, mode) for m in metrics.every() for mode in m.modes or [""]
    }


@pytest.mark.once
def test_the_second_computation_imports_nothing_of_the_house():
    files = sorted(Path(plain.__file__).parent.glob("*.py"))
    assert len(files) > 8
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                assert all(one.name.partition(".")[0] in sys.stdlib_module_names for one in node.names), file.name
            elif isinstance(node, ast.ImportFrom):
                neighbour = node.level == 1 and node.module and (file.parent / f"{node.module}.py").exists()
                assert neighbour or (node.level == 0 and node.module.partition(".")[0] in sys.stdlib_module_names), file.name
            elif isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"__import__", "import_module", "importlib.import_module", "exec", "eval"}, file.name


@pytest.mark.once
@both
def test_bots_are_those_of_the_list_made_by_hand(brought_in):
    """By the importer, and by its documented rules a second time. Prints precision and recall (pytest -s)."""
    messages = read(brought_in.file)
    by_hand = {source.person(one) for one in BOTS[brought_in.name]} & {source.person(m.name) for m in messages}
    for told, found in (("importer", {source.person(one) for one in brought_in.bots}), ("rules", machines.bots(messages))):
        right = len(found & by_hand)
        precision, recall = right / len(found), right / len(by_hand)
        print(f"\n{brought_in.name}, {told}: {right} of {len(by_hand)} bots found, {len(found - by_hand)} people taken for one;"
              f" precision {precision:.2f}, recall {recall:.2f}, of {len({m.name for m in messages})} senders")  # fmt: skip
        assert (precision, recall) == (1, 1), (told, found ^ by_hand)
