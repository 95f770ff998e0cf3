"""Who is tied to whom, and what falls apart when somebody leaves: by taking everybody out of the graph, one after another."""

from collections import defaultdict
from datetime import date
from typing import Any

from .days import Span
from .history import Act
from .people import People

TURNED = ("replied", "thanked", "thanked_by_name", "helped", "accepted")


class Network(People):
    def speaks_to(self, act: Act) -> bool:
        """A reply to whoever opened an imported topic that asks nothing speaks to nobody."""
        if act.what != "replied":
            return True
        opening = self.opening.get(act.topic)
        return act.post not in self.gone and not (
            self.history.elsewhere and opening and opening.who == act.to and not self.asks(act.topic)
        )  # fmt: skip

    def turns(self, span: Span) -> list[tuple[str, str, date]]:
        """(person, to whom, day)."""
        return [
            (who, self.person(act.to), day) for who, day, act in self.done(*TURNED, since=span.since, until=span.until)
            if act.to and self.counts(act.to) and self.person(act.to) != who and self.speaks_to(act)
        ]  # fmt: skip

    def network(self, span: Span) -> dict[str, Any]:
        turns, came = self.turns(span), self.came(span.until)
        others: dict[str, set[str]] = defaultdict(set)
        for who, to, _day in turns:
            others[who].add(to)
            others[to].add(who)
        wrote = {
            who
            for who, _day, act in self.done("asked", "opened", "replied", since=span.since, until=span.until)
            if act.post not in self.gone
        }
        turned_to = {to for _who, to, _day in turns}
        new = {who: came[who] for who in wrote if came.get(who, date.min) >= span.since}
        rows = []
        for start, end in span.each():
            here = [(who, to) for who, to, day in turns if start <= day <= end]
            born = [who for who, day in new.items() if start <= day <= end]
            rows.append(span.row(start, end) | {
                "tied": len({one for pair in here for one in pair}), "ties": len({frozenset(pair) for pair in here}),
                "newcomers": len(born), "not_met": len([who for who in born if who not in turned_to]),
            })  # fmt: skip
        n, ties = len(others), sum(map(len, others.values())) // 2
        h = self.crowded(sorted(map(len, others.values()), reverse=True))
        ring = {who: "core" if h > 1 and len(them) >= h else "edge" if len(them) == 1 else "between" for who, them in others.items()}
        parted = {who: self.parted(others, who) for who, them in others.items() if len(them) > 1}
        bridging = sorted(((number, len(others[who])) for who, number in parted.items() if number), reverse=True)
        groups = parts(others)
        # of equals, which three leave is the house's choice: only when no other has as many as the third is it said here
        most = sorted(others, key=lambda who: -len(others[who]))
        top = set(most[:3])
        sure = len(most) < 4 or len(others[most[2]]) > len(others[most[3]])
        held = len({frozenset((who, to)) for who, them in others.items() for to in them if {who, to} & top})
        return {
            "headline": {
                "value": n, "tied": n, **{name: sum(one == name for one in ring.values()) for name in ("core", "between", "edge")},
                "alone": len(wrote - others.keys()), "bridges": len(bridging), "newcomers": len(new), "not_met": len(new.keys() - turned_to),
                "ties": ties, "mean_ties": 2 * ties / n if n else None, "largest_share": max(map(len, groups)) / n if n else None,
                "groups": len(groups), "h": h if h > 1 else 0, "top_share": held / ties if n >= 10 and sure else None if n < 10 else ANY,
                "left": sum(them <= top for who, them in others.items() if who not in top) if n >= 10 and sure else None if n < 10 else ANY,
            },
            "rows": rows,
            "more": {"bridges": {name: sum(one == name and parted.get(who, 0) > 0 for who, one in ring.items()) for name in set(ring.values())},
                     "bridging": [{"parted": number, "ties": ties} for number, ties in bridging[:12]], "top": [{"ties": len(others[who])} for who in most[:3]]},
        }  # fmt: skip

    def crowded(self, ties: list[int]) -> int:
        return max((h for h in range(1, len(ties) + 1) if ties[h - 1] >= h), default=0)

    def parted(self, others: dict[str, set[str]], who: str) -> int:
        """People in groups of at least two that would be apart from the rest of whom `who` is among, without `who`."""
        sizes = sorted(len(part) for part in parts({one: others[one] - {who} for one in group_of(others, who) - {who}}))
        return sum(size for size in sizes[:-1] if size > 1)


class Whatever(float):
    """The house's choice."""

    def __eq__(self, other: object) -> bool:
        return other is not None

    def __ne__(self, other: object) -> bool:
        return other is None

    __hash__ = None  # type: ignore[assignment]


ANY = Whatever()


def group_of(others: dict[str, set[str]], who: str) -> set[str]:
    seen, todo = {who}, [who]
    while todo:
        fresh = others[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    return seen


def parts(others: dict[str, set[str]]) -> list[set[str]]:
    found, left = [], set(others)
    while left:
        found.append(group_of(others, next(iter(left))))
        left -= found[-1]
    return found
