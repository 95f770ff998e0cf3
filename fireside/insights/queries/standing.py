"""The answers that the cockpit's front page stands on: for each period, what each question needs. The worker keeps them fresh."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.insights.metrics.base import Params
from fireside.insights.mirror.state import Snapshot
from fireside.insights.models import Answer
from fireside.insights.queries.asking import Ask, get_metric, read
from fireside.insights.rules import By, day_of, first_day, interval_of

PERIODS: dict[str, Any] = {"week": _("Week"), "four": _("4 weeks"), "quarter": _("Quarter"), "year": _("Year")}
NEEDED = ("helped", "members", "first_reply", "cores", "talk", "concentration", "retention")
COMPARED = (
    "helped",
    "first_reply",
    "talk",
    "retention",
)  # asked a second time, of as many days before: what panels without a chart in time compare with


@dataclass(frozen=True)
class Standing:
    metric: str
    period: str
    before: bool = False


@dataclass(frozen=True)
class Front:
    """What the front page of a period shows, by metric: the answers of the period, and those of as many days before it."""

    now: dict[str, dict[str, Any]]
    before: dict[str, dict[str, Any]]

    @property
    def whole(self) -> bool:
        return set(self.now) == set(NEEDED) and set(self.before) == set(COMPARED)


def standing_of(period: str) -> list[Standing]:
    """Everything that one period's page asks: computed in one sitting, kept and replaced together."""
    return [Standing(metric, period) for metric in NEEDED] + [Standing(metric, period, before=True) for metric in COMPARED]


def standing_key(one: Standing) -> str:
    return f"standing:{one.period}" + (":before" if one.before else "")


def period_words(period: str, today: int) -> dict[str, str]:
    """The days and the step of a period that ends today."""
    by: By
    if period == "week":
        since, by = today - 6, "day"
    elif period == "four":
        since, by = today - 27, "day"
    elif period == "quarter":
        since, by = first_day(interval_of(today, "week") - 12, "week"), "week"
    else:
        since, by = first_day(interval_of(today, "month") - 11, "month"), "month"
    return {"since": day_of(since).isoformat(), "until": day_of(today).isoformat(), "by": by}


def standing_params(one: Standing, state: Snapshot, now: datetime, until: str = "") -> Params:
    """What a panel's metric is asked with: the period's days, or as many before; who stays is asked over half a year of weeks, or a
    year of months."""
    metric = get_metric(one.metric)
    plain = read(metric, Ask(until=until, by="day"), viewer=None, snapshot=state, now=now)
    said = period_words(one.period, plain.until)
    if one.metric == "retention":
        by: By = "month" if one.period == "year" else "week"
        since = first_day(interval_of(plain.until, by) - (12 if by == "month" else 26), by)
        said = {"since": day_of(since).isoformat(), "until": said["until"], "by": by}
    params = read(metric, Ask(**said), viewer=None, snapshot=state, now=now)
    if one.before:
        return replace(params, since=2 * params.since - params.until - 1, until=params.since - 1)
    return params


def standing_answers(period: str) -> Front:
    """Kept answers of a period: one query, so all of them are of one sitting."""
    now, before = (standing_key(Standing("", period, before)) for before in (False, True))
    found: dict[str, dict[str, dict[str, Any]]] = {now: {}, before: {}}
    for key, metric, body in Answer.objects.filter(standing=True, params_key__in=found).values_list("params_key", "metric", "body"):
        found[key][metric] = body
    return Front(found[now], found[before])
