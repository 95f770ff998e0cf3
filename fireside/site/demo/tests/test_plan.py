"""The plan without a database: the same for a seed, whole, in order, and in words that people would use."""

import re
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from fireside.conversation import rules as talk_rules
from fireside.members import rules as member_rules
from fireside.site.demo import world
from fireside.site.demo.planning import Planner, make_plan
from fireside.site.demo.slots import LISTS, RANGES
from fireside.site.demo.stock_reading import LANGUAGES, SORTS, read_stock
from fireside.site.demo.writing import sentences

pytestmark = pytest.mark.once
END = datetime(2026, 6, 18, 6, 5, tzinfo=UTC)
A_DOZEN = 12  # no post, and no sentence of some length, is said so often in the half year


def plan(seed: str = "1", *, members: int = 1000, days: int = 180) -> Planner:
    return make_plan(lambda name: Random(f"{seed}:{name}"), members=members, days=days, end=END)


@pytest.fixture(scope="module")
def half_year() -> Planner:
    return plan()


def texts_of(planner: Planner) -> list[str]:
    return [act.what["text"] for act in planner.acts if act.verb in {"open", "reply"}]


def language_of(text: str) -> str:
    return "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en"


# ── the stock ──
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stock_is_large_and_whole(language):
    stock = read_stock(language)
    scenes = [scene for found in stock.scenes.values() for scene in found]
    assert len(scenes) >= 120 and len({(scene.space, scene.name) for scene in scenes}) == len(scenes)
    for scene in scenes:
        assert scene.sort in SORTS and scene.space in world.BY_KEY, scene.name
        assert scene.titles and scene.openings, scene.name
        if scene.sort == "roll":
            assert len(stock.small[("roll", scene.name)]) >= 4, scene.name
        else:
            assert len(scene.titles) >= 2 and len(scene.openings) >= 2 and len(scene.answers) >= 6 and scene.followups, scene.name
            for opening in (0, 1):
                assert scene.titles_for(opening) and scene.answers_for(opening) and scene.followups_for(opening), scene.name


ONLY_AGREES = {
    "en": r"same here|me too|\+1|count me in|i'd join|weekly, yes|agreed|in, |.{0,20}\bi thought so too",
    "zh": r"同意|同感|我也一样|我也在|我也待|加一[。！]?$|算我一个|\+1|右利手路过|拼，我要",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stock_says_which_lines_can_be_an_answer(language):
    """Every question keeps lines that answer each of its openings; what only agrees, jokes or asks back is marked as no answer."""
    beside = 0
    for scene in (scene for found in read_stock(language).scenes.values() for scene in found):
        assert scene.sort == "ask" or not scene.beside, scene.name
        assert not any(scene.can_help(one) for one in scene.answers) or scene.sort == "ask", scene.name
        for opening in (0, 1) if scene.sort == "ask" else ():
            able = [one for one in scene.answers_for(opening) if scene.can_help(one)]
            assert able, (scene.name, opening)
            agreeing = [one for one in able if re.match(ONLY_AGREES[language], one, re.IGNORECASE)]
            assert not agreeing, (scene.name, agreeing)
        beside += len(scene.beside)
    assert beside >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_can_be_filled(language):
    stock = read_stock(language)
    known = {*RANGES, *LISTS[language], "month", "g", "temp", "tm"}
    said = [line for found in stock.scenes.values() for s in found for line in (*s.titles, *s.openings, *s.answers, *s.followups)]
    said += [line for lines in stock.small.values() for line in lines]
    for line in said:
        assert line.count("{") == line.count("}") and line.count("[") == line.count("]"), line
        names = {part.split("]")[0] for part in line.split("[")[1:]}
        assert names <= known, line


# ── the plan ──
def test_a_seed_makes_one_plan_and_another_seed_another():
    one, again, other = (plan(seed, members=120, days=40) for seed in ("1", "1", "2"))
    assert one.acts == again.acts
    assert [act.what for act in one.acts] != [act.what for act in other.acts]


def test_only_an_answer_is_accepted_or_helps(half_year):
    posts = {(thread.index, said.number): (thread, said) for thread in half_year.threads for said in thread.posts}
    crowned = Counter()
    for act in half_year.acts:
        if act.verb in {"accept", "helped"}:
            thread, said = posts[act.what["post"]]
            assert said.answers and said.line and thread.scene.can_help(said.line), (act.verb, said.text)
            crowned[act.verb] += 1
    assert crowned["accept"] > 200 and crowned["helped"] > 1000, crowned
    company = [said for _thread, said in posts.values() if said.line in _thread.scene.beside]
    assert len(company) > 100, "they are said all the same"


def test_the_half_year_has_its_size(half_year):
    verbs = Counter(act.verb for act in half_year.acts)
    assert len(half_year.acts) >= 20_000
    assert len(half_year.people) == 1000 and verbs["arrive"] + verbs["found"] == 1000
    assert verbs["space"] == len(world.PLACES) == 12
    assert {place.openness for place in world.PLACES} == {"public", "open", "private", "hidden"} and any(p.parent for p in world.PLACES)
    assert min(verbs[v] for v in ("open", "reply", "react", "helped", "join")) > 800
    assert min(verbs[v] for v in ("accept", "edit", "remove", "close", "leave", "ask_in", "let_in", "turn_down", "organise", "bot")) > 0
    assert verbs["bot"] == 2


def test_it_is_in_order_and_ends_now(half_year):
    moments = [act.at for act in half_year.acts]
    assert moments == sorted(moments) and END - timedelta(hours=12) < moments[-1] < END
    assert moments[0] > END - timedelta(days=180)


def test_nobody_acts_before_coming_or_answers_what_is_not_said(half_year):
    here, posts, spaces, topics = set(), set(), set(), set()
    for act in half_year.acts:
        if act.verb in {"found", "arrive"}:
            here.add(act.who)
            continue
        assert act.who in here, act
        if act.verb == "space":
            spaces.add(act.what["space"])
        elif "space" in act.what:
            assert act.what["space"] in spaces, act
        if act.verb == "open":
            topics.add(act.what["topic"])
            posts.add((act.what["topic"], 1))
        elif "topic" in act.what:
            assert act.what["topic"] in topics, act
        if act.verb == "reply":
            assert act.what["to"] is None or act.what["to"] in posts, act
            posts.add((act.what["topic"], act.what["number"]))
        elif "post" in act.what:
            assert act.what["post"] in posts, act


def test_private_rooms_hold_only_those_let_in(half_year):
    inside = {"trial": {0}, "hosts": {0}}
    for act in half_year.acts:
        if act.verb in {"let_in", "bring_in"}:
            inside[act.what["space"]].add(act.what["person"])
    place_of = {act.what["topic"]: act.what["space"] for act in half_year.acts if act.verb == "open"}
    for act in half_year.acts:
        if act.verb in {"open", "reply"} and (place := place_of[act.what["topic"]]) in inside:
            assert act.who in inside[place], act


def test_names_and_handles_can_be_kept(half_year):
    people = half_year.people
    assert len({person.handle for person in people}) == len(people) and len({person.name for person in people}) > 990
    assert not [person.handle for person in people if member_rules.why_not_handle(person.handle) or member_rules.why_not_name(person.name)]


# ── the words ──
def test_the_words_are_not_repeated_by_the_dozen(half_year):
    texts = texts_of(half_year)
    posts = Counter(texts)
    assert sum(1 for text in texts if posts[text] == 1) / len(texts) > 0.9
    assert posts.most_common(1)[0][1] < A_DOZEN, posts.most_common(5)
    said = Counter(one for text in texts for one in set(sentences(text)) if len(one) > (10 if language_of(one) == "zh" else 20))
    assert said.most_common(1)[0][1] < A_DOZEN, said.most_common(5)
    titles = Counter(act.what["title"] for act in half_year.acts if act.verb == "open")
    assert titles.most_common(1)[0][1] <= 3, titles.most_common(5)


def test_two_languages_about_three_to_two(half_year):
    texts = texts_of(half_year)
    chinese = sum(1 for text in texts if language_of(text) == "zh") / len(texts)
    assert 0.52 < chinese < 0.68
    by_topic: dict[int, set[str]] = {}
    for act in half_year.acts:
        if act.verb in {"open", "reply"} and not act.what["text"].startswith(("@", ">")):
            by_topic.setdefault(act.what["topic"], set()).add(language_of(act.what["text"]))
    assert max(len(found) for found in by_topic.values()) == 1  # nobody answers English words by Chinese ones by accident


def test_nothing_unfilled_and_nothing_too_long(half_year):
    for act in half_year.acts:
        if act.verb in {"open", "reply", "edit"}:
            assert not set("{}[]") & set(act.what["text"]), act.what["text"]
            assert not talk_rules.why_not_text(act.what["text"])
        if act.verb == "open":
            assert not talk_rules.why_not_title(act.what["title"]) and not set("{}[]") & set(act.what["title"]), act.what["title"]


# ── the shape of life ──
def test_growth_rhythm_and_a_heavy_tail(half_year):
    day = [(person.joins_at - half_year.start).days for person in half_year.people[len(world.CAST) :]]
    weeks = Counter(d // 7 for d in day)
    assert max(weeks, key=lambda week: weeks[week]) in {0, 1} and weeks[1] > 2.2 * statistics.median(weeks.values())
    hours = Counter(a.at.astimezone(ZoneInfo(world.ZONE)).hour for a in half_year.acts if a.verb == "open")
    assert sum(hours[h] for h in (20, 21, 22)) > 4 * sum(hours[h] for h in (3, 4, 5))
    said = Counter(act.who for act in half_year.acts if act.verb in {"open", "reply"})
    top = sorted(said.values(), reverse=True)
    assert sum(top[: len(half_year.people) // 100]) / sum(top) > 0.2  # the top hundredth
    silent = 1 - len(said) / len(half_year.people)
    assert 0.3 < silent < 0.55  # many come, look and go


def test_answers_come_like_answers(half_year):
    asked = {a.what["topic"]: a for a in half_year.acts if a.verb == "open" and a.what["asks"]}
    first: dict[int, float] = {}
    for act in half_year.acts:
        if act.verb == "reply" and act.what["topic"] in asked and act.who != asked[act.what["topic"]].who:
            first.setdefault(act.what["topic"], (act.at - asked[act.what["topic"]].at) / timedelta(minutes=1))
    old = [topic for topic, act in asked.items() if act.at < END - timedelta(days=3)]
    answered = sum(1 for topic in old if topic in first) / len(old)
    assert 0.8 < answered < 0.97
    waits = sorted(first.values())
    assert 20 < statistics.median(waits) < 150 and waits[int(0.9 * len(waits))] > 300


def test_one_space_cools(half_year):
    opened = [(a.what["space"], half_year.day_of(a.at)) for a in half_year.acts if a.verb == "open"]
    early = sum(1 for space, day in opened if space == "wood" and 40 <= day < 88)
    late = sum(1 for space, day in opened if space == "wood" and 132 <= day < 180)
    assert late < early / 2
