"""What no archive tells (confirmed help, acceptances, thanks, reactions, removals), by real actions in a small world, against plain Python
over the log's own lines."""

import json
from datetime import date

from fireside.activity.actor import house
from fireside.activity.models import Activity
from fireside.conversation.actions import (
    accept_answer,
    close_topic,
    make_question,
    make_talk,
    open_topic,
    react,
    remove_post,
    reopen_topic,
    reply,
    restore_post,
    say_helped,
    take_back_helped,
    take_back_reaction,
    withdraw_acceptance,
)  # fmt: skip
from fireside.insights import actions, metrics
from fireside.insights.mirror.state import snapshot
from fireside.insights.queries.answering import compute_answer, sitting
from fireside.insights.queries.asking import Ask, read
from fireside.insights.tests.plain import Plain, log
from fireside.insights.tests.same import differences
from fireside.insights.tests.twists import AnswersThemselves, AskingShares, NoCap, StaffAsPeers, UnansweredDropped
from fireside.members.actions import join_community, mark_bot, merge_members
from fireside.members.models import Member

DAY = 24 * 60


def lived(world):
    """Three weeks: help of every kind, said, taken back and removed, by members, staff, a robot, and somebody with two traces."""

    def do(who, action, minutes=7, **what):
        return action(world.later(minutes=minutes).as_(who), **what)

    def asks(who, title, **more):
        return do(who, open_topic, space=world.hearth, title=title, text="It did yesterday.", **more)

    def answers(who, topic, minutes=20):
        return do(who, reply, minutes=minutes, topic=topic, text="Turn it once.")

    for name in ("Kit", "Robbie"):
        world.people[name.lower()] = join_community(world.as_(""), name=name, email=f"{name.lower()}@example.org")
    washer = asks("ben", "Which washer?")
    flat, thick = answers("ann", washer), answers("dan", washer)
    do("ben", accept_answer, post=flat)
    do("cat", say_helped, post=flat)
    do("kit", say_helped, minutes=DAY, post=thick)
    do("mira", react, post=thick)
    do("ben", react, post=flat, sign="agree")
    own = asks("cat", "Does it matter?")
    do("cat", accept_answer, minutes=180, post=answers("cat", own))  # to herself: nobody waits, nobody was helped
    answers("kit", own)  # under her other name: no reply to another person
    wick = asks("cat", "Who trims the wick?")
    trimmed = answers("ben", wick, minutes=3 * DAY)
    do("cat", say_helped, post=trimmed)
    do("cat", take_back_helped, minutes=DAY, post=trimmed)
    do("dan", accept_answer, post=trimmed)  # for her: not yet hers
    do("dan", withdraw_acceptance, topic=wick)
    do("cat", accept_answer, minutes=4 * DAY, post=answers("mira", wick))
    fair = asks("ann", "The lamp fair", asks=False)
    do("dan", make_question, topic=fair)
    do("ben", react, post=answers("kit", fair, minutes=DAY))
    do("ben", make_talk, topic=asks("ben", "Why so loud?"))
    shut = asks("ann", "Closed in between?")
    do("ann", close_topic, topic=shut)
    do("ann", reopen_topic, topic=shut)
    do("ann", close_topic, minutes=90, topic=shut)
    do("dan", remove_post, post=asks("ben", "Said twice?").posts.get(number=1), reason="said twice")
    first = asks("mira", "Is the first reply still there?")
    taken = answers("ann", first)
    do("mira", say_helped, post=taken)
    do("dan", remove_post, post=taken, reason="a broken link")  # it had helped her; the first reply that stands is the next
    answers("cat", first, minutes=2 * DAY)
    back = answers("ben", first)
    do("dan", remove_post, post=back, reason="a mistake")
    do("dan", restore_post, post=back)
    do("ann", react, minutes=5 * DAY, post=back)
    do("ann", take_back_reaction, post=back)
    for _ in range(9):  # more than a day's heat
        answers("ben", washer, minutes=5)
    robot = asks("olu", "Is the robot awake?")
    do("ann", say_helped, post=answers("robbie", robot))
    asks("kit", "Does anybody hear me?")
    do("dan", mark_bot, member=world.robbie, reason="operator")
    do("olu", merge_members, member=world.kit, into=world.cat, reason="two names")


def told():
    """The log and the people as a history, by way of one JSON object a line."""
    rows = Activity.objects.order_by("pk").values_list("kind", "at", "member_id", "other_id", "space_id", "parent_id", "target_id")
    names = ("kind", "at", "member", "other", "space", "topic", "post")
    people = Member.objects.order_by("pk").values_list("pk", "person_id", "is_bot", "role")
    return log.history(
        [json.dumps(dict(zip(names, (kind, at.isoformat(), *rest), strict=True))) for kind, at, *rest in rows],
        [json.dumps({"member": pk, "person": person, "bot": bot, "staff": role != "member"}) for pk, person, bot, role in people],
    )


def answered(world):
    """Every metric in every mode, as the house answers."""
    by_itself = house("worker", now=world.now)
    actions.bring_up_to_date(by_itself)
    state = snapshot()
    with sitting(state) as among:
        for metric in metrics.every():
            for mode in metric.modes or [""]:
                asked = read(metric, Ask(by="week", mode=mode), viewer=by_itself, snapshot=state, now=world.now)
                yield metric.name, mode, compute_answer(metric, asked, state, among)


def compare(answers, world, history, how=Plain):
    view, found = how(history, world.community.time_zone, world.now), []
    for metric, mode, answer in answers:
        clock, more = answer["clock"], {"mode": mode} if mode else {}
        if metric == "retention":
            more["offsets"] = int(answer["params"]["offsets"])
        span = view.span(date.fromisoformat(clock["since"]), date.fromisoformat(clock["until"]), clock["by"])
        again = getattr(view, metric)(span, **more)
        found += [(metric, mode, *each) for each in differences(answer, again, {world.hearth.pk: str(world.hearth.pk)})]
    return found


class NeverTakenBack(Plain):
    def done(self, *what, **more):
        return super().done(*(one for one in what if one != "help_taken_back"), **more)


class AnybodyAccepts(Plain):
    def accepted(self, until):
        return [(act.who, act.to, act.topic, self.day(act.at)) for act in self.acts if act.what == "accepted"]


class RemovedReplies(Plain):
    def replies_to(self, asked, **more):
        return super().replies_to(asked, removed_too=True)


class TwoTracesTwoPeople(Plain):
    def person(self, trace):
        return trace


def test_confirmed_help_thanks_and_removals_count_as_the_log_says(world):
    lived(world)
    answers, history = list(answered(world)), told()
    assert compare(answers, world, history) == []
    front = {metric: answer["headline"] for metric, _mode, answer in answers}["helped"]
    assert front["confirmed"] == front["helpers"] == 3 and front["staff"] and 0 < front["peer_share"] < 1
    for twist, seen_in in {
        NeverTakenBack: "helped", AnybodyAccepts: "helped", StaffAsPeers: "helped", RemovedReplies: "first_reply", TwoTracesTwoPeople: "helped",
        AnswersThemselves: "first_reply", UnansweredDropped: "first_reply", NoCap: "heat", AskingShares: "cores",
    }.items():  # fmt: skip
        assert seen_in in {metric for metric, *_rest in compare(answers, world, history, twist)}, twist
