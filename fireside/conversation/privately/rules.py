"""Pure decisions about private conversations: how somebody is reached, what a first word may hold, what keeps words back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PEOPLE_MOST = 20  # who takes part, whoever begins it included
DAY = timedelta(days=1)
CONTACTS = 20  # people whom one turns to for the first time within a day
CONTACTS_NEW = 3  # the same of a new member

How = Literal["no", "asks", "in"]  # cannot be reached; is asked whether they want it; takes part at once


@dataclass(frozen=True)
class Tie:
    """What stands between two people when one of them wants to write to the other."""

    wish: str = "everyone"  # who may write to them, as they chose
    here: bool = True  # they are a person with an account that stands
    blocked: bool = False  # they blocked who writes
    shares: bool = False  # both belong to one space
    organises: bool = False  # who writes looks after a space of theirs
    known: bool = False  # the two have a conversation that they take part in


def how_reached(tie: Tie, *, runs: bool, new: bool) -> How:
    """How they are reached by somebody who `runs` the community, or is `new` here. Why somebody is not reached, nobody is told."""
    if not tie.here:
        return "no"
    if runs:
        return "in"
    if tie.blocked:
        return "no"
    if tie.organises:
        return "in"
    if tie.wish == "nobody":
        return "no"
    if tie.known:
        return "in"
    if tie.shares and not new:
        return "in"
    return "asks" if tie.shares or tie.wish == "everyone" else "no"


def pair_of(one: int, other: int) -> str:
    """The two persons of a conversation without a title: there is one such for them, whoever began."""
    return f"{min(one, other)}:{max(one, other)}"


def why_not_begin(*, people: int, title: str) -> str:
    """What keeps a conversation with so many others from being begun."""
    if not people:
        return "nobody_chosen"
    if people + 1 > PEOPLE_MOST:
        return "many_people"
    return "no_name" if people > 1 and not title else ""


def why_not_write(*, others: list[str], pair: bool, reached: bool) -> str:
    """What keeps words back. `others`: where each of the others stands. `reached`: of two, whether the other one is reached today."""
    if pair and not reached:
        return "unreachable"
    if "in" in others:
        return ""
    return "waits_for_them" if {"asked", "declined"} & set(others) else "nobody_left"


def why_not_add(*, pair: bool, takes_part: bool, there: set[str], taking: int) -> str:
    """What keeps somebody from being brought in. `there`: where they stand already; "there": they take part, or were asked once."""
    if pair:
        return "stays_of_two"
    if not takes_part:
        return "accept_first"
    if there & {"in", "asked", "declined"}:
        return "there"
    if "left" in there:
        return "has_left"
    return "many_people" if taking >= PEOPLE_MOST else ""


def most_contacts(*, new: bool) -> int:
    return CONTACTS_NEW if new else CONTACTS
