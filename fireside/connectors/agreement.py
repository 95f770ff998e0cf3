"""What a source counts itself and what stands here of it, in words: for the page of a run, programs and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fireside.conversation.queries import addresses_of_source

COUNTERS: dict[str, Any] = {
    "posts": _("posts of each topic"),
    "replies": _("replies of each thread"),
    "answers": _("answers to each question"),
    "accepted": _("accepted answers"),
    "comments": _("comments below each post"),
    "likes": _("likes of each post"),
    "votes": _("votes on each post"),
    "reactions": _("signs on each message"),
}
WHY: dict[str, Any] = {
    "not_in_archive": _("The archive holds the number, and not the things themselves. Bring in a larger export and they come in."),
    "nobody_named": _("The source says how many, and not who. A sign that nobody gave is none here, so none came in."),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """One topic or message: its id there, its address here ("" when it is not here), what the source counts, what stands here."""

    id: str
    url: str
    source: int
    here: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """One counter: sums (`left`: among what was left out), how many single counters agree, how many differ, why, and the first that differ."""

    counter: str
    words: str
    source: int
    here: int
    left: int
    agree: int
    off: int
    why: str
    differing: list[Differing]


def agreement_of(source: str, counts: Mapping[str, Any]) -> list[Agreement]:
    """The report of a run, in the reader's language. Two queries per 900 differences."""
    rows = counts.get("agreement") or []
    urls = addresses_of_source(source, [one["id"] for row in rows for one in row["list"]])
    return [
        Agreement(
            row["counter"],
            str(COUNTERS.get(row["counter"], row["counter"])),
            row["source"],
            row["here"],
            row.get("left", 0),
            row["agree"],
            row["off"],
            str(WHY.get(row["why"], "")),
            [Differing(one["id"], urls.get(one["id"], ""), one["source"], one["here"]) for one in row["list"]],
        )
        for row in rows
    ]


def agreement_in_words(counts: Mapping[str, Any], *, tried: bool = False) -> list[str]:
    """The same at a terminal: a line for each counter, and below it the first five that differ. `tried`: nothing of it is here yet."""
    told = [gettext("What the source counts itself, and what would stand here:")] if tried and counts.get("agreement") else []
    for row in counts.get("agreement") or []:
        words = {"what": COUNTERS.get(row["counter"], row["counter"]), "source": f"{row['source']:,}", "here": f"{row['here']:,}"}
        words["left"] = f"{row.get('left', 0):,}"
        if not row["off"]:
            told.append(gettext("Agrees: %(what)s (source %(source)s, here %(here)s, left out %(left)s)") % words)
            continue
        told.append(gettext("Differs: %(what)s (source %(source)s, here %(here)s, left out %(left)s)") % words)
        told += [f"  {WHY[row['why']]}"] if row["why"] in WHY else []
        told += [
            gettext("  %(id)s: source %(source)s, here %(here)s") % {"id": one["id"], "source": one["source"], "here": one["here"]}
            for one in row["list"][:5]
        ]
        if len(row["list"]) > 5:
            told.append(gettext("  and %(count)s more") % {"count": f"{row['off'] - 5:,}"})
    return told
