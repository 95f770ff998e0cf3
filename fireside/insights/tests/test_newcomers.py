"""How newcomers get on: who is counted for which step, what an unanswered first topic goes with, and that every figure has its list."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from fireside.activity.actor import house as the_house
from fireside.activity.log import Line, record_many
from fireside.conversation import kinds as talk
from fireside.insights import actions
from fireside.insights.tests.test_definitions import DAY, HOUR, behind
from fireside.insights.tests.test_front import page_of, signed_in
from fireside.insights.tests.test_metrics import NOON, member, said
from fireside.members import kinds as people
from fireside.site.tests.tour import reads_in

pytestmark = [pytest.mark.django_db]


def came(now, spaces=(5,)):
    """72 came 120 days ago and opened a topic: 25 are answered at once and write again; 22 are answered on the third day, and half write
    again; 25 are not answered (but by a program, by themselves, or by a reply that was removed), and five write again. Three came five days ago."""
    ann, robot, start, lines = member("Ann Host", at=now - 400 * DAY), member("Robot", at=now - 400 * DAY, is_bot=True), now - 120 * DAY, []
    for n in range(72):
        who, at, about = member(f"Guest {n}", at=start), start + HOUR, {"topic": 100 + n, "space": spaces[0]}
        lines += [Line(people.JOINED, start, who), said(talk.OPENED, at, who, post=1000 + n, **about),
                  said(talk.REPLIED, at + timedelta(minutes=1), who, post=2000 + n, **about)]  # fmt: skip
        soon, late = n < 25, 25 <= n < 47
        if soon or late:
            lines.append(said(talk.REPLIED, at + (2 * HOUR if soon else 3 * DAY), ann, post=3000 + n, other=who, **about))
        if soon or (late and n % 2) or n >= 67:
            lines.append(said(talk.REPLIED, at + 10 * DAY, who, post=4000 + n, **about))
        if n < 3:
            lines.append(said(talk.HELPED, at + 11 * DAY, ann, post=4000 + n, other=who, **about))
    gone = {"topic": 150, "post": 5000, "space": spaces[0]}
    lines += [said(talk.REPLIED, start + 2 * HOUR, robot, topic=151, post=5001, space=spaces[0]), said(talk.REPLIED, start + 2 * HOUR, ann, **gone),
              said(talk.REMOVED, start + 3 * HOUR, ann, **gone)]  # fmt: skip
    lines += [Line(people.JOINED, now - 5 * DAY, member(f"Late {n}", at=now - 5 * DAY)) for n in range(3)]
    return lines


@pytest.mark.once
def test_each_step_is_of_those_who_could_reach_it(mirror, ask):
    actor = mirror("UTC", NOON)
    record_many(actor, came(NOON))
    answer = ask(actor, "newcomers")
    assert answer["headline"]["came"] == 75
    steps = {one["step"]: (one["n"], one["before"], one["people"]) for one in answer["more"]["steps"]}
    assert steps == {"wrote": (72, 72, 72), "answered": (72, 72, 25), "again": (72, 25, 25), "helped": (72, 25, 3)}
    topics = {one["reply"]: (one["n"], one["people"]) for one in answer["more"]["first_topics"]}
    assert topics == {"soon": (25, 25), "later": (22, 11), "never": (25, 5)}
    row = next(row for row in answer["rows"] if row["n"] == 72)
    assert (row["answered_of"], row["answered_people"], row["answered"]) == (72, 25, 25 / 72)
    assert answer["rows"][-1]["wrote"] is None  # of the three who came five days ago nothing is said
    assert behind(actor, "newcomers", "came") == 75
    assert {step: behind(actor, "newcomers", step) for step in steps} == {step: people for step, (_n, _before, people) in steps.items()}
    assert {reply: behind(actor, "newcomers", f"{reply}_spoke") for reply in topics} == {
        reply: spoke for reply, (_n, spoke) in topics.items()
    }


@pytest.mark.once
def test_who_came_with_a_history_is_watched_until_it_ends(mirror, ask):
    """Until somebody writes here: then what they do is seen."""
    actor = mirror("UTC", NOON)
    start, old, lines = NOON - 200 * DAY, {"imported": True, "source": "old"}, []
    for n in range(20):
        who = member(f"Guest {n}", at=start)
        lines += [
            Line(people.JOINED, start, who, external_id=f"p{n}", **old),
            said(talk.OPENED, start + HOUR, who, topic=n + 1, post=n + 1, external_id=f"m{n}", **old),
        ]
    lines.append(said(talk.REPLIED, start + 15 * DAY, who, topic=20, post=90, external_id="last", **old))
    record_many(actor, lines)
    assert [one["n"] for one in ask(actor, "newcomers")["more"]["steps"]] == [20, 20, 0, 0]
    record_many(actor, [said(talk.OPENED, NOON - HOUR, member("Ann", at=NOON - 400 * DAY), topic=70, post=70)])
    assert [one["n"] for one in ask(actor, "newcomers")["more"]["steps"]] == [20, 20, 20, 20]


def test_newcomers_are_told_of_by_every_door(mirror, world, capsys):
    now = timezone.now()
    lines = came(now, spaces=(world.hearth.pk,))
    record_many(world.as_(""), lines)
    actions.bring_up_to_date(worker := the_house("worker", now=now))
    actions.refresh_standing(worker, only="week")
    told = signed_in(world.dan).get("/api/v1/metrics/newcomers").json()
    call_command("metrics", "newcomers", "--as-it-stands", "--json", **{"as": world.dan.handle})
    assert json.loads(capsys.readouterr().out)["more"] == told["more"]
    for lang, words in (
        ("en-GB", ("What an unanswered first topic costs", "Observed, not caused", "25", "22", "spoke again")),
        ("zh-CN", ("第一个话题没人理会的代价", "这是观察，不是因果", "25", "22", "再次发言")),
    ):
        reads_in(world.dan, lang)
        page = page_of(world.dan, "/cockpit/newcomers")
        part = page.split('id="first-topics"')[1].split("</section>")[0]
        assert [word for word in words if word not in part] == [], lang
        assert 'href="/cockpit/newcomers?' in page_of(world.dan, period="week").split('id="q8"')[1]
        drawn = json.loads(re.search(r'id="c-data">(.*?)</script>', page, re.DOTALL)[1])
        assert len(drawn["labels"]) == len(drawn["values"]) == 5
        file = signed_in(world.dan).get("/cockpit/newcomers/csv").content.decode("utf-8-sig")
        assert f"{drawn['labels'][2]},78,25," in file  # six of the world's own came, too
