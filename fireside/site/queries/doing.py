"""What the house is doing, for those who look after it: with names, sentences and reasons in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity import doing
from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.activity.jobs import get_job
from fireside.activity.kinds import KINDS
from fireside.activity.models import Beat, Job, Letter, Parked, Sweep
from fireside.lib.errors import NotFound
from fireside.lib.paging import Page
from fireside.members.queries import Card, cards_of, get_community
from fireside.members.rights import may
from fireside.notifications.rules import capital, fill
from fireside.notifications.visibility import space_names
from fireside.site import rules

ALIVE = timedelta(minutes=1)  # a worker says every ten seconds that it is there

# What stands still while a reaction cannot go on.
REACTION_WORDS = {
    "notifications.tell": _("Telling people, by the bell"),
    "spaces.recount": _("Counting again who belongs to a space"),
    "conversation.recount": _("Counting again who answered and who was helped"),
    "conversation.links": _("Noting which links stand in posts"),
    "conversation.index": _("Making what was said findable"),
    "conversation.tell_watchers": _("Telling those who watch a topic or a space"),
    "conversation.index_tags": _("Making topics findable under a new tag"),
}

# What is late while a round cannot be made.
ROUND_WORDS = {
    "activity.bring_back": _("Putting right what was dated by a clock that was ahead"),
    "conversation.close_and_open": _("Closing topics, and opening them again, on their day"),
    "conversation.tell_crowds": _("Telling those who watch, where very many do"),
    "conversation.mend_counters": _("Counting topics and posts again"),
    "conversation.look_at_links": _("Asking what links lead to"),
    "conversation.sweep_files": _("Letting go of files that no post took"),
    "insights.follow": _("Bringing the numbers up to date"),
    "insights.tidy": _("Tidying the files of the numbers"),
    "notifications.write_due_digests": _("Writing digests for those who have not been here"),
    "notifications.write_due_letters": _("Writing letters about what was not seen"),
    "serving.forget_hits": _("Forgetting how often somebody tried"),
    "site.erase_due": _("Forgetting members who asked for it"),
    "site.let_go": _("Letting go of what has been kept long enough"),
    "site.clear_up": _("Clearing away what a removed sample left behind"),
    "spaces.mend_counters": _("Counting again how many belong to each space"),
}

TROUBLE = {
    "": "",
    "mistake": _("Something was not as this part of the house expects. The mistake is the program’s: report it with the technical words."),
    "gone": _("What it speaks of is no longer there."),
    "clash": _("It contradicts what is stored already."),
    "machine": _("A file or a connection of this machine was missing when it was needed."),
    "silent": _("The other side did not answer."),
    "refused": _("The mail server takes no letters for this address."),
    "sender": _("The mail server takes no letters from this house. Check MAIL_FROM."),
    "password": _("The mail server did not accept name and password. Check SMTP_USER and SMTP_PASSWORD."),
    "no_mail": _("This house sends no e-mail, because SMTP_HOST is not set. Set it, start again, then try again."),
}


@dataclass(frozen=True)
class LineRow:
    """A line that a reaction could not digest."""

    id: int
    reaction: str
    stands_still: str  # what the reaction does, in words
    sentence: str  # what the line says
    kind: str
    at: datetime
    why: str
    error: str
    tries: int
    next_try_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class LetterRow:
    """A letter that has not left. Its words are nobody's to read here: a code may stand in them."""

    id: int
    channel: str
    to: str
    card: Card | None
    parked: bool
    why: str
    error: str
    tries: int
    written_at: datetime
    due_at: datetime
    let_go_at: datetime | None


@dataclass(frozen=True)
class RoundRow:
    """A round that failed at its last turn. It is made again by itself."""

    name: str
    late: str  # what the round does, in words
    why: str
    error: str
    ran_at: datetime | None
    due_at: datetime


@dataclass(frozen=True)
class Doing:
    """The whole page."""

    work: Page[Job]
    lines: Page[LineRow]
    parked: dict[str, int]
    letters: Page[LetterRow]
    rounds: list[RoundRow]
    workers: Sequence[Beat]
    alive: bool
    behind: dict[str, int]
    askers: dict[int, Card]


def what_it_does(viewer: Any, now: datetime, *, work: str = "", lines: str = "", letters: str = "") -> Doing:
    """For those who look after the house; a cursor for each list. Nine queries, whatever there is."""
    if not may(viewer, "house.watch"):
        raise NotFound()
    jobs, parked, unsent = doing.list_jobs(cursor=work), doing.list_parked(cursor=lines), doing.list_unsent(cursor=letters)
    people = [row.member_id for row in jobs.rows] + [row.member_id for row in unsent.rows]
    cards = cards_of(people + [pk for row in parked.rows for pk in (row.activity.member_id, row.activity.other_id)])
    seen = doing.workers(now)
    return Doing(
        work=jobs, lines=Page(_lines(parked.rows, cards), parked.next), parked=doing.parked_by_reaction(),
        letters=Page([_letter(row, cards, now) for row in unsent.rows], unsent.next), rounds=round_rows(), workers=seen,
        alive=bool(seen) and now - seen[0].seen_at < ALIVE, behind=doing.how_far(), askers=cards,
    )  # fmt: skip


def round_rows() -> list[RoundRow]:
    """Rounds that fail. One query."""
    return [_round(row) for row in doing.failing()]


def _round(row: Sweep) -> RoundRow:
    late, why = str(ROUND_WORDS.get(row.name, row.name)), str(TROUBLE[rules.trouble_of(row.error)])
    return RoundRow(name=row.name, late=late, why=why, error=row.error, ran_at=row.ran_at, due_at=row.due_at)


def line_rows(rows: Sequence[Parked]) -> list[LineRow]:
    """Two queries beside the rows: the people and the spaces of the lines."""
    return _lines(rows, cards_of(pk for row in rows for pk in (row.activity.member_id, row.activity.other_id)))


def letter_rows(rows: Sequence[Letter], now: datetime) -> list[LetterRow]:
    cards = cards_of(row.member_id for row in rows)
    return [_letter(row, cards, now) for row in rows]


def letter_row(row: Letter, now: datetime) -> LetterRow:
    return letter_rows([row], now)[0]


def _lines(rows: Sequence[Parked], cards: dict[int, Card]) -> list[LineRow]:
    spaces = space_names(row.activity.space_id for row in rows)
    return [
        LineRow(
            id=row.pk, reaction=row.reaction, stands_still=str(REACTION_WORDS.get(row.reaction, row.reaction)),
            sentence=_sentence(row.activity, cards, spaces), kind=row.activity.kind, at=row.activity.at,
            why=str(TROUBLE[rules.trouble_of(row.error)]), error=row.error, tries=row.tries, next_try_at=row.next_try_at, settled_at=row.settled_at,
        )
        for row in rows
    ]  # fmt: skip


def _sentence(line: Any, cards: dict[int, Card], spaces: Any) -> str:
    """The sentence of a line's kind with its places filled, for somebody it does not concern."""
    if line.kind not in KINDS:
        return str(line.kind)
    data = {key: str(value) for key, value in line.data.items()}
    actor, other = cards.get(line.member_id or 0), cards.get(line.other_id or 0)
    filled = data | {
        "actor": actor.name if actor else get_community().name,
        "other": other.name if other else "…",
        "space": spaces.get(line.space_id or 0, (data.get("name", "…"), ""))[0],
    }
    return capital(fill(str(KINDS[line.kind].sentence), filled))


def _letter(row: Letter, cards: dict[int, Card], now: datetime) -> LetterRow:
    to = str(row.body.get("to", "")) if isinstance(row.body, dict) else ""
    shown = rules.masked(to)
    return LetterRow(
        id=row.pk, channel=row.channel, to=shown, card=cards.get(row.member_id or 0), parked=row.parked_at is not None,
        why=str(TROUBLE[rules.trouble_of(row.error)]), error=row.error.replace(to, shown) if to else row.error, tries=row.tries,
        written_at=row.written_at, due_at=row.due_at, let_go_at=row.let_go_at,
    )  # fmt: skip


# ── one of each, by its number ──
def _watches(viewer: Any) -> bool:
    return viewer.is_house if isinstance(viewer, Actor) else may(viewer, "house.watch")


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 19 else 0


@finds(Job)
def get_work(viewer: Any, word: str) -> Job:
    """Long work, for who asked for it and those who look after the house."""
    found = get_job(_number(word))
    if viewer is None or not (_watches(viewer) or found.member_id == getattr(viewer, "pk", 0)):
        raise NotFound()
    return found


@finds(Parked)
def get_line(viewer: Any, word: str) -> Parked:
    """A parked line, for those who look after the house."""
    if not _watches(viewer):
        raise NotFound()
    return doing.get_parked(_number(word))


@finds(Letter)
def get_letter_out(viewer: Any, word: str) -> Letter:
    """A letter of the outbox, for those who look after the house."""
    if not _watches(viewer):
        raise NotFound()
    return doing.get_letter(_number(word))
