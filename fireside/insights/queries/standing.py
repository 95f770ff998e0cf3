"""The answers that the cockpit's front page stands on: for each period, what each question needs. The worker keeps them fresh."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Standing:
    metric: str
    period: str


STANDING = [Standing(metric, period) for period in PERIODS for metric in NEEDED]


def standing_key(one: Standing) -> str:
    return f"standing:{one.period}"


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
    """What a panel's metric is asked with: the period's days; who stays is asked over half a year of weeks, or a year of months."""
    metric = get_metric(one.metric)
    plain = read(metric, Ask(until=until, by="day"), viewer=None, snapshot=state, now=now)
    said = period_words(one.period, plain.until)
    if one.metric == "retention":
        by: By = "month" if one.period == "year" else "week"
        since = first_day(interval_of(plain.until, by) - (12 if by == "month" else 26), by)
        said = {"since": day_of(since).isoformat(), "until": said["until"], "by": by}
    return read(metric, Ask(**said), viewer=None, snapshot=state, now=now)


def standing_answers(period: str) -> dict[str, dict[str, Any]]:
    """Kept answers of a period by metric: one query."""
    found = Answer.objects.filter(standing=True, params_key=f"standing:{period}")
    return dict(found.values_list("metric", "body"))
