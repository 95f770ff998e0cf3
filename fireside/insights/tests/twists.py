"""Mistakes that a second computation could make, one at a time. Each must be seen: what cannot fail proves nothing."""

from datetime import UTC, timedelta

from .plain import Plain, days, source


class NewAgain(Plain):
    """Who was away for 200 days is taken for new: the first trace in a window instead of the first ever."""

    def came(self, until):
        return {
            who: min(day for day in when if day > max(when) - timedelta(days=200)) for who, when in self.active_days(until).items()
        }  # fmt: skip


class SumsOfDays(Plain):
    def window(self, when, end, width):
        return sum(len(self.seen(when, end - i * days.ONE, end - i * days.ONE)) for i in range(width))


class NotCensored(Plain):
    """Cells of intervals that are not over."""

    def could_reach(self, start, k, span):
        return days.following(start, span.by, k) <= span.until


class WrongMode(Plain):
    """exact as if on_or_after, on_or_after and unbroken as if exact, bracket one interval late."""

    def stayed(self, mode, later, k, bracket):
        other = {"exact": "on_or_after", "on_or_after": "exact", "unbroken": "exact", "bracket": "bracket"}[mode]
        return super().stayed(other, later, k, (bracket[0] + 1, bracket[1] + 1))


class UnansweredDropped(Plain):
    def waits(self, found):
        return [(wait, answered) for wait, answered in super().waits(found) if answered]


class WatchedOn(Plain):
    """Questions of a source that ended still wait today."""

    def waits(self, found):
        self.watched = self.now
        return super().waits(found)


class AnswersThemselves(Plain):
    """One's own next post counts as a reply."""

    def replies_to(self, asked, **more):
        return [act for act in self.about[asked.topic] if act.what == "replied" and act.at >= asked.at and self.counts(act.who)]


class StaffAsPeers(Plain):
    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.staff = set()


class NoCap(Plain):
    def capped(self, worth):
        return worth


class HalvesInMonths(Plain):
    """Spaces, too, fade by half in 28 days."""

    def fading(self, worth, day, at, half_life):
        return super().fading(worth, day, at, 28)


class BreadthByHeads(Plain):
    def breadth(self, heats):
        return float(len(heats))


class AskingShares(Plain):
    def core(self, what):
        return "share" if what == "asked" else super().core(what)


class OwnTopicsToo(Plain):
    """Every reply counts as one to somebody else."""

    def contributions(self, span, mode):
        said = self.done(*(("replied",) if mode == "answers" else ("asked", "opened")), since=span.since, until=span.until, staff="exclude")
        return [(who, day) for who, day, _act in said]


class Greenwich(Plain):
    """Days of UTC instead of the community's."""

    def local(self, at):
        return super().local(at).astimezone(UTC)


class NewcomersNotCensored(Plain):
    """Who came yesterday has already failed to help anybody within 90 days."""

    def watched_long_enough(self, since, days):
        return True


class AtOnceToo(Plain):
    """A second line in the same minute is taken for speaking again: who gets an answer writes one more easily."""

    def later_words(self, opened, posts):
        return any(act.at > opened.at for act in posts)


class SpeaksToTheFirst(Plain):
    """Whoever writes in a topic that asks nothing has a tie with who opened it."""

    def speaks_to(self, act):
        return act.post not in self.gone


class OneIsAGroup(Plain):
    """Who has a tie with one only makes a bridge of that one."""

    def parted(self, others, who):
        return len(others) - 1 - max((len(others) - 1) // 2, 1)


TWISTS = [  # what is twisted, and in which metric and mode it must be seen
    ("bots counted", {"bots": set()}, [("members", ""), ("active", ""), ("talk", ""), ("first_reply", "topics"), ("concentration", "answers")]),
    ("a question is what has a question mark", {"rules": source.Rules(asks=lambda title, html: "?" in html)},
     [("talk", ""), ("first_reply", "questions"), ("helped", ""), ("cores", ""), ("heat", "members")]),
    ("nobody thanks by name", {"rules": source.Rules(thanks=lambda html: False)}, [("helped", "")]),
    ("a topic ends with the day", {"rules": source.Rules(topic=lambda m: f"{m.topic}/{m.at // 86_400}")},
     [("talk", ""), ("first_reply", "topics"), ("concentration", "answers")]),
    ("new again after a pause", {"how": NewAgain}, [("members", ""), ("retention", "exact"), ("heat", "spaces")]),
    ("sums of days", {"how": SumsOfDays}, [("active", "")]),
    ("not right-censored", {"how": NotCensored}, [("retention", mode) for mode in ("exact", "on_or_after", "unbroken", "bracket")]),
    ("another mode", {"how": WrongMode}, [("retention", mode) for mode in ("exact", "on_or_after", "unbroken", "bracket")]),
    ("newcomers not censored", {"how": NewcomersNotCensored, "when": 1}, [("newcomers", "")]),
    ("speaks again at once", {"how": AtOnceToo, "when": 1}, [("newcomers", "")]),
    ("unanswered dropped", {"how": UnansweredDropped}, [("first_reply", "questions"), ("first_reply", "topics")]),
    ("watched on", {"how": WatchedOn}, [("first_reply", "questions"), ("first_reply", "topics")]),
    ("answers themselves", {"how": AnswersThemselves}, [("first_reply", "questions"), ("first_reply", "topics"), ("helped", "")]),
    ("staff as peers", {"how": StaffAsPeers}, [("helped", ""), ("first_reply", "topics"), ("cores", ""), ("heat", "members")]),
    ("no cap", {"how": NoCap}, [("heat", "members"), ("heat", "spaces")]),
    ("halves in 28 days", {"how": HalvesInMonths}, [("heat", "spaces")]),
    ("breadth by heads", {"how": BreadthByHeads}, [("heat", "spaces")]),
    ("asking shares", {"how": AskingShares}, [("cores", "")]),
    ("own topics too", {"how": OwnTopicsToo}, [("concentration", "answers"), ("concentration", "posts")]),
    ("speaks to the first", {"how": SpeaksToTheFirst}, [("network", "")]),
    ("one is a group", {"how": OneIsAGroup}, [("network", "")]),
    ("days of UTC", {"how": Greenwich}, [("members", ""), ("active", ""), ("talk", ""), ("heat", "members")]),
]  # fmt: skip
