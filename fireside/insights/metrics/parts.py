"""Pieces that metrics are put together from, in ibis. Only what means the same on every engine."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fireside.activity.kinds import KINDS
from fireside.insights.metrics.base import Params, Staff, Tables
from fireside.insights.rules import UNDATED, By

if TYPE_CHECKING:
    import ibis.expr.types as ir

MS_A_DAY = 86_400_000
ASKED, OPENED, REPLIED = "conversation.asked", "conversation.opened", "conversation.replied"
JOINED = "conversation.joined"  # it opened a topic that was merged into another: words, but neither a topic nor an answer
MADE_QUESTION, MADE_TALK = "conversation.made_question", "conversation.made_talk"
REMOVED, RESTORED = "conversation.removed", "conversation.restored"
TALK = (ASKED, OPENED, REPLIED, JOINED)


def counting() -> tuple[str, ...]:
    return tuple(sorted(kind.name for kind in KINDS.values() if kind.counts))


def interval(day: "ir.IntegerColumn", by: By) -> "ir.IntegerColumn":
    """The number of the interval a day is in; the same as rules.interval_of. Whole numbers only: engines cut dates differently."""
    if by == "day":
        return day.cast("int64")
    if by == "week":
        return ((day + 3) // 7).cast("int64")
    shifted = day + 719_468  # days since 0000-03-01, then the civil calendar by whole years of 400, 100, 4 and 1
    of_era = shifted % 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153  # 0 = March
    return ((shifted // 146_097 * 400 + year) * 12 + month + 2).cast("int64")


def who(t: Tables) -> "ir.Table":
    """Members with their person, under names that no other table has."""
    people = t.people
    return people.select(
        who_member=people.member_id, person_id=people.person_id, is_bot=people.is_bot, is_staff=people.is_staff,
        joined_day=people.joined_day,
    )  # fmt: skip


def of_people(rows: "ir.Table", t: Tables, p: Params, *, staff: Staff | None = None, column: str = "member_id") -> "ir.Table":
    """Rows of members as rows of persons: merged traces are one, bots are left out unless asked for, staff as told.

    A member whom the table of people does not know yet counts as an ordinary person of their own from the next copy on.
    """
    people = who(t)
    joined = rows.inner_join(people, rows[column] == people.who_member)
    return _some(joined, p, staff if staff is not None else p.staff).drop("who_member")


def _some(rows: "ir.Table", p: Params, staff: Staff) -> "ir.Table":
    if not p.bots:
        rows = rows.filter(~rows.is_bot)
    if staff == "exclude":
        rows = rows.filter(~rows.is_staff)
    elif staff == "only":
        rows = rows.filter(rows.is_staff)
    return rows


def persons(t: Tables, p: Params) -> "ir.Table":
    """One row a person: person_id, joined_day, removed."""
    people = t.people.filter(t.people.person_id == t.people.member_id)
    return _some(people, p, p.staff).select("person_id", "joined_day", "removed")


def in_spaces(rows: "ir.Table", p: Params) -> "ir.Table":
    return rows if p.spaces is None else rows.filter(rows.space_id.isin(p.spaces or (-1,)))


def lines(t: Tables, p: Params, kinds: tuple[str, ...], *, since: int | None = None, until: int | None = None) -> "ir.Table":
    """Lines of these kinds in the asked spaces, up to the end asked for."""
    rows = t.lines.filter(t.lines.kind.isin(kinds), t.lines.day <= (p.until if until is None else until), t.lines.at_ms <= p.as_of_ms)
    return in_spaces(rows if since is None else rows.filter(rows.day >= since), p)


def questions(t: Tables, p: Params, *, since: int | None = None) -> "ir.Table":
    """Lines that open a topic which asks: by its own first line, or by the last word of people on it.

    Numbers only (0, 1), because no text goes into a join: DuckDB 2.0.0 fails inside when a joined column of text comes from many files.
    """
    import ibis

    rows = lines(t, p, (ASKED, OPENED), since=since)
    rows = rows.select(
        "id",
        "at_ms",
        "day",
        "member_id",
        "space_id",
        "target_id",
        "parent_id",
        "imported",
        "source",
        first=ibis.ifelse(rows.kind == ASKED, 1, 0),
    )
    said = t.lines.filter(t.lines.kind.isin((MADE_QUESTION, MADE_TALK)), t.lines.at_ms <= p.as_of_ms)
    said = said.select("id", "parent_id", made=ibis.ifelse(said.kind == MADE_QUESTION, 2, 1))  # 0 is “nobody said”
    last = said.group_by(word_on=said.parent_id).aggregate(word_id=said.id.max())
    word = said.inner_join(last, said.id == last.word_id).select("word_on", word=said.made)
    rows = rows.left_join(word, rows.parent_id == word.word_on).drop("word_on")
    word_now = rows.word.fill_null(0)  # what a left join does not find: NULL on DuckDB, 0 on ClickHouse
    asks = ibis.ifelse(word_now == 0, rows["first"] == 1, word_now == 2)
    return rows.filter(asks).drop("word", "first")


def last_words(rows: "ir.Table") -> "ir.Table":
    """Of rows with id, parent_id and at_ms the last on each topic: by its time (an archive that comes later may tell of earlier days),
    then by its place in the log."""
    latest = rows.group_by(latest_in=rows.parent_id).aggregate(latest_ms=rows.at_ms.max())
    rows = rows.inner_join(latest, (rows.parent_id == latest.latest_in) & (rows.at_ms == latest.latest_ms)).drop("latest_in", "latest_ms")
    last = rows.group_by(last_in=rows.parent_id).aggregate(last_id=rows.id.max())
    return rows.inner_join(last, rows.id == last.last_id).drop("last_in", "last_id")


def gone(t: Tables, p: Params) -> "ir.Table":
    """Posts that are removed, by as many words as took them away and put them back until we looked: gone_post."""
    import ibis

    rows = t.lines.filter(t.lines.kind.isin((REMOVED, RESTORED)), t.lines.at_ms <= p.as_of_ms)
    net = rows.group_by(gone_post=rows.target_id).aggregate(net=ibis.ifelse(rows.kind == REMOVED, 1, -1).sum())
    return net.filter(net.net > 0).select("gone_post")


def asked_by_people(t: Tables, p: Params) -> "ir.Table":
    """Questions of the time asked for, as every metric counts them: asked by people of the population, and not removed since."""
    asked = of_people(questions(t, p, since=p.since), t, p)
    return asked.anti_join(gone(t, p), [("target_id", "gone_post")])


def kind_names() -> list[str]:
    """Every kind, in an order that a process keeps."""
    return sorted(KINDS)


def codes(kinds: Iterable[str]) -> tuple[int, ...]:
    """Kinds as the numbers that `acts` gives them."""
    names = kind_names()
    return tuple(names.index(kind) for kind in kinds)


def acts(t: Tables, p: Params, *, since: int | None = None, kinds: tuple[str, ...] = ()) -> "ir.Table":
    """The rollup by member, space, day and kind (as its number: see `codes`), of persons, up to the end asked for; of some kinds, or of all.

    Numbers, because no text goes into a join: DuckDB 2.0.0 fails inside when a joined column of text comes from many files.
    """
    import ibis

    rows = t.places.filter(t.places.day <= p.until)
    rows = in_spaces(rows if since is None else rows.filter(rows.day >= since), p)
    rows = rows.filter(rows.kind.isin(kinds)) if kinds else rows
    number = ibis.cases(*((rows.kind == kind, no) for no, kind in enumerate(kind_names())), else_=-1).cast("int64")
    return of_people(rows.select("member_id", "space_id", "day", "n", kind=number), t, p)


def acting_days(t: Tables, p: Params, *, since: int | None = None, until: int | None = None) -> "ir.Table":
    """(member_id, day) of acts that count, of anybody, and in a space more than once each."""
    low, high = since, p.until if until is None else until
    rows = t.days if p.spaces is None else in_spaces(t.places.filter(t.places.kind.isin(counting())), p)
    rows = rows.filter(rows.day <= high) if low is None else rows.filter(rows.day >= low, rows.day <= high)
    return rows.select("member_id", "day")


def person_days(t: Tables, p: Params, *, since: int | None = None, until: int | None = None) -> "ir.Table":
    """(person_id, day), once each: the days on which somebody did something that counts."""
    return of_people(acting_days(t, p, since=since, until=until), t, p).select("person_id", "day").distinct()


def person_intervals(t: Tables, p: Params, *, since: int) -> "ir.Table":
    """(person_id, i), once each: the intervals of these days."""
    days = acting_days(t, p, since=since)
    each = days.select("member_id", i=interval(days.day, p.by)).distinct()  # fewer rows before they are joined
    return of_people(each, t, p).select("person_id", "i").distinct()


def together(*tables: "ir.Table") -> "ir.Table":
    """The rows of all. ibis wants equal types down to “may be missing”, which engines that know NOT NULL tell apart."""
    import ibis

    return ibis.union(*(t.cast({name: of.copy(nullable=True) for name, of in t.schema().items()}) for t in tables))


def starts(t: Tables, p: Params) -> "ir.Table":
    """(person_id, start): the day somebody came. Everywhere: joined, or an earlier trace. In a space: the first act there.

    Who came in with a list that does not say when has come with their first act, and not before.

    Over all history, so that nobody is new a second time because the window begins late.
    """
    days = acting_days(t, p)
    each = days.group_by(days.member_id).aggregate(start=days.day.min())  # few rows before they are joined
    each = of_people(each, t, p)
    first = each.group_by(each.person_id).aggregate(start=each.start.min())
    if p.spaces is not None:
        return first
    joined = persons(t, p).filter(lambda r: r.joined_day != UNDATED).select("person_id", start=lambda r: r.joined_day)
    both = together(first.select("person_id", "start"), joined.select("person_id", "start"))
    return both.group_by(both.person_id).aggregate(start=both.start.min()).filter(lambda r: r.start <= p.until)
