"""What a chart draws, as plain data with words in the reader's language. cockpit.js knows how each type looks; the table beside
it is made from the same rows, so that nobody without scripts sees less."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fireside.activity.kinds import CORES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Chart = dict[str, Any]


def is_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def label_of(start: str, by: str) -> str:
    """6/15 or 15 Jun for a day and a week's Monday; 2026/6 or Jun 2026 for a month."""
    day = date.fromisoformat(start)
    if by == "month":
        return f"{day.year}/{day.month}" if is_chinese() else f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.month}/{day.day}" if is_chinese() else f"{day.day} {MONTHS[day.month - 1]}"


def wait_words(seconds: int) -> str:
    if seconds < 3600:
        return _("%(n)s min") % {"n": seconds // 60}
    return _("%(n)s h") % {"n": seconds // 3600} if seconds < 86_400 else _("1 day")


def chart_of(answer: dict[str, Any]) -> Chart:
    """The chart of an answer's metric."""
    return CHARTS[answer["metric"]](answer)


def _times(answer: dict[str, Any]) -> Chart:
    by = answer["clock"]["by"]
    return {
        "labels": [label_of(r["start"], by) for r in answer["rows"]],
        "partial": [r["partial"] for r in answer["rows"]],
        **_days(answer["rows"]),
    }


def _days(rows: list[dict[str, Any]]) -> Chart:
    """First and last day of each interval, and whether it is over (1): for the file beside a chart."""
    return {"from": [r["start"] for r in rows], "to": [r["end"] for r in rows], "over": [int(not r["partial"]) for r in rows]}


def _bars(answer: dict[str, Any], key: str, words: str) -> Chart:
    return {"type": "bars", **_times(answer), "values": [r[key] for r in answer["rows"]], "words": words}


def _lines(answer: dict[str, Any], series: list[tuple[str, str, str]], *, share: bool = False) -> Chart:
    """`series`: (key, words, tone). An interval that is not over is left out: a line would bend down for no reason. Not in a
    house that began in it: there would be nothing to see."""
    whole = [r for r in answer["rows"] if not r["partial"]]
    if not any(r[key] for r in whole for key, _words, _tone in series):
        whole = answer["rows"]
    by = answer["clock"]["by"]
    return {
        "type": "lines", "labels": [label_of(r["start"], by) for r in whole], "share": share, **_days(whole),
        "series": [{"words": words, "tone": tone, "values": [r[key] for r in whole]} for key, words, tone in series],
    }  # fmt: skip


def _members(answer: dict[str, Any]) -> Chart:
    return _bars(answer, "new", _("new members"))


def _active(answer: dict[str, Any]) -> Chart:
    return _lines(answer, [("mau", _("28 days"), "ember"), ("wau", _("7 days"), "mark"), ("dau", _("day"), "ink3")])


def _helped(answer: dict[str, Any]) -> Chart:
    return _bars(answer, "helped", _("people who were helped"))


def _heat(answer: dict[str, Any]) -> Chart:
    return _lines(answer, [("heat", _("heat"), "ember")])


def _cores(answer: dict[str, Any]) -> Chart:
    return _lines(answer, [(core, str(words), core) for core, words in CORES.items()])


def _concentration(answer: dict[str, Any]) -> Chart:
    return _lines(answer, [("top_10", _("top 10%"), "ember"), ("top_1", _("top 1%"), "mark")], share=True)


def _talk(answer: dict[str, Any]) -> Chart:
    return _bars(answer, "posts", _("posts"))


def _first_reply(answer: dict[str, Any]) -> Chart:
    bins, spread, median = answer["more"]["bins"], answer["more"]["spread"], answer["headline"]["median"]
    labels = [("<" if i == 0 else "") + wait_words(edge) for i, edge in enumerate(bins)]
    here = next((i for i, edge in enumerate(bins) if median is not None and median < edge), len(bins)) if median is not None else None
    return {
        "type": "spread", "labels": [*labels, ">" + wait_words(bins[-1]), _("no reply")], "values": [*spread, answer["more"]["unanswered"]],
        "edges": bins, "median": here, "median_words": _("half until here"), "words": _("questions"),
    }  # fmt: skip


def _retention(answer: dict[str, Any]) -> Chart:
    by, curve = answer["clock"]["by"], answer["more"]["curve"]
    step = {"day": _("day %(k)s"), "week": _("week %(k)s"), "month": _("month %(k)s")}[by]
    return {
        "type": "curve", "labels": [step % {"k": c["k"]} for c in curve], "values": [c["share"] for c in curve],
        **{name: [c[name] for c in curve] for name in ("k", "n", "people")}, "low": [c["low"] for c in curve], "high": [c["high"] for c in curve], "hidden": _("too few people"), "words": _("stayed"),
    }  # fmt: skip


def _newcomers(answer: dict[str, Any]) -> Chart:
    """From all who came, step by step."""
    steps, came = answer["more"]["steps"], answer["headline"]["came"]
    first = {"n": came, "people": came, "share": 1.0, "low": 1.0, "high": 1.0} if any(not one["hidden"] for one in steps) else None
    points = [first, *steps] if first else steps
    words = {"wrote": _("wrote"), "answered": _("got a reply"), "again": _("wrote again"), "helped": _("helped somebody")}
    labels = [words[one["step"]] if "step" in one else _("came") for one in points]
    return {
        "type": "curve", "labels": labels, "values": [one["share"] for one in points], "k": labels, "step_words": _("step"),
        **{name: [one[name] for one in points] for name in ("n", "people", "low", "high")}, "hidden": _("too few people"), "words": _("got so far"),
    }  # fmt: skip


def _network(answer: dict[str, Any]) -> Chart:
    return _lines(answer, [("tied", _("people with ties"), "ember"), ("not_met", _("newcomers to whom nobody turned"), "mark")])


CHARTS: dict[str, Callable[[dict[str, Any]], Chart]] = {
    "members": _members, "active": _active, "helped": _helped, "heat": _heat, "cores": _cores, "concentration": _concentration,
    "talk": _talk, "first_reply": _first_reply, "retention": _retention, "newcomers": _newcomers, "network": _network,
}  # fmt: skip


def table_of(answer: dict[str, Any]) -> tuple[list[str], list[list[Any]], list[str]]:
    """(head, rows, units): the table beside a chart, and the file behind “CSV”. Values are plain; doors write them."""
    code = get_language() or "en"

    def words(said: dict[str, str]) -> str:
        return said.get(code) or said["en"]

    if answer["metric"] == "retention":
        head = [_("came in"), _("people"), *(c for c in _retention(answer)["labels"])]
        rows = [[_when(r), r["n"], *(c["share"] for c in r["cells"])] for r in answer["rows"]]
        return head, [row + [None] * (len(head) - len(row)) for row in rows], ["", "people", *["share"] * (len(head) - 2)]
    columns = answer["columns"]
    head = [_("from"), *(words(c["words"]) for c in columns)]
    return head, [[_when(r), *(r[c["key"]] for c in columns)] for r in answer["rows"]], ["", *(c["unit"] for c in columns)]


def _when(row: dict[str, Any]) -> str:
    return str(row["start"]) + (" *" if row["partial"] else "")
