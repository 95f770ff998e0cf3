"""People and machines. Shapes of names and rhythms as seen in real archives; the names are made up."""

import pytest

from fireside.connectors.rules.bots import judge, name_says
from fireside.connectors.rules.rhythm import Rhythms, Traits

BUSY = {"posts": 1800, "topics": 378, "alone": 1.0, "quick": 0.35, "in_a_minute": 41}


@pytest.mark.parametrize("name", [
    "Welcome Bot", "Notification Bot", "Acme GitHub notifications bot", "RFC notifications bot", "deploy-bot", "release_bot", "camper [bot]",
    "Builds (bot)", "通知机器人", "小明机器人 2", "推送助手", "[Bot] Weather", "ＣＩ　Ｂｏｔ",
])  # fmt: skip
def test_names_that_say_so(name):
    assert name_says(name) == "bot"
    assert judge(name).reason == "name"


@pytest.mark.parametrize("name", [
    "mr_rustbot", "Abbott", "Elbot", "Robot Fan Club member", "Botond", "Jan Willem Bot", "Jan Bot", "GitHub", "Zapier", "客服小助手", "机器人爱好者", "bot", "",
])  # fmt: skip
def test_names_of_people_are_no_proof(name):
    assert not judge(name).is_bot
    assert not judge(name, traits=Traits(posts=300, mentioned=12, topics=40, alone=0.1)).is_bot


def test_a_doubtful_name_needs_one_sign_of_rhythm_and_an_ordinary_one_two():
    assert judge("GitHub", traits=Traits(**BUSY)).reason == "name"
    assert judge("Jan Bot", traits=Traits(posts=40, topics=25, alone=0.95)).reason == "name"
    assert judge("Ada", traits=Traits(**BUSY)).reason == "rhythm"
    assert not judge("Ada", traits=Traits(posts=60, topics=30, alone=0.95)).is_bot  # speaks into the void, but like a person
    assert not judge("Ada", traits=Traits(**BUSY, mentioned=9)).is_bot  # others call them: somebody is there
    assert not judge("Ada", traits=Traits(posts=30, topics=30, alone=1.0, quick=0.9, in_a_minute=30)).is_bot  # too little seen


def test_the_sources_word_decides():
    assert judge("Ada", flagged=True, traits=Traits(mentioned=99)).reason == "source"


def test_rhythm_is_measured_in_any_order():
    rhythms = Rhythms()
    for n in reversed(range(100)):
        rhythms.post("cron", 1_600_000_000 + n * 86_400, "news", f"day {n}", f"<p>Digest of day {n}</p>")
    for n in range(60):
        rhythms.post("ada", 1_600_000_000 + n * n * 97, "talk", f"t{n % 7}", f"<p>{'abcdefghij'[n % 10] * 4} {n}</p>")
        rhythms.post("bo", 1_600_000_030 + n * n * 97, "talk", f"t{n % 7}", f"<p>{'klmnopqrst'[n % 10] * 4} {n}</p>")
    rhythms.mention("ada")
    cron, ada = rhythms.traits("cron"), rhythms.traits("ada")
    assert (cron.posts, cron.topics, cron.alone, cron.regular, cron.same_opening) == (100, 100, 1.0, 1.0, 1.0)
    assert (ada.posts, ada.topics, ada.alone, ada.mentioned) == (60, 7, 0.0, 1)
    assert judge("Morning news", traits=cron).is_bot
    assert not judge("Ada", traits=ada).is_bot
