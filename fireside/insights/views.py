"""The cockpit: eight questions, a page for each number, and the people behind it."""

import csv
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fireside.activity.actor import Actor
from fireside.activity.doors import actor_of
from fireside.insights import actions, queries
from fireside.insights.queries import NAMES
from fireside.lib.pages import page
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


@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """The front page. Four queries beside the frame's: the answers kept for the period, the spaces that are there."""
    actor = _reader(request)
    period = request.GET.get("period", "")
    period = period if period in queries.PERIODS else "week"
    until = request.GET.get("until", "").strip()
    answers = actions.cockpit_answers(actor, period=period, until=until)
    charts = {name: queries.chart_of(answer) for name, answer in answers.items()}
    clock = answers["helped"]["clock"]
    as_of = datetime.fromisoformat(clock["as_of"])
    return page(
        request, "insights/cockpit.html", period=period, periods=queries.PERIODS, until=until, a=answers, charts=charts, clock=clock,
        as_of=as_of, still=not until and actor.now - as_of > STILL, quiet=_quiet(answers), last_day=_last_day(answers),
        nothing=answers["members"]["headline"]["members"] <= 1 and not answers["members"]["headline"]["last_day"],
        since=date.fromisoformat(clock["since"]), wait_words=queries.wait_words,
        brings=actor.who is not None and may(actor.who, "history.bring_in"),
    )  # fmt: skip


def _quiet(answers: dict[str, Any]) -> bool:
    """Whether nobody wrote in the period. Who has just joined, or set the house up and brought history in, has said nothing yet."""
    return not answers["talk"]["headline"]["posts"]


def _last_day(answers: dict[str, Any]) -> date | None:
    said = answers["talk"]["headline"].get("last_day")  # an answer kept by an older house knows no such day
    return date.fromisoformat(said) if said else None


@require_safe
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """One number with its chart, table and filters."""
    actor, asked = _reader(request), _asked(request)
    answer = actions.keep_answer(actor, metric=name, **asked)
    head, rows, units = queries.table_of(answer)
    found = queries.get_metric(name)
    return page(
        request, "insights/metric.html", answer=answer, chart=queries.chart_of(answer), head=head, rows=rows, units=units, asked=asked,
        query=urlencode(asked), which=found.which, modes=found.modes, metrics=queries.titles(), code=get_language() or "en",
        as_of=datetime.fromisoformat(answer["clock"]["as_of"]),
        spaces=list(visible_spaces(actor.who).order_by("name").values_list("slug", "name")[:SPACES_OFFERED]),
        names=queries.space_names(answer),
    )  # fmt: skip


@require_safe
def behind(request: HttpRequest, name: str) -> HttpResponse:
    """The people, topics or spaces behind a number."""
    actor, asked = _reader(request), _asked(request)
    found = queries.evidence(
        name, now=actor.now, viewer=actor.who, which=request.GET.get("which", ""), cursor=request.GET.get("after", ""), asked=asked
    )
    return page(
        request, "insights/behind.html", found=found, asked=asked, query=urlencode(asked), code=get_language() or "en",
        here=urlencode({"which": found.which, **asked}), started=bool(request.GET.get("after")), read=_value,
    )  # fmt: skip


def _value(unit: str, value: Any) -> Any:
    """Evidence travels as text; pages show times as times."""
    if unit == "day":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if unit == "at_ms" else value


@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The table of a number, with what it means on top. UTF-8 with a mark, so that spreadsheets read Chinese."""
    actor, asked = _reader(request), _asked(request)
    answer = actions.keep_answer(actor, metric=name, **asked)
    code = get_language() or "en"
    head, rows, _units = queries.table_of(answer)
    out = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    clock = answer["clock"]
    out["Content-Disposition"] = f'attachment; filename="{name}-{clock["since"]}-{clock["until"]}.csv"'
    write = csv.writer(out)
    for words in (answer["title"], answer["definition"], answer["population"]):
        write.writerow(["# " + (words.get(code) or words["en"])])
    write.writerow([f"# {clock['since']} – {clock['until']}, {clock['time_zone']}, {clock['as_of']}"])
    write.writerow(head)
    write.writerows(rows)
    return out
