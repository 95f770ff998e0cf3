"""The cockpit: eight questions, a page for each number, and the people behind it."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fireside.activity.actor import Actor
from fireside.activity.doing import trouble
from fireside.activity.doors import actor_of
from fireside.conversation.markup import lang_of
from fireside.conversation.queries import open_questions
from fireside.conversation.rules import waiting_since
from fireside.insights import actions, queries
from fireside.insights.metrics.base import Metric
from fireside.insights.queries import NAMES
from fireside.insights.rules import day_of
from fireside.lib.errors import Refused
from fireside.lib.pages import fragment, is_htmx, page
from fireside.members.rights import may, require
from fireside.spaces.queries import visible_spaces

SPACES_OFFERED = 200  # in the list of the filter; more are found by their address
STILL = timedelta(hours=1)  # a mirror that has not looked for this long: is the worker running?


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, "numbers.read")
    return actor


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name].strip() for name in NAMES if request.GET.get(name, "").strip()}


def _known(request: HttpRequest, *names: str) -> HttpResponse | None:
    """The way to the same address without the parameters it does not know, such as those that WeChat hangs on a link it shares."""
    if set(request.GET) <= set(names):
        return None
    kept = urlencode([(name, value) for name in names for value in request.GET.getlist(name)])
    return redirect(request.path + (f"?{kept}" if kept else ""))


@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """The front page. Two queries beside the frame's: the answers kept for the period, and who waits now; a third for those who look
    after the house: whether anything got stuck; one more when the answers are an hour old: where the mirror stands. While nobody is known to have written, one to four more: what the log holds beyond
    them. The page then looks again by itself, and htmx is told when to load it anew."""
    actor = _reader(request)
    if way := _known(request, "period", "until"):
        return way
    period = request.GET.get("period", "") or "week"
    until = request.GET.get("until", "").strip()
    try:
        if period not in queries.PERIODS:
            raise Refused("unknown_choice", _("Choose one from the list."), field="period")
        front = actions.cockpit_answers(actor, period=period, until=until)
    except Refused as no:
        return _front_to_mend(request, no, period, until)
    answers = front.now
    coming = 0 if until or _last_day(answers) else queries.on_their_way(answers["talk"])
    if is_htmx(request) and request.headers.get("HX-Target") == "being-counted":
        return fragment(request, "insights/_counting.html", coming=coming, period=period) if coming else _anew()
    charts = {name: queries.chart_of(answer) for name, answer in answers.items()}
    charts = {name: {**chart, "blank": queries.is_blank(chart)} for name, chart in charts.items()}
    clock = answers["helped"]["clock"]
    clocks = {name: datetime.fromisoformat(answer["clock"]["as_of"]) for name, answer in answers.items()}
    as_of = known = min(clocks.values())
    if actor.now - as_of > STILL and (quiet_until := queries.counted_until(answers["helped"])):
        known = max(as_of, quiet_until)
    watches = actor.who is not None and may(actor.who, "house.watch")
    waits, oldest = (0, None) if until else open_questions(actor.who, since=waiting_since(actor.now))
    return page(
        request, "insights/cockpit.html", period=period, periods=queries.PERIODS, until=until, a=answers, before=front.before, charts=charts,
        clock=clock, as_of=as_of, upto=lambda *names: min(clocks[name] for name in names), waits=waits, oldest=oldest,
        so_far=day_of(clock["as_of_day"]).isoformat() == clock["until"],
        still=not until and actor.now - known > STILL, quiet=_quiet(answers), last_day=_last_day(answers),
        coming=coming, first_day=_first_day(actor) if until and not _last_day(answers) else None, week=timedelta(days=6),
        nothing=answers["members"]["headline"]["members"] <= 1 and not answers["members"]["headline"]["last_day"],
        until_day=date.fromisoformat(clock["until"]), stay_since=date.fromisoformat(answers["retention"]["clock"]["since"]),
        brings=actor.who is not None and may(actor.who, "history.bring_in"),
        may_change=actor.who is not None and may(actor.who, "community.change"),
        watches=watches, stuck=trouble(actor.now) if watches else None,
    )  # fmt: skip


def _front_to_mend(request: HttpRequest, no: Refused, period: str, until: str) -> HttpResponse:
    """The front page was asked for a time that cannot be read: what is wrong, beside its field."""
    wrong = "period" if no.facts.get("field") == "period" else "until"
    words = no.message if wrong == "period" else _mend(no, until)
    return page(
        request, "insights/mend.html", status=no.status, wrong=wrong, words=words, periods=queries.PERIODS, period=period, until=until
    )


def _anew() -> HttpResponse:
    """Tell htmx to load the whole page again: scripts draw its charts."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _quiet(answers: dict[str, Any]) -> bool:
    """Whether nobody wrote in the period. Who has just joined, or set the house up and brought history in, has said nothing yet."""
    return not answers["talk"]["headline"]["posts"]


def _last_day(answers: dict[str, Any]) -> date | None:
    said = answers["talk"]["headline"].get("last_day")  # an answer kept by an older house knows no such day
    return date.fromisoformat(said) if said else None


def _first_day(actor: Actor) -> date | None:
    """The first day on which somebody wrote: the first month that holds words, then its first day that does."""
    rows = actions.keep_answer(actor, metric="talk", by="month", since=date(actor.now.year - 49, 1, 1).isoformat())["rows"]
    month = next((row for row in rows if row["posts"]), None)
    if month is None:
        return None
    days = actions.keep_answer(actor, metric="talk", by="day", since=month["start"], until=month["end"])["rows"]
    return next((date.fromisoformat(row["start"]) for row in days if row["posts"]), None)


@require_safe
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """One number with its chart, table and filters. What cannot be read is said beside its field, and nothing is shown for it."""
    actor, asked = _reader(request), _asked(request)
    found = queries.get_metric(name)
    if way := _known(request, *NAMES):
        return way
    try:
        answer = actions.keep_answer(actor, metric=name, **asked)
    except Refused as no:
        return _to_mend(request, actor, found, asked, no)
    context = _round(actor, found, asked)
    head, rows, units = queries.table_of(answer)
    chart = queries.chart_of(answer)
    blank = queries.is_blank(chart)
    return page(
        request, "insights/metric.html", answer=answer, chart=chart, head=head, rows=rows, units=units, wrong={},
        chosen={**answer["params"], **asked, "bots": "include" if answer["params"]["bots"] else "exclude"},
        blank=blank, figures=not blank or queries.has_figures(answer), nearest=_nearest(actor, name, asked) if blank else None,
        since=date.fromisoformat(answer["clock"]["since"]), until=date.fromisoformat(answer["clock"]["until"]),
        as_of=datetime.fromisoformat(answer["clock"]["as_of"]), names=queries.space_names(answer),
        people=queries.people_in(answer), picture=queries.picture_of(answer) if "bridging" in answer["more"] else None, **context,
    )  # fmt: skip


def _round(actor: Actor, found: Metric, asked: dict[str, str]) -> dict[str, Any]:
    """What stands round a number on its page."""
    return {
        "found": found, "asked": asked, "query": urlencode(asked), "metrics": queries.titles(), "code": get_language() or "en",
        "spaces": list(visible_spaces(actor.who).order_by("name").values_list("slug", "name")[:SPACES_OFFERED]),
    }  # fmt: skip


def _to_mend(request: HttpRequest, actor: Actor, found: Metric, asked: dict[str, str], no: Refused) -> HttpResponse:
    """The page of a number with what could not be read said beside its field: whichever address was asked, it is mended here."""
    field = no.facts.get("field")
    if field not in NAMES:
        raise no
    chosen = {"by": found.by, "staff": found.staff, **asked}
    words = {field: _mend(no, asked.get(field, ""))}
    asked = {name: word for name, word in asked.items() if name != field or no.code != "bad_day"}  # a field for days shows only days
    return page(request, "insights/metric.html", status=no.status, answer=None, wrong=words, chosen=chosen, **_round(actor, found, asked))


def _mend(no: Refused, said: str) -> Any:
    """How to mend a field, for somebody who sees the field and not the name of a parameter."""
    words = {
        "bad_day": _("“%(said)s” is not a day. Write it like 2026-11-21.") % {"said": said[:20]},
        "unknown_choice": _("Choose one from the list."),
        "too_long": _("That is too much time for this interval. Choose a longer interval or less time."),
    }
    return words.get(no.code, no.message)


def _nearest(actor: Actor, name: str, asked: dict[str, str]) -> dict[str, Any]:
    """When nothing is there to draw: the last day on which somebody wrote (in the same space), and a time up to it that has something."""
    kept = {key: value for key, value in asked.items() if key not in {"since", "until", "by", "offsets", "bracket", "k"}}
    where = {key: value for key, value in kept.items() if key in {"space", "bots", "staff"}}
    said = actions.keep_answer(actor, metric="talk", **where)["headline"].get("last_day")
    if not said:
        return {"last_day": None, "query": ""}
    last = date.fromisoformat(said)
    for more in ({}, {"by": "month", "since": date(max(1970, last.year - 4), 1, 1).isoformat()}):
        there = actions.keep_answer(actor, metric=name, **kept, **more, until=said)
        if not queries.is_blank(queries.chart_of(there)):
            clock = there["clock"]
            return {"last_day": last, "query": urlencode({**kept, "since": clock["since"], "until": said, "by": clock["by"]})}
    return {"last_day": last, "query": ""}


@require_safe
def behind(request: HttpRequest, name: str) -> HttpResponse:
    """The people, topics, posts, helps or spaces behind a number."""
    actor, asked = _reader(request), _asked(request)
    if way := _known(request, "which", *NAMES, "after"):
        return way
    try:
        found = queries.evidence(
            name, now=actor.now, viewer=actor.who, which=request.GET.get("which", ""), cursor=request.GET.get("after", ""), asked=asked
        )
    except Refused as no:
        return _to_mend(request, actor, queries.get_metric(name), asked, no)
    return page(
        request, "insights/behind.html", found=found, asked=asked, query=urlencode(asked), code=get_language() or "en",
        here=urlencode({"which": found.which, **asked}), started=bool(request.GET.get("after")), read=_value, lang_of=lang_of,
    )  # fmt: skip


def _value(unit: str, value: Any) -> Any:
    """Evidence travels as text; pages show times as times."""
    if unit == "day":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if unit == "at_ms" else value


@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The chart of a number as figures, or its table, with what it means on top. UTF-8 with a mark, so that spreadsheets read Chinese."""
    actor, asked, part = _reader(request), _asked(request), request.GET.get("part", "chart")
    if way := _known(request, *NAMES, "part"):
        return way
    try:
        answer = actions.keep_answer(actor, metric=name, **asked)
    except Refused as no:
        return _to_mend(request, actor, queries.get_metric(name), asked, no)
    clock = answer["clock"]
    out = HttpResponse("\ufeff" + queries.csv_of(answer, part), content_type="text/csv; charset=utf-8")
    out["Content-Disposition"] = f'attachment; filename="{name}-{clock["since"]}-{clock["until"]}.csv"'
    return out
