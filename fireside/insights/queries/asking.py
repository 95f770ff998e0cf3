"""From what a door was asked to what a metric is asked with. Every refusal says how to ask instead."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from fireside.insights import metrics
from fireside.insights.metrics.base import Metric, Params, Staff
from fireside.insights.mirror.state import Snapshot
from fireside.insights.rules import By, day_no, first_day, interval_of
from fireside.lib.errors import NotFound, Refused
from fireside.spaces.queries import find_space, ids_below, sees_every_space, visible_spaces

LONGEST = {"day": 1100, "week": 530, "month": 600}  # intervals in one answer
OFFSETS = {"day": 30, "week": 12, "month": 12}


@dataclass(frozen=True)
class Ask:
    """The words of a door, unread: "" = not said."""

    space: str = ""
    since: str = ""
    until: str = ""
    by: str = ""
    mode: str = ""
    bots: str = ""
    staff: str = ""
    offsets: str = ""
    bracket: str = ""
    k: str = ""
    of: str = ""  # network, for who is behind it: the person without whom others would be apart

    def said(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


NAMES = tuple(Ask.__dataclass_fields__)


def get_metric(name: str) -> Metric:
    """The metric of this name. Raises NotFound."""
    found = metrics.get(name)
    if found is None:
        raise NotFound("no_such_metric", _("There is no number called “%(name)s”. There are: %(names)s.")
                       % {"name": name[:40], "names": ", ".join(metrics.NAMES)})  # fmt: skip
    return found


def as_of(snapshot: Snapshot, now: datetime) -> datetime:
    """The instant up to which we know: when the mirror last looked."""
    return min(snapshot.moved_at or now, now)


def read(metric: Metric, ask: Ask, *, viewer: Any, snapshot: Snapshot, now: datetime) -> Params:
    """Parameters of a metric. Raises Refused with what to write, NotFound for a space missing or hidden."""
    moment, zone = as_of(snapshot, now), snapshot.time_zone
    today = day_no(moment.astimezone(ZoneInfo(zone)).date())
    by = cast(By, _one_of("by", ask.by or metric.by, get_args(By)))
    mode = _one_of("mode", ask.mode or next(iter(metric.modes), ""), tuple(metric.modes) or ("",))
    until = min(_day("until", ask.until, today), today)
    window = metric.window if by == metric.by else {"day": 28, "week": 13, "month": 12}[by]
    since = _day("since", ask.since, first_day(interval_of(until, by) - window + 1, by))
    if since > until:
        if not ask.until:
            raise Refused("since_after_until", _("That day has not come yet. Begin earlier."), field="since")
        raise Refused("since_after_until", _("The first day lies after the last. Change one of the two."), field="until")
    if interval_of(until, by) - interval_of(since, by) >= LONGEST[by]:
        raise Refused("too_long", _("That is too long to show by %(by)s. Ask for less time, or by month.") % {"by": by}, field="by")
    offsets = _number("offsets", ask.offsets, OFFSETS[by], 60)
    k = _number("k", ask.k, 4, 60)
    low, _colon, high = ask.bracket.partition("-")
    bracket = (_number("bracket", low, 1, 60), _number("bracket", high, 4, 60)) if ask.bracket else (1, 4)
    if bracket[0] > bracket[1]:
        raise Refused("bad_bracket", _("A range goes from the smaller to the larger number: 1-4."), field="bracket")
    spaces, slug = _spaces(ask.space, viewer)
    cut = spaces is None and mode in metric.lists_spaces and not sees_every_space(viewer)
    return Params(
        since=since, until=until, by=by, as_of_ms=int(moment.timestamp() * 1000), as_of_day=today, zone=zone, spaces=spaces, space=slug,
        listed=tuple(visible_spaces(viewer).order_by("pk").values_list("pk", flat=True)) if cut else None,
        bots=_one_of("bots", ask.bots or "exclude", ("exclude", "include")) == "include",
        staff=cast(Staff, _one_of("staff", ask.staff or metric.staff, get_args(Staff))), mode=mode, offsets=max(offsets, k),
        bracket=bracket, k=k,
    )  # fmt: skip


def _spaces(word: str, viewer: Any) -> tuple[tuple[int, ...] | None, str]:
    """The space and all below it, as far as the viewer may read there."""
    if not word:
        return None, ""
    space = find_space(viewer, word)
    readable = set(visible_spaces(viewer).filter(pk__in=ids_below(space)).values_list("pk", flat=True))
    if space.pk not in readable:
        raise NotFound()
    return tuple(sorted(readable)), space.slug


def _one_of(name: str, word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        said = {"name": name, "known": ", ".join(k for k in known if k) or "–"}
        raise Refused("unknown_choice", _("%(name)s can be: %(known)s.") % said, field=name)
    return word


def _day(name: str, word: str, otherwise: int) -> int:
    if not word:
        return otherwise
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise Refused("bad_day", _("%(name)s is a day like 2026-11-21.") % {"name": name}, field=name) from None
    if not 1970 <= day.year <= 2200:
        raise Refused("bad_day", _("%(name)s is a day from 1970 to 2200.") % {"name": name}, field=name)
    return day_no(day)


def _number(name: str, word: str, otherwise: int, most: int) -> int:
    if not word:
        return otherwise
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= most):
        raise Refused("bad_number", _("%(name)s is a whole number from 1 to %(most)s.") % {"name": name, "most": most}, field=name)
    return int(word)
