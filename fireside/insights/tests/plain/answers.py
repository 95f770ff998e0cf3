"""How soon somebody answers, and who was helped."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from .curves import Waits, waiting
from .days import Span
from .history import Act, View

BINS = (300, 900, 1800, 3600, 7200, 21_600, 86_400)
WEEK = 7 * 86_400


class Question(NamedTuple):
    asked: Act
    person: str
    day: date
    reply: float | None  # when another person first replied
    by_staff: bool
    shut: float | None  # closed, or answered by whoever asked


class Help(NamedTuple):
    person: str
    helper: str
    topic: str
    day: date
    how: str  # said, accepted, inferred


class Answers(View):
    # ── the first reply ──
    def replies_to(self, asked: Act, *, removed_too: bool = False) -> list[Act]:
        """Replies by other people, none of them bots."""
        asker = self.person(asked.who)
        return [act for act in self.about[asked.topic]
                if act.what == "replied" and (self.places is None or act.place in self.places) and act.at >= asked.at
                and self.counts(act.who) and self.person(act.who) != asker and (removed_too or act.post not in self.gone)]  # fmt: skip

    def shut(self, topic: str) -> float | None:
        """When it was closed and stayed so, or when an answer was accepted: from then on nobody waits."""
        about = self.about[topic]
        net = sum({"closed": 1, "reopened": -1}.get(act.what, 0) for act in about)
        times = [max(act.at for act in about if act.what == "closed")] if net > 0 else []
        words = [act for act in about if act.what in ("accepted", "acceptance_taken_back")]
        times += [words[-1].at] if words and words[-1].what == "accepted" else []
        return min(times, default=None)

    def questions(self, span: Span, mode: str) -> list[Question]:
        found = []
        for person, day, act in self.done("asked", "opened", since=span.since, until=span.until):
            if act.post in self.gone or (mode == "questions" and not self.asks(act.topic)):
                continue
            replies = self.replies_to(act)
            first = min((reply.at for reply in replies), default=None)
            at_once = {self.person(reply.who) in self.staff for reply in replies if reply.at == first}
            found.append(Question(act, person, day, first, at_once == {True}, self.shut(act.topic)))
        return found

    def waits(self, found: list[Question]) -> Waits:
        """Who has no reply is censored where we stopped watching, never dropped: of what was brought in, at the last post of its source."""
        end = self.watched
        return [(one.reply - one.asked.at, True) if one.reply is not None else (max(0.0, min(one.shut or end, end) - one.asked.at), False)
                for one in found]  # fmt: skip

    def first_reply(self, span: Span, mode: str) -> dict[str, Any]:
        found = self.questions(span, mode)
        rows = [span.row(start, end) | waiting(self.waits([one for one in found if start <= one.day <= end])) for start, end in span.each()]
        whole, answered = waiting(self.waits(found)), [one for one in found if one.reply is not None]
        open_now = [one for one in found if one.reply is None and one.shut is None]
        spread = [0] * (len(BINS) + 1)
        for one in answered:
            spread[sum(one.reply - one.asked.at >= edge for edge in BINS)] += 1
        ended = [one for one in found if one.reply is None and self.watched < min(one.shut or self.now, self.now)]
        hours = []
        for low in range(0, 24, 3):
            here = [one for one in found if low <= self.local(one.asked.at).hour < low + 3]
            if len(here) >= 20:
                curve = waiting(self.waits(here))
                hours.append({"from": low, "to": low + 3, **{key: curve[key] for key in ("n", "median", "p90")}})
        return {
            "headline": whole | {
                "value": whole["median"], "waiting": len(open_now), "waiting_people": len({one.person for one in open_now}),
                "oldest_ms": min((round(one.asked.at * 1000) for one in open_now), default=None), "first_by_staff": sum(one.by_staff for one in answered),
            },
            "rows": rows,
            "more": {"bins": list(BINS), "spread": spread, "unanswered": len(found) - len(answered), "ended": len(ended), "hours": hours},
        }  # fmt: skip

    # ── people helped ──
    def said(self, until: date) -> list[tuple[str, str, str, date]]:
        """(who, helper, topic, day): said that a post helped, and not taken back since."""
        net: dict[tuple[str, str], list[Act]] = defaultdict(list)
        for _person, _day, act in self.done("helped", "help_taken_back", until=until):
            net[act.who, act.post].append(act)
        found = []
        for acts in net.values():
            if sum({"helped": 1, "help_taken_back": -1}[act.what] for act in acts) > 0:
                last = max(act.at for act in acts if act.what == "helped")
                found.append((acts[0].who, acts[0].to, acts[0].topic, self.day(last)))
        return found

    def accepted(self, until: date) -> list[tuple[str, str, str, date]]:
        """The last word on each topic, when it is of whoever asked."""
        last: dict[str, Act] = {}
        for act in self.inside:
            if act.what in ("accepted", "acceptance_taken_back") and self.day(act.at) <= until:
                last[act.topic] = act
        return [(act.who, act.to, topic, self.day(act.at)) for topic, act in last.items()
                if act.what == "accepted" and self.person(act.who) == self.person(self.opening[topic].who)]  # fmt: skip

    def inferred(self, asked: Act, until: date) -> tuple[str, date] | None:
        """(helper, day): whoever asked wrote again, or gave thanks, within seven days of the first reply of another person."""
        others = [act for act in self.replies_to(asked, removed_too=True) if self.day(act.at) <= until]  # what was removed later did help
        if not others:
            return None
        first = min(act.at for act in others)
        back = [self.day(act.at) for act in self.about[asked.topic]
                if act.what in ("replied", "thanked") and self.person(act.who) == self.person(asked.who)
                and first < act.at <= first + WEEK and self.day(act.at) <= until]  # fmt: skip
        return (next(self.person(act.who) for act in others if act.at == first), min(back)) if back else None

    def helps(self, span: Span) -> list[Help]:
        found = [Help(self.person(who), self.person(to), topic, day, how)
                 for how, known in (("said", self.said(span.until)), ("accepted", self.accepted(span.until)))
                 for who, to, topic, day in known if self.counts(who) and self.counts(to)]  # fmt: skip
        found = [one for one in found if one.person != one.helper]
        known = {one.topic for one in found}
        for person, _day, act in self.done("asked", "opened", until=span.until) if self.history.elsewhere else ():
            if act.topic not in known and self.asks(act.topic) and (back := self.inferred(act, span.until)):
                found.append(Help(person, back[0], act.topic, back[1], "inferred"))
        for who, _day, act in self.done("thanked_by_name", until=span.until) if self.history.elsewhere else ():
            if act.topic not in known and not self.asks(act.topic) and self.counts(act.to) and who != self.person(act.to):
                found.append(Help(who, self.person(act.to), act.topic, self.day(act.at), "inferred"))
        return [one for one in found if span.since <= one.day <= span.until]

    def helped(self, span: Span) -> dict[str, Any]:
        found = self.helps(span)

        def share(some: list[Help]) -> dict[str, Any]:
            peers = sum(one.helper not in self.staff for one in some)
            return {"helps": len(some), "peer_share": peers / len(some) if some else None}

        def people(some: list[Help]) -> tuple[int, int]:
            return len({one.person for one in some}), len({one.person for one in some if one.how != "inferred"})

        rows = []
        for start, end in span.each():
            here = [one for one in found if start <= one.day <= end]
            everybody, sure = people(here)
            rows.append(span.row(start, end) | {"helped": everybody, "confirmed": sure, "inferred": everybody - sure,
                                                "helpers": len({one.helper for one in here}), **share(here)})  # fmt: skip
        everybody, sure = people(found)
        helpers = {one.helper for one in found}
        how = {key: sum(one.how == key for one in found) for key in ("said", "accepted", "inferred")}
        return {
            "headline": {"value": everybody, "confirmed": sure, "inferred": everybody - sure, "helpers": len(helpers),
                         "peers": len(helpers - self.staff), "staff": len(helpers & self.staff), **share(found)},
            "rows": rows, "more": {"said": how["said"], "accepted": how["accepted"], "inferred_helps": how["inferred"]},
        }  # fmt: skip
